"""Links between tickets: related, duplicate of, caused by, blocks."""
