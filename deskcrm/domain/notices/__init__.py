"""When to tell a person of what waits, and when to leave them in peace."""
