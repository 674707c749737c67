"""Hands over the one ticket that matters most to a person now, and says why.

Points are added up, and the most win; of equal ones the oldest. The database adds them over all
open tickets; of the winner they are added once more here, each with its words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, or_, select

from deskcrm.domain.absences.queries import AwayRow, list_stood_in_for
from deskcrm.domain.assignment.model import Skill, UserSkill
from deskcrm.domain.clients.model import Client, Tier
from deskcrm.domain.merges.homes import IS_OPEN
from deskcrm.domain.queue.model import USUAL, PointsFor, QueuePoints, TicketSkip
from deskcrm.domain.sla.cases import read_cases, read_conditions
from deskcrm.domain.sla.deadlines import ticket_deadline
from deskcrm.domain.sla.policies import Condition, Conditions, first_mismatch
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.tags.model import ClientTag, TicketTag
from deskcrm.domain.tags.queries import wears_tag
from deskcrm.domain.tickets.model import Priority, Ticket, TicketId
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


_F = PointsFor
TIERS: Final = {Tier.DIAMOND: _F.DIAMOND, Tier.GOLD: _F.GOLD, Tier.SILVER: _F.SILVER}
PRIORITIES: Final = {
    Priority.URGENT: _F.URGENT, Priority.HIGH: _F.HIGH, Priority.NORMAL: _F.NORMAL,
}  # fmt: skip
AGES: Final = (
    (timedelta(days=3), _F.THREE_DAYS_OLD),
    (timedelta(days=1), _F.ONE_DAY_OLD),
    (timedelta(hours=4), _F.FOUR_HOURS_OLD),
)
"""For how long the client waits, or the ticket is open."""
_OURS: Final = (TicketState.NEW, TicketState.OPEN)


Worth = Mapping[PointsFor, int]


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
    skills, away, worth = _own_skills(db), list_stood_in_for(db), get_points(db)
    points = _points(db, skills, worth)
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
    return NextTicket(row, tuple(_why(db, row, skills, worth)), found[1], found[2] - 1)


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


def get_points(db: Reader) -> dict[PointsFor, int]:
    """Give what each thing counts in this workspace."""
    rows = db.all(select(QueuePoints.what, QueuePoints.points).where(~QueuePoints.is_deleted))
    return {**USUAL, **{row.what: row.points for row in rows}}


def _points(db: Reader, skills: Sequence[Any], worth: Worth) -> ColumnElement[int]:
    deadline = ticket_deadline.c
    since = func.coalesce(ticket_standing.c.waiting_since, Ticket.opened_at)
    ages = [(since <= db.now - age, worth[what]) for age, what in AGES]
    skilled = or_(false(), *(_needs(read_conditions(one)) for one in skills))
    late = (deadline.due_at < db.now, worth[_F.OVERDUE])
    return (
        case(_in_points(TIERS, worth), value=Client.tier, else_=0)
        + case(late, (deadline.warn_at <= db.now, worth[_F.NEARLY_DUE]), else_=0)
        + case(_in_points(PRIORITIES, worth), value=Ticket.priority, else_=0)
        + case(*ages, else_=0)
        + case((Ticket.owner_id.is_not(None), worth[_F.OWN]), else_=0)
        + case((skilled, worth[_F.SKILL]), else_=0)
        + case(
            (client_summary.c.last_contact_by == db.actor, worth[_F.SERVED_BEFORE]),
            else_=literal(0),
        )
    )


def _in_points(of: Mapping[Any, PointsFor], worth: Worth) -> dict[Any, int]:
    return {member: worth[what] for member, what in of.items()}


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
        clauses.append(worn | wears_tag(TicketTag.tag_id.in_(sorted(tags, key=str))))
    return and_(*clauses)


def _own_skills(db: Reader) -> Sequence[Any]:
    held = select(UserSkill.skill_id).where(UserSkill.user_id == db.actor, ~UserSkill.is_deleted)
    return db.all(
        select(Skill.__table__).where(Skill.id.in_(held), ~Skill.is_deleted).order_by(Skill.name)
    )


def _why(db: Reader, row: TicketRow, skills: Sequence[Any], worth: Worth) -> Iterator[Why]:
    """Give what counts for a ticket; what counts nothing here is no reason."""
    for factor, what, names in _reasons(db, row, skills):
        if worth[what]:
            yield Why(factor, worth[what], names)


def _reasons(
    db: Reader, row: TicketRow, skills: Sequence[Any]
) -> Iterator[tuple[Factor, PointsFor, tuple[str, ...]]]:
    if row.tier in TIERS:
        yield Factor.VIP, TIERS[row.tier], ()
    if row.due_at is not None and row.due_at < db.now:
        yield Factor.OVERDUE, _F.OVERDUE, ()
    elif row.warn_at is not None and row.warn_at <= db.now:
        yield Factor.NEARLY_DUE, _F.NEARLY_DUE, ()
    if row.priority in PRIORITIES:
        yield Factor.PRIORITY, PRIORITIES[row.priority], ()
    since = row.waiting_since or row.opened_at
    aged = next((what for age, what in AGES if since <= db.now - age), None)
    if aged is not None:
        yield Factor.AGE, aged, ()
    if db.actor in (row.owner_id, row.worker_id):
        yield Factor.MINE, _F.OWN, ()
    elif row.owner_id is not None:
        yield Factor.STAND_IN, _F.OWN, (row.owner,)
    case_ = next(read_cases(db.connection, Ticket.id == row.id))
    needed = [
        one.name for one in skills if first_mismatch(read_conditions(one), case_.traits) is None
    ]
    if needed:
        yield Factor.SKILL, _F.SKILL, tuple(needed)
    last = db.scalar(
        select(client_summary.c.last_contact_by).where(client_summary.c.client_id == row.client_id)
    )
    if last == db.actor:
        yield Factor.SERVED, _F.SERVED_BEFORE, ()
