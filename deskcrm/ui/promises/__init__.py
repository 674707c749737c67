"""Promises where they are made: offered while the note is typed."""
