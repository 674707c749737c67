"""Who may see and do what: one table, and the two questions that the server asks of it."""
