"""The right part of a client's page: where we stand, and what is to be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.queries import ContractRow, list_contracts
from deskcrm.domain.promises.commands import break_promise, keep_promise
from deskcrm.domain.promises.queries import PromiseRow, list_open_promises
from deskcrm.domain.summary.queries import ClientSummary, get_summary
from deskcrm.domain.tasks.commands import complete_task
from deskcrm.domain.tasks.queries import TaskRow, list_client_tasks
from deskcrm.domain.tickets.queries import TicketRow, list_open_tickets
from deskcrm.store.reader import Reader
from deskcrm.ui.clients.words import unanswered_words
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.tokens import Tone


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the part shows, from one view of the database."""

    summary: ClientSummary | None
    tickets: Sequence[TicketRow]
    tasks: Sequence[TaskRow]
    promises: Sequence[PromiseRow]
    contracts: Sequence[ContractRow]


def get_standing(db: Reader, client_id: ClientId) -> Standing:
    """Gather where we stand with a client."""
    return Standing(
        get_summary(db, client_id),
        list_open_tickets(db, client_id),
        list_client_tasks(db, client_id, limit=8),
        list_open_promises(db, client_id),
        list_contracts(db, client_id),
    )


class StandingPane(QWidget):
    """Built anew for each client. ``edit_contract`` gets a contract, or None for a new one."""

    def __init__(self, desk: Desk, edit_contract: Callable[[ContractRow | None], object]) -> None:
        super().__init__()
        self.desk = desk
        self._edit_contract = edit_contract
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 20, 24)
        self.column.setSpacing(6)

    def show_standing(self, standing: Standing) -> None:
        """Show where we stand."""
        parts.clear(self.column)
        self._show_contact(standing.summary)
        self._show_promises(standing.promises)
        self._show_tickets(standing.tickets)
        self._show_tasks(standing.tasks)
        self._show_contracts(standing.contracts)
        self.column.addStretch(1)

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

    def _show_contact(self, summary: ClientSummary | None) -> None:
        self._head(tr("Last contact"))
        if summary is None or summary.last_contact_at is None:
            self._say(tr("Never, as far as is known here."), "muted")
            return
        when = dates.ago(summary.last_contact_at)
        way = of(summary.last_contact_channel) if summary.last_contact_channel else ""
        self._say(" · ".join(x for x in (when, way, summary.last_contact_name) if x), "strong")
        if summary.unanswered:
            self._chip(Chip(unanswered_words(summary.unanswered), Tone.WARNING, "warning"))
        if summary.last_two_way_at is None:
            self._say(tr("The client has never answered."), "muted")
        elif summary.last_two_way_at != summary.last_contact_at:
            heard = dates.ago(summary.last_two_way_at)
            self._say(tr("Last heard from the client: {when}", when=heard), "muted")

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
            broke = parts.icon_button(
                "close",
                tr("Broken: {what}", what=promise.text),
                partial(self._do, break_promise, promise.id),
            )
            self._item(promise.text, Chip(due, tone, "promise"), keep, broke)

    def _show_tickets(self, tickets: Sequence[TicketRow]) -> None:
        if not tickets:
            return
        self._head(ntr("{n} open ticket", "{n} open tickets", len(tickets)))
        for ticket in tickets:
            link = parts.button(
                f"#{ticket.number} {ticket.subject}",
                partial(self.desk.go, "tickets", ticket=ticket.id),
                look="link",
            )
            self.column.addWidget(_elided(link, f"#{ticket.number} {ticket.subject}"))
            marks = [Chip(of(ticket.state)), Chip(dates.ago(ticket.opened_at))]
            if ticket.waiting_since is not None:
                waits = tr("waits since {when}", when=dates.ago(ticket.waiting_since))
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
            open_ = parts.icon_button(
                "external",
                tr("Open task: {task}", task=task.title),
                partial(self.desk.go, "tasks", task=task.id),
            )
            self._item(task.title, Chip(due, tone, "clock"), done, open_)

    def _item(self, text: str, chip: Chip, *buttons: QWidget) -> None:
        marks = ChipRow()
        marks.set_chips([chip])
        body = QWidget()
        body.setLayout(parts.column(parts.label(text, wrap=True), marks, spacing=2))
        line = parts.row(spacing=4)
        line.addWidget(body, 1)
        for button in buttons:
            line.addWidget(button)
        self.column.addLayout(line)

    def _show_contracts(self, contracts: Sequence[ContractRow]) -> None:
        self._head(tr("Contracts"))
        for contract in contracts:
            link = parts.button(
                contract.title or tr("Contract"),
                partial(self._edit_contract, contract),
                look="link",
                icon="contract",
            )
            self.column.addLayout(parts.row(link, None))
            value = dates.money(contract.annual_value_minor, contract.currency)
            self._say(
                tr("{value} a year · {state}", value=value, state=of(contract.status)), "muted"
            )
            if contract.decision_on is not None and contract.is_in_force:
                self._show_decision(contract)
        self.column.addLayout(
            parts.row(
                parts.button(
                    tr("Add contract"), lambda: self._edit_contract(None), look="quiet", icon="plus"
                ),
                None,
            )
        )

    def _show_decision(self, contract: ContractRow) -> None:
        assert contract.decision_on is not None
        left = contract.decision_on - dates.today()
        tone = Tone.WARNING if timedelta(0) <= left <= timedelta(days=90) else Tone.NEUTRAL
        said = tr("Renewal decision {when}", when=dates.due(contract.decision_on))
        self._chip(Chip(said, tone, "calendar"))
        if contract.ends_on is not None:
            self._say(
                tr(
                    "Ends {end}, less {days} of notice = {decision}",
                    end=dates.day(contract.ends_on, year=True),
                    days=ntr("{n} day", "{n} days", contract.notice_days),
                    decision=dates.day(contract.decision_on, year=True),
                ),
                "faint",
            )


def _elided(button: QWidget, text: str) -> QWidget:
    from PySide6.QtWidgets import QSizePolicy

    button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    button.setStyleSheet("text-align: left")
    parts.set_tooltip(button, text)
    return button
