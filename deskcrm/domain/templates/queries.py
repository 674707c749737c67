"""Answers about reply templates: the list, and one filled in for a ticket."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from deskcrm.domain.templates.filling import known_values, language_for
from deskcrm.domain.templates.model import ReplyTemplate, ReplyTemplateId
from deskcrm.domain.templates.variables import fill
from deskcrm.domain.tickets.model import TicketId
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """A template, as lists and its form show it."""

    id: ReplyTemplateId
    name: str
    text_en: str
    text_ru: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class FilledTemplate:
    """A template filled in for a ticket; ``gaps`` name what has to be written by hand."""

    id: ReplyTemplateId
    name: str
    language: str
    languages: tuple[str, ...]
    text: str
    gaps: tuple[str, ...]


def list_templates(db: Reader) -> list[TemplateRow]:
    """List one's own and the shared templates, by name."""
    rows = db.all(
        select(
            ReplyTemplate.id,
            ReplyTemplate.name,
            ReplyTemplate.text_en,
            ReplyTemplate.text_ru,
            ReplyTemplate.scope,
        )
        .where(
            ~ReplyTemplate.is_deleted,
            or_(ReplyTemplate.scope == WORKSPACE, ReplyTemplate.scope == db.actor),
        )
        .order_by(ReplyTemplate.id)
    )
    found = [TemplateRow(ReplyTemplateId(row[0]), *row[1:4], row[4] == WORKSPACE) for row in rows]
    # By name here: the database knows no capitals of Cyrillic.
    return sorted(found, key=lambda row: row.name.casefold())


def fill_template(
    db: Reader, template_id: ReplyTemplateId, *, ticket_id: TicketId, language: str = ""
) -> FilledTemplate | None:
    """Fill a template in for a ticket, in its client's language unless one is given."""
    found = db.first(
        select(ReplyTemplate.name, ReplyTemplate.text_en, ReplyTemplate.text_ru).where(
            ReplyTemplate.id == template_id, ~ReplyTemplate.is_deleted
        )
    )
    if found is None:
        return None
    template = ReplyTemplate(name=found.name, text_en=found.text_en, text_ru=found.text_ru)
    text, code = template.text_in(language or language_for(db, ticket_id))
    filled = fill(text, known_values(db, ticket_id, code), code)
    both = (("en", found.text_en), ("ru", found.text_ru))
    said_in = tuple(one for one, words in both if words)
    return FilledTemplate(template_id, found.name, code, said_in, filled.text, filled.gaps)
