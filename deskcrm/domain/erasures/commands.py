"""Erases a person: values go from rows, log, search, drafts and contents, and nothing undoes it."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection, delete, select, update

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.attachments.model import Attachment, AttachmentId
from deskcrm.domain.conflicts.model import Conflict
from deskcrm.domain.contacts.model import Contact, ContactPoint, ContactStatus
from deskcrm.domain.days import day_of
from deskcrm.domain.drafts.model import Draft
from deskcrm.domain.erasures.mentions import far, near, redacted
from deskcrm.domain.erasures.model import Erasure, ErasureId, PersonKind
from deskcrm.domain.erasures.person import Person, Rows, find_person
from deskcrm.domain.erasures.queries import Mention, count_by_table, find_mentions, may_erase
from deskcrm.domain.names import fold
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.contents import Blob, BlobChunk
from deskcrm.store.erasing import FOLLOWERS, Erased, erase
from deskcrm.store.tables import shape_named, shape_of
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work, recording

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
    if not may_erase(work):
        raise UserError(
            tr("Only an administrator may erase a person."),
            tr("Ask an administrator to do it; nothing was changed."),
        )
    person = find_person(work, kind, person_id)
    if fold(typed_name) != fold(person.name):
        raise UserError(
            tr("The name does not match, so nothing was erased."),
            tr("Type the name of the person as it stands above."),
        )
    certificate = work.unused_id(Erasure, person_id)
    reference = f"E-{work.now.year}-{certificate.hex[-6:].upper()}"
    found = find_mentions(work, person)
    rows = person.rows(tr("Erased person {reference}", reference=reference))
    _add_files(work, rows, person, attachments)
    _take_leave(work, person, attachments)
    _forget_drafts(work, person)
    chosen = [one for one in found if (one.table, one.row_id, one.column) in set(mentions)]
    _add_mentions(work, rows, person, chosen)
    for model, values in rows.items():
        erase(work, model, values)
    work.add(
        Erasure(
            id=certificate,
            reference=reference,
            kind=kind,
            client_id=person.client_id,
            person_id=person_id,
            erased_at=work.now,
            erased_by=UserId(work.actor),
            counts=count_by_table(rows),
            digest=_digest(rows),
            mentions_left=len(found) - len(chosen),
            backups_until=day_of(work.now + BACKUPS_KEPT),
        )
    )
    return ErasureId(certificate)


def _take_leave(work: Work, person: Person, attachments: Collection[AttachmentId]) -> None:
    """Mark contacts as left, and delete what leads to them: it stays as who somebody was."""
    today = day_of(work.now)
    for contact in work.records(select(Contact).where(Contact.id.in_(person.contacts))):
        if not contact.is_deleted and contact.status is ContactStatus.ACTIVE:
            contact.leave(today)
    for model, ids in ((ContactPoint, person.points), (Attachment, tuple(attachments))):
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


def _forget_drafts(work: Work, person: Person) -> None:
    """Let go of every draft on this device that speaks of the person."""
    pattern = near(person.terms)
    for draft in work.records(select(Draft)):
        if any(pattern.search(text) for text in _texts(draft.content)):
            work.delete(draft)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return []


def _digest(rows: Rows) -> str:
    every = sorted(
        f"{shape_of(model).name}/{row_id.hex}/{key}"
        for model, values in rows.items()
        for row_id, written in values.items()
        for key in written
    )
    return sha256("\n".join(every).encode()).hexdigest()


# What each replica keeps beside its records, and lets go when it hears of an erasure.


def _let_drafts_go(connection: Connection, erased: Erased) -> None:
    """Let go of drafts about the rows; a draft is of one device, and names what it is about."""
    if connection.dialect.name != "sqlite":
        return
    for _, row_id in erased:
        connection.execute(delete(Draft).where(Draft.subject.in_((str(row_id), row_id.hex))))


def _empty_conflicts(connection: Connection, erased: Erased) -> None:
    """Empty what conflicts keep of values that are erased; that there was one stays."""
    c = shape_of(Conflict).table.c
    for chunk in in_chunks({row_id for _, row_id in erased}):
        told = select(c.id).where(c.row_id.in_(chunk))
        ids = connection.execute(told).scalars().all()
        if ids:
            with recording(connection):
                connection.execute(
                    update(shape_of(Conflict).table)
                    .where(c.id.in_(ids))
                    .values(base="{}", kept="{}", lost="{}")
                )


def _let_contents_go(connection: Connection, erased: Erased) -> None:
    """Let go of contents that only an erased attachment names."""
    ids = [row_id for table, row_id in erased if table == Attachment.__tablename__]
    a = shape_of(Attachment).table.c
    for chunk in in_chunks(ids):
        named = connection.execute(select(a.sha256).where(a.id.in_(chunk))).scalars().all()
        others = select(a.sha256).where(a.sha256.in_(named), ~a.id.in_(ids), ~a.is_deleted)
        gone = set(named) - set(connection.execute(others).scalars())
        for model in (BlobChunk, Blob):
            connection.execute(delete(model).where(model.sha256.in_(gone)))


FOLLOWERS.extend((_let_drafts_go, _empty_conflicts, _let_contents_go))
