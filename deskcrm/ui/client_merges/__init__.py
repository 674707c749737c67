"""Merging clients in the window, and parting them again."""
