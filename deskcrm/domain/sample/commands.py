"""Adds the sample workspace, in one step that can be undone."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.feedback.forms import add_shipped_forms
from deskcrm.domain.sample.workspace import LANGUAGES, make_sample, tickets_in_order
from deskcrm.domain.tickets.numbers import take_numbers
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.commands import command
from deskcrm.store.tables import Record, shape_of
from deskcrm.store.work import Work

MOST: Final = 1_000
"""More clients than this are written in bulk, without every story."""

# When a record came into being, by the column that says so; the rest came with their client.
_MOMENTS: Final = (
    "started_at",
    "opened_at",
    "sent_at",
    "happened_at",
    "made_at",
    "postponed_at",
    "edited_at",
    "published_at",
    "answered_at",
    "asked_at",
)


@command("sample.add", "Add sample workspace")
def add_sample(work: Work, *, clients: int = 60, seed: int = 7, language: str = "both") -> int:
    """Add made-up clients with their people, stories and work; gives how many records.

    ``language``: ``ru``, ``en`` or ``both``. The same seed on the same day adds the same, but
    for the ids. A third of the clients belong to whoever adds them.
    """
    check_wish(clients, language)
    if clients > MOST:
        raise ValueError("so many clients are added in bulk")
    me = work.find(User, work.actor)
    sample = make_sample(
        me=UserId(work.actor),
        my_name=me.name if me else "",
        now=work.now,
        clients=clients,
        seed=seed,
        language=language,
    )
    tickets = tickets_in_order(sample.records)
    for ticket, number in zip(tickets, take_numbers(work, len(tickets)), strict=True):
        ticket.number = number
    add_shipped_forms(work)
    for model, rows in _by_model(sample.records):
        work.insert_many(model, rows)
    for picture in sample.pictures:
        paste_attachment(
            work,
            picture.client_id,
            content=picture.content,
            name=picture.name,
            ticket_id=picture.ticket,
        )
    return len(sample.records) + len(sample.pictures)


def check_wish(clients: int, language: str) -> None:
    """Refuse, in words, what cannot be made up."""
    if clients < 1:
        raise UserError(tr("A sample needs clients."), tr("Ask for 1 or more."))
    if language not in LANGUAGES:
        raise UserError(
            tr("There is no sample in “{language}”.", language=language),
            tr("Choose one of: {choices}.", choices=", ".join(LANGUAGES)),
        )


def _by_model(records: Iterable[Record]) -> Iterator[tuple[type[Record], list[dict[str, Any]]]]:
    """Group the records by their class, in the order in which the classes come first."""
    groups: dict[type[Record], list[dict[str, Any]]] = {}
    for record in records:
        groups.setdefault(type(record), []).append(_values(record))
    yield from groups.items()


def _values(record: Record) -> dict[str, Any]:
    values = {key: getattr(record, key) for key in shape_of(type(record)).columns}
    values |= {"id": record.id, "created_at": _created(values)}
    return values


def _created(values: dict[str, Any]) -> datetime:
    moment: datetime = next(
        (values[key] for key in _MOMENTS if values.get(key)), values["created_at"]
    )
    return moment
