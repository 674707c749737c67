"""Answers about contacts: who they are and how to reach them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts import phones
from deskcrm.domain.contacts.model import (
    Consent,
    Contact,
    ContactId,
    ContactPoint,
    ContactPointId,
    ContactRole,
    ContactStatus,
    PointKind,
    PreferredChannel,
)
from deskcrm.domain.names import sort_key
from deskcrm.store.reader import Reader

_ROLE_ORDER: Final = {role: place for place, role in enumerate(ContactRole)}


@dataclass(frozen=True, slots=True)
class PointRow:
    """A way to reach somebody, as it is shown and dialled."""

    id: ContactPointId
    contact_id: ContactId | None
    kind: PointKind
    label: str
    typed: str
    normal: str
    extension: str
    is_preferred: bool

    @property
    def shown(self) -> str:
        """Give the number grouped as in its country, anything else as it was typed."""
        return phones.display(self.normal) if self.kind is PointKind.PHONE else self.typed


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact with the ways to reach them."""

    id: ContactId
    client_id: ClientId
    name: str
    greeting: str
    position: str
    role: ContactRole
    status: ContactStatus
    left_on: date | None
    language: str
    preferred_channel: PreferredChannel
    consent: Consent
    consent_on: date | None
    notes: str
    points: tuple[PointRow, ...]

    @property
    def is_active(self) -> bool:
        """Tell whether the contact is still at the client."""
        return self.status is ContactStatus.ACTIVE


_CONTACT = (
    Contact.id,
    Contact.client_id,
    Contact.name,
    Contact.greeting,
    Contact.position,
    Contact.role,
    Contact.status,
    Contact.left_on,
    Contact.language,
    Contact.preferred_channel,
    Contact.consent,
    Contact.consent_on,
    Contact.notes,
)
_POINT = (
    ContactPoint.id,
    ContactPoint.contact_id,
    ContactPoint.kind,
    ContactPoint.label,
    ContactPoint.typed,
    ContactPoint.normal,
    ContactPoint.extension,
    ContactPoint.is_preferred,
)


def list_contacts(db: Reader, client_id: ClientId) -> list[ContactRow]:
    """List a client's contacts: active first, champions and deciders first, then by name."""
    return list_contacts_and_points(db, client_id)[0]


def list_contacts_and_points(
    db: Reader, client_id: ClientId
) -> tuple[list[ContactRow], list[PointRow]]:
    """Give a client's contacts, and the ways to reach the client itself (its switchboard)."""
    points = _points_by_contact(db, client_id)
    found = db.all(select(*_CONTACT).where(Contact.client_id == client_id, ~Contact.is_deleted))
    rows = [_contact(row, points.get(row[0], ())) for row in found]
    return sorted(rows, key=_order), points.get(None, [])


def get_contact(db: Reader, contact_id: ContactId) -> ContactRow | None:
    """Give one contact; None when they, or their client, are deleted."""
    row = db.first(
        select(*_CONTACT)
        .join(Client, Client.id == Contact.client_id)
        .where(Contact.id == contact_id, ~Contact.is_deleted, ~Client.is_deleted)
    )
    if row is None:
        return None
    points = _ordered_points(db.all(_points().where(ContactPoint.contact_id == contact_id)))
    return _contact(row, points)


def _contact(row: Row[*tuple[Any, ...]], points: Iterable[PointRow]) -> ContactRow:
    return ContactRow(**row._asdict(), points=tuple(points))


def _points() -> Select[*tuple[Any, ...]]:
    return select(*_POINT).where(~ContactPoint.is_deleted)


def _points_by_contact(db: Reader, client_id: ClientId) -> dict[UUID | None, list[PointRow]]:
    points: dict[UUID | None, list[PointRow]] = {}
    for point in _ordered_points(db.all(_points().where(ContactPoint.client_id == client_id))):
        points.setdefault(point.contact_id, []).append(point)
    return points


def _ordered_points(rows: Iterable[Sequence[Any]]) -> list[PointRow]:
    """Put phones before addresses, and the preferred one of each kind first."""
    kinds = list(PointKind)
    points = [PointRow(*row) for row in rows]
    return sorted(points, key=lambda p: (kinds.index(p.kind), not p.is_preferred, p.id))


def _order(row: ContactRow) -> tuple[bool, int, str]:
    return (not row.is_active, _ROLE_ORDER[row.role], sort_key(row.name))
