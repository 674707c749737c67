"""Filters put together over a list, and kept under names with their order and columns."""
