"""Tickets: what clients ask of us, and how far we have come with it."""
