"""Service levels: what is promised for which tickets, until when, and how that comes about."""
