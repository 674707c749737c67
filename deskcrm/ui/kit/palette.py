"""The palette (Ctrl+K): every action by any of its names, and whatever search finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget
from rapidfuzz import fuzz

from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, keys, parts, theme
from deskcrm.ui.kit.actions import Action, Bound
from deskcrm.ui.kit.announce import announce
from deskcrm.ui.kit.overlay import Overlay

ROW: Final = 40
HEAD: Final = 28
MOST: Final = HEAD + 9 * ROW + 8
"""Whole lines: of a tenth nothing is seen but that the list goes on."""
GOOD: Final = 62
MOST_ACTIONS: Final = 30
ENOUGH: Final = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the palette. ``section``: the heading it stands under; ``note``: at its end."""

    text: str
    run: Callable[[], object]
    detail: str = ""
    key: str = ""
    note: str = ""
    icon: str = ""
    section: str = ""


Source = Callable[[str, Callable[[Sequence[Hit]], None]], None]
"""Given what was typed and where to bring hits to, now or later; bringing again replaces them."""


def rank(typed: str, actions: Sequence[tuple[Action, Bound]]) -> list[tuple[Action, Bound]]:
    """The actions that fit what was typed, best first; typed in the wrong layout fits too."""
    wanted = typed.strip().casefold()
    if not wanted:
        return list(actions)[:MOST_ACTIONS]
    variants = {wanted, _other_layout(wanted)}
    found = _scored(actions, lambda text: max(_beginning(each, text) for each in variants))
    if len(found) < ENOUGH and len(wanted) > 2:
        # Only now: guessing what a slip of the finger meant costs ten times as much.
        found = _scored(actions, lambda text: max(_likeness(each, text) for each in variants))
    return found


def _scored(
    actions: Sequence[tuple[Action, Bound]], score: Callable[[str], float]
) -> list[tuple[Action, Bound]]:
    scored = []
    for at, (each, bound) in enumerate(actions):
        names = ((1.0, each.words), (0.98, each.label), (0.95, each.synonyms))
        best = max(weight * score(name.casefold()) for weight, name in names if name)
        if best >= GOOD:
            scored.append((-best, at, each, bound))
    scored.sort(key=lambda found: found[:2])
    return [(each, bound) for _, _, each, bound in scored[:MOST_ACTIONS]]


def _beginning(wanted: str, name: str) -> float:
    if name.startswith(wanted):
        return 100
    if f" {wanted}" in name:
        return 95
    words = wanted.split()
    return 90 if len(words) > 1 and all(f" {word}" in f" {name}" for word in words) else 0


def _likeness(wanted: str, name: str) -> float:
    beginning = _beginning(wanted, name)
    return beginning or 0.9 * fuzz.partial_ratio(wanted, name, score_cutoff=GOOD)


def _other_layout(text: str) -> str:
    return "".join(
        keys.cyrillic(c).casefold() if c.isascii() else keys.latin(c).casefold() for c in text
    )


class _Hits(QWidget):
    """The lines under the search line, painted; one of them is the current one."""

    def __init__(self, on_run: Callable[[Hit], object]) -> None:
        super().__init__()
        self._on_run = on_run
        self.hits: list[Hit] = []
        self.current = 0
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Results"))

    def show_hits(self, hits: list[Hit]) -> None:
        """Show these lines; the first is the current one."""
        self.hits = hits
        self.current = 0
        self.setMinimumHeight(self.height_wanted())
        self.update()

    def height_wanted(self) -> int:
        """How tall all lines are."""
        return self._top(len(self.hits)) + 8 if self.hits else ROW + 16

    def _top(self, number: int) -> int:
        heads = sum(1 for at in range(min(number + 1, len(self.hits))) if self._begins(at))
        return 4 + number * ROW + heads * HEAD

    def _begins(self, at: int) -> bool:
        section = self.hits[at].section
        return bool(section) and (at == 0 or self.hits[at - 1].section != section)

    def box(self, number: int) -> QRect:
        """Where a line is."""
        return QRect(6, self._top(number), self.width() - 12, ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme.colors()
        if not self.hits:
            painter.setPen(theme.color(colors.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("Nothing found."))
        for at, hit in enumerate(self.hits):
            box = self.box(at)
            if self._begins(at):
                painter.setFont(theme.bold(theme.sizes().small - 1))
                painter.setPen(theme.color(colors.faint))
                head = QRect(box.left() + 10, box.top() - HEAD, box.width(), HEAD)
                painter.drawText(head, int(Qt.AlignmentFlag.AlignVCenter), hit.section)
            if at == self.current:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color(colors.selected))
                painter.drawRoundedRect(box, 6, 6)
            self._paint_hit(painter, box, hit)
        painter.end()

    def _paint_hit(self, painter: QPainter, box: QRect, hit: Hit) -> None:
        colors = theme.colors()
        if hit.icon:
            icons.paint(painter, hit.icon, box.left() + 12, box.center().y() - 8, 16, colors.muted)
        right = box.right() - 12
        if hit.key:
            right = _paint_key(painter, right, box, hit.key) - 12
        if hit.note:
            right -= _paint_note(painter, right, box, hit.note) + 12
        x = box.left() + 40
        x += _paint_text(painter, QRect(x, box.top(), right - x, ROW), hit.text, colors.text) + 10
        if hit.detail and right - x > 40:
            _paint_text(painter, QRect(x, box.top(), right - x, ROW), hit.detail, colors.muted)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = self._at(event)
        if at is not None and at != self.current:
            self.current = at
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._at(event)
        if at is not None:
            self._on_run(self.hits[at])

    def _at(self, event: QMouseEvent) -> int | None:
        point = event.position().toPoint()
        return next((at for at in range(len(self.hits)) if self.box(at).contains(point)), None)


def _paint_text(painter: QPainter, box: QRect, text: str, color: str) -> int:
    painter.setFont(theme.font())
    painter.setPen(theme.color(color))
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text.replace("\n", " "), Qt.TextElideMode.ElideRight, box.width())
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    painter.drawText(box, int(flags), shown)
    return metrics.horizontalAdvance(shown)


def _paint_note(painter: QPainter, right: int, box: QRect, note: str) -> int:
    painter.setFont(theme.font(theme.sizes().small))
    painter.setPen(theme.color(theme.colors().faint))
    width = painter.fontMetrics().horizontalAdvance(note)
    at_end = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
    painter.drawText(QRect(right - width, box.top(), width + 1, ROW), at_end, note)
    return width


def _paint_key(painter: QPainter, right: int, box: QRect, key: str) -> int:
    colors = theme.colors()
    painter.setFont(theme.font(theme.sizes().small - 1, theme.MEDIUM))
    width = painter.fontMetrics().horizontalAdvance(key) + 12
    cap = QRect(right - width, box.center().y() - 10, width, 21)
    painter.setPen(theme.color(colors.border))
    painter.setBrush(theme.color(colors.sunken))
    painter.drawRoundedRect(cap, 4, 4)
    painter.setPen(theme.color(colors.muted))
    painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
    return cap.left()


class Palette(Overlay):
    """Opened with the places whose actions it offers, the nearest first."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, width=620)
        self.sources: list[Source] = []
        self._offered: list[tuple[Action, Bound]] = []
        self._asked = 0
        self._found: dict[int, Sequence[Hit]] = {}
        self.line = QLineEdit()
        self.line.setProperty("look", "big")
        self.line.setPlaceholderText(tr("Type a command or search"))
        self.line.setAccessibleName(tr("Type a command or search"))
        self.line.textChanged.connect(self._search)
        self.list = _Hits(self._run)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.list)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.card.setLayout(
            parts.column(
                parts.row(self.line, margins=(14, 2, 14, 2)), parts.line(), self._scroll, spacing=0
            )
        )

    def open_for(self, bound: Sequence[Bound], text: str = "") -> None:
        """Open with the actions of these places."""
        # Before the line has the focus: what can be done is what could be done there.
        self._offered = [(each, place) for place in bound for each in place.possible()]
        if self.line.text() == text:
            self._search(text)
        else:
            self.line.setText(text)
        self.open_card()
        self.line.selectAll()

    def height_wanted(self) -> int:
        return min(self.list.height_wanted(), MOST) + 52

    def sizeHint(self) -> QSize:
        return QSize(self._width, self.height_wanted())

    def _search(self, typed: str) -> None:
        self._asked += 1
        asked = self._asked
        # What was found for fewer letters stays until the new answer is here: less flicker.
        if not typed.strip():
            self._found.clear()
        for number, source in enumerate(self.sources):
            source(typed, lambda hits, number=number: self._take(asked, number, hits))  # type: ignore[misc]  # a default binds it
        self._show()

    def _take(self, asked: int, number: int, hits: Sequence[Hit]) -> None:
        if asked == self._asked:
            self._found[number] = hits
            self._show()

    def _show(self) -> None:
        typed = self.line.text()
        commands = [_as_hit(each, bound) for each, bound in rank(typed, self._offered)]
        results = [hit for number in sorted(self._found) for hit in self._found[number]]
        # With a name typed the person is looking for somebody; with little, for a command.
        strong = bool(typed.strip()) and bool(results) and len(commands) > 4
        self.list.show_hits(
            [*commands[:4], *results, *commands[4:]] if strong else commands + results
        )
        self._scroll.verticalScrollBar().setValue(0)
        self.relayout()

    def _run(self, hit: Hit) -> None:
        self.close_card()
        hit.run()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.hits:
            self._run(self.list.hits[self.list.current])
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8}
            self._move(steps.get(Qt.Key(key), -8))
        super().keyPressEvent(event)

    def _move(self, step: int) -> None:
        count = len(self.list.hits)
        if not count:
            return
        goal = self.list.current + step
        goal = goal % count if abs(step) == 1 else max(0, min(goal, count - 1))
        self.list.current = goal
        box = self.list.box(goal)
        self._scroll.ensureVisible(box.center().x(), box.center().y(), 0, ROW)
        self.list.update()
        hit = self.list.hits[goal]
        announce(self.line, " ".join(x for x in (hit.text, hit.detail, hit.note, hit.key) if x))


def _as_hit(of: Action, bound: Bound) -> Hit:
    return Hit(
        text=of.words.rstrip("…"),
        run=lambda: bound.run(of),
        key=of.key,
        icon=of.icon or "chevron-right",
        section=tr("Commands"),
    )
