"""A label with links in its words: what it says stays plain text, and only our links lead away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from deskcrm.ui.kit import parts


@dataclass(frozen=True, slots=True)
class Way:
    """Words that lead somewhere."""

    words: str
    go: Callable[[], object]


def linked_label(pieces: Sequence[str | Way]) -> QLabel:
    """Build a label that can be selected; Tab reaches its links, Enter or a click follows one."""
    made = parts.label(wrap=True, select=True)
    ways = [one for one in pieces if isinstance(one, Way)]
    whole = "".join(one if isinstance(one, str) else one.words for one in pieces)
    made.setAccessibleName(whole)
    if not ways:
        made.setText(whole)
        return made
    made.setTextInteractionFlags(
        made.textInteractionFlags()
        | Qt.TextInteractionFlag.LinksAccessibleByMouse
        | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
    )
    made.setTextFormat(Qt.TextFormat.RichText)
    numbers = iter(range(len(ways)))
    # Nothing of the words themselves is read as markup.
    marked = "".join(
        escape(one)
        if isinstance(one, str)
        else f'<a href="{next(numbers)}">{escape(one.words)}</a>'
        for one in pieces
    )
    made.setText(f'<span style="white-space: pre-wrap">{marked}</span>')
    made.linkActivated.connect(lambda number: ways[int(number)].go())
    return made
