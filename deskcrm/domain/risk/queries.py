"""Answers about risk: who is on the list and why, and how each client stands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, case, func, select

from deskcrm.domain.clients.model import Client, ClientId, Lifecycle, Tier
from deskcrm.domain.days import day_of
from deskcrm.domain.health import Band, Evidence, Score, band_of, evidence_of, score
from deskcrm.domain.names import fold
from deskcrm.domain.risk.commands import READ_HOLDS_FOR
from deskcrm.domain.risk.judging import read_lines
from deskcrm.domain.risk.model import HealthRead, ReadStep, RiskCause, RiskFlagId
from deskcrm.domain.risk.scoring import model_in_force
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Base
from deskcrm.store.upsert import in_chunks

LATELY: Final = timedelta(days=7)
"""What entered or left within so long is new."""
TREND_WEEKS: Final = 13
_FLAG: Final = Base.metadata.tables["risk_flag"]
_HEALTH: Final = Base.metadata.tables["client_health"]
_SNAPSHOT: Final = Base.metadata.tables["health_snapshot"]


class RiskShelf(StrEnum):
    """Which part of the list is asked for."""

    LISTED = "listed"
    ENTERED = "entered"
    LEFT = "left"
    HIDDEN = "hidden"


class RiskOrder(StrEnum):
    """What the list is ordered by."""

    WORTH = "worth"
    """Probability times annual value: what is expected to be lost.

    There are no rates, so roubles and dollars are never added or compared. Where clients pay in
    several currencies, each value counts by how many times what is usual in its own it is.
    """
    PROBABILITY = "probability"


@dataclass(frozen=True, slots=True)
class Health:
    """How a client scores now; ``read`` is the newest judgement of a person that holds."""

    client_id: ClientId
    score: Score
    scored_at: datetime
    band: Band
    cause: RiskCause | None
    annual_value: int
    currency: str
    line: float | None
    """The probability from which clients of the owner's book are listed, if this device knows."""
    is_flagged: bool
    entered_at: datetime | None
    evidence: Evidence
    read: ReadStep | None = None


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A flag of a client at risk, as the list shows it."""

    flag_id: RiskFlagId
    client_id: ClientId
    client: str
    tier: Tier
    owner_id: UserId | None
    owner: str
    cause: RiskCause
    entered_at: datetime
    left_at: datetime | None
    quiet_until: date | None
    quiet_reason: str
    quieted_by: str
    health: Health | None
    """None where the client has no score any more."""
    trend: tuple[float | None, ...]
    """Points at the end of each of the last weeks."""
    is_new: bool

    @property
    def id(self) -> ClientId:
        """What a list tells rows apart by: whatever is done is done to the client."""
        return self.client_id


_ROW: Final = (
    _FLAG.c.id.label("flag_id"),
    _FLAG.c.client_id,
    Client.name.label("client"),
    Client.tier,
    Client.owner_id,
    func.coalesce(User.name, "").label("owner"),
    _FLAG.c.cause,
    _FLAG.c.entered_at,
    _FLAG.c.left_at,
    _FLAG.c.quiet_until,
    _FLAG.c.quiet_reason,
    _FLAG.c.quieted_by,
)
_SORTS: Final[Mapping[str, Any]] = {
    RiskOrder.PROBABILITY: func.coalesce(_HEALTH.c.probability, 0.0),
    "name": Client.sort_name,
    "entered_at": _FLAG.c.entered_at,
}


def count_risk(
    db: Reader, *, shelf: RiskShelf = RiskShelf.LISTED, mine: bool = False, search: str = ""
) -> int:
    """Count the flags of one shelf."""
    return db.scalar(_matching(db, select(func.count()), shelf, mine, search)) or 0


def page_risk(
    db: Reader,
    *,
    offset: int = 0,
    limit: int = 200,
    sort: str = RiskOrder.WORTH,
    descending: bool = True,
    shelf: RiskShelf = RiskShelf.LISTED,
    mine: bool = False,
    search: str = "",
) -> list[RiskRow]:
    """Give the flags of one shelf from one place to another."""
    # Where nothing is known of values, all are worth nothing: then the risk alone decides.
    first = _worth(db) if sort == RiskOrder.WORTH else _SORTS[sort]
    ordered = [first, _SORTS[RiskOrder.PROBABILITY]]
    statement = _matching(db, select(*_ROW), shelf, mine, search).order_by(
        *(one.desc() if descending else one.asc() for one in ordered), _FLAG.c.id
    )
    found = db.all(statement.limit(limit).offset(offset))
    clients = [row.client_id for row in found]
    health, trends = get_health(db, clients), list_trends(db, clients)
    names = _names(db, {row.quieted_by for row in found if row.quieted_by})
    return [
        RiskRow(
            **row._asdict() | {"quieted_by": names.get(row.quieted_by, "")},
            health=health.get(row.client_id),
            trend=trends.get(row.client_id, ()),
            is_new=row.entered_at > db.now - LATELY,
        )
        for row in found
    ]


def list_risk_ids(
    db: Reader, *, shelf: RiskShelf = RiskShelf.LISTED, mine: bool = False, search: str = ""
) -> list[ClientId]:
    """List the clients of one shelf: what "select all" stands for."""
    found = db.scalars(_matching(db, select(_FLAG.c.client_id), shelf, mine, search))
    return [ClientId(one) for one in dict.fromkeys(found)]


def usual_values(db: Reader) -> dict[str, float]:
    """Give by currency what clients that are or were at risk bring in a year, on average."""
    f, h = _FLAG.c, _HEALTH.c
    rows = db.all(
        select(h.currency, func.avg(h.annual_value))
        .join(_FLAG, f.client_id == h.client_id)
        .where(~f.is_deleted, h.annual_value > 0)
        .group_by(h.currency)
        .order_by(h.currency)
    )
    return {row[0]: float(row[1]) for row in rows}


def _worth(db: Reader) -> ColumnElement[float]:
    """Give what the loss of a client is sorted by."""
    usual, h = usual_values(db), _HEALTH.c
    if len(usual) < 2:
        return func.coalesce(h.worth, 0.0)
    by_currency = [(h.currency == one, h.worth / mean) for one, mean in usual.items()]
    return func.coalesce(case(*by_currency, else_=0.0), 0.0)


def count_new_risk(db: Reader) -> int:
    """Count one's own clients that came onto the list lately: the number on the rail."""
    return count_risk(db, shelf=RiskShelf.ENTERED, mine=True)


def _matching(
    db: Reader,
    statement: Select[*tuple[Any, ...]],
    shelf: RiskShelf,
    mine: bool,
    search: str,
) -> Any:
    f, today, lately = _FLAG.c, day_of(db.now), db.now - LATELY
    is_shown = f.quiet_until.is_(None) | (f.quiet_until <= today)
    on_shelf: dict[RiskShelf, list[ColumnElement[bool]]] = {
        RiskShelf.LISTED: [f.left_at.is_(None), is_shown],
        RiskShelf.ENTERED: [f.left_at.is_(None), is_shown, f.entered_at > lately],
        RiskShelf.LEFT: [f.left_at > lately],
        RiskShelf.HIDDEN: [f.left_at.is_(None), ~is_shown],
    }
    matching = (
        statement.select_from(_FLAG)
        .join(Client, Client.id == f.client_id)
        .outerjoin(User, User.id == Client.owner_id)
        .outerjoin(_HEALTH, _HEALTH.c.client_id == f.client_id)
        .where(~f.is_deleted, ~Client.is_deleted, *on_shelf[shelf])
    )
    if mine:
        matching = matching.where(Client.owner_id == db.actor)
    for word in fold(search).split():
        matching = matching.where(Client.sort_name.contains(word, autoescape=True))
    return matching


def get_health(db: Reader, client_ids: Sequence[ClientId]) -> dict[ClientId, Health]:
    """Give how clients score now, those that have a score."""
    model, evidence = model_in_force(db), evidence_of(count_churned(db))
    h, f = _HEALTH.c, _FLAG.c
    reads, lines = list_reads(db, client_ids), read_lines(db)
    found: dict[ClientId, Health] = {}
    for some in in_chunks(client_ids, 500):
        rows = db.all(
            select(_HEALTH, f.entered_at, Client.owner_id)
            .outerjoin(Client, Client.id == h.client_id)
            .outerjoin(_FLAG, (f.client_id == h.client_id) & f.left_at.is_(None) & ~f.is_deleted)
            .where(h.client_id.in_(some))
        )
        for row in rows:
            scored = score(row.signals, model)
            found[ClientId(row.client_id)] = Health(
                client_id=ClientId(row.client_id),
                score=scored,
                scored_at=row.scored_at,
                band=band_of(scored),
                cause=row.cause,
                annual_value=row.annual_value,
                currency=row.currency,
                line=lines.get(row.owner_id),
                is_flagged=row.entered_at is not None,
                entered_at=row.entered_at,
                evidence=evidence,
                read=reads.get(row.client_id),
            )
    return found


def list_trends(
    db: Reader, client_ids: Sequence[ClientId], *, weeks: int = TREND_WEEKS
) -> dict[ClientId, tuple[float | None, ...]]:
    """Give the points of clients at the end of each of the last weeks, today's last."""
    today, s = day_of(db.now), _SNAPSHOT.c
    days = [today - timedelta(weeks=week) for week in range(weeks - 1, -1, -1)]
    kept: dict[ClientId, list[tuple[date, float]]] = {}
    for some in in_chunks(client_ids, 500):
        rows = db.all(
            select(s.client_id, s.day, s.points)
            .where(s.client_id.in_(some))
            .order_by(s.client_id, s.day)
        )
        for client_id, day, points in rows:
            kept.setdefault(ClientId(client_id), []).append((day, points))
    return {client: tuple(_stepped(of, days)) for client, of in kept.items()}


def _stepped(kept: Sequence[tuple[date, float]], days: Iterable[date]) -> list[float | None]:
    """Give what was last kept by each day: a day that is not kept is as the one before it."""
    found: list[float | None] = []
    place, last = 0, None
    for day in days:
        while place < len(kept) and kept[place][0] <= day:
            last = kept[place][1]
            place += 1
        found.append(last)
    return found


def list_reads(db: Reader, client_ids: Sequence[ClientId]) -> dict[ClientId, ReadStep]:
    """Give the newest judgement of each client that still holds."""
    found: dict[ClientId, ReadStep] = {}
    for some in in_chunks(client_ids, 500):
        rows = db.all(
            select(HealthRead.client_id, HealthRead.step)
            .where(HealthRead.client_id.in_(some), ~HealthRead.is_deleted)
            .where(HealthRead.read_at > db.now - READ_HOLDS_FOR)
            .order_by(HealthRead.read_at)
        )
        found.update((row[0], row[1]) for row in rows)
    return found


def count_churned(db: Reader) -> int:
    """Count the clients that the team has lost so far: on it rests how much may be said."""
    left = Client.lifecycle == Lifecycle.CHURNED
    return db.scalar(select(func.count()).select_from(Client).where(~Client.is_deleted, left)) or 0


def _names(db: Reader, users: Iterable[UserId]) -> dict[UserId, str]:
    rows = db.all(select(User.id, User.name).where(User.id.in_(list(users))))
    return {UserId(row[0]): row[1] for row in rows}
