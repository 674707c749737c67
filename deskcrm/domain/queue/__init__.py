"""The queue of tickets: where each stands and why, what comes next, and what was skipped."""
