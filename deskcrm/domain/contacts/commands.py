"""Adds contacts, edits them, and follows them when they leave or move."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict, Unpack

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.clients.rules import check_language
from deskcrm.domain.contacts.model import (
    Consent,
    Contact,
    ContactId,
    ContactPoint,
    ContactRole,
    PointKind,
    PreferredChannel,
)
from deskcrm.domain.contacts.points import add_point
from deskcrm.domain.days import day_of
from deskcrm.domain.erasures.erased import check_not_erased
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class ContactDetails(TypedDict, total=False):
    """What may be known of a contact besides the name and addresses."""

    greeting: str
    position: str
    role: ContactRole
    language: str
    preferred_channel: PreferredChannel
    consent: Consent
    notes: str


class ContactChanges(ContactDetails, total=False):
    """What can be edited of a contact; only what is given is written."""

    name: str


@command("contacts.add", "Add contact")
def add_contact(
    work: Work,
    /,
    client_id: ClientId,
    *,
    name: str,
    phones: Sequence[str] = (),
    emails: Sequence[str] = (),
    region: str | None = None,
    **details: Unpack[ContactDetails],
) -> ContactId:
    """Add a person at a client, with the numbers and addresses known so far."""
    work.get(Client, client_id)
    check_not_erased(work, client_id)
    contact = Contact(client_id=client_id, name=name)
    _change(work, contact, {"name": name, **details})
    work.add(contact)
    contact_id = ContactId(contact.id)
    typed = [(PointKind.PHONE, one) for one in phones] + [(PointKind.EMAIL, one) for one in emails]
    for kind, text in typed:
        if text.strip():
            add_point(work, client_id, contact_id=contact_id, kind=kind, text=text, region=region)
    return contact_id


@command("contacts.rename", "Rename contact")
def rename_contact(work: Work, contact_id: ContactId, *, name: str) -> None:
    """Give a contact another name."""
    work.get(Contact, contact_id).rename(name)


@command("contacts.edit", "Edit contact")
def edit_contact(work: Work, /, contact_id: ContactId, **changes: Unpack[ContactChanges]) -> None:
    """Change any part of what is known of a contact."""
    _change(work, work.get(Contact, contact_id), changes)


@command("contacts.mark_left", "Mark contact as left")
def mark_left(work: Work, contact_id: ContactId, *, on: date | None = None) -> None:
    """Note that a contact left the client, today or on a day."""
    day, today = on or day_of(work.now), day_of(work.now)
    if day > today:
        raise UserError(
            tr("That day has not come yet."), tr("Enter today or the day on which they left.")
        )
    work.get(Contact, contact_id).leave(day)


@command("contacts.mark_returned", "Mark contact as returned")
def mark_returned(work: Work, contact_id: ContactId) -> None:
    """Note that a contact is at the client again."""
    work.get(Contact, contact_id).come_back()


@command("contacts.move", "Move contact")
def move_contact(work: Work, contact_id: ContactId, *, client_id: ClientId) -> None:
    """Move a contact to another client, with the ways to reach them.

    What was said stays in the history of the client where it was said.
    """
    contact, client = work.get(Contact, contact_id), work.get(Client, client_id)
    if contact.client_id == client_id:
        raise UserError(
            tr("{name} is at {client} already.", name=contact.name, client=client.name),
            tr("Choose another client."),
        )
    contact.client_id = client_id
    points = select(ContactPoint).where(ContactPoint.contact_id == contact_id)
    for point in work.records(points):
        point.client_id = client_id


@command("contacts.delete", "Delete contact")
def delete_contact(work: Work, contact_id: ContactId) -> None:
    """Delete a contact; the ways to reach them are hidden with them and come back with them."""
    work.delete(work.get(Contact, contact_id))


@command("contacts.restore", "Restore contact")
def restore_contact(work: Work, contact_id: ContactId) -> None:
    """Bring a deleted contact back."""
    contact = work.find_deleted(Contact, contact_id)
    if contact is None:
        raise UserError(tr("This contact is not deleted."), tr("Look for it in the list."))
    work.restore(contact)


def _change(work: Work, contact: Contact, changes: ContactChanges) -> None:
    if "name" in changes:
        contact.rename(changes["name"])
    if "greeting" in changes:
        contact.greeting = changes["greeting"].strip()
    if "position" in changes:
        contact.position = changes["position"].strip()
    if "role" in changes:
        contact.role = changes["role"]
    if "language" in changes:
        contact.language = check_language(changes["language"])
    if "preferred_channel" in changes:
        contact.preferred_channel = changes["preferred_channel"]
    if "consent" in changes and changes["consent"] is not contact.consent:
        contact.consent = changes["consent"]
        is_known = contact.consent is not Consent.UNKNOWN
        contact.consent_on = day_of(work.now) if is_known else None
    if "notes" in changes:
        contact.notes = changes["notes"]
