"""Tasks: what was meant to be done, for whom, by when."""
