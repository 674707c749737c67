"""The lines of support beside a ticket: where it was and for how long, up, back, and taken."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import tr
from deskcrm.domain.absences.queries import Choosable, list_choosable
from deskcrm.domain.promises.commands import NewPromise
from deskcrm.domain.tickets.line_times import (
    LineStay,
    ThreadLine,
    line_words,
    list_stays,
    time_per_line,
)
from deskcrm.domain.tickets.lines import LINES, escalate, hand_back
from deskcrm.domain.tickets.model import SupportLine
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.ui.absences.words import person_options
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.desk import Deed, Desk
from deskcrm.ui.kit.fields import Choice, Line, Text
from deskcrm.ui.kit.fields_parsed import Day
from deskcrm.ui.kit.tokens import Tone


class LineStrip(QWidget):
    """``show_ticket`` asks where a ticket was; nothing is seen while it never left line 1."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.chips = ChipRow()
        self.setLayout(parts.column(self.chips))
        self.hide()

    def show_ticket(self, row: TicketRow) -> None:
        """Show how a ticket went through the lines."""
        self.desk.ask((self, "stays"), list_stays, row.id).then(self._show)

    def _show(self, stays: list[LineStay]) -> None:
        self.setVisible(len(stays) > 1)
        if len(stays) < 2:
            return
        chips = [_chip(stay, is_now=stay is stays[-1]) for stay in stays]
        self.chips.set_chips(chips)
        said = " → ".join(chip.text for chip in chips)
        whole = tr("Time on each line: {times}", times=_totals(stays))
        self.setAccessibleName(f"{said}. {whole}")
        parts.set_tooltip(self, whole)


def _chip(stay: LineStay, *, is_now: bool) -> Chip:
    spent = dates.duration(max(stay.spent.total_seconds() // 60, 1) * 60)
    said = " · ".join(one for one in (line_words(stay.line), stay.worker, spent) if one)
    return Chip(said, Tone.ACCENT if is_now else Tone.NEUTRAL, "person" if stay.worker else "clock")


def _totals(stays: Sequence[LineStay]) -> str:
    return ", ".join(
        f"{line_words(line)}: {dates.duration(spent.total_seconds())}"
        for line, spent in time_per_line(stays).items()
    )


def line_step_words(step: ThreadLine) -> str:
    """Say in the thread who moved a ticket to which line, and what they wrote."""
    there = line_words(step.after)
    if LINES.index(step.after) > LINES.index(step.before):
        said = tr("{name} escalated to {line}", name=step.author, line=there)
    elif step.after is step.before:
        said = tr("{line}: handed over by {name}", line=there, name=step.author)
    else:
        said = tr("{name} handed back to {line}", name=step.author, line=there)
    said = " · ".join(one for one in (said, step.worker, dates.moment(step.at)) if one)
    more = [
        step.reason,
        tr("Tried: {text}", text=step.tried) if step.tried else "",
        tr("Promised: {text}", text=step.promised) if step.promised else "",
    ]
    return "\n".join([said, *(one for one in more if one)])


def open_escalate(desk: Desk, over: QWidget, row: TicketRow) -> None:
    """Ask why, what was tried and what was promised, and escalate."""
    asked = desk.ask((over, "workers"), list_choosable)
    asked.then(lambda people: _open_escalate(desk, over, row, people))


def _open_escalate(desk: Desk, over: QWidget, row: TicketRow, people: list[Choosable]) -> None:
    def save(values: dict[str, Any]) -> Deed[Any]:
        return desk.do(
            escalate, row.id, reason=values["reason"], tried=values["tried"],
            worker_id=values["worker_id"], promise=_promise(values["promised"], values["due_on"]),
        ).tell()  # fmt: skip

    there = line_words(_above(row.line))
    FormCard(
        desk, over, tr("Escalate #{number} to {line}", number=row.number, line=there),
        [
            Text("reason", tr("Why it has to go up"), lines=2, required=True),
            Text("tried", tr("What was tried"), lines=2, required=True),
            (
                Line("promised", tr("What the client was promised")),
                Day("due_on", tr("By when")),
            ),
            Choice("worker_id", tr("Who works on it"), person_options(people),
                   none=tr("Whoever takes it")),
        ],
        save, place="tickets.escalate", subject=row.id.hex, button=tr("Escalate"),
        about=row.subject,
    )  # fmt: skip


def open_hand_back(desk: Desk, over: QWidget, row: TicketRow) -> FormCard:
    """Ask for the answer, and hand the ticket back."""
    before = LINES[max(LINES.index(row.line) - 1, 0)]
    return FormCard(
        desk, over, tr("Hand #{number} back to {line}", number=row.number, line=line_words(before)),
        [Text("answer", tr("What came of it"), lines=4, required=True)],
        lambda values: desk.do(hand_back, row.id, **values).tell(),
        place="tickets.hand_back", subject=row.id.hex, button=tr("Hand back"), about=row.subject,
    )  # fmt: skip


def _above(line: SupportLine) -> SupportLine:
    return LINES[min(LINES.index(line) + 1, len(LINES) - 1)]


def _promise(text: str, due_on: date | None) -> NewPromise | None:
    return NewPromise(text, due_on) if text.strip() else None
