"""Finds whom the rows of a file speak of: what the workspace knows by the keys that occur in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select

from deskcrm.domain.clients.model import Client, CustomValue
from deskcrm.domain.contacts.model import Contact, ContactPoint, PointKind
from deskcrm.domain.imports.fields import CUSTOM, ImportField
from deskcrm.domain.imports.preparing import Prepared
from deskcrm.domain.names import sort_key
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks

F = ImportField
KEYS: Final = (F.NAME, F.TAX_NUMBER, F.PHONE, F.EMAIL)
"""By what a client is found; a custom field can be one too."""


@dataclass(slots=True)
class Known:
    """What the workspace holds of what a file speaks of."""

    names: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    """By sort key: the clients of that name."""
    taxes: dict[str, list[UUID]] = field(default_factory=lambda: defaultdict(list))
    points: dict[tuple[PointKind, str], list[tuple[UUID, UUID | None]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """By kind and address: the clients, with the contact there if it is one's."""
    customs: dict[tuple[str, str], list[UUID]] = field(default_factory=lambda: defaultdict(list))
    titles: dict[UUID, str] = field(default_factory=dict)
    """The names of the clients and contacts that were found."""
    people: dict[UUID, dict[str, UUID]] = field(default_factory=lambda: defaultdict(dict))
    """By client: its contacts by sort key."""

    def found_by(self, key: str, row: Prepared) -> list[UUID]:
        """Give the clients that a row names by a key, each once."""
        if key == F.NAME:
            return self.names.get(row.name_key, [])
        if key == F.TAX_NUMBER:
            return self.taxes.get(row.values.get(key, ""), [])
        if key.startswith(CUSTOM):
            return self.customs.get((key, row.values.get(key, "")), [])
        kind = PointKind(key)
        clients = [
            client
            for one, address in row.points
            if one is kind
            for client, _ in self.points.get((kind, address.normal), ())
        ]
        return list(dict.fromkeys(clients))


def look_up(db: Reader, rows: Sequence[Prepared], key: str) -> Known:
    """Look up everything that the rows name, thousands at a time; deleted ones are not there."""
    known = Known()
    good = [row for row in rows if not row.trouble]
    _clients(db, known, Client.sort_name, {row.name_key for row in good}, "names")
    taxes = {row.values[F.TAX_NUMBER] for row in good if row.values.get(F.TAX_NUMBER)}
    _clients(db, known, Client.tax_number, taxes, "taxes")
    _points(db, known, {address.normal for row in good for _, address in row.points})
    if key.startswith(CUSTOM):
        _customs(db, known, key, {row.values[key] for row in good if row.values.get(key)})
    _people(db, known, list(known.titles))
    return known


def know_also(db: Reader, known: Known, clients: Mapping[UUID, str]) -> None:
    """Know some more clients, by name, with their people."""
    new = [one for one in clients if one not in known.titles]
    known.titles.update({one: clients[one] for one in new})
    _people(db, known, new)


def _clients(db: Reader, known: Known, column: Any, wanted: Iterable[str], into: str) -> None:
    found = getattr(known, into)
    for some in in_chunks(one for one in wanted if one):
        statement = select(column, Client.id, Client.name).where(
            column.in_(some), ~Client.is_deleted
        )
        for key, client_id, name in db.all(statement):
            found[key].append(client_id)
            known.titles[client_id] = name


def _points(db: Reader, known: Known, wanted: Iterable[str]) -> None:
    for some in in_chunks(wanted):
        statement = (
            select(
                ContactPoint.kind,
                ContactPoint.normal,
                ContactPoint.client_id,
                ContactPoint.contact_id,
                Client.name,
                Contact.is_deleted,
            )
            .join(Client, Client.id == ContactPoint.client_id)
            .outerjoin(Contact, Contact.id == ContactPoint.contact_id)
            .where(ContactPoint.normal.in_(some), ~ContactPoint.is_deleted, ~Client.is_deleted)
        )
        for kind, normal, client_id, contact_id, name, is_gone in db.all(statement):
            if not is_gone:
                known.points[(kind, normal)].append((client_id, contact_id))
                known.titles[client_id] = name


def _customs(db: Reader, known: Known, key: str, wanted: Iterable[str]) -> None:
    field_id = UUID(key.removeprefix(CUSTOM))
    for some in in_chunks(wanted):
        at_field: ColumnElement[bool] = CustomValue.field_id == field_id
        statement = (
            select(CustomValue.text, Client.id, Client.name)
            .join(Client, Client.id == CustomValue.client_id)
            .where(at_field, CustomValue.text.in_(some), ~CustomValue.is_deleted)
            .where(~Client.is_deleted)
        )
        for text, client_id, name in db.all(statement):
            known.customs[(key, text)].append(client_id)
            known.titles[client_id] = name


def _people(db: Reader, known: Known, clients: Sequence[UUID]) -> None:
    """Look up who is at clients that were found."""
    for some in in_chunks(clients):
        statement = select(Contact.client_id, Contact.id, Contact.name).where(
            Contact.client_id.in_(some), ~Contact.is_deleted
        )
        for client_id, contact_id, name in db.all(statement):
            known.people[client_id].setdefault(sort_key(name), contact_id)
            known.titles[contact_id] = name
