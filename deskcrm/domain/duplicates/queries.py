"""Answers which clients, and which of their people, are likely the same."""

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.clients.model import Client
from deskcrm.domain.contacts.model import Contact, ContactPoint, PointKind
from deskcrm.domain.duplicates.matching import THRESHOLD, find_pairs
from deskcrm.domain.duplicates.weighing import Weights
from deskcrm.store.reader import Reader


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


def list_duplicates(db: Reader, *, threshold: float = THRESHOLD) -> list[DuplicateRow]:
    """List the clients, and then the contacts, that are likely the same, the likeliest first."""
    points = _points(db)
    return [
        *_pairs(Alike.CLIENT, _clients(db, points), threshold),
        *_pairs(Alike.CONTACT, _contacts(db, points), threshold),
    ]


def _pairs(
    kind: Alike, found: list[tuple[Twin, dict[str, str]]], threshold: float
) -> list[DuplicateRow]:
    pairs = find_pairs([record for _, record in found], threshold=threshold)
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
