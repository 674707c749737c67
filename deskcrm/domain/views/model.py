"""The table of saved views."""

from typing import Any, NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.names import one_line
from deskcrm.store.tables import Record

ViewId = NewType("ViewId", UUID)


class SavedView(Record, kw_only=True):
    """A filter with its order and columns, under a name.

    A personal view has its owner's scope, a shared one the workspace's.
    """

    __tablename__ = "saved_view"
    __title__ = "name"

    place: Mapped[str] = mapped_column(index=True)
    """The screen that it belongs to: "clients", "tasks"."""
    name: Mapped[str]
    filter: Mapped[dict[str, Any]] = mapped_column(default_factory=dict)
    sort: Mapped[str] = mapped_column(default="")
    columns: Mapped[list[str]] = mapped_column(default_factory=list)
    is_pinned: Mapped[bool] = mapped_column(default=False)
    position: Mapped[int] = mapped_column(default=0)

    def rename(self, name: str) -> None:
        """Give the view another name."""
        name = one_line(name)
        if not name:
            raise UserError(tr("A view needs a name."), tr("Type the name and save again."))
        self.name = name
