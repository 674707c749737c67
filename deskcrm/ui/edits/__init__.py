"""The window of a bulk edit: a field, what is done to it, and what it would do to each row."""
