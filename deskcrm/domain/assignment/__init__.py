"""Whose a ticket becomes: what people are good at, and the rules that choose among them."""
