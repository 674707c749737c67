"""Keeps filters under names, for one person or for all."""

from collections.abc import Sequence
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.naming import check_name_free, next_position
from deskcrm.domain.views.filters import Filter, filter_to_json
from deskcrm.domain.views.model import SavedView, ViewId
from deskcrm.store.commands import command
from deskcrm.store.tables import WORKSPACE
from deskcrm.store.work import Work

MOST_CONDITIONS: Final = 30


@command("views.save", "Save view")
def save_view(
    work: Work,
    *,
    place: str,
    name: str,
    asked: Filter,
    sort: str = "",
    columns: Sequence[str] = (),
    is_shared: bool = False,
    is_pinned: bool = False,
) -> ViewId:
    """Keep a filter with its order and columns, for oneself or for all."""
    view = SavedView(
        place=place,
        name=name,
        filter=filter_to_json(_bounded(asked)),
        sort=sort,
        columns=list(columns),
        is_pinned=is_pinned,
        position=next_position(work, SavedView),
    )
    view.scope = WORKSPACE if is_shared else work.actor
    view.rename(name)
    _check_free(work, view)
    return ViewId(work.add(view).id)


@command("views.update", "Update view")
def update_view(
    work: Work,
    view_id: ViewId,
    *,
    asked: Filter | None = None,
    sort: str | None = None,
    columns: Sequence[str] | None = None,
) -> None:
    """Keep another filter, order or columns under the same name."""
    view = work.get(SavedView, view_id)
    if asked is not None:
        view.filter = filter_to_json(_bounded(asked))
    if sort is not None:
        view.sort = sort
    if columns is not None:
        view.columns = list(columns)


@command("views.rename", "Rename view")
def rename_view(work: Work, view_id: ViewId, *, name: str) -> None:
    """Give a view another name."""
    view = work.get(SavedView, view_id)
    view.rename(name)
    _check_free(work, view)


@command("views.pin", "Pin view")
def pin_view(work: Work, view_id: ViewId, *, is_pinned: bool) -> None:
    """Put a view in the side bar, or take it from there."""
    work.get(SavedView, view_id).is_pinned = is_pinned


@command("views.share", "Share view")
def share_view(work: Work, view_id: ViewId, *, is_shared: bool) -> None:
    """Give a view to all, or keep it for oneself."""
    view = work.get(SavedView, view_id)
    view.scope = WORKSPACE if is_shared else work.actor
    _check_free(work, view)


@command("views.order", "Reorder views")
def order_views(work: Work, view_ids: Sequence[ViewId]) -> None:
    """Put views in the order given."""
    for position, view_id in enumerate(view_ids, start=1):
        work.get(SavedView, view_id).position = position


@command("views.delete", "Delete view")
def delete_view(work: Work, view_id: ViewId) -> None:
    """Forget a view; the clients in it stay where they are."""
    work.delete(work.get(SavedView, view_id))


def _bounded(asked: Filter) -> Filter:
    if len(asked.conditions) > MOST_CONDITIONS:
        raise UserError(
            tr("A view has at most {n} conditions.", n=MOST_CONDITIONS),
            tr("Remove some of them and save again."),
        )
    return asked


def _check_free(work: Work, view: SavedView) -> None:
    """Refuse a second view of one name where both would stand in one list."""
    check_name_free(
        work,
        view,
        tr("There is a view “{name}” already.", name=view.name),
        SavedView.place == view.place,
        SavedView.scope == view.scope,
        advice=tr("Choose another name, or update the one that is there."),
    )
