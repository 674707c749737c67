"""Drafts: what is being written and is not lost if the program dies."""
