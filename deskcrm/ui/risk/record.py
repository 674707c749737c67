"""One client at risk: why, with the records one click away; what changed; what would help."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.health.words import (
    chance_words,
    coverage_words,
    delta_words,
    points_words,
    reason_words,
    way_back_words,
)
from deskcrm.domain.risk.detail import Behind, RiskDetail, Stay, get_risk
from deskcrm.domain.risk.queries import Health, RiskRow
from deskcrm.domain.risk.words import cause_sentence, quiet_words
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Avatar, Chip, ChipRow
from deskcrm.ui.kit.deed_bar import DeedBar
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.kit.sparkline import Sparkline
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.risk import actions
from deskcrm.ui.risk.words import (
    OPENS_WITH_CLIENT,
    health_chip,
    read_chip,
    trend_words,
    worth_words,
)

if TYPE_CHECKING:
    from deskcrm.ui.risk.screen import RiskScreen

MOST_CHANGES = 6


class RiskRecord(QWidget):
    """``show_client`` shows one; ``reload`` asks again for the same."""

    def __init__(self, screen: "RiskScreen") -> None:
        super().__init__()
        self.screen_ = screen
        self.row: RiskRow | None = None
        self.detail: RiskDetail | None = None
        self.name = parts.label("", "display", wrap=True, select=True)
        self.avatar = Avatar("", 40)
        self.chips = ChipRow()
        self.hidden = parts.label("", "muted", wrap=True)
        self._inside = parts.Page()
        self.column = QVBoxLayout(self._inside)
        self.column.setContentsMargins(24, 14, 20, 24)
        self.column.setSpacing(5)
        self._lay_out()

    def show_client(self, row: RiskRow) -> None:
        """Show a client at once by what the list knows; the rest follows."""
        is_other = self.row is None or self.row.client_id != row.client_id
        self.row = row
        if is_other:
            self.detail = None
            parts.clear(self.column)
        self.avatar.set_name(row.client)
        self.name.setText(row.client)
        self.name.setAccessibleName(row.client)
        self.chips.set_chips(_head_chips(row))
        self.hidden.setText(quiet_words(row))
        self.hidden.setVisible(bool(row.quiet_reason))
        self.reload()

    def reload(self) -> None:
        """Ask again for everything that is shown."""
        if self.row is not None:
            self.screen_.desk.ask(self, get_risk, self.row.client_id).then(self._show)

    def _lay_out(self) -> None:
        head = parts.row(self.avatar, spacing=12)
        head.addWidget(self.name, 1)
        deeds = DeedBar(
            self.screen_,
            (tr("Plan a task…"), "tasks", actions.plan),
            (tr("Log a call…"), "phone", actions.log),
            (tr("Start a playbook…"), "play", actions.start),
            (tr("Snooze…"), "snooze", actions.snooze),
            (tr("My read…"), "eye", actions.read),
            (tr("Open client"), "external", actions.open_client),
        )
        top = parts.column(head, self.chips, self.hidden, deeds, spacing=8, margins=(24, 20, 20, 0))
        whole = parts.column(top, parts.line(), spacing=12)
        self.scroller = Scroll(self._inside)
        whole.addWidget(self.scroller, 1)
        self.setLayout(whole)

    def _show(self, detail: RiskDetail | None) -> None:
        if self.row is None or (detail and detail.health.client_id != self.row.client_id):
            return
        self.detail = detail
        parts.clear(self.column)
        if detail is None:
            said = tr("This client is no customer any more, so there is nothing to score.")
            self.column.addWidget(parts.label(said, "muted", wrap=True))
        else:
            fill_risk(self.column, self.screen_.desk, detail)
        self.column.addStretch(1)


def fill_risk(column: QVBoxLayout, desk: Desk, detail: RiskDetail) -> None:
    """Put everything about a client's risk under one another."""
    show = _Writer(column, desk, detail.health.client_id)
    score = detail.health.score
    show.say(chance_words(score, detail.health.evidence), "strong")
    show.say(coverage_words(score), "muted")
    show.trend(detail)
    show.reasons(detail)
    show.changes(detail)
    show.head(tr("What would bring it back"))
    show.say(way_back_words(detail.way_back, detail.exit_line, detail.health.evidence))
    show.reads(detail)
    show.stays(detail.stays)


class _Writer:
    """Writes into a column, section by section."""

    def __init__(self, column: QVBoxLayout, desk: Desk, client_id: ClientId) -> None:
        self.column, self.desk, self.client_id = column, desk, client_id

    def head(self, text: str) -> None:
        self.column.addSpacing(12)
        self.column.addWidget(parts.label(text, "caption"))

    def say(self, text: str, role: str = "") -> None:
        self.column.addWidget(parts.label(text, role, wrap=True))

    def trend(self, detail: RiskDetail) -> None:
        """Draw how the score moved within half a year."""
        said = trend_words(detail.trend)
        if len([one for one in detail.trend if one is not None]) > 1:
            line = Sparkline(height=44)
            line.show_values(detail.trend, said, token="accent")
            self.column.addSpacing(6)
            self.column.addWidget(line)
            weeks = len(detail.trend) - 1
            said = ntr("{trend} within {n} week", "{trend} within {n} weeks", weeks, trend=said)
        self.say(said, "faint")

    def reasons(self, detail: RiskDetail) -> None:
        """Say why, each reason with its points and its records."""
        self.head(tr("Why"))
        cause = detail.health.cause
        if cause is not None:
            self._reason("!", cause_sentence(cause), detail.listed_for, 0)
        for why in detail.reasons:
            words = reason_words(why.reason, detail.health.score.model)
            self._reason(points_words(why.reason.points), words, why.behind, why.more)
        if cause is None and not detail.reasons:
            self.say(tr("Nothing speaks against them."), "muted")

    def _reason(self, points: str, words: str, behind: Sequence[Behind], more: int) -> None:
        number = parts.label(points, "strong")
        number.setFixedWidth(38)
        line = parts.row(parts.column(number, None), spacing=4)
        records = [ElidedButton(one.said, self._opener(one), lines=2) for one in behind]
        body = parts.column(parts.label(words, wrap=True), spacing=2)
        for record in records:
            body.addLayout(parts.flush(record))
        if more:
            body.addWidget(parts.label(tr("and {n} more", n=more), "faint"))
        line.addLayout(body, 1)
        self.column.addLayout(line)

    def _opener(self, one: Behind) -> Callable[[], object]:
        """Give what opens a record: its own place, else it on the client's page."""
        if one.table == "ticket":
            return partial(self.desk.go, "tickets", ticket=one.row_id)
        where: dict[str, object] = {"client": self.client_id}
        if one.table in OPENS_WITH_CLIENT:
            where[one.table] = one.row_id
        return partial(self.desk.go, "clients", **where)

    def changes(self, detail: RiskDetail) -> None:
        """Say what moved the score since last week, signal by signal."""
        self.head(tr("Since last week"))
        if detail.changes is None or detail.before is None:
            self.say(tr("A week ago there was no score yet."), "muted")
            return
        moved = sum(one.points for one in detail.changes)
        told = [one for one in detail.changes if round(one.points)]
        if not told and not round(moved):
            self.say(tr("Nothing changed."), "muted")
            return
        self.say(tr("In all: {points}", points=points_words(moved)))
        shown = told[:MOST_CHANGES]
        for delta in shown:
            self.say(delta_words(delta, detail.health.score.model), "muted")
        # What is left out, and what is rounded off, is said: the figures add up.
        rest = round(moved) - sum(round(delta.points) for delta in shown)
        if shown and rest:
            self.say(tr("The rest and rounding: {points}", points=points_words(rest)), "muted")

    def reads(self, detail: RiskDetail) -> None:
        """Say what people think of the client, which is no part of the score."""
        if not detail.reads:
            return
        self.head(tr("How people see it"))
        for one in detail.reads:
            row = ChipRow([read_chip(one.step)])
            self.column.addWidget(row)
            said = " · ".join(
                part
                for part in (
                    one.note, one.name,
                    tr("holds until {day}", day=dates.day(dates.local(one.expires_at).date())),
                )
                if part
            )  # fmt: skip
            self.say(said, "muted")

    def stays(self, stays: Sequence[Stay]) -> None:
        """Say when the client was on the list, and for what."""
        if not stays:
            return
        self.head(tr("On the list"))
        for one in stays:
            came = dates.day(dates.local(one.entered_at).date())
            cause = cause_sentence(one.cause) or tr("A high score")
            cause = cause[:1].lower() + cause[1:]
            if one.left_at is None:
                self.say(tr("Since {day}: {cause}", day=came, cause=cause), "muted")
            else:
                went = dates.day(dates.local(one.left_at).date())
                said = tr("{day} to {until}: {cause}", day=came, until=went, cause=cause)
                self.say(said, "muted")


def _head_chips(row: RiskRow) -> list[Chip]:
    chips: list[Chip] = []
    health: Health | None = row.health
    if health is not None:
        chips.append(health_chip(health))
        if health.read is not None:
            chips.append(read_chip(health.read))
    if row.owner:
        chips.append(Chip(row.owner, Tone.NEUTRAL, "person"))
    worth = worth_words(health)
    if worth:
        chips.append(Chip(tr("{value} a year", value=worth), Tone.NEUTRAL, "money"))
    chips.append(Chip(tr("Listed {when}", when=dates.ago(row.entered_at)), Tone.NEUTRAL, "flag"))
    return chips
