"""The days of a calendar that are not as their weekday: listed, added and let go, on a card."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.calendars.commands import clear_day
from deskcrm.domain.calendars.queries import CalendarRow, SpecialDay, list_special_days
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll, height_at
from deskcrm.ui.settings.calendar_forms import open_day


class SpecialDays(Overlay):
    """Opens itself over the window; lists the days anew whenever one was set or cleared."""

    def __init__(self, desk: Desk, over: QWidget, row: CalendarRow) -> None:
        super().__init__(over.window(), width=640, top=0.06)
        self.desk, self._row, self._over = desk, row, over
        heading = parts.ElidedLabel(tr("Special days of {name}", name=row.name), "heading")
        add = parts.button(tr("Special day…"), self._add, icon="plus")
        close = parts.icon_button("close", tr("Close"), self.close_card)
        self._head = parts.row(heading, add, close, margins=(24, 16, 16, 8))
        self._head.setStretch(0, 1)
        self.lines = parts.column(spacing=0)
        self._inside = QWidget()
        self._inside.setLayout(parts.column(self.lines, None, margins=(24, 0, 24, 20)))
        self.card.setLayout(parts.column(self._head, Scroll(self._inside), spacing=0))
        self.closed.connect(self.deleteLater)
        desk.touched.connect(self._hear)
        self.open_card()
        self._ask()

    def height_wanted(self) -> int:
        """Tall enough for all days, where the window has room."""
        tall = height_at(self._inside, self.width_given())
        return tall + self._head.sizeHint().height() + 8

    def _hear(self, tables: frozenset[str]) -> None:
        if "calendar_day" in tables:
            self._ask()

    def _ask(self) -> None:
        self.desk.ask(self, list_special_days, self._row.id).then(self._show)

    def _show(self, days: Sequence[SpecialDay]) -> None:
        parts.clear(self.lines)
        if not days:
            why = tr("Every day is as its weekday. Add a day off, or a day with other hours.")
            self.lines.addWidget(parts.label(why, "muted", wrap=True))
        today = dates.today()
        gone = [one for one in days if one.day < today]
        for one in days[len(gone) :]:
            self.lines.addWidget(self._line(one))
        if gone:
            heading = parts.label(tr("Already past"), "caption")
            heading.setContentsMargins(0, 12, 0, 2)
            self.lines.addWidget(heading)
        for one in reversed(gone):
            self.lines.addWidget(self._line(one, role="muted"))
        self.relayout()

    def _line(self, one: SpecialDay, role: str = "") -> QWidget:
        day = dates.day(one.day, year=True)
        said = _said(one)
        when = parts.label(day, role or "strong")
        when.setFixedWidth(118)
        name = tr("Let {day} be as its weekday again", day=day)
        clear = parts.icon_button("trash", name, partial(self._clear, one))
        line = QWidget()
        words = parts.label(said, role, wrap=True)
        line.setLayout(parts.row(when, words, clear, spacing=12, margins=(0, 3, 0, 3)))
        line.layout().setStretch(1, 1)  # type: ignore[union-attr]  # it was set just above
        return line

    def _clear(self, one: SpecialDay) -> None:
        self.desk.do(clear_day, self._row.id, day=one.day).tell()

    def _add(self) -> None:
        self.close_card()
        open_day(self.desk, self._over, self._row)


def _said(one: SpecialDay) -> str:
    """Say what holds on a day, once: a name may begin with it, or end with it in brackets."""
    what = one.hours or tr("day off")
    name = one.name.removesuffix(f" ({what})")
    if name.casefold().startswith(what.casefold()):
        return what + name[len(what) :]
    return " · ".join(filter(None, (what, name)))
