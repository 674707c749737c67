"""What each replica keeps beside its records of a person, and lets go when it hears of an erasure.

Rows are still what they were when this is done, so it is found by them what else speaks of them.
"""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from deskcrm.domain.attachments.model import Attachment
from deskcrm.domain.clients.model import Client
from deskcrm.domain.conflicts.model import Conflict
from deskcrm.domain.contacts.model import Contact, ContactPoint, PointKind
from deskcrm.domain.drafts.model import Draft
from deskcrm.domain.erasures.mentions import Terms, far, near
from deskcrm.store.contents import Blob, BlobChunk
from deskcrm.store.erasing import FOLLOWERS, Erased
from deskcrm.store.search import digits_of
from deskcrm.store.tables import Record, shape_of
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import recording

_PERSONS: Final[tuple[type[Record], ...]] = (Contact, Client)


def _let_drafts_go(connection: Connection, erased: Erased) -> None:
    """Let go of drafts that speak of the person: of the person's own by a word of the name."""
    if connection.dialect.name != "sqlite":
        return
    drafts = connection.execute(select(Draft.place, Draft.subject, Draft.content)).all()
    if not drafts:
        return
    terms, clients = _known(connection, erased)
    own = {str(one) for one in clients} | {row_id.hex for _, row_id in erased}
    own |= {str(row_id) for _, row_id in erased} | {one.hex for one in clients}
    close, wide = near(terms), far(terms)
    for draft in drafts:
        pattern = close if any(one in draft.subject for one in own) else wide
        if any(pattern.search(text) for text in _texts(draft.content)):
            named = (Draft.place == draft.place) & (Draft.subject == draft.subject)
            connection.execute(delete(Draft).where(named))


def _known(connection: Connection, erased: Erased) -> tuple[Terms, set[UUID]]:
    """Give what people whose rows these are are known by, and whose clients they are."""
    names: list[str] = []
    clients: set[UUID] = set()
    for model in _PERSONS:
        shape = shape_of(model)
        t = shape.table
        client = t.c[shape.subject or "id"]
        for chunk in in_chunks([row for table, row in erased if table == shape.name]):
            for row in connection.execute(select(t.c.name, client).where(t.c.id.in_(chunk))):
                names.append(row[0])
                clients.add(row[1])
    said: list[tuple[PointKind, str]] = []
    points = [row for table, row in erased if table == ContactPoint.__tablename__]
    for chunk in in_chunks(points):
        p = ContactPoint
        found = connection.execute(select(p.kind, p.normal, p.client_id).where(p.id.in_(chunk)))
        for kind, normal, client_id in found:
            said.append((kind, normal))
            clients.add(client_id)
    numbers = tuple(digits_of(one) for kind, one in said if kind is PointKind.PHONE)
    addresses = tuple(one for kind, one in said if kind is not PointKind.PHONE)
    return Terms(tuple(names), numbers, addresses), clients


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return []


def _empty_conflicts(connection: Connection, erased: Erased) -> None:
    """Empty what conflicts keep of values that are erased; that there was one stays."""
    t = shape_of(Conflict).table
    for chunk in in_chunks({row_id for _, row_id in erased}):
        ids = connection.execute(select(t.c.id).where(t.c.row_id.in_(chunk))).scalars().all()
        if ids:
            empty = update(t).where(t.c.id.in_(ids)).values(base="{}", kept="{}", lost="{}")
            with recording(connection):
                connection.execute(empty)


def _let_contents_go(connection: Connection, erased: Erased) -> None:
    """Let go of contents that only an erased attachment names."""
    ids = [row_id for table, row_id in erased if table == Attachment.__tablename__]
    a = shape_of(Attachment).table.c
    for chunk in in_chunks(ids):
        named = connection.execute(select(a.sha256).where(a.id.in_(chunk))).scalars().all()
        others = select(a.sha256).where(a.sha256.in_(named), ~a.id.in_(ids), ~a.is_deleted)
        gone = set(named) - set(connection.execute(others).scalars())
        for model in (BlobChunk, Blob):
            connection.execute(delete(model).where(model.sha256.in_(gone)))


FOLLOWERS.extend((_let_drafts_go, _empty_conflicts, _let_contents_go))
