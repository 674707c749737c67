"""What a person can do with how tickets are shown: order, board, filter, views, columns."""

from typing import TYPE_CHECKING, Any

from deskcrm.ui.kit.actions import action
from deskcrm.ui.tags.card import TagsCard

if TYPE_CHECKING:
    from deskcrm.ui.tickets.screen import TicketsScreen


@action("tickets.order", "Change the order", key="O", icon="sort", synonyms="sort порядок")
def change_order(screen: "TicketsScreen") -> None:
    """Put the list in the next order: importance, deadline, arrival, the usual one."""
    screen.cycle_order()


@action(
    "tickets.board", "Board or list", key="B", icon="board",
    synonyms="kanban columns cards доска канбан карточки список",
)  # fmt: skip
def switch_view(screen: "TicketsScreen") -> None:
    """Show the tickets as cards in columns, or as a list again."""
    screen.switch_view()


def _card_selected(screen: Any) -> bool:
    return screen.is_board and screen.row() is not None


@action(
    "tickets.move_left", "Put into the column before", key="Shift+Left", needs=_card_selected,
    icon="chevron-left", synonyms="board move card доска переместить",
)  # fmt: skip
def move_left(screen: "TicketsScreen") -> None:
    """Put the current card into the column on its left."""
    screen.board.push(-1)


@action(
    "tickets.move_right", "Put into the next column", key="Shift+Right", needs=_card_selected,
    icon="chevron-right", synonyms="board move card доска переместить",
)  # fmt: skip
def move_right(screen: "TicketsScreen") -> None:
    """Put the current card into the column on its right."""
    screen.board.push(1)


def _is_list(screen: Any) -> bool:
    return not screen.is_board


@action("tickets.filter", "Filter…", key="F", icon="filter", synonyms="отбор фильтр")
def open_filter(screen: "TicketsScreen") -> None:
    """Put a filter together."""
    screen.bar.open_filter()


@action("tickets.all_tags", "All tags…", icon="tag", synonyms="labels rename merge метки теги")
def open_all_tags(screen: "TicketsScreen") -> None:
    """Rename tags, put them together, delete them."""
    TagsCard(screen.desk, screen)


@action("tickets.views", "Views", key="Shift+F", icon="star", synonyms="виды")
def open_views(screen: "TicketsScreen") -> None:
    """Offer the filters that were kept under names."""
    screen.bar.open_views()


@action(
    "tickets.columns", "Columns", needs=_is_list, icon="settings",
    synonyms="line worker колонки столбцы fields",
)  # fmt: skip
def choose_columns(screen: "TicketsScreen") -> None:
    """Choose what the list shows of each ticket."""
    screen.bar.open_columns()
