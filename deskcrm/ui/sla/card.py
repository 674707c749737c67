"""Why a ticket is due when it is: the policy, the calendar, and every interval that counts."""

from datetime import datetime, tzinfo
from functools import partial
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from deskcrm.base import places
from deskcrm.base.words import of, tr
from deskcrm.domain.sla.clocks import ClockState
from deskcrm.domain.sla.explain import ClockExplained, SlaExplained, Step, StepKind, explain_sla
from deskcrm.domain.sla.words import (
    calendar_words,
    clock_words,
    merged_words,
    passed_over_words,
    policy_words,
    span_words,
    step_words,
)
from deskcrm.domain.tickets.model import TicketId
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll, height_at
from deskcrm.ui.kit.tokens import Tone

_TONES = {
    ClockState.WARNING: Tone.WARNING,
    ClockState.OVERDUE: Tone.DANGER,
    ClockState.MISSED: Tone.DANGER,
    ClockState.MET: Tone.OK,
}
_ICONS = {
    ClockState.OVERDUE: "warning",
    ClockState.MISSED: "warning",
    ClockState.MET: "check",
    ClockState.PAUSED: "snooze",
}


class DeadlineCard(Overlay):
    """Opens itself over the window; Esc closes it."""

    def __init__(self, desk: Desk, over: QWidget, ticket_id: TicketId) -> None:
        super().__init__(over.window(), width=680, top=0.06)
        self.heading = parts.label(tr("Deadlines"), "heading")
        close = parts.icon_button("close", tr("Close"), self.close_card)
        self._head = parts.row(self.heading, None, close, margins=(24, 16, 16, 8))
        # One grid for all of it: the sums of every clock stand in one column.
        self.lines = QGridLayout()
        self.lines.setHorizontalSpacing(16)
        self.lines.setVerticalSpacing(4)
        self.lines.setColumnStretch(1, 1)
        self._inside = QWidget()
        self._inside.setLayout(parts.column(self.lines, None, margins=(24, 0, 24, 20)))
        self.card.setLayout(parts.column(self._head, Scroll(self._inside), spacing=0))
        self.closed.connect(self.deleteLater)
        self.open_card()
        desk.ask(self, explain_sla, ticket_id).then(self._show)

    def height_wanted(self) -> int:
        """Tall enough for the whole arithmetic, where the window has room."""
        tall = height_at(self._inside, self.width_given())
        return tall + self._head.sizeHint().height() + 4

    def _show(self, found: SlaExplained | None) -> None:
        if found is None:
            self._say(tr("This ticket is not there any more."), "muted")
            return
        self.heading.setText(tr("Deadlines of ticket #{number}", number=found.number))
        self._say(policy_words(found), "strong")
        for one in found.passed_over:
            self._say(passed_over_words(one), "muted")
        self._say(calendar_words(found), "muted")
        self._say(
            tr("All times are those of {zone}.", zone=places.zone_words(found.time_zone)), "muted"
        )
        zone = ZoneInfo(found.time_zone)
        for part in found.merged:
            self._say(merged_words(part, partial(dates.full, zone=zone)), "muted")
        for clock in found.clocks:
            self._add_clock(clock, found.as_of, zone)
        self._space()
        self._say(tr("Time in each state"), "strong")
        spent = found.time_in_states.items()
        self._say(" · ".join(f"{of(state)}: {span_words(amount)}" for state, amount in spent))
        self.relayout()

    def _say(self, text: str, role: str = "") -> None:
        label = parts.label(text, role, wrap=True, select=True)
        self.lines.addWidget(label, self.lines.rowCount(), 0, 1, 3)

    def _space(self) -> None:
        self.lines.setRowMinimumHeight(self.lines.rowCount(), 8)

    def _add_clock(self, clock: ClockExplained, as_of: datetime, zone: tzinfo) -> None:
        self._space()
        chips = ChipRow()
        state = Chip(of(clock.state), _TONES.get(clock.state, Tone.NEUTRAL),
                     _ICONS.get(clock.state, "clock"))  # fmt: skip
        chips.set_chips([state])
        head = parts.row(parts.label(of(clock.kind), "strong"), chips, None, spacing=8)
        self.lines.addLayout(head, self.lines.rowCount(), 0, 1, 3)
        said = clock_words(clock, partial(dates.full, zone=zone), as_of)
        self._say(said[:1].upper() + said[1:])
        for step in clock.steps:
            role = "muted" if step.kind is StepKind.COUNTED else "faint"
            row = self.lines.rowCount()
            _, what, total = step_words(step, partial(_moment, zone=zone))
            for column, text in enumerate((when_words(step, zone), what, total)):
                label = parts.label(text, role, wrap=column == 1)
                if column == 2:
                    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.lines.addWidget(label, row, column)


def when_words(step: Step, zone: tzinfo) -> str:
    """Say when a line of the arithmetic was; what ends on the day it began names that day once."""
    since = step.since.astimezone(zone).date()
    if step.kind in (StepKind.DAY_OFF, StepKind.OTHER_HOURS):
        return dates.near_day(since)
    if step.until is None:
        until = "…"
    elif step.until.astimezone(zone).date() == since:
        until = dates.clock_time(step.until, zone)
    else:
        until = _moment(step.until, zone)
    return f"{_moment(step.since, zone)} – {until}"


def _moment(at: datetime, zone: tzinfo) -> str:
    """Write a moment within a line: the day and the time."""
    return f"{dates.day(at.astimezone(zone).date())} {dates.clock_time(at, zone)}"
