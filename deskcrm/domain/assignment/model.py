"""The tables of skills, of the rules that choose a person, and of every change of hands."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.names import one_line
from deskcrm.domain.teams.model import TeamId
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers, signs

SkillId = NewType("SkillId", UUID)
AssignmentRuleId = NewType("AssignmentRuleId", UUID)


class Way(StrEnum):
    """How a rule chooses among the people it may choose from."""

    ROUND_ROBIN = "round_robin"
    LEAST_BUSY = "least_busy"
    BEST_SUITED = "best_suited"
    LAST_SERVED = "last_served"


class Skill(Record, kw_only=True):
    """Something that people are good at, and which tickets need it.

    A condition that is empty asks nothing; of several values of one condition any will do, and all
    conditions must hold.
    """

    __tablename__ = "skill"
    __title__ = "name"

    name: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(default_factory=list)
    lines: Mapped[list[str]] = mapped_column(default_factory=list)
    tags: Mapped[list[str]] = mapped_column(default_factory=list)

    def rename(self, name: str) -> None:
        """Give the skill another name."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A skill needs a name."), tr("Type the name and save again."))
        self.name = name

    def check(self) -> None:
        """Refuse a skill that nothing asks for."""
        if not (self.kinds or self.lines or self.tags):
            raise UserError(
                tr("No ticket needs this skill."),
                tr("Choose at least one kind, line or tag that asks for it."),
            )


class UserSkill(Record, kw_only=True):
    """That a person has a skill; a record of its own so that they merge one by one."""

    __tablename__ = "user_skill"
    __subject__ = "skill_id"

    skill_id: Mapped[SkillId] = mapped_column(info=refers("skill", Merge.FINAL), index=True)
    user_id: Mapped[UserId] = mapped_column(info=refers("user", Merge.FINAL), index=True)

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of this skill of this person, whoever says so."""
        return meant_id("user_skill", values["skill_id"], values["user_id"])


class AssignmentRule(Record, kw_only=True):
    """Which tickets go to whom; the first rule that matches a ticket chooses.

    Its conditions are read as those of a service level policy. Without a team it chooses among
    all agents.
    """

    __tablename__ = "assignment_rule"
    __title__ = "name"

    name: Mapped[str]
    way: Mapped[Way]
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    team_id: Mapped[TeamId | None] = mapped_column(default=None, info=refers("team"))
    kinds: Mapped[list[str]] = mapped_column(default_factory=list)
    priorities: Mapped[list[str]] = mapped_column(default_factory=list)
    tiers: Mapped[list[str]] = mapped_column(default_factory=list)
    lines: Mapped[list[str]] = mapped_column(default_factory=list)
    channels: Mapped[list[str]] = mapped_column(default_factory=list)
    tags: Mapped[list[str]] = mapped_column(default_factory=list)

    def rename(self, name: str) -> None:
        """Give the rule another name."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A rule needs a name."), tr("Type the name and save again."))
        self.name = name


class TicketAssignment(Record, kw_only=True):
    """One change of hands of a ticket; never changed.

    ``rule_id`` is None when a person decided; ``facts`` hold what the rule went by (see
    ``deciding``), so that each reads the reason in their own language.
    """

    __tablename__ = "ticket_assignment"
    __subject__ = "client_id"

    ticket_id: Mapped[TicketId] = mapped_column(info=refers("ticket", Merge.FINAL), index=True)
    client_id: Mapped[ClientId] = mapped_column(info=refers("client"))
    user_id: Mapped[UserId | None] = mapped_column(default=None, info=refers("user", Merge.FINAL))
    rule_id: Mapped[AssignmentRuleId | None] = mapped_column(
        default=None, info=refers("assignment_rule", Merge.FINAL), index=True
    )
    way: Mapped[Way | None] = mapped_column(default=None, info=merges(Merge.FINAL))
    facts: Mapped[dict[str, Any]] = mapped_column(default_factory=dict, info=merges(Merge.FINAL))
    assigned_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    assigned_by: Mapped[UserId] = mapped_column(info=signs())
