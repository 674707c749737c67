"""Erases a person: values go from rows, log, search, drafts and contents, and nothing undoes it."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.attachments.model import Attachment, AttachmentId
from deskcrm.domain.contacts.model import Contact, ContactPoint, ContactStatus
from deskcrm.domain.days import day_of
from deskcrm.domain.erasures.mentions import far, near, redacted
from deskcrm.domain.erasures.model import Erasure, ErasureId, PersonKind
from deskcrm.domain.erasures.person import Person, Rows, find_person
from deskcrm.domain.erasures.queries import Mention, count_by_table, find_mentions, may_erase
from deskcrm.domain.names import fold
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.erasing import erase
from deskcrm.store.tables import shape_named, shape_of
from deskcrm.store.work import Work

BACKUPS_KEPT: Final = timedelta(days=42)
"""How long a backup that a workstation made by itself may hold what was erased since."""
_Place = tuple[str, UUID, str]


@command("erasures.erase", "Erase person", can_undo=False)
def erase_person(
    work: Work,
    kind: PersonKind,
    person_id: UUID,
    *,
    typed_name: str,
    mentions: Collection[_Place] = (),
    attachments: Collection[AttachmentId] = (),
) -> ErasureId:
    """Erase a person on request; gives the certificate.

    ``typed_name`` must be the person's name, since it cannot be undone. ``mentions`` are the
    texts, by table, row and column, in which the words that speak of the person are erased.
    """
    person = _checked(work, kind, person_id, typed_name)
    certificate = work.unused_id(Erasure, person_id)
    reference = f"E-{work.now.year}-{certificate.hex[-6:].upper()}"
    found = find_mentions(work, person)
    chosen = [one for one in found if (one.table, one.row_id, one.column) in set(mentions)]
    rows = person.rows(tr("Erased person {reference}", reference=reference))
    _add_files(work, rows, person, attachments)
    _add_mentions(work, rows, person, chosen)
    take_leave(work, person.contacts, person.points, attachments)
    for model, values in rows.items():
        erase(work, model, values)
    left = len(found) - len(chosen)
    return _certify(work, person, rows, certificate, reference=reference, left=left)


def _checked(work: Work, kind: PersonKind, person_id: UUID, typed_name: str) -> Person:
    if not may_erase(work):
        raise UserError(
            tr("Only an administrator may erase a person."),
            tr("Ask an administrator to do it; nothing was changed."),
        )
    person = find_person(work, kind, person_id)
    if fold(typed_name) != fold(person.name):
        raise UserError(
            tr("The name does not match, so nothing was erased."),
            tr("Type the name of the person just as it is written."),
        )
    return person


def _certify(
    work: Work, person: Person, rows: Rows, certificate: UUID, *, reference: str, left: int
) -> ErasureId:
    made = Erasure(
        id=certificate,
        reference=reference,
        kind=person.kind,
        client_id=person.client_id,
        person_id=person.id,
        erased_at=work.now,
        erased_by=UserId(work.actor),
        counts=count_by_table(rows),
        digest=_digest(rows),
        mentions_left=left,
        backups_until=day_of(work.now + BACKUPS_KEPT),
    )
    return ErasureId(work.add(made).id)


def take_leave(
    work: Work,
    contacts: Collection[UUID],
    points: Collection[UUID],
    attachments: Collection[UUID] = (),
) -> None:
    """Mark contacts as left, and delete what leads to them: it stays as who somebody was."""
    today = day_of(work.now)
    for contact in work.records(select(Contact).where(Contact.id.in_(contacts))):
        if not contact.is_deleted and contact.status is ContactStatus.ACTIVE:
            contact.leave(today)
    for model, ids in ((ContactPoint, points), (Attachment, attachments)):
        for record in work.records(select(model).where(model.id.in_(ids))):
            if not record.is_deleted:
                work.delete(record)


def _add_files(
    work: Work, rows: Rows, person: Person, attachments: Collection[AttachmentId]
) -> None:
    chosen = list(attachments)
    theirs = Attachment.client_id == person.client_id
    ids = work.scalars(select(Attachment.id).where(theirs, Attachment.id.in_(chosen)))
    if ids:
        rows[Attachment] = {one: {"name": tr("erased file")} for one in ids}


def _add_mentions(work: Work, rows: Rows, person: Person, chosen: Sequence[Mention]) -> None:
    close, wide, put = near(person.terms), far(person.terms), tr("[erased]")
    for one in chosen:
        t = shape_named(one.table)
        text = work.scalar(select(t.table.c[one.column]).where(t.table.c.id == one.row_id)) or ""
        written = redacted(text, wide if one.is_far else close, put)
        rows.setdefault(t.model, {}).setdefault(one.row_id, {})[one.column] = written


def _digest(rows: Rows) -> str:
    every = sorted(
        f"{shape_of(model).name}/{row_id.hex}/{key}"
        for model, values in rows.items()
        for row_id, written in values.items()
        for key in written
    )
    return sha256("\n".join(every).encode()).hexdigest()
