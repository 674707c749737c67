"""Looking up: the search as one types, and the card of whoever calls."""
