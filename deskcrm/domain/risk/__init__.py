"""Risk: what is known of a client as of a moment, how it scores, and who is on the list."""
