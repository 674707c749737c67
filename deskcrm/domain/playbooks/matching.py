"""For whom a playbook would begin now, and for whom it would have lately."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.playbooks.asking import can_judge, matching
from deskcrm.domain.playbooks.model import (
    Play,
    Playbook,
    PlaybookId,
    PlayState,
    TriggerKind,
)
from deskcrm.domain.playbooks.triggers.all import SEGMENTS, TRIGGERS, say_reason
from deskcrm.domain.playbooks.triggers.trigger import Asked, Match
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.views.filters import Filter, filter_from_json
from deskcrm.store.reader import Reader

LOOKED_BACK: Final = timedelta(days=90)
AT_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Terms:
    """What a playbook begins with, as it is kept or as somebody is writing it."""

    trigger: TriggerKind
    days: int = 0
    conditions: Filter = field(default_factory=Filter)
    counts_from: datetime | None = None
    rest_days: int = 0
    playbook_id: PlaybookId | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """A playbook that is to begin at a client, and why."""

    playbook_id: PlaybookId
    match: Match


@dataclass(frozen=True, slots=True)
class DryRow:
    """A client for whom a playbook would begin, or would have begun; not what was done."""

    client_id: ClientId
    client: str
    owner: str
    reason: str
    since: datetime
    is_running: bool
    """It runs there already, or did for the same reason: it would not begin again."""


@dataclass(frozen=True, slots=True)
class DryRun:
    """Who would match now, and who over the last 90 days; nothing was done."""

    now: tuple[DryRow, ...]
    now_count: int
    would_start: int
    past: tuple[DryRow, ...]
    past_count: int
    past_clients: int
    knows_past: bool


def due_starts(db: Reader, *, owner_id: UserId | None = None) -> list[Start]:
    """List what is to begin now, among one person's clients or all."""
    starts: list[Start] = []
    for terms in active_terms(db):
        assert terms.playbook_id is not None  # what is kept has one
        own = () if owner_id is None else (Client.owner_id == owner_id,)
        matches = find_matches(db, terms, *own)
        starts += [Start(terms.playbook_id, one) for one in startable(db, terms, matches)]
    return starts


def active_terms(db: Reader) -> Iterator[Terms]:
    """Give what the playbooks that are switched on begin with, as far as it can be told here."""
    rows = db.all(
        select(Playbook.__table__)
        .where(~Playbook.is_deleted, Playbook.is_active, Playbook.edition_id.is_not(None))
        .order_by(Playbook.id)
    )
    for row in rows:
        terms = terms_of(row)
        if terms.trigger in TRIGGERS and can_judge(db, terms.conditions):
            yield terms


def terms_of(row: Any) -> Terms:
    """Read what a playbook begins with from its row."""
    return Terms(
        row.trigger, row.days, filter_from_json(row.conditions), row.counts_from, row.rest_days,
        PlaybookId(row.id),
    )  # fmt: skip


def find_matches(
    db: Reader, terms: Terms, *which: ColumnElement[bool], after: datetime | None = None
) -> list[Match]:
    """Find for whom the reason holds now, or of whom it came about later than ``after``.

    Of several for one client and thing the latest counts, unless the past is asked about.
    """
    trigger = TRIGGERS[terms.trigger]
    if terms.trigger not in SEGMENTS and terms.conditions:
        which = (*which, matching(db, terms.conditions))
    asked = Asked(terms.days, db.now, which, after, terms.playbook_id)
    found = {(one.client_id, one.about, one.since): one for one in trigger.find(db, asked)}
    ordered = sorted(found.values(), key=lambda one: (one.since, one.client_id, one.about))
    if after is not None:
        return ordered
    return list({(one.client_id, one.about): one for one in ordered}.values())


def startable(db: Reader, terms: Terms, matches: Sequence[Match]) -> list[Match]:
    """Leave out where it runs, ran for the same reason, or rests; undone ones ran as well."""
    if not matches:
        return []
    plays: dict[tuple[ClientId, str], list[Any]] = defaultdict(list)
    if terms.playbook_id is not None:
        ran = select(
            Play.client_id, Play.about, Play.state, Play.is_deleted, Play.started_at, Play.ended_at
        ).where(Play.playbook_id == terms.playbook_id)
        for row in db.all(ran):
            plays[row.client_id, row.about].append(row)
    return [
        one
        for one in matches
        if (terms.counts_from is None or one.since > terms.counts_from)
        and _is_new(one, plays[one.client_id, one.about], terms.rest_days, db.now)
    ]


def _is_new(match: Match, plays: Iterable[Any], rest_days: int, now: datetime) -> bool:
    for row in plays:
        if row.state is PlayState.RUNNING and not row.is_deleted:
            return False
        over = row.ended_at or row.started_at
        if match.since <= over or now < over + timedelta(days=rest_days):
            return False
    return True


def dry_run(db: Reader, terms: Terms) -> DryRun:
    """Tell who would match now and over the last 90 days; nothing is done."""
    if terms.trigger not in TRIGGERS:
        return DryRun((), 0, 0, (), 0, 0, knows_past=False)
    trigger = TRIGGERS[terms.trigger]
    now = _within(db, terms) if terms.trigger in SEGMENTS else find_matches(db, terms)
    starting = startable(db, terms, now)
    past: list[Match] = []
    if trigger.knows_past or terms.playbook_id is not None:
        past = find_matches(db, terms, after=db.now - LOOKED_BACK)
    begins = {(one.client_id, one.about) for one in starting}
    return DryRun(
        now=tuple(_rows(db, terms.trigger, now[:AT_MOST], begins)),
        now_count=len(now),
        would_start=len(starting),
        past=tuple(_rows(db, terms.trigger, past[::-1][:AT_MOST], begins)),
        past_count=len(past),
        past_clients=len({one.client_id for one in past}),
        knows_past=trigger.knows_past,
    )


def _within(db: Reader, terms: Terms) -> list[Match]:
    """Give who is within the segment as it is written now: nobody has noted that yet."""
    if terms.trigger is TriggerKind.SEGMENT_LEFT:
        return find_matches(db, terms)
    asked = Asked(0, db.now, (matching(db, terms.conditions),))
    rows = db.all(select(Client.id, Client.created_at).where(*asked.clients))
    noted = {one.client_id: one for one in find_matches(db, terms)}
    return [noted.get(row.id) or Match(ClientId(row.id), row.created_at) for row in rows]


def _rows(
    db: Reader, kind: TriggerKind, matches: Sequence[Match], begins: set[tuple[ClientId, str]]
) -> Iterator[DryRow]:

    ids = {one.client_id for one in matches}
    rows = db.all(
        select(Client.id, Client.name, User.name.label("owner"))
        .outerjoin(User, User.id == Client.owner_id)
        .where(Client.id.in_(ids))
    )
    names = {row.id: row for row in rows}
    for one in matches:
        row = names[one.client_id]
        yield DryRow(
            one.client_id, row.name, row.owner or "", say_reason(kind, one.facts), one.since,
            is_running=(one.client_id, one.about) not in begins,
        )  # fmt: skip
