"""Merging tickets that are one matter, and splitting one that is two."""
