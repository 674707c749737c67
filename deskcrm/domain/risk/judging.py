"""Who of each book comes onto the list of clients at risk and who goes, read in three sweeps.

It is done after each write and over everybody, so a book's clients are told apart as they are
stored, and only those of whom something could be said become more than that.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select, update

from deskcrm.base.ids import id_of
from deskcrm.domain.absences.queries import list_stood_in_for
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import day_of
from deskcrm.domain.health import ENOUGH
from deskcrm.domain.rights.matrix import CREATE, Reach, reach_of
from deskcrm.domain.risk.everybody import is_new_day
from deskcrm.domain.risk.flagging import Evaluated, Standing, entry_line, evaluate
from deskcrm.domain.risk.model import RiskCause
from deskcrm.domain.risk.scoring import count_stale, model_in_force
from deskcrm.domain.risk.settings import CAPACITY_PERCENT
from deskcrm.domain.risk.signals import EXCHANGED_AT
from deskcrm.domain.settings.queries import list_set
from deskcrm.domain.users.model import User, UserRole
from deskcrm.store import raw
from deskcrm.store.commands import command
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Base
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

MANY: Final = 1_000
"""Clients that were written to and wait to be scored; fewer take no time that anybody sees."""
LINES: Final = "risk_lines"
"""Under this it is noted at which probability the clients of each owner enter."""
_HEALTH: Final = Base.metadata.tables["client_health"]
_LEADERS: Final = (UserRole.ADMINISTRATOR, UserRole.LEAD)
_SCORES: Final = "SELECT client_id, probability, coverage, cause, below_since FROM client_health"
_FLAGGED: Final = "SELECT client_id FROM risk_flag WHERE is_deleted = 0 AND left_at IS NULL"
# Written so that SQLite takes no index: reading the table as it lies takes half the time.
_EVERYBODY: Final = "SELECT id, owner_id FROM client WHERE NOT is_deleted"
_OWNED: Final = (
    "SELECT id, owner_id FROM client WHERE is_deleted = 0 AND (owner_id IN ({marks}){or_none})"
)

Books = dict[UUID | None, Evaluated]
"""What came of each book, by its owner."""
_Owners = dict[bytes, bytes | None]
"""The owner of each client, both as they are stored."""


def judge_books(db: Reader) -> Books:
    """Evaluate each book that is this device's to judge."""
    owners = _own_books(db)
    flagged = {row[0] for row in raw.fetch(db.connection, _FLAGGED)} & owners.keys()
    scores = [row for row in raw.fetch(db.connection, _SCORES) if row[0] in owners]
    lines = _lines(db, owners, scores)
    books: dict[bytes | None, list[Standing]] = {owner: [] for owner in lines}
    for client, probability, coverage, cause, below in scores:
        owner = owners[client]
        is_over = coverage >= ENOUGH and probability >= lines[owner]
        if is_over or cause is not None or client in flagged:
            books[owner].append(
                Standing(
                    ClientId(id_of(client)),
                    probability,
                    coverage,
                    None if cause is None else RiskCause(cause),
                    client in flagged,
                    None if below is None else date.fromisoformat(below),
                )
            )
    # Who is no customer any more has no score, and nothing to be at risk of.
    for client in sorted(flagged.difference([row[0] for row in scores])):
        gone = Standing(ClientId(id_of(client)), 0.0, 0.0, None, True, date.min)
        books[owners[client]].append(gone)
    today = day_of(db.now)
    return {
        None if owner is None else id_of(owner): evaluate(book, line=lines[owner], today=today)
        for owner, book in books.items()
    }


def _lines(db: Reader, owners: _Owners, scores: list[raw.Row]) -> dict[bytes | None, float]:
    """Give for each book the probability from which clients enter."""
    percent = CAPACITY_PERCENT.read(list_set(db).get(CAPACITY_PERCENT.key))
    base_rate = model_in_force(db).base_rate
    known: dict[bytes | None, list[float]] = {owner: [] for owner in owners.values()}
    for client, probability, coverage, *_ in scores:
        if coverage >= ENOUGH:
            known[owners[client]].append(probability)
    return {owner: entry_line(found, percent, base_rate) for owner, found in known.items()}


def _own_books(db: Reader) -> _Owners:
    """Give the clients whose books this device judges: all while it is alone, else its own.

    Of one who is away the substitute's does, and of clients that nobody owns those of whoever
    leads. A colleague who sees fewer records must not take off what the owner's device put on.
    """
    row = db.first(select(User.role).where(User.id == db.actor, ~User.is_deleted))
    role = UserRole.ADMINISTRATOR if row is None else row[0]
    if reach_of("risk_flag", CREATE, role) is Reach.NOTHING:
        return {}
    if read_meta(db.connection, EXCHANGED_AT) is None:
        return dict(raw.fetch(db.connection, _EVERYBODY))
    people = [db.actor.bytes, *(one.user_id.bytes for one in list_stood_in_for(db))]
    asked = _OWNED.format(
        marks=",".join("?" * len(people)),
        or_none=" OR owner_id IS NULL" if role in _LEADERS else "",
    )
    return dict(raw.fetch(db.connection, asked, people))


@command("risk.keep_lines", "Keep lines of risk", is_automatic=True)
def keep_lines(work: Work, books: Books) -> None:
    """Keep on this device at which line clients enter, and who is under the exit line."""
    today, column = day_of(work.now), _HEALTH.c.client_id
    below = [one for found in books.values() for one in found.below]
    rest = [one for found in books.values() for one in (*found.above, *found.leave)]
    for clients, since in ((below, today), (rest, None)):
        for some in in_chunks(clients):
            work.execute(update(_HEALTH).where(column.in_(some)).values(below_since=since))
    lines = json.dumps({"" if one is None else one.hex: books[one].line for one in books})
    if lines != read_meta(work.connection, LINES):
        write_meta(work.connection, LINES, lines)


def is_looking(db: Reader) -> bool:
    """Tell whether clients are still to be looked at, so that the list is not all of it yet."""
    is_first = read_meta(db.connection, LINES) is None
    return is_first or is_new_day(db) or count_stale(db) > MANY


def read_lines(db: Reader) -> Mapping[UUID | None, float]:
    """Give the line at which clients enter, by the owners of the books that were judged here."""
    noted = json.loads(read_meta(db.connection, LINES) or "{}")
    return {UUID(hex=one) if one else None: line for one, line in noted.items()}
