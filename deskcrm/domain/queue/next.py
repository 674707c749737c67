"""Hands over the one ticket that matters most to a person now, and says why.

Points are added up, and the most win; of equal ones the oldest. The database adds them over all
open tickets; of the winner they are added once more here, each with its words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, or_, select

from deskcrm.domain.absences.queries import AwayRow, list_stood_in_for
from deskcrm.domain.assignment.model import Skill, UserSkill
from deskcrm.domain.clients.model import Client, Tier
from deskcrm.domain.queue.model import TicketSkip
from deskcrm.domain.sla.cases import read_cases, read_conditions
from deskcrm.domain.sla.deadlines import ticket_deadline
from deskcrm.domain.sla.policies import Condition, Conditions, first_mismatch
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.tags.model import ClientTag
from deskcrm.domain.tickets.model import IS_OPEN, Priority, Ticket, TicketId
from deskcrm.domain.tickets.queries import TicketRow, rows_of
from deskcrm.domain.tickets.standing import ticket_standing
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.reader import Reader


class Factor(StrEnum):
    """What gives a ticket points."""

    VIP = "vip"
    OVERDUE = "overdue"
    NEARLY_DUE = "nearly_due"
    PRIORITY = "priority"
    AGE = "age"
    MINE = "mine"
    STAND_IN = "stand_in"
    SKILL = "skill"
    SERVED = "served"


TIERS: Final = {Tier.DIAMOND: 40, Tier.GOLD: 30, Tier.SILVER: 15}
PRIORITIES: Final = {Priority.URGENT: 40, Priority.HIGH: 20, Priority.NORMAL: 10}
OVERDUE: Final = 50
NEARLY_DUE: Final = 25
AGES: Final = ((timedelta(days=3), 20), (timedelta(days=1), 10), (timedelta(hours=4), 5))
"""For how long the client waits, or the ticket is open, and what it counts."""
OWN: Final = 10
SKILLED: Final = 15
SERVED: Final = 15
_OURS: Final = (TicketState.NEW, TicketState.OPEN)


@dataclass(frozen=True, slots=True)
class Why:
    """Points of a ticket, and for what; ``names``: the skills, or whom one stands in for."""

    factor: Factor
    points: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NextTicket:
    """The ticket that comes next, why, and how many more there are."""

    row: TicketRow
    why: tuple[Why, ...]
    points: int
    others: int


def get_next(db: Reader) -> NextTicket | None:
    """Give the ticket that matters most to the signed-in person now; None: nothing is to do."""
    skills, away = _own_skills(db), list_stood_in_for(db)
    points = _points(db, skills)
    found = db.first(
        select(Ticket.id, points.label("points"), func.count().over())
        .outerjoin(Client, Client.id == Ticket.client_id)
        .outerjoin(ticket_deadline, ticket_deadline.c.ticket_id == Ticket.id)
        .outerjoin(ticket_standing, ticket_standing.c.ticket_id == Ticket.id)
        .outerjoin(client_summary, client_summary.c.client_id == Ticket.client_id)
        .where(*_offered(db, away))
        .order_by(points.desc(), Ticket.opened_at, Ticket.id)
        .limit(1)
    )
    if found is None:
        return None
    (row,) = rows_of(db, [TicketId(found[0])])
    return NextTicket(row, tuple(_why(db, row, skills, away)), found[1], found[2] - 1)


def _offered(db: Reader, away: Sequence[AwayRow]) -> list[ColumnElement[bool]]:
    """Select what may be handed over: nobody's, one's own, and theirs for whom one stands in."""
    owners = [db.actor, *(one.user_id for one in away)]
    skipped = select(TicketSkip.ticket_id).where(
        TicketSkip.skipped_by == db.actor,
        TicketSkip.comes_back_at > db.now,
        ~TicketSkip.is_deleted,
    )
    return [
        IS_OPEN,
        ~Ticket.is_deleted,
        or_(
            Ticket.owner_id.is_(None),
            Ticket.owner_id.in_(owners),
            Ticket.worker_id == db.actor,
        ),
        or_(Ticket.state.in_(_OURS), ticket_standing.c.waiting_since.is_not(None)),
        Ticket.id.not_in(skipped),
    ]


def _points(db: Reader, skills: Sequence[Any]) -> ColumnElement[int]:
    deadline = ticket_deadline.c
    since = func.coalesce(ticket_standing.c.waiting_since, Ticket.opened_at)
    ages = [(since <= db.now - age, points) for age, points in AGES]
    skilled = or_(false(), *(_needs(read_conditions(one)) for one in skills))
    return (
        case(TIERS, value=Client.tier, else_=0)
        + case(
            (deadline.due_at < db.now, OVERDUE), (deadline.warn_at <= db.now, NEARLY_DUE), else_=0
        )
        + case(PRIORITIES, value=Ticket.priority, else_=0)
        + case(*ages, else_=0)
        + case((Ticket.owner_id.is_not(None), OWN), else_=0)
        + case((skilled, SKILLED), else_=0)
        + case((client_summary.c.last_contact_by == db.actor, SERVED), else_=literal(0))
    )


def _needs(conditions: Conditions) -> ColumnElement[bool]:
    """Select the tickets that meet the conditions that a skill can have."""
    clauses: list[ColumnElement[bool]] = []
    for condition, column in ((Condition.KIND, Ticket.kind), (Condition.LINE, Ticket.line)):
        if conditions[condition]:
            clauses.append(column.in_(sorted(conditions[condition], key=str)))
    tags = conditions[Condition.TAG]
    if tags:
        worn = exists().where(
            ClientTag.client_id == Ticket.client_id,
            ClientTag.tag_id.in_(sorted(tags, key=str)),
            ~ClientTag.is_deleted,
        )
        clauses.append(worn)
    return and_(*clauses)


def _own_skills(db: Reader) -> Sequence[Any]:
    held = select(UserSkill.skill_id).where(UserSkill.user_id == db.actor, ~UserSkill.is_deleted)
    return db.all(
        select(Skill.__table__).where(Skill.id.in_(held), ~Skill.is_deleted).order_by(Skill.name)
    )


def _why(
    db: Reader, row: TicketRow, skills: Sequence[Any], away: Sequence[AwayRow]
) -> Iterator[Why]:
    if row.tier in TIERS:
        yield Why(Factor.VIP, TIERS[row.tier])
    if row.due_at is not None and row.due_at < db.now:
        yield Why(Factor.OVERDUE, OVERDUE)
    elif row.warn_at is not None and row.warn_at <= db.now:
        yield Why(Factor.NEARLY_DUE, NEARLY_DUE)
    if row.priority in PRIORITIES:
        yield Why(Factor.PRIORITY, PRIORITIES[row.priority])
    since = row.waiting_since or row.opened_at
    aged = next((points for age, points in AGES if since <= db.now - age), 0)
    if aged:
        yield Why(Factor.AGE, aged)
    if db.actor in (row.owner_id, row.worker_id):
        yield Why(Factor.MINE, OWN)
    elif row.owner_id is not None:
        yield Why(Factor.STAND_IN, OWN, (row.owner,))
    case_ = next(read_cases(db.connection, Ticket.id == row.id))
    needed = [
        one.name for one in skills if first_mismatch(read_conditions(one), case_.traits) is None
    ]
    if needed:
        yield Why(Factor.SKILL, SKILLED, tuple(needed))
    last = db.scalar(
        select(client_summary.c.last_contact_by).where(client_summary.c.client_id == row.client_id)
    )
    if last == db.actor:
        yield Why(Factor.SERVED, SERVED)
