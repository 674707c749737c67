"""Adds, corrects and removes the ways to reach a contact or a client."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts import emails, phones
from deskcrm.domain.contacts.model import (
    Contact,
    ContactId,
    ContactPoint,
    ContactPointId,
    PointKind,
)
from deskcrm.domain.contacts.settings import phone_region
from deskcrm.domain.erasures.erased import check_not_erased
from deskcrm.domain.names import one_line
from deskcrm.store.commands import command
from deskcrm.store.work import Work

LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Address:
    """What was typed and what it comes to."""

    typed: str
    normal: str
    extension: str = ""


def read_address(kind: PointKind, typed: str, region: str) -> Address:
    """Read what was typed as a phone number, an email address or a name; raises UserError."""
    typed = one_line(typed)[:LONGEST]
    if kind is PointKind.PHONE:
        number = phones.parse(typed, region)
        if number is None:
            raise UserError(
                tr("“{text}” is not a phone number that can be called.", text=typed),
                tr("Write it in full, with + and the country code, such as +7 916 123-45-67."),
            )
        return Address(typed, number.e164, number.extension)
    if kind is PointKind.EMAIL:
        return Address(typed, _filled(emails.checked(typed), typed))
    return Address(typed, _filled(emails.normalize_messenger(typed), typed))


@command("contacts.add_point", "Add contact point")
def add_point(
    work: Work,
    client_id: ClientId,
    *,
    kind: PointKind,
    text: str,
    contact_id: ContactId | None = None,
    label: str = "",
    is_preferred: bool = False,
    region: str | None = None,
) -> ContactPointId:
    """Add a way to reach a contact, or without one the client itself (a switchboard)."""
    check_not_erased(work, client_id, contact_id)
    if contact_id is None:
        work.get(Client, client_id)
    else:
        contact = work.get(Contact, contact_id)
        if contact.client_id != client_id:
            raise UserError(
                tr("{name} is not at this client any more.", name=contact.name),
                tr("Open the contact again and repeat."),
            )
    address = read_address(kind, text, region or phone_region(work))
    _check_new(work, client_id, contact_id, kind, address)
    owner = contact_id or client_id
    point = ContactPoint(
        id=work.unused_id(ContactPoint, owner, kind, address.normal, address.extension),
        client_id=client_id,
        contact_id=contact_id,
        kind=kind,
        label=one_line(label),
        typed=address.typed,
        normal=address.normal,
        extension=address.extension,
    )
    work.add(point)
    if is_preferred:
        _prefer(work, point)
    return ContactPointId(point.id)


@command("contacts.edit_point", "Edit contact point")
def edit_point(
    work: Work,
    point_id: ContactPointId,
    *,
    text: str | None = None,
    label: str | None = None,
    region: str | None = None,
) -> None:
    """Correct a number, an address or its label."""
    point = work.get(ContactPoint, point_id)
    if text is not None and one_line(text) != point.typed:
        address = read_address(point.kind, text, region or phone_region(work))
        point.typed, point.normal = address.typed, address.normal
        point.extension = address.extension
    if label is not None:
        point.label = one_line(label)


@command("contacts.prefer_point", "Prefer contact point")
def prefer_point(work: Work, point_id: ContactPointId) -> None:
    """Make this the number (or the address) to try first."""
    _prefer(work, work.get(ContactPoint, point_id))


@command("contacts.remove_point", "Remove contact point")
def remove_point(work: Work, point_id: ContactPointId) -> None:
    """Remove a way to reach somebody."""
    work.delete(work.get(ContactPoint, point_id))


def _prefer(work: Work, preferred: ContactPoint) -> None:
    for point in _points(work, preferred.client_id, preferred.contact_id):
        if point.kind is preferred.kind:
            point.is_preferred = point.id == preferred.id


def _check_new(
    work: Work,
    client_id: ClientId,
    contact_id: ContactId | None,
    kind: PointKind,
    address: Address,
) -> None:
    for point in _points(work, client_id, contact_id):
        is_same = point.kind is kind and point.normal == address.normal
        if is_same and point.extension == address.extension:
            raise UserError(
                tr("{text} is there already.", text=point.typed),
                tr("Change the one that is there, or enter another."),
            )


def _points(work: Work, client_id: ClientId, contact_id: ContactId | None) -> list[ContactPoint]:
    statement = select(ContactPoint).where(
        ContactPoint.client_id == client_id,
        ContactPoint.contact_id == contact_id,
        ~ContactPoint.is_deleted,
    )
    return list(work.records(statement))


def _filled(normal: str, typed: str) -> str:
    if not normal:
        raise UserError(
            tr("There is nothing in “{text}” to write to.", text=typed),
            tr("Enter a name or an address."),
        )
    return normal
