"""Plans rows about clients that are there: interactions, tickets, contracts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base import words
from deskcrm.base.ids import new_id
from deskcrm.base.words import tr
from deskcrm.domain.contracts.model import Contract
from deskcrm.domain.imports.fields import ImportField, Target
from deskcrm.domain.imports.matching import Known
from deskcrm.domain.imports.people import owners
from deskcrm.domain.imports.plan import Fate, FieldChange, Mode, RowPlan, Wish
from deskcrm.domain.imports.preparing import Prepared
from deskcrm.domain.imports.whom import begin
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.names import fold, one_line
from deskcrm.domain.tickets.model import Ticket
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks

F = ImportField
_LATE: Final = timedelta(minutes=10)
OF_CONTRACT: Final = {
    F.PERIOD: "billing_period", F.STARTS_ON: "starts_on", F.ENDS_ON: "ends_on",
    F.NOTICE_DAYS: "notice_days", F.AUTO_RENEWS: "auto_renews", F.ABOUT: "notes",
}  # fmt: skip


class EventPlanner:
    """Plans row after row; a row that says what is known, or what an earlier row says, is told."""

    def __init__(self, db: Reader, known: Known, wish: Wish) -> None:
        self._known, self._wish, self._now = known, wish, db.now
        self._owners = owners(db)
        self._there = _READ[wish.target](db, list(known.titles))
        self._contracts = _contracts(db, known) if wish.target is Target.CONTRACTS else {}
        self._seen: dict[tuple[Any, ...], int] = {}

    def plan(self, row: Prepared) -> RowPlan:
        """Say what comes of a row."""
        plan, client = begin(self._known, self._wish, row)
        if client is None:
            return plan
        plan.why = self._lacking(row)
        if not plan.why:
            self._decide(plan, row)
        return plan

    def _lacking(self, row: Prepared) -> str:
        """Say what a row must have and has not."""
        match self._wish.target:
            case Target.INTERACTIONS:
                if F.STARTED_AT not in row.values:
                    return tr("there is no date in it")
                if row.values[F.STARTED_AT] > self._now + _LATE:
                    return tr("it has not happened yet")
                note = row.values.get(F.CHANNEL, Channel.NOTE) is Channel.NOTE
                if note and not row.text(F.SUBJECT) and not row.text(F.TEXT):
                    return tr("there are no words in it")
            case Target.TICKETS:
                if not row.text(F.SUBJECT) and not row.text(F.TEXT):
                    return tr("there is no subject in it")
                if row.values.get(F.STARTED_AT, self._now) > self._now + _LATE:
                    return tr("it has not happened yet")
                return self._owner(row)
            case Target.CONTRACTS:
                return _wrong_contract(row)
            case _:
                pass
        return ""

    def _owner(self, row: Prepared) -> str:
        named = row.values.get(F.OWNER)
        if isinstance(named, str):
            found = self._owners.get(fold(named))
            if found is None:
                return tr("nobody here is called “{name}”", name=named)
            row.values[F.OWNER] = UUID(found[0])
        return ""

    def _decide(self, plan: RowPlan, row: Prepared) -> None:
        assert plan.client is not None
        meaning = (plan.client, *_MEANING[self._wish.target](row))
        there = self._there.get(meaning)
        earlier = self._seen.get(meaning)
        if there is not None and self._wish.target is Target.CONTRACTS:
            self._change_contract(plan, row, there)
        elif there is not None:
            plan.fate, plan.of, plan.why = Fate.DUPLICATE, there, tr("it is there already")
        elif earlier is not None:
            plan.fate, plan.why = Fate.DUPLICATE, tr("line {n} says it already", n=earlier)
        elif self._wish.mode is Mode.UPDATE:
            plan.why = tr("nothing like this is there to be changed")
        else:
            plan.fate, plan.of = Fate.NEW, new_id()
            self._seen[meaning] = row.number

    def _change_contract(self, plan: RowPlan, row: Prepared, contract: UUID) -> None:
        plan.of = contract
        before = self._contracts[contract]
        values = contract_values(row)
        changes = _differing(before, values)
        starts, ends = (values.get(n, getattr(before, n)) for n in ("starts_on", "ends_on"))
        if starts and ends and ends < starts:
            plan.why = tr("the contract ends before it starts")
            return
        if self._wish.mode is Mode.CREATE or not changes:
            plan.fate, plan.why = Fate.DUPLICATE, tr("it is there already")
        elif (contract, "") in self._seen:
            line = self._seen[(contract, "")]
            plan.fate, plan.why = Fate.CONFLICT, tr("line {n} changes it already", n=line)
        else:
            plan.fate, plan.changes = Fate.CHANGED, tuple(changes)
            self._seen[(contract, "")] = row.number


def contract_values(row: Prepared) -> dict[str, Any]:
    """Give the columns of a contract that a row fills."""
    found = {column: row.values[key] for key, column in OF_CONTRACT.items() if key in row.values}
    if F.VALUE in row.values:
        minor, currency = row.values[F.VALUE]
        found["value_minor"] = minor
        if currency:
            found["currency"] = currency
    if row.values.get(F.CURRENCY):
        found["currency"] = row.values[F.CURRENCY].upper()
    return found


def _wrong_contract(row: Prepared) -> str:
    values = contract_values(row)
    if not row.text(F.CONTRACT):
        return tr("there is no title of the contract in it")
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts and ends and ends < starts:
        return tr("the contract ends before it starts")
    if values.get("value_minor", 0) < 0:
        return tr("a contract cannot be worth less than nothing")
    code = values.get("currency", "RUB")
    if len(code) != 3 or not code.isalpha() or not code.isascii():
        return tr("“{currency}” is not a currency", currency=code)
    return ""


def _differing(before: Any, values: Mapping[str, Any]) -> Sequence[FieldChange]:
    return [
        FieldChange(_KEYS[column], _said(getattr(before, column)), _said(value))
        for column, value in values.items()
        if getattr(before, column) != value
    ]


_KEYS: Final = {column: key.value for key, column in OF_CONTRACT.items()} | {
    "value_minor": F.VALUE.value, "currency": F.CURRENCY.value,
}  # fmt: skip


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, int):
        return f"{value / 100:.2f}" if value > 366 else str(value)
    return words.of(value) if hasattr(value, "name") else str(value or "")


def subject_of(row: Prepared) -> str:
    """Give the subject of a ticket: its own, or the beginning of what was said."""
    return row.text(F.SUBJECT) or one_line(row.values.get(F.TEXT, ""))[:120]


def _of_interaction(row: Prepared) -> tuple[Any, ...]:
    return row.values[F.STARTED_AT], row.text(F.SUBJECT), row.values.get(F.TEXT, "").strip()


def _of_ticket(row: Prepared) -> tuple[Any, ...]:
    at: datetime | None = row.values.get(F.STARTED_AT)
    return subject_of(row), at


def _of_contract(row: Prepared) -> tuple[Any, ...]:
    return (fold(row.text(F.CONTRACT)),)


_MEANING: Final = {
    Target.INTERACTIONS: _of_interaction,
    Target.TICKETS: _of_ticket,
    Target.CONTRACTS: _of_contract,
}


def _interactions_there(db: Reader, clients: Sequence[UUID]) -> dict[tuple[Any, ...], UUID]:
    i = Interaction
    found: dict[tuple[Any, ...], UUID] = {}
    for some in in_chunks(clients):
        at = select(i.id, i.client_id, i.started_at, i.subject, i.text)
        for row in db.all(at.where(i.client_id.in_(some), ~i.is_deleted)):
            found[(row.client_id, row.started_at, row.subject, row.text)] = row.id
    return found


def _tickets_there(db: Reader, clients: Sequence[UUID]) -> dict[tuple[Any, ...], UUID]:
    t = Ticket
    found: dict[tuple[Any, ...], UUID] = {}
    for some in in_chunks(clients):
        at = select(t.id, t.client_id, t.subject, t.opened_at)
        for row in db.all(at.where(t.client_id.in_(some), ~t.is_deleted)):
            found[(row.client_id, row.subject, row.opened_at)] = row.id
    return found


def _contracts_there(db: Reader, clients: Sequence[UUID]) -> dict[tuple[Any, ...], UUID]:
    c = Contract
    found: dict[tuple[Any, ...], UUID] = {}
    for some in in_chunks(clients):
        at = select(c.id, c.client_id, c.title)
        for row in db.all(at.where(c.client_id.in_(some), ~c.is_deleted)):
            found[(row.client_id, fold(row.title))] = row.id
    return found


_READ: Final = {
    Target.INTERACTIONS: _interactions_there,
    Target.TICKETS: _tickets_there,
    Target.CONTRACTS: _contracts_there,
}


def _contracts(db: Reader, known: Known) -> dict[UUID, Any]:
    """Read what contracts hold that rows may change."""
    columns = [
        getattr(Contract, name) for name in (*OF_CONTRACT.values(), "value_minor", "currency")
    ]
    found: dict[UUID, Any] = {}
    for some in in_chunks(list(known.titles)):
        at = select(Contract.id, *columns).where(Contract.client_id.in_(some))
        found.update({row.id: row for row in db.all(at.where(~Contract.is_deleted))})
    return found
