"""The queue on the screen: the order, a place in it, what comes next, what was skipped."""
