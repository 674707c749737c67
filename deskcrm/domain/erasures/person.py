"""What is known of one person, and where: their own rows, and the words they are known by."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.client_merges.forest import read_forest
from deskcrm.domain.client_merges.model import ClientBefore, ClientMerge
from deskcrm.domain.clients.model import Client, ClientId, ClientKind, CustomValue
from deskcrm.domain.contacts.merging import merged_into
from deskcrm.domain.contacts.model import Contact, ContactPoint, PointKind
from deskcrm.domain.erasures.columns import OF_CLIENT, OF_CONTACT, OF_POINT
from deskcrm.domain.erasures.mentions import Terms
from deskcrm.domain.erasures.model import PersonKind
from deskcrm.domain.interactions.model import Participant
from deskcrm.domain.names import sort_key
from deskcrm.store.changes import from_text
from deskcrm.store.reader import Reader
from deskcrm.store.search import digits_of
from deskcrm.store.tables import Record, change_table
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Missing

Rows = dict[type[Record], dict[UUID, dict[str, Any]]]
"""By table and row: what is written in place of the values of a person."""
_NAMES: Final = ("name", "legal_name", "greeting")


@dataclass(frozen=True, slots=True)
class Person:
    """A person whose values can be erased: a contact, or a client that is a person.

    Such a client's contacts are ways to reach that person, and go along.
    """

    kind: PersonKind
    id: UUID
    client_id: ClientId
    name: str
    contacts: tuple[UUID, ...]
    points: tuple[UUID, ...]
    participants: tuple[UUID, ...]
    values: tuple[UUID, ...]
    """Custom fields."""
    terms: Terms
    clients: tuple[UUID, ...] = ()
    """A client that is a person, and those that were merged into it, which are that person too."""
    merges: tuple[UUID, ...] = ()
    """Merges of these, which know how they stood."""
    before: tuple[UUID, ...] = ()
    """What these are each by itself."""

    def rows(self, put: str) -> Rows:
        """Give what is to stand in the person's own rows; ``put`` in place of the name."""
        own = values_of_person(put)
        theirs: dict[type[Record], tuple[UUID, ...]] = {
            Contact: self.contacts,
            ContactPoint: self.points,
            Participant: self.participants,
            CustomValue: self.values,
        }
        found: Rows = {model: {one: {**own[model]} for one in ids} for model, ids in theirs.items()}
        if self.kind is PersonKind.CLIENT:
            named = {"name": put, "sort_name": sort_key(put)}
            found[Client] = {one: named | dict.fromkeys(OF_CLIENT, "") for one in self.clients}
            found[ClientMerge] = {one: {"seen": {}} for one in self.merges}
            found[ClientBefore] = {one: {"state": {}} for one in self.before}
        return {model: rows for model, rows in found.items() if rows}


def values_of_person(put: str) -> dict[type[Record], dict[str, Any]]:
    """Give what is to stand in what tells of a person and of nobody else, table by table."""
    return {
        Contact: {"name": put, **dict.fromkeys(OF_CONTACT, "")},
        ContactPoint: dict.fromkeys(OF_POINT, ""),
        Participant: {"name": ""},
        CustomValue: {"text": ""},
    }


def find_person(db: Reader, kind: PersonKind, person_id: UUID) -> Person:
    """Give what is known of a person; raises Missing, and UserError for a company."""
    if kind is PersonKind.CONTACT:
        found = db.first(select(Contact.client_id, Contact.name).where(Contact.id == person_id))
        if found is None:
            raise Missing(tr("There is no such contact."), tr("Look in the list of clients."))
        return _gather(db, kind, person_id, found.client_id, [found.name])
    client = db.first(
        select(Client.kind, Client.name, Client.legal_name).where(Client.id == person_id)
    )
    if client is None:
        raise Missing(tr("There is no such client."), tr("Look in the list of clients."))
    if client.kind is not ClientKind.PERSON:
        raise UserError(
            tr("“{name}” is a company, not a person.", name=client.name),
            tr("Choose one of its contacts, or delete the client."),
        )
    names = [client.name, client.legal_name]
    return _gather(db, kind, person_id, ClientId(person_id), names)


def _gather(
    db: Reader, kind: PersonKind, person_id: UUID, client_id: ClientId, names: list[str]
) -> Person:
    """Gather rows, those that were deleted too: a tombstone holds its values."""
    is_client = kind is PersonKind.CLIENT
    clients = read_forest(db).tree(client_id) if is_client else []
    if is_client:
        are_theirs = Contact.client_id.in_(clients)
    else:
        are_theirs = Contact.id.in_([person_id, *merged_into(db, [person_id])])
    theirs = db.all(select(Contact.id, Contact.name, Contact.greeting).where(are_theirs))
    contacts = [row.id for row in theirs]
    names = [*names, *(name for row in theirs for name in (row.name, row.greeting))]
    points = _points_of(db, contacts, client_id if is_client else None)
    took_part = db.scalars(select(Participant.id).where(Participant.contact_id.in_(contacts)))
    values = db.scalars(select(CustomValue.id).where(CustomValue.client_id.in_(clients)))
    return Person(
        kind=kind,
        id=person_id,
        client_id=client_id,
        name=names[0],
        contacts=tuple(contacts),
        points=tuple(row.id for row in points),
        participants=tuple(took_part),
        values=tuple(values),
        terms=_terms(
            [*names, *_former(db, [*contacts, *clients], _NAMES)],
            [
                *((row.kind, row.normal or row.typed) for row in points),
                *_former_points(db, [row.id for row in points]),
            ],
        ),
        clients=tuple(clients),
        merges=tuple(db.scalars(_of_clients(ClientMerge, ClientMerge.from_id, clients))),
        before=tuple(db.scalars(_of_clients(ClientBefore, ClientBefore.client_id, clients))),
    )


def _of_clients(model: type[Record], column: Any, clients: Sequence[UUID]) -> Any:
    return select(model.id).where(column.in_(clients))


def _points_of(db: Reader, contacts: Sequence[UUID], client_id: UUID | None) -> Sequence[Any]:
    """Give ways to reach contacts, and all of a client's that is a person."""
    p = ContactPoint
    reached: list[ColumnElement[bool]] = [p.contact_id.in_(contacts)]
    if client_id is not None:
        reached.append(p.client_id == client_id)
    return db.all(select(p.id, p.kind, p.typed, p.normal).where(or_(*reached)))


def _former(db: Reader, rows: Sequence[UUID], keys: Sequence[str]) -> list[str]:
    """Give what the log says that these columns held: names before a marriage, numbers before."""
    c = change_table.c
    found: list[str] = []
    for chunk in in_chunks(rows):
        for row in db.all(select(c.before, c.after).where(c.row_id.in_(chunk)).order_by(c.id)):
            for side in (row.before, row.after):
                said = from_text(side)
                found += [said[key] for key in keys if isinstance(said.get(key), str)]
    return found


def _former_points(db: Reader, rows: Sequence[UUID]) -> list[tuple[PointKind, str]]:
    return [
        (PointKind.EMAIL if "@" in said else PointKind.PHONE, said)
        for said in _former(db, rows, ("normal", "typed"))
    ]


def _terms(names: Sequence[str], points: Sequence[tuple[PointKind, str]]) -> Terms:
    addresses = [said for kind, said in points if kind is not PointKind.PHONE]
    numbers = [digits_of(said) for kind, said in points if kind is PointKind.PHONE]
    return Terms(
        tuple(dict.fromkeys(filter(None, names))),
        tuple(dict.fromkeys(filter(None, numbers))),
        tuple(dict.fromkeys(filter(None, addresses))),
    )
