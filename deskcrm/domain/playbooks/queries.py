"""Answers about playbooks: what there are, their versions, and where they run."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.playbooks.advancing import IS_RUNNING
from deskcrm.domain.playbooks.model import (
    Play,
    Playbook,
    PlaybookEdition,
    PlaybookEditionId,
    PlaybookId,
    PlayId,
    PlayState,
    TriggerKind,
)
from deskcrm.domain.playbooks.progress import PlayRow, Standing, read_plays
from deskcrm.domain.playbooks.steps import Step, steps_from_json
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.views.filters import Filter, filter_from_json
from deskcrm.store.reader import Reader

MOST: Final = 2_000
"""Plays that are looked at for a list: of more than these the newest."""
_RUNNING: Final = (Standing.STUCK, Standing.BEHIND, Standing.ON_TRACK)


@dataclass(frozen=True, slots=True)
class PlaybookRow:
    """A playbook, with the version that holds for what begins now."""

    id: PlaybookId
    name: str
    about: str
    origin: str
    is_active: bool
    trigger: TriggerKind
    days: int
    conditions: Filter
    counts_from: datetime | None
    rest_days: int
    ends_when_gone: bool
    number: int
    steps: tuple[Step, ...]
    running: int


@dataclass(frozen=True, slots=True)
class EditionRow:
    """A version of a playbook."""

    id: PlaybookEditionId
    number: int
    published_at: datetime
    by: str
    steps: tuple[Step, ...]
    running: int


def list_playbooks(db: Reader) -> list[PlaybookRow]:
    """List the playbooks by name, also those that are switched off."""
    rows = db.all(
        select(Playbook.__table__, PlaybookEdition.number, PlaybookEdition.steps)
        .outerjoin(PlaybookEdition, PlaybookEdition.id == Playbook.edition_id)
        .where(~Playbook.is_deleted)
    )
    running = select(Play.playbook_id, func.count()).where(IS_RUNNING, ~Play.is_deleted)
    counts = {row[0]: row[1] for row in db.all(running.group_by(Play.playbook_id))}
    found = [
        PlaybookRow(
            row.id, row.name, row.about, row.origin, row.is_active, row.trigger, row.days,
            filter_from_json(row.conditions), row.counts_from, row.rest_days, row.ends_when_gone,
            row.number or 0, steps_from_json(row.steps or {}), counts.get(row.id, 0),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: row.name.casefold())


def list_editions(db: Reader, playbook_id: PlaybookId) -> list[EditionRow]:
    """List the versions of a playbook, the newest first, with how many plays go by each."""
    running = select(Play.edition_id, func.count()).where(IS_RUNNING, ~Play.is_deleted)
    counts = {row[0]: row[1] for row in db.all(running.group_by(Play.edition_id))}
    rows = db.all(
        select(PlaybookEdition.__table__, func.coalesce(User.name, "").label("by"))
        .outerjoin(User, User.id == PlaybookEdition.published_by)
        .where(PlaybookEdition.playbook_id == playbook_id, ~PlaybookEdition.is_deleted)
        .order_by(PlaybookEdition.number.desc(), PlaybookEdition.published_at.desc())
    )
    return [
        EditionRow(
            row.id, row.number, row.published_at, row.by, steps_from_json(row.steps),
            counts.get(row.id, 0),
        )
        for row in rows
    ]  # fmt: skip


def get_play(db: Reader, play_id: PlayId) -> PlayRow | None:
    """Give one play with its steps; None when it is not there."""
    return next(iter(read_plays(db, Play.id == play_id)), None)


def list_client_plays(db: Reader, client_id: ClientId, *, limit: int = 20) -> list[PlayRow]:
    """List the plays at a client: those that run first, then the latest that are over."""
    plays = read_plays(db, Play.client_id == client_id, limit=limit)
    return sorted(plays, key=lambda play: play.state is not PlayState.RUNNING)


def count_plays(
    db: Reader,
    *,
    is_over: bool = False,
    standing: Standing | None = None,
    owner_id: UserId | None = None,
    playbook_id: PlaybookId | None = None,
) -> int:
    """Count the plays that run, or that are over."""
    if standing is None:
        which = _which(is_over, owner_id, playbook_id)
        plays = select(func.count()).select_from(Play).join(Client, Client.id == Play.client_id)
        return min(db.scalar(plays.where(~Play.is_deleted, ~Client.is_deleted, *which)) or 0, MOST)
    return len(_listed(db, is_over, standing, owner_id, playbook_id))


def page_plays(
    db: Reader,
    *,
    offset: int = 0,
    limit: int = 200,
    sort: str = "standing",
    descending: bool = False,
    is_over: bool = False,
    standing: Standing | None = None,
    owner_id: UserId | None = None,
    playbook_id: PlaybookId | None = None,
) -> list[PlayRow]:
    """Give the plays from one place in the list to another; by standing the gravest first."""
    plays = _listed(db, is_over, standing, owner_id, playbook_id)
    plays.sort(key=_SORTS[sort], reverse=descending)
    return plays[offset : offset + limit]


def count_standings(db: Reader, *, owner_id: UserId | None = None) -> Counter[Standing]:
    """Count the running plays by how they stand."""
    return Counter(play.standing for play in _listed(db, False, None, owner_id, None))


_SORTS: Final = {
    "standing": lambda play: (
        _RUNNING.index(play.standing) if play.standing in _RUNNING else len(_RUNNING),
        -(play.ended_at or play.started_at).timestamp(),
    ),
    "client": lambda play: play.client.casefold(),
    "playbook": lambda play: (play.playbook.casefold(), play.client.casefold()),
    "started_at": lambda play: play.started_at,
    "ended_at": lambda play: play.ended_at or play.started_at,
    "owner": lambda play: (play.owner.casefold(), play.client.casefold()),
}


def _listed(
    db: Reader,
    is_over: bool,
    standing: Standing | None,
    owner_id: UserId | None,
    playbook_id: PlaybookId | None,
) -> list[PlayRow]:
    plays = read_plays(db, *_which(is_over, owner_id, playbook_id), limit=MOST)
    return [play for play in plays if standing in (None, play.standing)]


def _which(
    is_over: bool, owner_id: UserId | None, playbook_id: PlaybookId | None
) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = [Play.state != PlayState.RUNNING if is_over else IS_RUNNING]
    if owner_id is not None:
        which.append(Client.owner_id == owner_id)
    if playbook_id is not None:
        which.append(Play.playbook_id == playbook_id)
    return which
