"""One stream of everything that happened with a client, the newest first, a screen at a time.

First the moments alone are gathered, each kind from its own index and no more of it than a
screen holds; only what is then on the screen is read in full. So ten thousand interactions cost
what fifty cost, and a page can begin at any date.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.feedback.model import SurveyResponse
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.model import ClientVisit, Interaction
from deskcrm.domain.interactions.said import said_clause, said_values
from deskcrm.domain.promises.model import Promise
from deskcrm.domain.tasks.model import Task
from deskcrm.domain.tickets.model import PUBLIC_SQL, TicketMessage, TicketTransition
from deskcrm.store.reader import Reader

FIRST: Final = UUID(int=0)
_SIZE: Final = bindparam("size", type_=Integer())


class EntryKind(StrEnum):
    """What an entry of the timeline is."""

    INTERACTION = "interaction"
    TICKET_MESSAGE = "ticket_message"
    TICKET_STEP = "ticket_step"
    TASK_DONE = "task_done"
    PROMISE_MADE = "promise_made"
    PROMISE_SETTLED = "promise_settled"
    SURVEY_ANSWERED = "survey_answered"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the timeline: a moment, and the row there. ``Place(at)`` is before a moment."""

    at: datetime
    row_id: UUID = FIRST


@dataclass(frozen=True, slots=True)
class Moment:
    """An entry before it is read in full."""

    kind: EntryKind
    place: Place


@dataclass(frozen=True, slots=True)
class _Source:
    """Where one kind of entry comes from: a table, its column of moments, and which rows."""

    kind: EntryKind
    model: Any
    at: Any
    which: tuple[Any, ...] = ()
    channel: Any = None


_SOURCES: Final = (
    _Source(
        EntryKind.INTERACTION, Interaction, Interaction.started_at, channel=Interaction.channel
    ),
    _Source(
        EntryKind.TICKET_MESSAGE,
        TicketMessage,
        TicketMessage.sent_at,
        (literal_column(PUBLIC_SQL),),
        TicketMessage.channel,
    ),
    _Source(EntryKind.TICKET_STEP, TicketTransition, TicketTransition.happened_at),
    _Source(EntryKind.TASK_DONE, Task, Task.done_at, (Task.done_at.is_not(None),)),
    _Source(EntryKind.PROMISE_MADE, Promise, Promise.made_at),
    _Source(
        EntryKind.PROMISE_SETTLED, Promise, Promise.settled_at, (Promise.settled_at.is_not(None),)
    ),
    _Source(
        EntryKind.SURVEY_ANSWERED,
        SurveyResponse,
        SurveyResponse.answered_at,
        (SurveyResponse.answered_at.is_not(None),),
    ),
)


def page_moments(
    db: Reader,
    client_id: ClientId,
    *,
    before: Place | None = None,
    after: Place | None = None,
    limit: int = 50,
    channels: Collection[Channel] = (),
    kinds: Collection[EntryKind] = (),
    said: str = "",
) -> list[Moment]:
    """List a screen of moments, the newest first.

    ``before`` goes on downwards from a place, ``after`` upwards; with channels only what came
    over one of them; with ``said`` only what says that.
    """
    statement = _screen(
        tuple(sorted(channels)),
        frozenset(kinds),
        before is not None,
        after is not None,
        bool(said),
    )
    if statement is None:
        return []
    values: dict[str, Any] = {"client_id": client_id, "size": limit}
    if said:
        values |= said_values(db, client_id, said)
    for name, place in (("before", before), ("after", after)):
        if place is not None:
            values |= {f"{name}_at": place.at, f"{name}_id": place.row_id}
    rows = db.execute(statement, values).all()
    moments = [Moment(EntryKind(kind), Place(at, row_id)) for kind, at, row_id in rows]
    return moments if after is None else moments[::-1]


@lru_cache(maxsize=64)
def _screen(
    channels: tuple[Channel, ...],
    kinds: frozenset[EntryKind],
    is_below: bool,
    is_above: bool,
    is_sought: bool,
) -> Select[Any] | None:
    """Make the statement of a screen, once: making it takes longer than running it."""
    parts = [
        _moments(source, channels, is_below, is_above, is_sought)
        for source in _chosen(channels, kinds)
    ]
    if not parts:
        return None
    both = union_all(*(select(part.subquery()) for part in parts)).subquery()
    order = (both.c.at, both.c.id) if is_above else (both.c.at.desc(), both.c.id.desc())
    return select(both.c.kind, both.c.at, both.c.id).order_by(*order).limit(_SIZE)


def count_timeline(
    db: Reader,
    client_id: ClientId,
    *,
    since: datetime | None = None,
    channels: Collection[Channel] = (),
    kinds: Collection[EntryKind] = (),
    said: str = "",
) -> int:
    """Count the entries of a client's timeline, all or from a moment on."""
    values = said_values(db, client_id, said) if said else {}
    count = 0
    for source in _chosen(channels, kinds):
        from_then = [source.at >= since] if since else []
        which = _where(source, client_id, channels, is_sought=bool(said))
        count += db.execute(select(func.count()).where(*which, *from_then), values).scalar() or 0
    return count


def list_timeline_years(db: Reader, client_id: ClientId) -> list[tuple[int, int]]:
    """List the years in which there were interactions, with their numbers, for jumping to one."""
    rows = db.execute(_years(_SOURCES[:1], (), db.is_sqlite, False), {"client_id": client_id})
    return sorted(((int(year), count) for _, year, count in rows), reverse=True)


def count_years(
    db: Reader, client_id: ClientId, *, channels: Collection[Channel] = (), said: str = ""
) -> list[tuple[EntryKind, int, int]]:
    """Count the entries of each kind in each year: the kind, the year in UTC, the number."""
    values: dict[str, Any] = {"client_id": client_id}
    if said:
        values |= said_values(db, client_id, said)
    sources = tuple(_chosen(channels, ()))
    statement = _years(sources, tuple(sorted(channels)), db.is_sqlite, bool(said))
    rows = db.execute(statement, values)
    return [(EntryKind(kind), int(year), count) for kind, year, count in rows]


@lru_cache(maxsize=32)
def _years(
    sources: tuple[_Source, ...],
    channels: tuple[Channel, ...],
    is_sqlite: bool,
    is_sought: bool,
) -> CompoundSelect[Any]:
    """Make the statement that counts by years, once: making it takes longer than running it."""
    parts = []
    for source in sources:
        at = source.model.__table__.c[source.at.key]
        year: ColumnElement[Any] = func.extract("year", at)
        if is_sqlite:
            year = func.strftime("%Y", at.op("/")(literal_column("1000")), "unixepoch")
        which = _where(source, bindparam("client_id"), channels, is_sought=is_sought)
        kind: ColumnElement[str] = literal_column(f"'{source.kind.value}'")
        counted = select(kind.label("kind"), year.label("year"), func.count().label("count"))
        parts.append(counted.where(*which).group_by(literal_column("year")))
    return union_all(*parts)


def get_last_seen(db: Reader, client_id: ClientId) -> datetime | None:
    """Give when the client's page was last looked at on this device; None if never."""
    return db.scalar(select(ClientVisit.last_seen_at).where(ClientVisit.client_id == client_id))


def _chosen(channels: Collection[Channel], kinds: Collection[EntryKind]) -> list[_Source]:
    return [
        source
        for source in _SOURCES
        if (not kinds or source.kind in kinds) and (not channels or source.channel is not None)
    ]


def _where(
    source: _Source, client_id: Any, channels: Collection[Channel], *, is_sought: bool
) -> list[ColumnElement[bool]]:
    clauses = [source.model.client_id == client_id, ~source.model.is_deleted, *source.which]
    if is_sought:
        clauses.append(said_clause(source.model))
    if channels:
        clauses.append(source.channel.in_(sorted(channels)))
    return clauses


def _moments(
    source: _Source,
    channels: Collection[Channel],
    is_below: bool,
    is_above: bool,
    is_sought: bool,
) -> Select[Any]:
    at, row_id = source.at, source.model.id
    statement = select(
        literal_column(f"'{source.kind.value}'").label("kind"), at.label("at"), row_id.label("id")
    ).where(*_where(source, bindparam("client_id"), channels, is_sought=is_sought))
    if is_below:
        moment, row = _place("before")
        # The first part is what an index can go by, the second settles ties.
        statement = statement.where(at <= moment, or_(at < moment, row_id < row))
    if is_above:
        moment, row = _place("after")
        statement = statement.where(at >= moment, or_(at > moment, row_id > row))
        return statement.order_by(at, row_id).limit(_SIZE)
    return statement.order_by(at.desc(), row_id.desc()).limit(_SIZE)


def _place(name: str) -> tuple[Any, Any]:
    return bindparam(f"{name}_at"), bindparam(f"{name}_id")
