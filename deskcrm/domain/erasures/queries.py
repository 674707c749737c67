"""What an erasure would touch, and what was erased."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select

from deskcrm.base.words import tr
from deskcrm.domain.attachments.model import Attachment, AttachmentId
from deskcrm.domain.clients.model import Client, ClientId, ClientKind
from deskcrm.domain.contacts.model import Contact
from deskcrm.domain.erasures.columns import TEXTS
from deskcrm.domain.erasures.mentions import Terms, around, far, near
from deskcrm.domain.erasures.model import Erasure, ErasureId, PersonKind
from deskcrm.domain.erasures.person import Person, find_person
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.names import fold
from deskcrm.domain.rights.matrix import ERASES
from deskcrm.domain.rights.queries import read_person
from deskcrm.domain.tickets.model import Ticket
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Shape, shape_named, shape_of
from deskcrm.store.work import Missing

MOST_MENTIONS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Mention:
    """A text that speaks of the person."""

    table: str
    row_id: UUID
    column: str
    words: str
    """The mention with the words around it."""
    is_far: bool
    """Whether it stands in somebody else's story."""


@dataclass(frozen=True, slots=True)
class AttachmentChoice:
    """A file that may be of the person."""

    id: AttachmentId
    name: str
    size: int
    is_suggested: bool
    """Whether it hangs on a conversation or a ticket of the person."""


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """What would be erased, and what is left to decide."""

    person: Person
    counts: dict[str, int]
    """Rows of the person's own, by table."""
    attachments: tuple[AttachmentChoice, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """A certificate."""

    id: ErasureId
    reference: str
    kind: PersonKind
    client_id: UUID
    erased_at: datetime
    by: str
    counts: dict[str, int]
    digest: str
    mentions_left: int
    backups_until: date


@dataclass(frozen=True, slots=True)
class Erasable:
    """Somebody who can be erased."""

    kind: PersonKind
    id: UUID
    name: str


def list_erasable(db: Reader, client_id: ClientId) -> list[Erasable]:
    """List who of a client can be erased: a person itself, else its contacts."""
    own = db.first(select(Client.kind, Client.name).where(Client.id == client_id))
    if own is not None and own.kind is ClientKind.PERSON:
        return [Erasable(PersonKind.CLIENT, client_id, own.name)]
    theirs = select(Contact.id, Contact.name).where(Contact.client_id == client_id)
    rows = db.all(theirs.order_by(Contact.is_deleted, Contact.name))
    return [Erasable(PersonKind.CONTACT, row.id, row.name) for row in rows]


def may_erase(db: Reader) -> bool:
    """Tell whether the signed-in user may erase a person."""
    return read_person(db.connection, db.actor).role in ERASES


def preview_erasure(db: Reader, kind: PersonKind, person_id: UUID) -> ErasurePreview:
    """Give what an erasure would touch; raises Missing, and UserError for a company."""
    person = find_person(db, kind, person_id)
    counts = {shape_of(model).name: len(rows) for model, rows in person.rows("").items()}
    return ErasurePreview(
        person, counts, tuple(_attachments(db, person)), tuple(find_mentions(db, person))
    )


def find_mentions(db: Reader, person: Person) -> list[Mention]:
    """Find texts that speak of the person: in their client's story by each word, else by more."""
    close, wide = near(person.terms), far(person.terms)
    found: list[Mention] = []
    for table, columns in TEXTS.items():
        shape = shape_named(table)
        t = shape.table
        own = t.c.client_id == person.client_id if "client_id" in t.c else None
        if shape.name == "client":
            own = t.c.id == person.client_id
        selected = [t.c.id, *(t.c[key] for key in columns)]
        if own is not None:
            found += _mentions(shape, columns, db.all(select(*selected).where(own)), close, False)
        elsewhere = _may_speak(t, columns, person.terms)
        if elsewhere is not None:
            query = select(*selected).where(elsewhere)
            rows = db.all(query if own is None else query.where(~own).limit(MOST_MENTIONS))
            found += _mentions(shape, columns, rows, wide, True)
    erased = {(shape_of(m).name, row) for m, rows in person.rows("").items() for row in rows}
    return [one for one in found if (one.table, one.row_id) not in erased][:MOST_MENTIONS]


def _mentions(
    shape: Shape, columns: Sequence[str], rows: Any, pattern: re.Pattern[str], is_far: bool
) -> Iterator[Mention]:
    for row_id, *texts in rows:
        for key, text in zip(columns, texts, strict=True):
            if text and pattern.search(text):
                yield Mention(shape.name, row_id, key, around(text, pattern), is_far)


def _may_speak(t: Any, columns: Sequence[str], terms: Terms) -> Any:
    """Give a condition that what is read one by one must meet: the database finds it faster."""
    sought = [name for name in terms.names if len(name.split()) > 1]
    sought += [*terms.addresses, *(number[-7:] for number in terms.numbers if len(number) > 6)]
    if not sought:
        return None
    return or_(*(t.c[key].contains(one, autoescape=True) for key in columns for one in sought))


def _attachments(db: Reader, person: Person) -> Iterator[AttachmentChoice]:
    said = select(Interaction.id).where(Interaction.contact_id.in_(person.contacts))
    asked = select(Ticket.id).where(Ticket.contact_id.in_(person.contacts))
    theirs = or_(Attachment.interaction_id.in_(said), Attachment.ticket_id.in_(asked))
    rows = db.all(
        select(Attachment.id, Attachment.name, Attachment.size, theirs.label("theirs"))
        .where(Attachment.client_id == person.client_id)
        .order_by(Attachment.id.desc())
    )
    is_client = person.kind is PersonKind.CLIENT
    for row in rows:
        suggested = is_client or bool(row.theirs)
        yield AttachmentChoice(AttachmentId(row.id), row.name, row.size, suggested)


def list_erasures(db: Reader) -> list[ErasureRow]:
    """List the certificates, the latest first."""
    return _certificates(db, _certified().order_by(Erasure.erased_at.desc(), Erasure.id))


def get_erasure(db: Reader, erasure_id: ErasureId) -> ErasureRow:
    """Give one certificate; raises Missing."""
    found = _certificates(db, _certified().where(Erasure.id == erasure_id))
    if not found:
        raise Missing(tr("There is no such certificate."), tr("Look in the list of them."))
    return found[0]


def find_by_name(db: Reader, kind: str, name: str) -> list[UUID]:
    """Find who is known by a name, whatever the capitals: contacts, or clients that are persons."""
    wanted = fold(name)
    people = select(Contact.id, Contact.name).where(~Contact.is_deleted)
    if kind == PersonKind.CLIENT:
        person = Client.kind == ClientKind.PERSON
        people = select(Client.id, Client.name).where(~Client.is_deleted, person)
    return [row.id for row in db.all(people) if fold(row.name) == wanted]


def _certified() -> Select[*tuple[Any, ...]]:
    shown = select(*_SHOWN, User.name.label("by"))
    return shown.outerjoin(User, User.id == Erasure.erased_by).where(~Erasure.is_deleted)


def _certificates(db: Reader, statement: Select[*tuple[Any, ...]]) -> list[ErasureRow]:
    rows = db.all(statement)
    return [ErasureRow(**(row._asdict() | {"by": row.by or ""})) for row in rows]


def count_by_table(rows: Any) -> dict[str, int]:
    """Count rows by the name of their table."""
    return dict(Counter(shape_of(model).name for model, ids in rows.items() for _ in ids))


_SHOWN: Final = (
    Erasure.id, Erasure.reference, Erasure.kind, Erasure.client_id, Erasure.erased_at,
    Erasure.counts, Erasure.digest, Erasure.mentions_left, Erasure.backups_until,
)  # fmt: skip
