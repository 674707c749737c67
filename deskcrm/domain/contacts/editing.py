"""Saves the form of a contact, with the ways to reach them, in one step."""

from collections.abc import Sequence
from datetime import date
from typing import Unpack

from sqlalchemy import select

from deskcrm.domain.contacts.commands import ContactChanges, edit_contact
from deskcrm.domain.contacts.model import (
    Contact,
    ContactId,
    ContactPoint,
    ContactPointId,
    ContactStatus,
    PointKind,
)
from deskcrm.domain.contacts.points import add_point, remove_point
from deskcrm.domain.days import day_of
from deskcrm.domain.names import one_line
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("contacts.save", "Edit contact")
def save_contact(
    work: Work,
    /,
    contact_id: ContactId,
    *,
    phones: Sequence[str] | None = None,
    emails: Sequence[str] | None = None,
    messengers: Sequence[str] | None = None,
    status: ContactStatus | None = None,
    left_on: date | None = None,
    **changes: Unpack[ContactChanges],
) -> None:
    """Change what is known of a contact; a list of addresses that is given becomes the whole."""
    contact = work.get(Contact, contact_id)
    if changes:
        edit_contact(work, contact_id, **changes)
    if status is ContactStatus.LEFT and contact.status is not status:
        contact.leave(left_on or day_of(work.now))
    elif status is ContactStatus.ACTIVE and contact.status is not status:
        contact.come_back()
    for kind, wanted in (
        (PointKind.PHONE, phones),
        (PointKind.EMAIL, emails),
        (PointKind.MESSENGER, messengers),
    ):
        if wanted is not None:
            _set_points(work, contact, kind, wanted)


def _set_points(work: Work, contact: Contact, kind: PointKind, wanted: Sequence[str]) -> None:
    """Add the addresses that are new and remove those that are gone; the rest stays as it is."""
    new = {one_line(text): text for text in wanted}
    points = work.records(
        select(ContactPoint).where(
            ContactPoint.contact_id == contact.id,
            ContactPoint.kind == kind,
            ~ContactPoint.is_deleted,
        )
    )
    for point in points:
        if new.pop(point.typed, None) is None:
            remove_point(work, ContactPointId(point.id))
    for text in new.values():
        add_point(work, contact.client_id, kind=kind, text=text, contact_id=ContactId(contact.id))
