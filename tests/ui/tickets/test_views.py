"""Views of tickets: a filter with its order and columns under a name, in list and board."""

import pytest
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.tickets.commands import open_ticket, set_state
from deskcrm.domain.tickets.lines import escalate
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import ME, Comparison, Condition, Filter
from deskcrm.domain.views.queries import ViewRow, list_views
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.tickets.screen import TicketsScreen
from deskcrm.ui.tickets.shelves import ALL, OPEN
from deskcrm.ui.views.filtering import FilterCard
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


def add(desk: Desk, subject: str) -> TicketId:
    client = desk.store.do(create_company, name="Acme").value
    return desk.store.do(
        open_ticket, client, subject=subject, text="Help!", channel=Channel.EMAIL
    ).value


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> TicketsScreen:
    """Give the list of open tickets: one on the first line, two on the second, one of it done."""
    desk.store.do(create_first_user, name="Ann")
    add(desk, "First")
    up, done = add(desk, "Up"), add(desk, "Done")
    for one in (up, done):
        desk.store.do(escalate, one, reason="Odd", tried="All", worker_id=UserId(desk.store.actor))
    desk.store.do(set_state, [done], state=TicketState.RESOLVED)
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1400, 760)
    made.show()
    made.shelf.setCurrentIndex(OPEN)
    settle(desk)
    return made


def shown(screen: TicketsScreen) -> list[str]:
    settle(screen.desk)
    rows = screen.table.rows
    return [row.subject for n in range(rows.total) if (row := rows.row(n))]


def ask(screen: TicketsScreen, *conditions: Condition) -> None:
    run_action("tickets.filter", screen)
    settle(screen.desk)
    card = screen.window().findChild(FilterCard)
    assert isinstance(card, FilterCard)
    assert unnamed(card) == [] and unreachable(card) == []
    card._apply(Filter(conditions))
    card.close_card()


def views(desk: Desk) -> list[ViewRow]:
    return desk.store.ask(list_views, place="tickets")


def test_tickets_are_filtered_by_line_and_by_who_works_on_them(
    screen: TicketsScreen, desk: Desk
) -> None:
    assert shown(screen) == ["Up", "First"]
    ask(screen, Condition("line", Comparison.IS, "2"))
    assert shown(screen) == ["Up"]
    assert screen.bar.said.accessibleName() == "Line is Second"
    screen.shelf.setCurrentIndex(ALL)
    assert set(shown(screen)) == {"Up", "Done"}
    ask(screen, Condition("hands", Comparison.IS, ME), Condition("is_open", Comparison.IS, True))
    assert shown(screen) == ["Up"]
    ask(screen, Condition("hands", Comparison.IS_EMPTY))
    assert shown(screen) == ["First"]
    screen.bar.clear()
    assert len(shown(screen)) == 3


@pytest.mark.parametrize(
    ("comparison", "found"),
    [
        (Comparison.IS, {"Up", "Done"}),
        (Comparison.IS_NOT, {"First"}),
        (Comparison.IS_EMPTY, {"First"}),
        (Comparison.IS_NOT_EMPTY, {"Up", "Done"}),
    ],
)
def test_in_the_hands_of_is_the_worker_else_the_owner(
    screen: TicketsScreen, comparison: Comparison, found: set[str]
) -> None:
    is_empty = comparison in (Comparison.IS_EMPTY, Comparison.IS_NOT_EMPTY)
    screen.shelf.setCurrentIndex(ALL)
    ask(screen, Condition("hands", comparison, None if is_empty else ME))
    assert set(shown(screen)) == found


def test_line_and_worker_are_columns_that_can_be_chosen(screen: TicketsScreen) -> None:
    arrangement = screen.bar.arrangement
    assert arrangement is not None
    assert "line" not in arrangement.columns
    for key in ("line", "worker"):
        arrangement.toggle(key)
    assert {"line", "worker"} <= set(arrangement.columns)
    row = screen.table.rows.row(0)
    assert row is not None
    said = {one.key: one.said(row) for one in screen.table.rows.columns}
    assert (said["line"], said["worker"]) == ("Line 2", "Ann")


def test_a_view_keeps_filter_order_and_columns_and_shows_them_on_the_board_too(
    screen: TicketsScreen, desk: Desk
) -> None:
    assert screen.bar.arrangement is not None
    screen.bar.arrangement.toggle("line")
    ask(screen, Condition("line", Comparison.IS, "2"))
    screen.table.order_by("subject", descending=False)
    settle(desk)
    card: FormCard = screen.bar.open_save()
    card.form.fields["name"].set_value("Second line")
    card.form.save()
    settle(desk)
    (view,) = views(desk)
    assert view.sort == "subject" and "line" in view.columns
    screen.bar.clear()
    screen.bar.show_view(view)
    settle(desk)
    assert screen.shelf.currentIndex() == ALL
    assert shown(screen) == ["Up"], "the view was kept of the shelf of open ones"
    screen.switch_view()
    settle(desk)
    numbers = {one.lane.title: one.cards.rows.total for one in screen.board.lanes}
    # The column of what is resolved shows what became of the like of these.
    assert {title for title, number in numbers.items() if number} == {"New", "Resolved"}
    assert sum(numbers.values()) == 2


def test_going_to_a_ticket_lets_the_filter_go_that_hides_it(
    screen: TicketsScreen, desk: Desk
) -> None:
    (first,) = [row.id for n in range(2) if (row := screen.table.rows.row(n))
                and row.subject == "First"]  # fmt: skip
    ask(screen, Condition("line", Comparison.IS, "2"))
    assert shown(screen) == ["Up"]
    screen.arrive(ticket=first)
    settle(desk)
    settle(desk)
    row = screen.row()
    assert row is not None and row.id == first
