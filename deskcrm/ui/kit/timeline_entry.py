"""How one entry of a timeline is measured and painted; plain text only."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen, QTextLayout, QTextOption

from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, theme
from deskcrm.ui.kit.chips import Chip, chip_width, paint_chip
from deskcrm.ui.kit.tokens import Tone

LEFT: Final = 20
CIRCLE: Final = 30
TEXT_LEFT: Final = LEFT + CIRCLE + 14
RIGHT: Final = 20
TOP: Final = 6
BOTTOM: Final = 18
HEADING: Final = 38
MARK: Final = 32
TITLE: Final = 20
META: Final = 18
LINE: Final = 19
MORE: Final = 22
SHORT_LINES: Final = 3
MOST_CHARACTERS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. ``group``: the heading it stands under, such as its day."""

    id: Hashable
    title: str
    meta: str = ""
    body: str = ""
    icon: str = "note"
    tone: Tone = Tone.NEUTRAL
    chips: tuple[Chip, ...] = ()
    when: str = ""
    at: datetime | None = None
    group: str = ""

    @property
    def said(self) -> str:
        """The entry as a screen reader says it."""
        chips = ", ".join(chip.text for chip in self.chips)
        parts = (self.when, self.title, chips, self.meta, self.body[:1000])
        return ". ".join(part for part in parts if part)


@dataclass(slots=True)
class Shape:
    """An entry laid out for a width."""

    entry: Entry
    heading: str
    mark: str
    lines: list[str]
    is_cut: bool
    is_open: bool
    height: int
    more: QRect

    @property
    def top(self) -> int:
        """Where the entry itself begins, under its heading and the mark."""
        return (HEADING if self.heading else 0) + (MARK if self.mark else 0)


def measure(entry: Entry, width: int, *, is_open: bool, heading: str, mark: str) -> Shape:
    """Lay an entry out for a width in pixels."""
    room = max(60, width - TEXT_LEFT - RIGHT)
    lines, is_cut = _broken(entry.body, room, None if is_open else SHORT_LINES)
    shape = Shape(entry, heading, mark, lines, is_cut, is_open, 0, QRect())
    y = shape.top + TOP + TITLE + (META if entry.meta else 0)
    if lines:
        y += 4 + LINE * len(lines)
    if is_cut or is_open:
        text = _more_words(shape)
        advance = QFontMetrics(theme.font(theme.sizes().small, theme.MEDIUM)).horizontalAdvance(
            text
        )
        shape.more = QRect(TEXT_LEFT, y, advance + 4, MORE)
        y += MORE
    shape.height = max(y, shape.top + TOP + CIRCLE) + BOTTOM
    return shape


def _more_words(shape: Shape) -> str:
    return tr("Show less") if shape.is_open else tr("Show more")


def _broken(text: str, width: int, most: int | None) -> tuple[list[str], bool]:
    """Break a text into lines that fit, at most so many; tells whether something was left out."""
    kept = text.strip()
    limit = MOST_CHARACTERS if most is None else most * 400
    cut = len(kept) > limit
    kept = kept[:limit]
    if not kept:
        return [], False
    lines: list[str] = []
    for paragraph in _paragraphs(kept):
        if most is not None and len(lines) >= most:
            return _with_dots(lines), True
        lines += _wrap(paragraph, width, None if most is None else most - len(lines) + 1)
    if most is not None and len(lines) > most:
        return _with_dots(lines[:most]), True
    return (_with_dots(lines), True) if cut else (lines, False)


def _paragraphs(text: str) -> list[str]:
    found: list[str] = []
    for each in text.splitlines():
        line = each.rstrip().replace("\t", "    ")
        # Mails are full of empty lines; one in a row says as much as five.
        if line or (found and found[-1]):
            found.append(line)
    return found


def _with_dots(lines: list[str]) -> list[str]:
    return [*lines[:-1], lines[-1].rstrip(" .,;:") + "…"] if lines else lines


def _wrap(text: str, width: int, most: int | None) -> list[str]:
    if not text:
        return [""]
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout = QTextLayout(text, theme.font())
    layout.setTextOption(option)
    layout.setCacheEnabled(False)
    lines: list[str] = []
    # Qt counts UTF-16 units, Python counts characters: they differ after an emoji.
    units = text.encode("utf-16-le")
    layout.beginLayout()
    while most is None or len(lines) < most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        start, length = line.textStart() * 2, line.textLength() * 2
        lines.append(units[start : start + length].decode("utf-16-le", "replace").rstrip())
    layout.endLayout()
    return lines


def paint(
    painter: QPainter,
    shape: Shape,
    box: QRect,
    *,
    is_current: bool,
    is_hovered: bool,
    has_focus: bool,
    is_last: bool,
) -> None:
    """Paint an entry into its box."""
    colors = theme.colors()
    y = box.top()
    if shape.heading:
        _heading(painter, shape.heading, QRect(box.left(), y, box.width(), HEADING))
        y += HEADING
    if shape.mark:
        _mark(painter, shape.mark, QRect(box.left(), y, box.width(), MARK))
        y += MARK
    body = QRect(box.left() + 8, y - 2, box.width() - 16, box.bottom() - y - 4)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if is_current or is_hovered:
        painter.setPen(
            QPen(theme.color(colors.accent), 1.5) if is_current and has_focus else Qt.PenStyle.NoPen
        )
        painter.setBrush(theme.color(colors.selected if is_current else colors.hover))
        painter.drawRoundedRect(QRectF(body).adjusted(1, 1, -1, -1), 8, 8)
    _icon(painter, shape, box, y, has_line=not is_last and not is_current)
    _words(painter, shape, box, y + TOP)


def _heading(painter: QPainter, text: str, box: QRect) -> None:
    colors = theme.colors()
    painter.setFont(theme.bold(theme.sizes().small))
    painter.setPen(theme.color(colors.muted))
    painter.drawText(box.adjusted(LEFT, 8, -RIGHT, 0), int(Qt.AlignmentFlag.AlignVCenter), text)


def _mark(painter: QPainter, text: str, box: QRect) -> None:
    colors = theme.colors()
    font = theme.bold(theme.sizes().small - 1)
    width = QFontMetrics(font).horizontalAdvance(text) + 20
    middle = box.center().y()
    painter.setPen(QPen(theme.color(colors.accent), 1))
    painter.drawLine(box.left() + LEFT, middle, box.right() - RIGHT, middle)
    pill = QRectF(box.center().x() - width / 2, middle - 10, width, 20)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme.color(colors.surface))
    painter.drawRoundedRect(pill, 10, 10)
    painter.setFont(font)
    painter.setPen(theme.color(colors.accent))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def _icon(painter: QPainter, shape: Shape, box: QRect, y: int, *, has_line: bool) -> None:
    colors = theme.colors()
    text_color, background = colors.tone(shape.entry.tone)
    x = box.left() + LEFT
    if has_line:
        middle = x + CIRCLE / 2
        painter.setPen(QPen(theme.color(colors.border), 1.5))
        painter.drawLine(QPointF(middle, y + TOP + CIRCLE + 4), QPointF(middle, box.bottom() - 5))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(background))
    painter.drawEllipse(QRectF(x, y + TOP, CIRCLE, CIRCLE))
    icons.paint(painter, shape.entry.icon, x + 7, y + TOP + 7, 16, text_color)


def _words(painter: QPainter, shape: Shape, box: QRect, y: int) -> None:
    colors, lengths, entry = theme.colors(), theme.sizes(), shape.entry
    left, right = box.left() + TEXT_LEFT, box.right() - RIGHT
    small = theme.font(lengths.small)
    if entry.when:
        taken = QFontMetrics(small).horizontalAdvance(entry.when)
        _text(painter, QRect(right - taken, y, taken + 2, TITLE), entry.when, small, colors.faint)
        right -= taken + 12
    _title(painter, entry, left, right, y)
    y += TITLE
    if entry.meta:
        room = QRect(left, y, box.right() - RIGHT - left, META)
        _text(painter, room, entry.meta, small, colors.muted)
        y += META
    if shape.lines:
        y += 4
        painter.setFont(theme.font())
        painter.setPen(theme.color(colors.text))
        ascent = QFontMetrics(theme.font()).ascent()
        for line in shape.lines:
            painter.drawText(QPointF(left, y + 1 + ascent), line)
            y += LINE
    if shape.is_cut or shape.is_open:
        font = theme.font(lengths.small, theme.MEDIUM)
        _text(painter, QRect(left, y, 200, MORE), _more_words(shape), font, colors.accent)


def cut_title(entry: Entry, width: int) -> str:
    """Give the whole title where it ends in … in a list of this width, else nothing."""
    right = width - 1 - RIGHT
    if entry.when:
        right -= QFontMetrics(theme.font(theme.sizes().small)).horizontalAdvance(entry.when) + 12
    wanted, given = _title_widths(entry, right - TEXT_LEFT)
    return entry.title if given < wanted else ""


def _title_widths(entry: Entry, room: int) -> tuple[int, int]:
    """Tell how wide the title would be, and how wide it is beside its chips."""
    chips_width = 8 + sum(chip_width(chip) + 6 for chip in entry.chips) if entry.chips else 0
    wanted = QFontMetrics(theme.bold()).horizontalAdvance(entry.title) + 2
    return wanted, min(wanted, max(room - chips_width, 60))


def _title(painter: QPainter, entry: Entry, left: int, right: int, y: int) -> None:
    _, width = _title_widths(entry, right - left)
    font = theme.bold()
    _text(painter, QRect(left, y, width, TITLE), entry.title, font, theme.colors().text)
    x = left + width + 8
    for chip in entry.chips:
        if x + chip_width(chip) > right:
            break
        x += paint_chip(painter, x, y + TITLE / 2, chip) + 6


def _text(painter: QPainter, box: QRect, text: str, font: QFont, color: str) -> None:
    painter.setFont(font)
    painter.setPen(theme.color(color))
    shown = QFontMetrics(font).elidedText(
        text.replace("\n", " "), Qt.TextElideMode.ElideRight, box.width()
    )
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(box, int(flags), shown)
