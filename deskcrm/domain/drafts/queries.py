"""Answers about drafts: what was being written when the program ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from deskcrm.domain.drafts.model import Draft
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft, as its editor restores it."""

    place: str
    subject: str
    content: dict[str, Any]
    updated_at: datetime


_COLUMNS = (Draft.place, Draft.subject, Draft.content, Draft.updated_at)


def get_draft(db: Reader, *, place: str, subject: str) -> DraftRow | None:
    """Give the draft of one editor about one thing, if there is one."""
    row = db.first(select(*_COLUMNS).where(Draft.place == place, Draft.subject == subject))
    return DraftRow(*row) if row else None


def list_drafts(db: Reader, *, place: str | None = None) -> list[DraftRow]:
    """List the drafts, newest first: what to offer after a crash."""
    statement = select(*_COLUMNS).order_by(Draft.updated_at.desc(), Draft.place, Draft.subject)
    if place is not None:
        statement = statement.where(Draft.place == place)
    return [DraftRow(*row) for row in db.all(statement)]
