"""Merges contacts of a client who are one person.

Unlike a merge of clients it is an ordinary step: undone from the history however long after, but
for what somebody changed since.
"""

from collections.abc import Collection, Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import (
    Consent,
    Contact,
    ContactId,
    ContactPoint,
    ContactRole,
    PreferredChannel,
)
from deskcrm.domain.erasures.erased import check_not_erased
from deskcrm.store.commands import command
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Record, record_models, shape_of
from deskcrm.store.types import Merge
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work


@command("contacts.merge", "Merge contacts")
def merge_contacts(work: Work, contact_id: ContactId, *, into_id: ContactId) -> None:
    """Let a contact go on as another of the same client, with all that names them.

    What the other one lacks comes along, and so do the notes and that they want no letters. Who
    wrote a message, and who took part in a talk, is left as it was written down.
    """
    gone, into = work.get(Contact, contact_id), work.get(Contact, into_id)
    _check_pair(gone, into)
    for one in (gone, into):
        check_not_erased(work, ClientId(one.client_id), ContactId(one.id))
    _fill(into, gone)
    _bring_points(work, gone, into)
    for model, key in _naming_models():
        column = shape_of(model).table.c[key]
        for row in work.records(select(model).where(column == gone.id, ~model.is_deleted)):
            setattr(row, key, into.id)
    gone.merged_into_id = ContactId(into.id)
    work.delete(gone)


def merged_into(db: Reader, contacts: Collection[UUID]) -> set[UUID]:
    """Give the contacts that go on as these now: they are the same people."""
    found, ahead = set[UUID](), set(contacts)
    while ahead:
        ahead = {
            one
            for some in in_chunks(ahead)
            for one in db.scalars(
                select(Contact.id).where(Contact.merged_into_id.in_(some), Contact.is_deleted)
            )
        }
        ahead -= found
        found |= ahead
    return found


@cache
def _naming_models() -> Sequence[tuple[type[Record], str]]:
    """Give the records that name a contact and may name another, each with the column."""
    return [
        (model, column.key)
        for model in record_models()
        if model not in (Contact, ContactPoint)
        for column in shape_of(model).columns.values()
        if column.info.get("refers") == "contact"
        and shape_of(model).rules[column.key] is not Merge.FINAL
    ]


def _check_pair(gone: Contact, into: Contact) -> None:
    if gone.id == into.id:
        raise UserError(
            tr("A contact cannot be merged with itself."), tr("Choose another contact.")
        )
    if gone.client_id != into.client_id:
        raise UserError(
            tr("{name} and {other} are at two clients.", name=gone.name, other=into.name),
            tr("Move one of them to the other’s client, then merge them."),
        )


def _fill(into: Contact, gone: Contact) -> None:
    """Give a contact what it lacks and the other one has; nothing of its own is written over."""
    into.greeting = into.greeting or gone.greeting
    into.position = into.position or gone.position
    into.language = into.language or gone.language
    if into.role is ContactRole.USER:
        into.role = gone.role
    if into.preferred_channel is PreferredChannel.ANY:
        into.preferred_channel = gone.preferred_channel
    # Who does not want to be written to must not be because there were two of them.
    is_withdrawn = gone.consent is Consent.WITHDRAWN and into.consent is not gone.consent
    if into.consent is Consent.UNKNOWN or is_withdrawn:
        into.consent, into.consent_on = gone.consent, gone.consent_on
    if gone.notes.strip() and gone.notes.strip() not in into.notes:
        into.notes = "\n\n".join(one for one in (into.notes.strip(), gone.notes.strip()) if one)


def _bring_points(work: Work, gone: Contact, into: Contact) -> None:
    """Bring numbers and addresses along, each once; those that were preferred stay so."""
    known = {(one.kind, one.normal, one.extension) for one in _points(work, into)}
    preferring = {one.kind for one in _points(work, into) if one.is_preferred}
    for point in _points(work, gone):
        if (point.kind, point.normal, point.extension) in known:
            work.delete(point)
            continue
        point.contact_id = ContactId(into.id)
        if point.kind in preferring:
            point.is_preferred = False


def _points(work: Work, contact: Contact) -> list[ContactPoint]:
    theirs = (ContactPoint.contact_id == contact.id, ~ContactPoint.is_deleted)
    return list(work.records(select(ContactPoint).where(*theirs)))
