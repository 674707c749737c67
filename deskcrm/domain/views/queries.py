"""Answers about saved views."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from deskcrm.domain.views.filters import Filter, filter_from_json
from deskcrm.domain.views.model import SavedView, ViewId
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A saved view, as a side bar and its screen need it."""

    id: ViewId
    place: str
    name: str
    kept_filter: Mapping[str, Any]
    sort: str
    columns: tuple[str, ...]
    is_pinned: bool
    is_shared: bool

    def read_filter(self) -> Filter:
        """Give the filter; a view of a newer version raises UserError."""
        return filter_from_json(self.kept_filter)


def list_views(db: Reader, *, place: str | None = None) -> list[ViewRow]:
    """List one's own and the shared views, pinned first, in their order."""
    statement = (
        select(
            SavedView.id,
            SavedView.place,
            SavedView.name,
            SavedView.filter,
            SavedView.sort,
            SavedView.columns,
            SavedView.is_pinned,
            SavedView.scope,
        )
        .where(
            ~SavedView.is_deleted, or_(SavedView.scope == WORKSPACE, SavedView.scope == db.actor)
        )
        .order_by(SavedView.is_pinned.desc(), SavedView.position, SavedView.id)
    )
    if place is not None:
        statement = statement.where(SavedView.place == place)
    return [
        ViewRow(
            ViewId(row[0]),
            row[1],
            row[2],
            row[3],
            row[4],
            tuple(row[5]),
            row[6],
            row[7] == WORKSPACE,
        )
        for row in db.all(statement)
    ]
