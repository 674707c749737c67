"""Brings in what others kept: read, mapped, previewed row by row, written as one step."""
