"""What search is told about a record, and what it says about a hit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

HEAVIEST = 15


@dataclass(frozen=True, slots=True)
class Named:
    """A short text by which a record is known, and which of its fields that is."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One record as search sees it.

    ``names`` are matched in every spelling and kept for display, the first is the title;
    ``texts`` are matched by word forms and not kept. ``phones`` are E.164 digits that belong
    to the record, ``mentioned`` digits found in its texts. ``weight`` 0 to 15: heavier records
    are looked at first. ``moment`` in Unix milliseconds breaks ties, the latest first.
    """

    kind: str
    row_id: UUID
    subject: UUID
    names: Sequence[Named] = ()
    texts: Sequence[str] = ()
    phones: Sequence[str] = ()
    mentioned: Sequence[str] = ()
    moment: int = 0
    weight: int = 0


class Match(StrEnum):
    """Why something was found, the surest first."""

    EXACT = "exact"
    PHONE = "phone"
    BEGINNING = "beginning"
    FORM = "form"
    SPELLING = "spelling"
    TRANSLITERATION = "transliteration"
    PHONE_ENDING = "phone_ending"
    PHONE_BEGINNING = "phone_beginning"
    CALLED = "called"
    LAYOUT = "layout"
    TYPO = "typo"
    TEXT = "text"
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of what was typed, and the piece of the record that it met."""

    match: Match
    field: str
    piece: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, with its reasons; lists of hits are best first."""

    kind: str
    row_id: UUID
    subject: UUID
    names: tuple[Named, ...]
    reasons: tuple[Reason, ...]
    moment: int
    weight: int
    score: float = field(default=0.0)

    @property
    def title(self) -> str:
        """The name that stands for the record."""
        return self.names[0].text if self.names else ""
