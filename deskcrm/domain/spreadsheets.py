"""Keeps a spreadsheet from reckoning what people wrote."""

from typing import Final

_BEGINS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula, and would work out."""


def as_text(cell: str) -> str:
    """Put an apostrophe before what would be taken for a formula."""
    return f"'{cell}" if cell.startswith(_BEGINS_FORMULA) else cell
