"""Reads files from outside into rows of text, under limits; knows no database and no records."""
