"""The inbox of what two people changed at once: mine, theirs, and what was there before."""
