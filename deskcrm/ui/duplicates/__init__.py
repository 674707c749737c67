"""Clients that are likely one: the pairs, why, and what to do about each."""
