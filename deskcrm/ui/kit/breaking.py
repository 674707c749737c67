"""Breaks words into lines: a text at its spaces, and an address where its parts meet."""

import re
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics

MAY_BREAK: Final = "\u200b"
"""Takes no room; a line may end at it."""
_SEAMS: Final = re.compile(r"(?<=.)(?=[@.])")
_LONGEST: Final = 22
"""So many characters fit on a line of the narrowest pane."""


def broken(text: str, metrics: QFontMetrics, width: int, most: int) -> Sequence[str]:
    """Break a text into at most so many lines at its spaces; the last holds all that is left."""
    words = text.split()
    lines: list[str] = []
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and fits(f"{line} {words[0]}", metrics, width):
            line = f"{line} {words.pop(0)}"
        lines.append(line)
    return [*lines, " ".join(words)] if words else lines


def fits(text: str, metrics: QFontMetrics, width: int) -> bool:
    """Whether a text is painted whole in this width; its advance alone says so a pixel too soon."""
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width) == text


def breakable(address: str) -> str:
    """Let an address break before its @ and its dots, and within what is longer than a line."""
    parts = [
        part[at : at + _LONGEST]
        for part in _SEAMS.split(address)
        for at in range(0, len(part), _LONGEST)
    ]
    return MAY_BREAK.join(parts)
