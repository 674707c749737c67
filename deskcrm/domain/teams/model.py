"""The tables of teams and of who is in them."""

from collections.abc import Mapping
from typing import Any, NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, refers

TeamId = NewType("TeamId", UUID)


class Team(Record, kw_only=True):
    """People who work together."""

    __tablename__ = "team"
    __title__ = "name"

    name: Mapped[str]
    parent_id: Mapped[TeamId | None] = mapped_column(default=None, info=refers("team"), index=True)
    lead_id: Mapped[UserId | None] = mapped_column(default=None, info=refers("user"))

    def rename(self, name: str) -> None:
        """Give the team another name."""
        name = " ".join(name.split())
        if not name:
            raise UserError(tr("A team needs a name."), tr("Type the name and save again."))
        self.name = name


class TeamMember(Record, kw_only=True):
    """That a person is in a team; a record of its own so that memberships merge one by one."""

    __tablename__ = "team_member"
    __subject__ = "team_id"

    team_id: Mapped[TeamId] = mapped_column(info=refers("team", Merge.FINAL), index=True)
    user_id: Mapped[UserId] = mapped_column(info=refers("user", Merge.FINAL), index=True)

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID:
        """Give the one id of this person in this team, whoever puts them there."""
        return meant_id("team_member", values["team_id"], values["user_id"])
