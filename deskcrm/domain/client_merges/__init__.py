"""Merging clients that are one, and parting them again."""
