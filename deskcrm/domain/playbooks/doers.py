"""Who does a step: the client's owner, somebody with a role, a person; and on which days."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.calendars.book import CalendarBook
from deskcrm.domain.calendars.working_days import working_days_after, working_days_before
from deskcrm.domain.playbooks.steps import Doer, Step
from deskcrm.domain.teams.model import TeamMember
from deskcrm.domain.users.model import User, UserId, UserRole
from deskcrm.store.reader import Reader


class Doers:
    """The people who work here, their roles, teams and calendars, as of one moment."""

    def __init__(self, db: Reader) -> None:
        self._book = CalendarBook(db.connection)
        self._active: set[UUID] = set()
        self._by_role: dict[UserRole, list[UserId]] = defaultdict(list)
        self._teams: dict[UUID, set[UUID]] = defaultdict(set)
        people = select(User.id, User.role).where(User.is_active, ~User.is_deleted)
        for user_id, role in db.all(people.order_by(User.id)):
            self._active.add(user_id)
            self._by_role[role].append(UserId(user_id))
        members = select(TeamMember.user_id, TeamMember.team_id).where(~TeamMember.is_deleted)
        for member, team in db.all(members):
            self._teams[member].add(team)

    def of(self, step: Step, owner_id: UserId | None) -> UserId | None:
        """Give who does a step at a client of this owner's; None: nobody is there to."""
        owner = owner_id if owner_id in self._active else None
        if step.doer is Doer.PERSON:
            return step.person_id if step.person_id in self._active else owner
        if step.doer is Doer.ROLE and step.role is not None:
            return self._with_role(step.role, owner)
        return owner

    def _with_role(self, role: UserRole, owner: UserId | None) -> UserId | None:
        """Give the owner, if they have it, else somebody in a team of theirs, else anybody."""
        able = self._by_role[role]
        if owner in able:
            return owner
        near = self._teams.get(owner, set()) if owner is not None else set()
        beside = [one for one in able if self._teams.get(one, set()) & near]
        return next(iter([*beside, *able]), None)

    def is_here(self, user_id: UserId | None) -> bool:
        """Tell whether somebody works here."""
        return user_id in self._active

    def planned(self, step: Step, started_on: date, doer: UserId | None) -> date:
        """Give the day of a step, in the working days of who does it."""
        applied = self._book.of_everybody() if doer is None else self._book.of_person(doer)
        return working_days_after(applied.known.calendar, started_on, step.after_days)

    def long_ago(self, today: date, working_days: int) -> date:
        """Give the day so many working days of everybody's before today."""
        calendar = self._book.of_everybody().known.calendar
        return working_days_before(calendar, today, working_days)
