"""Finds the clients who show a sign of growth, each with what was counted."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select

from deskcrm.base.ids import meant_id
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle, Tier
from deskcrm.domain.contacts.model import Contact
from deskcrm.domain.contracts.worth import list_worth
from deskcrm.domain.days import day_of
from deskcrm.domain.names import fold
from deskcrm.domain.opportunities import rules
from deskcrm.domain.opportunities.model import Opportunity, SignalDismissal, SignalKind, Stage
from deskcrm.domain.opportunities.rules import Measure
from deskcrm.domain.tickets.model import Ticket, TicketKind
from deskcrm.domain.usage.model import DAYS, UsageWeek, week_of
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader

QUIET_FOR: Final = timedelta(days=180)
"""How long a sign stays away that was put aside, or made an opportunity of."""
_WEEKDAYS: Final = DAYS[:5]
_UNMEASURED: Final = Measure(0.0, 1.0)


@dataclass(frozen=True, slots=True)
class GrowthSignal:
    """A sign that a client might take more; the measure says what was counted."""

    kind: SignalKind
    client_id: ClientId
    client: str
    owner_id: UserId | None
    owner: str
    about: str = ""
    """The metric, the subject of what was asked for, or the currency."""
    measure: Measure = _UNMEASURED
    count: int = 0

    @property
    def id(self) -> UUID:
        """What tells it from the others in a list."""
        return meant_id("signal", self.client_id, self.kind, fold(self.about))


@dataclass(frozen=True, slots=True)
class _Who:
    name: str
    tier: Tier
    owner_id: UserId | None
    owner: str
    since: date | None


_Found = list[GrowthSignal]


def list_signals(
    db: Reader, *, client_id: ClientId | None = None, owner_id: UserId | None = None
) -> list[GrowthSignal]:
    """List signs of growth of clients who are with us and stay, by kind, the strongest first.

    Of one client, what would compare it with all others is left out: its page must not read a
    million contracts.
    """
    who = _clients(db, client_id, owner_id)
    today = day_of(db.now)
    found: _Found = [
        *_of_usage(db, who, today, client_id),
        *_of_new_teams(db, who, today, client_id),
        *_of_wishes(db, who, today, client_id),
        *(_of_value(db, who, today) if client_id is None else ()),
    ]
    quiet = _quiet(db, today, client_id)
    kept = [one for one in found if not _is_quiet(one, quiet)]
    return sorted(kept, key=lambda one: (list(SignalKind).index(one.kind), -one.measure.share))


def _clients(
    db: Reader, client_id: ClientId | None, owner_id: UserId | None
) -> dict[ClientId, _Who]:
    staying = (Lifecycle.ONBOARDING, Lifecycle.ACTIVE, Lifecycle.AT_RENEWAL)
    statement = (
        select(
            Client.id,
            Client.name,
            Client.tier,
            Client.owner_id,
            func.coalesce(User.name, ""),
            Client.customer_since,
        )
        .outerjoin(User, User.id == Client.owner_id)
        .where(~Client.is_deleted, Client.lifecycle.in_(staying))
    )
    if client_id is not None:
        statement = statement.where(Client.id == client_id)
    if owner_id is not None:
        statement = statement.where(Client.owner_id == owner_id)
    return {ClientId(row[0]): _Who(*row[1:]) for row in db.all(statement)}


def _signal(who: dict[ClientId, _Who], client_id: ClientId, kind: SignalKind, **more: Any) -> Any:
    one = who[client_id]
    return GrowthSignal(kind, client_id, one.name, one.owner_id, one.owner, **more)


def _of_usage(
    db: Reader, who: dict[ClientId, _Who], today: date, client_id: ClientId | None
) -> _Found:
    weeks = rules.RECENT_WEEKS + rules.FORMER_WEEKS
    first = week_of(today) - timedelta(weeks=weeks)
    columns = [getattr(UsageWeek, day) for day in DAYS]
    statement = (
        select(
            UsageWeek.client_id, UsageWeek.metric, UsageWeek.week_on, UsageWeek.ceiling, *columns
        )
        .where(~UsageWeek.is_deleted)
        .where(UsageWeek.week_on >= first, UsageWeek.week_on < week_of(today))
        .order_by(UsageWeek.week_on)
    )
    rows: dict[tuple[ClientId, str], list[Any]] = defaultdict(list)
    for row in db.all(_of_client(statement, UsageWeek.client_id, client_id)):
        if row[0] in who:
            rows[row[0], row[1]].append(row)
    recent_from = week_of(today) - timedelta(weeks=rules.RECENT_WEEKS)
    found: _Found = []
    for (client, metric), its in rows.items():
        recent = [row for row in its if row.week_on >= recent_from]
        former = [row for row in its if row.week_on < recent_from]
        ceilings = [row.ceiling for row in its if row.ceiling is not None]
        usual = _values(recent, len(_WEEKDAYS))
        near = rules.near_limit(usual, ceilings[-1] if ceilings else None)
        grown = rules.growing(_summed(recent), _summed(former))
        if near is not None:
            kind = SignalKind.NEAR_LIMIT
            found.append(_signal(who, client, kind, about=metric, measure=near))
        elif grown is not None:
            kind = SignalKind.GROWING
            found.append(_signal(who, client, kind, about=metric, measure=grown))
    return found


def _values(rows: list[Any], days: int) -> list[float]:
    """Give what is known of the first days of each week."""
    return [value for row in rows for value in row[4 : 4 + days] if value is not None]


def _summed(rows: list[Any]) -> tuple[float, int]:
    values = _values(rows, len(DAYS))
    return sum(values), len(values)


def _of_new_teams(
    db: Reader, who: dict[ClientId, _Who], today: date, client_id: ClientId | None
) -> _Found:
    since = today - timedelta(days=rules.TEAM_WITHIN)
    statement = (
        select(Contact.client_id, func.count())
        .where(~Contact.is_deleted, Contact.created_at >= _midnight(db, since))
        .group_by(Contact.client_id)
        .having(func.count() >= rules.TEAM)
    )
    settled = today - timedelta(days=rules.SETTLED_AFTER)
    return [
        _signal(who, client, SignalKind.NEW_TEAM, count=count)
        for client, count in db.all(_of_client(statement, Contact.client_id, client_id))
        if client in who and (who[client].since or today) <= settled
    ]


def _of_wishes(
    db: Reader, who: dict[ClientId, _Who], today: date, client_id: ClientId | None
) -> _Found:
    since = today - timedelta(days=rules.ASKED_WITHIN)
    statement = (
        select(Ticket.client_id, Ticket.subject)
        .where(~Ticket.is_deleted, Ticket.kind == TicketKind.SUGGESTION)
        .where(Ticket.opened_at >= _midnight(db, since))
        .order_by(Ticket.opened_at)
    )
    asked: dict[ClientId, list[str]] = defaultdict(list)
    for client, subject in db.all(_of_client(statement, Ticket.client_id, client_id)):
        if client in who:
            asked[client].append(subject)
    return [
        _signal(who, client, SignalKind.ASKED, about=subjects[-1], count=len(subjects))
        for client, subjects in asked.items()
    ]


def _of_value(db: Reader, who: dict[ClientId, _Who], today: date) -> _Found:
    """Compare with all clients of the tier and currency, also where only one owner's are asked."""
    worth: dict[tuple[ClientId, str], int] = defaultdict(int)
    for one in list_worth(db, today):
        worth[one.client_id, one.currency] += one.annual_minor
    tiers = dict(db.all(select(Client.id, Client.tier).where(~Client.is_deleted)))
    alike: dict[tuple[Tier, str], list[int]] = defaultdict(list)
    for (client, currency), minor in worth.items():
        if client in tiers:
            alike[tiers[client], currency].append(minor)
    found: _Found = []
    for (client, currency), minor in worth.items():
        if client in who:
            group = alike[who[client].tier, currency]
            measure = rules.small(minor, group)
            if measure is not None:
                more = {"about": currency, "measure": measure, "count": len(group)}
                found.append(_signal(who, client, SignalKind.SMALL_CONTRACT, **more))
    return found


def _of_client(statement: Any, column: Any, client_id: ClientId | None) -> Any:
    return statement if client_id is None else statement.where(column == client_id)


def _midnight(db: Reader, day: date) -> datetime:
    return datetime.combine(day, time(), db.now.astimezone().tzinfo)


_Key = tuple[ClientId, SignalKind, str | None]


def _quiet(db: Reader, today: date, client_id: ClientId | None) -> set[_Key]:
    """Give what was put aside lately; of what an opportunity was made of, whatever it is about."""
    since = today - QUIET_FOR
    put_aside = select(
        SignalDismissal.client_id, SignalDismissal.signal, SignalDismissal.about
    ).where(~SignalDismissal.is_deleted, SignalDismissal.dismissed_on > since)
    taken_up = select(
        Opportunity.client_id, Opportunity.source, Opportunity.stage, Opportunity.closed_on
    ).where(~Opportunity.is_deleted, Opportunity.source.is_not(None))
    dismissed = db.all(_of_client(put_aside, SignalDismissal.client_id, client_id))
    made = db.all(_of_client(taken_up, Opportunity.client_id, client_id))
    quiet: set[_Key] = {(client, signal, fold(about)) for client, signal, about in dismissed}
    for client, source, stage, closed_on in made:
        is_recent = Stage(stage).is_open or (closed_on is not None and closed_on > since)
        if source is not None and is_recent:
            quiet.add((client, source, None))
    return quiet


def _is_quiet(one: GrowthSignal, quiet: set[_Key]) -> bool:
    key = (one.client_id, one.kind)
    return (*key, None) in quiet or (*key, fold(one.about)) in quiet
