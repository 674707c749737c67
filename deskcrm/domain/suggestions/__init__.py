"""Suggestions: what clients wish for, how many of them, and that they hear what became of it."""
