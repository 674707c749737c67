"""Answers which clients, and which of their people, are likely the same."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.jobs import Job
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.model import Contact, ContactPoint, PointKind
from deskcrm.domain.duplicates.decisions import get_learned, list_apart
from deskcrm.domain.duplicates.learning import Learned
from deskcrm.domain.duplicates.matching import THRESHOLD, find_pairs
from deskcrm.domain.duplicates.reading import read, telling_words
from deskcrm.domain.duplicates.weighing import Scale, Weights, probability_of
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.lookup.queries import search_everything
from deskcrm.store.reader import Reader

_LOOKED_AT: Final = 20
_LIKELY: Final = 0.6
"""While only a name is known; of a pair more is known, and more is asked."""


class Alike(StrEnum):
    """What two records are that are alike."""

    CLIENT = "client"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class Twin:
    """One of two that are alike; ``client``: of a contact, at whom."""

    id: UUID
    name: str
    client: str = ""


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """Two that are likely the same, how likely, and what speaks for it and against."""

    kind: Alike
    one: Twin
    other: Twin
    probability: float
    weights: Weights


@dataclass(frozen=True, slots=True)
class Namesake:
    """A client of a name like the one being typed, or whose contact has it."""

    id: ClientId
    name: str
    probability: float

    @property
    def is_likely(self) -> bool:
        """Whether it is most likely the same."""
        return self.probability >= _LIKELY


@dataclass(frozen=True, slots=True)
class Likely:
    """The client that a record most likely is, how likely, and what speaks for it and against."""

    id: ClientId
    name: str
    probability: float
    weights: Weights


def list_duplicates(db: Reader, *, threshold: float = THRESHOLD) -> list[DuplicateRow]:
    """List the clients, and then the contacts, that are likely the same, the likeliest first.

    As the team's decisions teach; but for the clients of which it was said that they are two.
    """
    points, learned, apart = _points(db), get_learned(db), list_apart(db)
    clients = _pairs(Alike.CLIENT, _clients(db, points), threshold, learned)
    return [
        *(row for row in clients if frozenset((row.one.id, row.other.id)) not in apart),
        *_pairs(Alike.CONTACT, _contacts(db, points), threshold, learned),
    ]


def read_clients(db: Reader) -> list[tuple[Twin, dict[str, str]]]:
    """Read all clients as they are compared."""
    return _clients(db, _points(db))


def list_known(db: Reader, records: Sequence[Mapping[str, str]], job: Job) -> dict[int, Likely]:
    """Tell which records, by position, are likely a client that is there, and which one."""
    clients = read_clients(db)
    if not clients or not records:
        return {}
    everybody = [*(record for _, record in clients), *records]
    found: dict[int, Likely] = {}
    for pair in find_pairs(everybody, learned=get_learned(db), job=job, new_from=len(clients)):
        twin, at = clients[pair.one][0], pair.other - len(clients)
        likely = Likely(ClientId(twin.id), twin.name, pair.probability, pair.weights)
        found.setdefault(at, likely)
    return found


def list_namesakes(db: Reader, name: str, *, limit: int = 3) -> list[Namesake]:
    """List the clients that somebody of a name being typed may be already, likeliest first.

    Searched for as everywhere, and once more without the legal form; then weighed by the name.
    """
    found: dict[ClientId, list[str]] = {}
    for text in dict.fromkeys((name, " ".join(telling_words(name)))):
        for hit in search_everything(db, text, _LOOKED_AT, kinds=(Kind.CLIENT, Kind.CONTACT)):
            found.setdefault(hit.client, [hit.client_name]).append(hit.title)
    typed = read({"name": name})
    known = {one: [read({"name": each}) for each in names] for one, names in found.items()}
    scale = Scale([typed, *(each for some in known.values() for each in some)])
    rows = [
        Namesake(one, names[0], max(probability_of(scale.bits_of(typed, x)) for x in known[one]))
        for one, names in found.items()
    ]
    return sorted(rows, key=lambda row: -row.probability)[:limit]


def _pairs(
    kind: Alike, found: list[tuple[Twin, dict[str, str]]], threshold: float, learned: Learned
) -> list[DuplicateRow]:
    pairs = find_pairs([record for _, record in found], threshold=threshold, learned=learned)
    return [
        DuplicateRow(kind, found[pair.one][0], found[pair.other][0], pair.probability, pair.weights)
        for pair in pairs
    ]


def _clients(db: Reader, points: dict[UUID, dict[str, str]]) -> list[tuple[Twin, dict[str, str]]]:
    rows = db.all(
        select(
            Client.id, Client.name, Client.legal_name, Client.tax_number, Client.street,
            Client.postal_code, Client.city,
        )
        .where(~Client.is_deleted)
        .order_by(Client.id)
    )  # fmt: skip
    return [
        (
            Twin(row.id, row.name),
            {
                "name": row.name, "legal name": row.legal_name, "tax number": row.tax_number,
                "address": f"{row.street} {row.postal_code} {row.city}", **points[row.id],
            },
        )
        for row in rows
    ]  # fmt: skip


def _contacts(db: Reader, points: dict[UUID, dict[str, str]]) -> list[tuple[Twin, dict[str, str]]]:
    rows = db.all(
        select(Contact.id, Contact.name, Client.name.label("client"))
        .join(Client, Client.id == Contact.client_id)
        .where(~Contact.is_deleted, ~Client.is_deleted)
        .order_by(Contact.id)
    )
    return [
        (
            Twin(row.id, row.name, row.client),
            {"name": row.name, "company": row.client, **points[row.id]},
        )
        for row in rows
    ]


def _points(db: Reader) -> dict[UUID, dict[str, str]]:
    """Give the numbers and addresses of each client, with its contacts', and of each contact."""
    rows: Any = db.all(
        select(
            ContactPoint.client_id, ContactPoint.contact_id, ContactPoint.kind, ContactPoint.normal
        ).where(~ContactPoint.is_deleted, ContactPoint.kind.in_((PointKind.PHONE, PointKind.EMAIL)))
    )
    found: defaultdict[UUID, dict[str, str]] = defaultdict(dict)
    for client_id, contact_id, kind, normal in rows:
        for whose in (client_id, contact_id):
            if whose is not None:
                found[whose][kind.value] = f"{found[whose].get(kind.value, '')}, {normal}"
    return found
