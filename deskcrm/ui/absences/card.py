"""All absences on a card: who is away and who is going to be; planned, changed and ended here."""

from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.absences.commands import (
    cancel_absence,
    change_absence,
    end_absence,
    plan_absence,
)
from deskcrm.domain.absences.queries import (
    AbsenceRow,
    Choosable,
    list_absences,
    list_choosable,
)
from deskcrm.ui.absences.packet import PacketCard
from deskcrm.ui.absences.words import days_words, person_options
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.desk import Deed, Desk
from deskcrm.ui.kit.fields import Choice, Text
from deskcrm.ui.kit.fields_parsed import Day
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll, height_at
from deskcrm.ui.kit.tokens import Tone

_TABLES = frozenset({"absence", "user"})


class AbsencesCard(Overlay):
    """Opens itself over the window; follows what happens to absences while it is open."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__(over.window(), width=680, top=0.08)
        self.desk = desk
        self.people: list[Choosable] = []
        plan = parts.button(tr("Plan absence…"), self.plan, look="primary", icon="plus")
        close = parts.icon_button("close", tr("Close"), self.close_card)
        heading = parts.label(tr("Absences"), "heading")
        self._head = parts.row(heading, None, plan, close, spacing=8, margins=(24, 16, 16, 8))
        self.lines = parts.column(spacing=14)
        self._inside = QWidget()
        self._inside.setLayout(parts.column(self.lines, None, margins=(24, 4, 24, 20)))
        self.card.setLayout(parts.column(self._head, Scroll(self._inside), spacing=0))
        self.closed.connect(self.deleteLater)
        desk.touched.connect(self._hear)
        self.open_card()
        self.load()

    def height_wanted(self) -> int:
        """Tall enough for all of them, where the window has room."""
        tall = height_at(self._inside, self.width_given())
        return tall + self._head.sizeHint().height() + 4

    def load(self) -> None:
        """Ask who is away, and who there is to choose from."""
        self.desk.ask((self, "people"), list_choosable).then(self._take_people)
        self.desk.ask((self, "rows"), list_absences).then(self._show)

    def plan(self) -> None:
        """Ask who is away and when, and plan it."""
        me = next((one.user.id for one in self.people if one.user.is_me), None)
        values = {"user_id": me, "first_day": dates.today(), "last_day": dates.today()}

        def save(given: dict[str, Any]) -> Deed[Any]:
            return self.desk.do(plan_absence, given.pop("user_id"), **given).tell()

        who = Choice("user_id", tr("Who is away"), person_options(self.people), required=True)
        FormCard(
            self.desk, self, tr("Plan absence"), [who, *self._fields(self.people)], save,
            place="absences.plan", values=values, button=tr("Plan absence"),
        )  # fmt: skip

    def change(self, row: AbsenceRow) -> None:
        """Change the days, the substitute or the note of one."""
        others = [one for one in self.people if one.user.id != row.user_id]
        FormCard(
            self.desk, self, tr("Absence of {name}", name=row.name), self._fields(others),
            lambda changes: self.desk.do(change_absence, row.id, **changes).tell(),
            place="absences.change", subject=row.id.hex, changes_only=True,
            values={"first_day": row.first_day, "last_day": row.last_day,
                    "substitute_id": row.substitute_id, "note": row.note},
        )  # fmt: skip

    def _fields(self, substitutes: list[Choosable]) -> list[Any]:
        return [
            (
                Day("first_day", tr("First day"), required=True),
                Day("last_day", tr("Last day"), required=True),
            ),
            Choice(
                "substitute_id", tr("Substitute"), person_options(substitutes), none=tr("Nobody")
            ),
            Text("note", tr("Note"), lines=2),
        ]

    def _take_people(self, people: list[Choosable]) -> None:
        self.people = people

    def _hear(self, tables: frozenset[str]) -> None:
        if tables & _TABLES:
            self.load()

    def _show(self, rows: list[AbsenceRow]) -> None:
        parts.clear(self.lines)
        if not rows:
            said = tr("Nobody is away, and no absence is planned.")
            self.lines.addWidget(parts.label(said, "muted", wrap=True))
        for row in rows:
            self._add(row)
        self.relayout()

    def _add(self, row: AbsenceRow) -> None:
        chips = ChipRow()
        chips.set_chips([Chip(tr("Away now"), Tone.WARNING, "clock")] if row.is_now else [])
        head = parts.row(parts.label(row.name, "strong"), spacing=8)
        head.addWidget(chips, 1, Qt.AlignmentFlag.AlignVCenter)
        deeds = parts.row(spacing=4)
        for at, (words, run, icon) in enumerate(self._deeds(row)):
            button = parts.button(words, partial(run, row), look="quiet", icon=icon)
            button.setAccessibleName(f"{words}: {row.name}")
            button.setProperty("flush", at == 0)
            deeds.addWidget(button)
        deeds.addStretch(1)
        substitute = row.substitute or tr("nobody")
        said = tr("{days} · Substitute: {name}", days=days_words(row), name=substitute)
        lines = [parts.label(said, "muted", wrap=True)]
        if row.note:
            lines.append(parts.label(row.note, "faint", wrap=True))
        self.lines.addLayout(parts.column(head, *lines, deeds, spacing=2))

    def _deeds(self, row: AbsenceRow) -> list[tuple[str, Any, str]]:
        end = (
            (tr("Back again"), self._end, "check")
            if row.is_now
            else (tr("Cancel absence"), self._cancel, "trash")
        )
        return [
            (tr("Hand-over"), self._hand_over, "note"),
            (tr("Change…"), self.change, "edit"),
            end,
        ]

    def _hand_over(self, row: AbsenceRow) -> None:
        over = self.parentWidget()
        self.close_card()
        if over is not None:
            PacketCard(self.desk, over, row.user_id)

    def _end(self, row: AbsenceRow) -> None:
        self.desk.do(end_absence, row.id).tell()

    def _cancel(self, row: AbsenceRow) -> None:
        self.desk.do(cancel_absence, row.id).tell()
