"""Editing one field of several rows: an action that each list declares where it belongs."""

from collections.abc import Callable, Sequence
from typing import Any

from deskcrm.domain.edits.rehearsing import Place
from deskcrm.ui.edits.card import open_edit
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.list_detail import for_targets, some_selected


def declare_edit(place: Place, list_ids: Callable[..., Sequence[Any]]) -> Callable[[Any], None]:
    """Declare the action for a list, and give what it does."""

    @action(
        f"{place}.edit_several", "Edit a field…", key="Shift+U", needs=some_selected, icon="edit",
        synonyms="bulk mass several change массово несколько изменить",
    )  # fmt: skip
    def edit(screen: Any) -> None:
        """Edit one field of the picked rows, after a preview of each."""
        for_targets(screen, list_ids, lambda ids: open_edit(screen.desk, screen, place, ids))

    return edit
