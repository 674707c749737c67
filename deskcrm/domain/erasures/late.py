"""What is added to somebody who was erased: refused where that is known, else erased as well.

A colleague who had not heard of it may add a contact to such a client, or a number to such a
contact. The server finds that when it comes, whoever's workstation it comes from, and whichever of
the two was there first: what the administrator had not seen either was not erased with the rest.
"""

from collections.abc import Collection, Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId, CustomValue
from deskcrm.domain.contacts.model import Contact, ContactId, ContactPoint
from deskcrm.domain.erasures.commands import take_leave
from deskcrm.domain.erasures.person import Rows, values_of_person
from deskcrm.domain.interactions.model import Participant
from deskcrm.store.changes import IS_ERASURE, from_text
from deskcrm.store.commands import command
from deskcrm.store.erasing import erase
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Record, change_table, shape_of
from deskcrm.store.work import Work

_c = change_table.c
_NAMES_SOMEBODY: Final = _c.after.contains('"name":', autoescape=True)
"""Of a client or a contact: a text of theirs that speaks of somebody else is erased without it."""
_AT_CLIENT: Final[tuple[type[Record], ...]] = (Contact, ContactPoint, CustomValue)
_AT_CONTACT: Final[tuple[type[Record], ...]] = (ContactPoint, Participant)
_EVERY: Final = (*_AT_CLIENT, *_AT_CONTACT[1:])


@command("erasures.follow", "Erase what came late", can_undo=False, is_automatic=True)
def erase_late(work: Work, *, since: int = 0) -> int:
    """Erase what was added to people who were erased; gives how many rows.

    ``since`` is how far the log was looked through before.
    """
    count = 0
    # Who was added to a client may have been named as taking part meanwhile: a second look.
    while rows := find_late(work, since=since):
        take_leave(work, rows.get(Contact, ()), rows.get(ContactPoint, ()))
        for model, values in rows.items():
            count += erase(work, model, values)
    return count


def find_late(db: Reader, *, since: int = 0) -> Rows:
    """Find what was added to people who were erased, and what is to stand in it."""
    names = _erased_names(db, Client)
    if not names and not _erased_names(db, Contact):
        return {}
    if any(db.all(select(_c.id).where(IS_ERASURE, _c.id > since).limit(1))):
        since = 0  # somebody was erased since: what was there before may be theirs
    found: Rows = {}
    for model, row_id, subject in _added(db, since):
        values = values_of_person(names.get(subject, ""))[model]
        found.setdefault(model, {})[row_id] = values
    return found


def log_end(db: Reader) -> int:
    """Give how far the log goes."""
    return db.scalar(select(func.max(_c.id))) or 0


def check_not_erased(work: Work, client_id: ClientId, contact_id: ContactId | None = None) -> None:
    """Refuse to add to somebody who was erased what would tell of a person again."""
    for model, row_id in ((Client, client_id), (Contact, contact_id)):
        of_row = (_c.row_id == row_id, _c.table_name == model.__tablename__)
        told = select(_c.id).where(*of_row, IS_ERASURE, _NAMES_SOMEBODY).limit(1)
        if row_id is not None and work.first(told) is not None:
            raise UserError(
                tr("This person was erased on request, so nothing is added to them."),
                tr("If they are a client again, add them as a new one."),
            )


def _erased_names(db: Reader, model: type[Record]) -> dict[UUID, str]:
    """Give who was erased, and what stands in place of the name."""
    told = select(_c.row_id, _c.after).where(*_of_erased(model)).order_by(_c.id)
    return {row.row_id: from_text(row.after)["name"] for row in db.all(told)}


def _of_erased(model: type[Record]) -> Collection[ColumnElement[bool]]:
    return IS_ERASURE, _c.table_name == model.__tablename__, _NAMES_SOMEBODY


def _added(db: Reader, since: int) -> Iterator[tuple[type[Record], UUID, UUID]]:
    """Give rows that were added to erased people and not erased: what, which, and to which client.

    What was added elsewhere and brought there later is somebody else's.
    """
    clients, contacts = (select(_c.row_id).where(*_of_erased(m)) for m in (Client, Contact))
    for model in _EVERY:
        t: Any = shape_of(model).table
        theirs: list[ColumnElement[bool]] = []
        if model in _AT_CLIENT:
            theirs.append(t.c.client_id.in_(clients) & _c.subject.in_(clients))
        if model in _AT_CONTACT:
            theirs.append(t.c.contact_id.in_(contacts))
        made = change_table.alias("erased")
        is_erased = exists().where(made.c.row_id == t.c.id, made.c.kind == "erase")
        query = (
            select(t.c.id, _c.subject)
            .join_from(t, change_table, (_c.row_id == t.c.id) & (_c.table_name == t.name))
            .where(_c.kind == "create", _c.id > since, or_(*theirs), ~is_erased)
        )
        for row in db.all(query):
            yield model, row.id, row.subject
