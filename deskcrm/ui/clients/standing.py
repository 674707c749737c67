"""The right part of a client's page: where we stand, and what is to be done."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base import clock
from deskcrm.base.words import ntr, of, ptr, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.queries import ContractRow
from deskcrm.domain.departures.queries import DepartureRow
from deskcrm.domain.feedback.queries import Rating
from deskcrm.domain.health.words import coverage_words
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.playbooks.model import PlayState
from deskcrm.domain.playbooks.progress import PlayRow
from deskcrm.domain.promises.commands import break_promise, cancel_promise, keep_promise
from deskcrm.domain.promises.queries import PromiseRow
from deskcrm.domain.risk.queries import Health
from deskcrm.domain.risk.words import is_grave, next_step, reason_lines
from deskcrm.domain.summary.queries import ClientSummary
from deskcrm.domain.tasks.commands import complete_task
from deskcrm.domain.tasks.queries import TaskRow
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.today.reasons import span
from deskcrm.domain.touch.queries import TouchExplained
from deskcrm.ui.clients.gathered import Standing
from deskcrm.ui.clients.putting_off import open_renegotiation, open_rescheduling, open_snooze
from deskcrm.ui.clients.touch import touch_chip, touch_words
from deskcrm.ui.clients.words import unanswered_words
from deskcrm.ui.contracts.deeds import decision_words, deeds_of, value_words
from deskcrm.ui.departures.cards import open_departure
from deskcrm.ui.departures.on_client import departure_parts
from deskcrm.ui.feedback.ask_card import open_ask
from deskcrm.ui.feedback.lines import rating_chip
from deskcrm.ui.feedback.sending import open_sending
from deskcrm.ui.invoices.cards import open_new
from deskcrm.ui.invoices.on_client import InvoicesPart
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.kit.more_button import Deed, more_button
from deskcrm.ui.kit.sparkline import Sparkline
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.playbooks.start import StartCard
from deskcrm.ui.playbooks.words import progress_words, standing_chip
from deskcrm.ui.renewals.on_client import growth_parts
from deskcrm.ui.risk.words import health_chip, read_chip, trend_words

_APART: Final = 6
"""Between one task or contract and the next, over what is between the lines of each."""


class StandingPane(QWidget):
    """Built anew for each client. ``edit_contract`` gets a contract, or None for a new one.

    ``open_item`` is given the interaction that is wanted in full, ``go_to`` a moment of the
    timeline.
    """

    def __init__(
        self,
        desk: Desk,
        edit_contract: Callable[[ContractRow | None], object],
        open_item: Callable[[InteractionId], object] | None = None,
        go_to: Callable[[datetime], object] | None = None,
    ) -> None:
        super().__init__()
        self.desk = desk
        self._edit_contract = edit_contract
        self._open_item, self._go_to = open_item, go_to
        self.client: ClientId | None = None
        self.name, self.currency = "", ""
        """How the client is called, and what a new contract of it is likely to be in."""
        self.departure: DepartureRow | None = None
        self._unfolded: set[ClientId | None] = set()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 16, 24)
        self.column.setSpacing(6)

    def show_standing(self, standing: Standing) -> None:
        """Show where we stand."""
        parts.clear(self.column)
        self.currency = standing.currency
        self._show_departure(standing.departure)
        if standing.health is not None:
            self._show_health(standing.health, standing.trend)
        self._show_contact(standing.summary)
        self._show_touch(standing.touch)
        self._show_promises(standing.promises)
        self._show_tickets(standing.tickets)
        self._show_tasks(standing.tasks)
        self._show_plays(standing.plays)
        self._show_ratings(standing.ratings)
        self._show_contracts(standing.contracts)
        self._show_invoices(standing)
        for widget in growth_parts(self.desk, standing.growth):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def add_invoice(self) -> None:
        """Ask for a new invoice."""
        if self.client is not None:
            open_new(self.desk, self, self.client, self.name, self.currency)

    def note_departure(self) -> None:
        """Ask when the client gave notice or left; what is known of it is there."""
        if self.client is not None:
            open_departure(self.desk, self, self.client, self.name, self.departure)

    def _do(self, command: Any, row_id: Any) -> None:
        self.desk.do(command, row_id).tell()

    def _head(self, text: str) -> None:
        if self.column.count():
            self.column.addSpacing(12)
        self.column.addWidget(parts.label(text, "caption"))

    def _say(self, text: str, role: str = "") -> None:
        self.column.addWidget(parts.label(text, role, wrap=True))

    def _chip(self, chip: Chip) -> None:
        row = ChipRow()
        row.set_chips([chip])
        self.column.addWidget(row)

    def _link(self, text: str, run: Callable[[], object], icon: str = "", hint: str = "") -> None:
        self.column.addLayout(parts.flush(ElidedButton(text, run, icon=icon, hint=hint)))

    def _show_health(self, health: Health, trend: tuple[float | None, ...]) -> None:
        """Show how the client scores, why, and what would help; all of it is one click away."""
        self._head(tr("Health"))
        chips = [health_chip(health)]
        if health.read is not None:
            chips.append(read_chip(health.read))
        row = ChipRow()
        row.set_chips(chips)
        self.column.addWidget(row)
        if sum(one is not None for one in trend) > 1:
            line = Sparkline(height=28)
            line.show_values(trend, trend_words(trend))
            self.column.addWidget(line)
        for words in reason_lines(health):
            self._say(words)
        if not health.score.is_enough:
            self._say(coverage_words(health.score), "muted")
        if is_grave(health):
            self._say(next_step(health), "muted")
        if health.is_flagged:
            self._link(
                tr("Everything about the risk"),
                partial(self.desk.go, "risk", client=health.client_id),
                "risk",
            )

    def _show_contact(self, summary: ClientSummary | None) -> None:
        self._head(tr("Last contact"))
        if summary is None or summary.last_contact_at is None:
            self._say(tr("Never, as far as is known here."), "muted")
            return
        when = dates.ago(summary.last_contact_at)
        way = of(summary.last_contact_channel) if summary.last_contact_channel else ""
        said = " · ".join(x for x in (when, way, summary.last_contact_name) if x)
        full = dates.full(summary.last_contact_at)
        self._link(said, partial(self._open_last, summary), hint=full)
        if summary.last_two_way_at is None:
            self._say(tr("The client has never answered."), "muted")
        elif summary.last_two_way_at != summary.last_contact_at:
            heard = dates.ago(summary.last_two_way_at)
            said = tr("Last heard from the client: {when}", when=heard)
            at = summary.last_two_way_at
            self._link(said, partial(self._go, at), hint=dates.full(at))
        if summary.unanswered:
            self._chip(Chip(unanswered_words(summary.unanswered), Tone.WARNING, "warning"))

    def _show_touch(self, touch: TouchExplained) -> None:
        row = touch.row
        if row is None:
            return
        self._chip(touch_chip(row))
        self._say(touch_words(touch), "faint")

    def _show_plays(self, plays: Sequence[PlayRow]) -> None:
        """Show what runs here, with the next step of each, and offer to start another."""
        self._head(ptr("client page", "Playbook"))
        for play in plays:
            if play.state is not PlayState.RUNNING:
                continue
            self._link(
                play.playbook, partial(self.desk.go, "playbooks", play=play.id), "play",
                hint=play.reason,
            )  # fmt: skip
            marks = ChipRow()
            marks.set_chips([standing_chip(play), Chip(progress_words(play))])
            self.column.addWidget(marks)
            if play.why:
                self._say(play.why, "muted")
            if play.next is not None:
                said = tr("Next: {step}", step=play.next.step.title)
                self._say(f"{said}, {dates.due(play.next.due_on or play.next.planned_on)}", "muted")
        self._links((tr("Start a playbook"), "plus", self._start_play))

    def _start_play(self) -> None:
        if self.client is not None:
            StartCard(self.desk, self, [self.client])

    def _open_last(self, summary: ClientSummary) -> None:
        is_logged = summary.last_contact_table == "interaction"
        if is_logged and summary.last_contact_id is not None and self._open_item is not None:
            self._open_item(InteractionId(summary.last_contact_id))
        elif summary.last_contact_at is not None:
            self._go(summary.last_contact_at)

    def _go(self, at: datetime) -> None:
        if self._go_to is not None:
            self._go_to(at)

    def _show_promises(self, promises: Sequence[PromiseRow]) -> None:
        if not promises:
            return
        self._head(ntr("{n} open promise", "{n} open promises", len(promises)))
        for promise in promises:
            due = dates.due(promise.due_on) if promise.due_on else tr("no date")
            tone = Tone.DANGER if promise.is_overdue else Tone.NEUTRAL
            keep = parts.icon_button(
                "check",
                tr("Kept: {what}", what=promise.text),
                partial(self._do, keep_promise, promise.id),
            )
            other = partial(open_renegotiation, self.desk, self, promise)
            more = more_button(
                tr("More for {what}", what=promise.text),
                [
                    (tr("Another day…"), "calendar", other),
                    (tr("Broken"), "close", partial(self._do, break_promise, promise.id)),
                    (
                        tr("The client let us off"),
                        "undo",
                        partial(self._do, cancel_promise, promise.id),
                    ),
                ],
            )
            self._item(promise.text, Chip(due, tone, "promise"), keep, more)

    def _show_tickets(self, tickets: Sequence[TicketRow]) -> None:
        if not tickets:
            return
        self._head(ntr("{n} open ticket", "{n} open tickets", len(tickets)))
        for ticket in tickets:
            words = f"#{ticket.number} {ticket.subject}"
            self._link(words, partial(self.desk.go, "tickets", ticket=ticket.id), "tickets")
            marks = [Chip(of(ticket.state)), Chip(dates.ago(ticket.opened_at))]
            if ticket.waiting_since is not None:
                waits = tr("waits {time}", time=span(clock.now(), ticket.waiting_since))
                marks[0] = Chip(waits, Tone.WARNING, "clock")
            row = ChipRow()
            row.set_chips(marks)
            self.column.addWidget(row)

    def _show_tasks(self, tasks: Sequence[TaskRow]) -> None:
        self._head(tr("Next"))
        if not tasks:
            self._say(tr("Nothing is planned."), "muted")
        for task in tasks:
            due = dates.due(task.due_on) if task.due_on else tr("no date")
            tone = Tone.DANGER if task.is_overdue else Tone.NEUTRAL
            done = parts.icon_button(
                "check",
                tr("Done: {task}", task=task.title),
                partial(self._do, complete_task, task.id),
            )
            more = more_button(
                tr("More for {what}", what=task.title),
                [
                    (tr("Snooze…"), "snooze", partial(open_snooze, self.desk, self, task)),
                    (
                        tr("Reschedule…"),
                        "calendar",
                        partial(open_rescheduling, self.desk, self, task),
                    ),
                    (tr("Open"), "external", partial(self.desk.go, "tasks", task=task.id)),
                ],
            )
            self._item(task.title, Chip(due, tone, "clock"), done, more)

    def _item(self, text: str, chip: Chip, *buttons: QWidget) -> None:
        marks = ChipRow()
        marks.set_chips([chip])
        body = parts.column(parts.label(text, wrap=True), marks, _APART, spacing=3)
        line = parts.row(spacing=2)
        line.addLayout(body, 1)
        for button in buttons:
            line.addLayout(parts.column(button, None))
        self.column.addLayout(line)

    def _show_ratings(self, ratings: Sequence[Rating]) -> None:
        """Show the last NPS, CSAT and CES, when they were given, and how they came to us."""
        self._head(tr("What they say of us"))
        for rating in ratings:
            marks = ChipRow()
            marks.set_chips([rating_chip(rating)])
            line = parts.row(marks, spacing=6)
            when = f"{dates.ago(rating.answered_at)} · {of(rating.way)}"
            go = partial(self.desk.go, "feedback", response=rating.response_id)
            line.addWidget(ElidedButton(when, go, hint=dates.full(rating.answered_at)), 1)
            self.column.addLayout(line)
        self._links(
            (tr("Ask for feedback"), "feedback", partial(self._ask, open_ask)),
            (tr("Send a form"), "mail", partial(self._ask, open_sending)),
        )

    def _ask(self, opened: Callable[[Desk, QWidget, ClientId], object]) -> None:
        if self.client is not None:
            opened(self.desk, self, self.client)

    def _show_contracts(self, contracts: Sequence[ContractRow]) -> None:
        self._head(tr("Contracts"))
        for contract in contracts:
            self._show_contract(contract)
            self.column.addSpacing(_APART)
        self._links((tr("Add contract"), "plus", lambda: self._edit_contract(None)))

    def _show_departure(self, departure: DepartureRow | None) -> None:
        self.departure = departure
        if departure is not None:
            self._head(tr("Leaving"))
            for widget in departure_parts(self.desk, self, departure):
                self.column.addWidget(widget)

    def _show_invoices(self, standing: Standing) -> None:
        self._head(tr("Invoices"))
        if standing.invoices:
            self.column.addWidget(
                InvoicesPart(self.desk, self, standing.invoices, self._unfolded, self.client)
            )
        leaves = (tr("The client leaves…"), "flag", self.note_departure)
        add = (tr("Add invoice"), "plus", self.add_invoice)
        self._links(add, *([leaves] if standing.departure is None else []))

    def _links(self, *deeds: Deed) -> None:
        """Offer what can be done, side by side as far as there is room."""
        held = QWidget()
        flow = FlowLayout(held, spacing=12)
        for words, icon, run in deeds:
            link = parts.button(words, run, look="link", icon=icon)
            link.setProperty("flush", True)
            flow.addWidget(link)
        self.column.addWidget(held)

    def _show_contract(self, contract: ContractRow) -> None:
        title = contract.title or tr("Contract")
        edit = partial(self._edit_contract, contract)
        hint = tr("Edit {name}", name=title)
        line = parts.flush(ElidedButton(title, edit, icon="contract", name=hint, hint=hint))
        deeds = deeds_of(self.desk, self, contract)
        line.addWidget(more_button(tr("More for {what}", what=title), deeds))
        self.column.addLayout(line)
        self._say(" · ".join((value_words(contract), of(contract.status))), "muted")
        if contract.decision_on is not None and contract.is_in_force:
            left = contract.decision_on - dates.today()
            tone = Tone.WARNING if timedelta(0) <= left <= timedelta(days=90) else Tone.NEUTRAL
            said = tr("Renewal decision {when}", when=dates.due(contract.decision_on))
            self._chip(Chip(said, tone, "calendar"))
            self._say(decision_words(contract), "faint")
