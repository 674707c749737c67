"""Clients and the people at them, as they are taken out: under the names that an import knows."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from deskcrm.base.words import ptr, tr
from deskcrm.domain.clients.model import Client, ClientId, CustomField, CustomValue
from deskcrm.domain.clients.queries import (
    EVERYTHING,
    ClientRow,
    count_clients,
    list_client_ids,
    list_client_rows,
)
from deskcrm.domain.contacts.model import Contact, ContactPoint, PointKind
from deskcrm.domain.exports.views import AT_ONCE, Column, View, ViewName, column, percent
from deskcrm.domain.imports.fields import ImportField as F
from deskcrm.domain.views.filters import Filter
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks

Points = Mapping[PointKind, Sequence[str]]
_NO_POINTS: Final[Points] = {}


@dataclass(frozen=True, slots=True)
class ClientItem:
    """A client with all that is known of it itself."""

    row: ClientRow
    own: Any
    points: Points
    customs: Mapping[UUID, str]

    @property
    def id(self) -> UUID:
        """The client's id."""
        return self.row.id


@dataclass(frozen=True, slots=True)
class PersonItem:
    """Somebody at a client; ``own`` is None where it is the client itself that is reached."""

    client: Any
    own: Any | None
    points: Points

    @property
    def id(self) -> UUID:
        """The id of the client: it is clients that a list picks."""
        found: UUID = self.client.id
        return found

    @property
    def name(self) -> str:
        """What is written as the name."""
        return str(self.client.name if self.own is None else self.own.name)


def client_items(
    db: Reader, *, sort: str = "name", descending: bool = False, asked: Filter = EVERYTHING
) -> Iterator[ClientItem]:
    """Give the clients that match, in order."""
    for ids in in_chunks(
        list_client_ids(db, sort=sort, descending=descending, asked=asked), AT_ONCE
    ):
        own = {row.id: row for row in db.all(select(*_OWN).where(Client.id.in_(ids)))}
        points, customs = _points(db, ids), _customs(db, ids)
        for row in list_client_rows(db, ids):
            found = points.get((row.id, None), _NO_POINTS)
            yield ClientItem(row, own[row.id], found, customs.get(row.id, {}))


def people_items(
    db: Reader, *, sort: str = "name", descending: bool = False, asked: Filter = EVERYTHING,
    with_clients: bool = False,
) -> Iterator[PersonItem]:  # fmt: skip
    """Give the contacts of the clients that match; the clients that are reached themselves too."""
    for ids in in_chunks(
        list_client_ids(db, sort=sort, descending=descending, asked=asked), AT_ONCE
    ):
        clients = {row.id: row for row in db.all(select(*_OWN).where(Client.id.in_(ids)))}
        points, people = _points(db, ids), _people(db, ids)
        for one in ids:
            of_itself = points.get((one, None), _NO_POINTS)
            if with_clients and of_itself:
                yield PersonItem(clients[one], None, of_itself)
            for person in people.get(one, ()):
                found = points.get((one, person.id), _NO_POINTS)
                yield PersonItem(clients[one], person, found)


def count_people(db: Reader, *, asked: Filter = EVERYTHING) -> int:
    """Count the contacts of the clients that match."""
    count = 0
    for ids in in_chunks(list_client_ids(db, asked=asked), AT_ONCE):
        of_them = select(func.count()).where(Contact.client_id.in_(ids), ~Contact.is_deleted)
        count += db.scalar(of_them) or 0
    return count


_OWN: Final = tuple(one for one in Client.__table__.columns if one.key != "seq")


def _points(
    db: Reader, ids: Sequence[ClientId]
) -> dict[tuple[UUID, UUID | None], dict[PointKind, list[str]]]:
    p = ContactPoint
    found = db.all(
        select(p.client_id, p.contact_id, p.kind, p.typed, p.normal, p.extension)
        .where(p.client_id.in_(ids), ~p.is_deleted)
        .order_by(p.is_preferred.desc(), p.created_at, p.normal, p.id)
    )
    points: dict[tuple[UUID, UUID | None], dict[PointKind, list[str]]] = {}
    for client_id, contact_id, kind, typed, normal, extension in found:
        of_one = points.setdefault((client_id, contact_id), defaultdict(list))
        is_plain = kind is PointKind.PHONE and normal and not extension
        of_one[kind].append(normal if is_plain else typed)
    return points


def _customs(db: Reader, ids: Sequence[ClientId]) -> dict[UUID, dict[UUID, str]]:
    v = CustomValue
    found: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    values = select(v.client_id, v.field_id, v.text).where(v.client_id.in_(ids), ~v.is_deleted)
    for client_id, field_id, text in db.all(values):
        found[client_id][field_id] = text
    return found


def _people(db: Reader, ids: Sequence[ClientId]) -> dict[UUID, list[Any]]:
    columns = [one for one in Contact.__table__.columns if one.key != "seq"]
    living = select(*columns).where(Contact.client_id.in_(ids), ~Contact.is_deleted)
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in db.all(living.order_by(Contact.name, Contact.id)):
        found[row.client_id].append(row)
    return found


def _reached(kind: PointKind, called: F) -> Column:
    return column(kind.value, lambda one: "; ".join(one.points.get(kind, ())), called)


_REACHED: Final = (
    _reached(PointKind.PHONE, F.PHONE),
    _reached(PointKind.EMAIL, F.EMAIL),
    _reached(PointKind.MESSENGER, F.MESSENGER),
)


def client_columns(db: Reader) -> list[Column]:
    """Give the columns of clients, with the fields that the team added."""
    return [*_WHO, *_REACHED, *_ABOUT, *_customs_of(db), *_STANDING]


def _customs_of(db: Reader) -> list[Column]:
    fields = select(CustomField.id, CustomField.name).where(~CustomField.is_deleted)
    return [_custom(*row) for row in db.all(fields.order_by(CustomField.position, CustomField.id))]


def _custom(field_id: UUID, name: str) -> Column:
    return column(f"custom:{field_id}", lambda one: one.customs.get(field_id, ""), lambda: name)


_WHO: Final = (
    column("name", lambda one: one.row.name, F.NAME),
    column("kind", lambda one: one.row.kind, F.KIND_OF_CLIENT),
    column("legal_name", lambda one: one.own.legal_name, F.LEGAL_NAME),
    column("tax_number", lambda one: one.own.tax_number, F.TAX_NUMBER),
    column("tier", lambda one: one.row.tier, F.TIER),
    column("lifecycle", lambda one: one.row.lifecycle, F.LIFECYCLE),
    column("owner", lambda one: one.row.owner, F.OWNER),
)
_ABOUT: Final = (
    column("website", lambda one: one.own.website, F.WEBSITE),
    column("industry", lambda one: one.own.industry, F.INDUSTRY),
    column("street", lambda one: one.own.street, F.STREET),
    column("city", lambda one: one.own.city, F.CITY),
    column("province", lambda one: one.own.province, F.PROVINCE),
    column("postal_code", lambda one: one.own.postal_code, F.POSTAL_CODE),
    column("country", lambda one: one.own.country, F.COUNTRY),
    column("customer_since", lambda one: one.own.customer_since, F.CUSTOMER_SINCE),
    column("source", lambda one: one.own.source, F.SOURCE),
    column("goals", lambda one: one.own.goals, F.GOALS),
    column("about", lambda one: one.own.about, F.ABOUT),
    column("caution", lambda one: one.own.caution, F.CAUTION),
    column("tags", lambda one: ", ".join(tag.name for tag in one.row.tags), F.TAGS),
)
_STANDING: Final = (
    column("last_contact_at", lambda one: one.row.last_contact_at,
           lambda: ptr("Client list", "Last contact")),
    column("open_tickets", lambda one: one.row.open_tickets, lambda: tr("Open tickets")),
    column("open_tasks", lambda one: one.row.open_tasks, lambda: tr("Open tasks")),
    column("next_task_due", lambda one: one.row.next_task_due, lambda: tr("Next task")),
    column("open_promises", lambda one: one.row.open_promises, lambda: tr("Open promises")),
    column("next_touch", lambda one: one.row.next_touch_at, lambda: tr("Next touch")),
    column("renewal_decision_on", lambda one: one.row.renewal_decision_on, lambda: tr("Renewal")),
    column("health", lambda one: one.row.standing and one.row.standing.band, lambda: tr("Health")),
    column("risk", lambda one: percent(one.row.standing and one.row.standing.probability),
           lambda: tr("Risk of leaving")),
    column("id", lambda one: one.row.id, lambda: tr("ID")),
)  # fmt: skip


def person_columns(_db: Reader) -> Sequence[Column]:
    """Give the columns of contacts."""
    return _PEOPLE


_PEOPLE: Final = (
    column("client", lambda one: one.client.name, lambda: tr("Client")),
    column("person", lambda one: one.name, F.PERSON),
    column("position", lambda one: one.own.position, F.POSITION),
    column("role", lambda one: one.own.role, F.ROLE),
    *_REACHED,
    column("greeting", lambda one: one.own.greeting, F.GREETING),
    column("status", lambda one: one.own.status, lambda: tr("Status")),
    column("notes", lambda one: one.own.notes, lambda: tr("Notes")),
    column("id", lambda one: one.own.id, lambda: tr("ID")),
)

VIEWS: Final = (
    View(ViewName.CLIENTS, count_clients, client_items, client_columns),
    View(ViewName.CONTACTS, count_people, people_items, person_columns),
)
