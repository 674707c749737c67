"""What can be edited in bulk, in which ways, and how a value is read from what was typed."""

from datetime import date
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import CustomFieldId

E = TypeVar("E", bound=StrEnum)


class Way(StrEnum):
    """What is done to a field."""

    SET = "set"
    CLEAR = "clear"
    ADD = "add"
    """A tag; or words at the end of a text."""
    REMOVE = "remove"
    """A tag."""


class ClientField(StrEnum):
    """What can be edited of many clients."""

    OWNER = "owner_id"
    TIER = "tier"
    LIFECYCLE = "lifecycle"
    TAG = "tag"
    INDUSTRY = "industry"
    SOURCE = "source"
    LANGUAGE = "language"
    TIME_ZONE = "time_zone"
    CITY = "city"
    PROVINCE = "province"
    COUNTRY = "country"
    CAUTION = "caution"
    ABOUT = "about"
    GOALS = "goals"


class TicketField(StrEnum):
    """What can be edited of many tickets."""

    OWNER = "owner_id"
    PRIORITY = "priority"
    STATE = "state"
    TAG = "tag"


class TaskField(StrEnum):
    """What can be edited of many tasks."""

    ASSIGNEE = "assignee_id"
    PRIORITY = "priority"
    DUE = "due_on"
    NOTES = "notes"


Editable = ClientField | TicketField | TaskField | CustomFieldId
"""A field, or one that the team added to its clients, by its id."""

_LONG: Final = frozenset({"caution", "about", "goals", "notes"})
_MUST_STAND: Final = frozenset({"tier", "lifecycle", "priority", "state"})


def ways_of(field: Editable) -> tuple[Way, ...]:
    """Give what can be done to a field."""
    if field == ClientField.TAG:
        return (Way.ADD, Way.REMOVE)
    if field in _MUST_STAND:
        return (Way.SET,)
    return (Way.SET, Way.ADD, Way.CLEAR) if field in _LONG else (Way.SET, Way.CLEAR)


def check_way(field: Editable, way: Way, text: str) -> None:
    """Refuse what cannot be done to a field, and to set it to nothing."""
    if way not in ways_of(field):
        raise UserError(
            tr("This cannot be done to that field."), tr("Choose another field, or set it.")
        )
    if way is not Way.CLEAR and not text.strip():
        raise UserError(tr("There is no value."), tr("Enter one, or clear the field."))


def text_after(way: Way, before: str, text: str) -> str:
    """Give what a text is after an edit."""
    if way is Way.CLEAR:
        return ""
    return f"{before}\n{text.strip()}" if way is Way.ADD and before.strip() else text.strip()


def chosen(members: type[E], text: str) -> E:
    """Read a choice; raises UserError."""
    try:
        return members(text.strip())
    except ValueError:
        raise _unknown(text) from None


def person(way: Way, text: str) -> UUID | None:
    """Read a person's id, or nobody; raises UserError."""
    if way is Way.CLEAR:
        return None
    try:
        return UUID(text.strip())
    except ValueError:
        raise _unknown(text) from None


def day(way: Way, text: str) -> date | None:
    """Read a day, or none; raises UserError."""
    if way is Way.CLEAR:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise _unknown(text) from None


def _unknown(text: str) -> UserError:
    return UserError(tr("“{text}” is not known here.", text=text), tr("Choose one of the list."))
