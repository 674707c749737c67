"""What is added to somebody who was erased by who had not heard of it: it is erased as well.

A contact of such a client, a number of such a contact, a merge that took along what was known of
them. The server finds that when it comes, whoever's workstation it comes from, and whichever of
the two was there first: what the administrator had not seen either was not erased with the rest.
"""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from deskcrm.domain.clients.model import Client, CustomValue
from deskcrm.domain.contacts.model import Contact, ContactPoint
from deskcrm.domain.erasures.commands import take_leave
from deskcrm.domain.erasures.erased import erased_names, is_untouched, of_erased
from deskcrm.domain.erasures.late_merges import find_late_merges
from deskcrm.domain.erasures.person import Rows, values_of_person
from deskcrm.domain.interactions.model import Participant
from deskcrm.store.changes import IS_ERASURE
from deskcrm.store.commands import command
from deskcrm.store.erasing import erase
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Record, change_table, shape_of
from deskcrm.store.work import Work

_c = change_table.c
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
    names = erased_names(db, Client)
    if not names and not erased_names(db, Contact):
        return {}
    if any(db.all(select(_c.id).where(IS_ERASURE, _c.id > since).limit(1))):
        since = 0  # somebody was erased since: what was there before may be theirs
    found = find_late_merges(db)
    for model, row_id, subject in _added(db, since):
        values = values_of_person(names.get(subject, ""))[model]
        found.setdefault(model, {})[row_id] = values
    return found


def log_end(db: Reader) -> int:
    """Give how far the log goes."""
    return db.scalar(select(func.max(_c.id))) or 0


def _added(db: Reader, since: int) -> Iterator[tuple[type[Record], UUID, UUID]]:
    """Give rows that were added to erased people and not erased: what, which, and to which client.

    What was added elsewhere and brought there later is somebody else's.
    """
    clients, contacts = (select(_c.row_id).where(*of_erased(m)) for m in (Client, Contact))
    for model in _EVERY:
        t: Any = shape_of(model).table
        theirs: list[ColumnElement[bool]] = []
        if model in _AT_CLIENT:
            theirs.append(t.c.client_id.in_(clients) & _c.subject.in_(clients))
        if model in _AT_CONTACT:
            theirs.append(t.c.contact_id.in_(contacts))
        query = (
            select(t.c.id, _c.subject)
            .join_from(t, change_table, (_c.row_id == t.c.id) & (_c.table_name == t.name))
            .where(_c.kind == "create", _c.id > since, or_(*theirs), is_untouched(t))
        )
        for row in db.all(query):
            yield model, row.id, row.subject
