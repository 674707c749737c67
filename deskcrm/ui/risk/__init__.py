"""Clients at risk: the list, why each is on it, and what to do about it."""
