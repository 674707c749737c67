"""The table of what was lost in a merge, and the note of refusals that were dealt with."""

from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Local, Record
from deskcrm.store.types import Merge, merges, refers

ConflictId = NewType("ConflictId", UUID)


class ConflictKind(StrEnum):
    """How one of two values came to stand."""

    LATER = "later"
    """The later edit stands."""
    RULE = "rule"
    """A rule of this kind of value chose; nobody has to."""
    TEXT = "text"
    """Both changed the same words: both stand, marked."""
    DELETED = "deleted"
    """It was deleted by one and edited by another: it stays."""


class Choice(StrEnum):
    """What a person decided."""

    OPEN = ""
    KEPT = "kept"
    LOST = "lost"
    """The value that had lost was put back."""
    EDITED = "edited"
    """Something third was written."""


class Conflict(Record, kw_only=True):
    """Two values of one field that were set without knowledge of one another.

    Made by the server when it merges; ``base``, ``kept`` and ``lost`` are JSON objects of columns,
    as the log holds them.
    """

    __tablename__ = "conflict"
    __subject__ = "subject_id"

    table_name: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    row_id: Mapped[UUID] = mapped_column(info=merges(Merge.FINAL), index=True)
    subject_id: Mapped[UUID] = mapped_column(info=merges(Merge.FINAL))
    field: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    kind: Mapped[ConflictKind] = mapped_column(info=merges(Merge.FINAL))
    base: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    kept: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    lost: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    kept_by: Mapped[UserId | None] = mapped_column(info=refers("user", Merge.FINAL))
    lost_by: Mapped[UserId | None] = mapped_column(info=refers("user", Merge.FINAL))
    kept_at: Mapped[datetime | None] = mapped_column(info=merges(Merge.FINAL))
    lost_at: Mapped[datetime | None] = mapped_column(info=merges(Merge.FINAL))
    resolved_by: Mapped[UserId | None] = mapped_column(default=None, info=refers("user"))
    resolved_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    choice: Mapped[Choice] = mapped_column(default=Choice.OPEN)


class SettledRefusal(Local, kw_only=True):
    """A step of this device that the server refused, and that its person has dealt with."""

    __tablename__ = "settled_refusal"

    device: Mapped[UUID] = mapped_column(primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    again: Mapped[int | None] = mapped_column(default=None)
    """The step that did it again; None where it was let go."""
