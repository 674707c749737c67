"""The board: the same tickets in columns; what is moved is done by the command of the list."""

from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QFontMetrics
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.tickets.commands import assign_tickets, open_ticket, set_state
from deskcrm.domain.tickets.lines import escalate, work_on
from deskcrm.domain.tickets.model import Priority, TicketId
from deskcrm.domain.tickets.queries import TicketRow, get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.domain.users.model import UserId
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import keys, theme
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.breaking import broken
from deskcrm.ui.kit.cards import CARD, CardList
from deskcrm.ui.kit.desk import Desk, Told, undo
from deskcrm.ui.kit.window_model import PAGE
from deskcrm.ui.tickets.lanes import BY_LINE, BY_PERSON, BY_STATE
from deskcrm.ui.tickets.peek import PeekCard
from deskcrm.ui.tickets.screen import TicketsScreen
from deskcrm.ui.tickets.shelves import CLOSED, OPEN
from tests.ui.settle import settle
from tests.ui.walk import tab_order, unnamed, unreachable


@pytest.fixture
def acme(desk: Desk) -> ClientId:
    desk.store.do(create_first_user, name="Ann")
    return desk.store.do(create_company, name="Acme").value


@pytest.fixture
def heard(desk: Desk) -> list[Told]:
    told: list[Told] = []
    desk.told.connect(told.append)
    return told


def add(desk: Desk, client: ClientId, subject: str, **more: Any) -> TicketId:
    given = {"text": "Help!", "channel": Channel.EMAIL, **more}
    return desk.store.do(open_ticket, client, subject=subject, **given).value


def show(desk: Desk, qtbot: QtBot, by: str = BY_STATE, shelf: int = OPEN) -> TicketsScreen:
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    if not made.is_board:
        run_action("tickets.board", made)
    made.board.grouping.choose(by)
    made.shelf.setCurrentIndex(shelf)
    settle(desk)
    return made


def lanes(screen: TicketsScreen) -> dict[str, list[str]]:
    settle(screen.desk)
    return {
        one.lane.title: [
            row.subject for n in range(one.cards.rows.total) if (row := one.cards.rows.row(n))
        ]
        for one in screen.board.lanes
    }


def stand(screen: TicketsScreen, title: str, number: int = 0) -> CardList[TicketRow]:
    (view,) = [one for one in screen.board.lanes if one.lane.title == title]
    view.cards.stand_at(number)
    settle(screen.desk)
    return view.cards


def row_of(desk: Desk, ticket: TicketId) -> TicketRow:
    row = desk.store.ask(get_ticket, ticket)
    assert row is not None
    return row


def form(screen: TicketsScreen) -> FormCard:
    settle(screen.desk)
    return next(one for one in screen.window().findChildren(FormCard) if one.isVisible())


def test_each_ticket_stands_in_the_column_of_its_state_with_its_number(
    desk: Desk, acme: ClientId, qtbot: QtBot
) -> None:
    for subject, state in (
        ("Asked", TicketState.WAITING_ON_CLIENT),
        ("Done", TicketState.RESOLVED),
    ):
        desk.store.do(set_state, [add(desk, acme, subject)], state=state)
    add(desk, acme, "First")
    screen = show(desk, qtbot)
    assert lanes(screen) == {
        "New": ["First"], "Open": [], "Waiting on client": ["Asked"],
        "Waiting on third party": [], "Resolved": ["Done"],
    }  # fmt: skip
    assert [one.number.text() for one in screen.board.lanes] == ["1", "0", "1", "0", "1"]
    assert screen.board.lanes[0].cards.accessibleName() == "New, 1 ticket"
    screen.shelf.setCurrentIndex(CLOSED)
    assert lanes(screen) == {"Resolved": ["Done"], "Closed": []}
    screen.shelf.setCurrentIndex(OPEN)
    screen.search.setText("first")
    assert lanes(screen)["New"] == ["First"] and lanes(screen)["Resolved"] == []


def test_a_card_says_everything_to_a_screen_reader(
    desk: Desk, acme: ClientId, qtbot: QtBot
) -> None:
    add(desk, acme, "No light", priority=Priority.URGENT, owner_id=UserId(desk.store.actor))
    screen = show(desk, qtbot)
    rows = screen.board.lanes[0].cards.rows
    said = rows.data(rows.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    for word in ("No light", "#1000", "Acme", "Urgent", "Ann"):
        assert word in said
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_the_choice_of_the_board_is_remembered(desk: Desk, acme: ClientId, qtbot: QtBot) -> None:
    add(desk, acme, "First")
    screen = show(desk, qtbot, BY_LINE)
    assert screen.list_pane.isHidden() and screen.record_pane.isHidden()
    again = TicketsScreen(desk)
    qtbot.addWidget(again)
    again.show()
    settle(desk)
    assert again.is_board and again.board.grouping.value() == BY_LINE
    assert [one.lane.title for one in again.board.lanes] == ["Line 1", "Line 2", "Line 3"]
    run_action("tickets.board", again)
    settle(desk)
    assert again.record_pane.isVisible() and again.board.isHidden()


def test_whoever_turns_to_the_board_stands_on_its_first_card(
    desk: Desk, acme: ClientId, qtbot: QtBot
) -> None:
    first = add(desk, acme, "First")
    screen = TicketsScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1180, 760)
    screen.show()
    screen.table.setFocus()
    settle(desk)
    assert run_action("tickets.board", screen)
    settle(desk)
    assert screen.window().focusWidget() is screen.board.lanes[0].cards
    assert screen.row() == row_of(desk, first)


def test_the_keyboard_walks_the_columns_and_moves_a_card(
    desk: Desk, acme: ClientId, qtbot: QtBot, heard: list[Told]
) -> None:
    first, second = add(desk, acme, "First"), add(desk, acme, "Second")
    desk.store.do(set_state, [second], state=TicketState.OPEN)
    screen = show(desk, qtbot)
    cards = stand(screen, "New")
    assert screen.row() == row_of(desk, first)
    QTest.keyClick(cards, Qt.Key.Key_Right)
    settle(desk)
    assert screen.row() == row_of(desk, second)
    assert screen.targets() == [second]
    focused = screen.window().focusWidget()
    assert focused is screen.board.lanes[1].cards
    QTest.keyClick(focused, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    settle(desk)
    settle(desk)
    assert row_of(desk, second).state is TicketState.WAITING_ON_CLIENT
    assert lanes(screen)["Waiting on client"] == ["Second"]
    assert screen.window().focusWidget() is screen.board.lanes[2].cards
    assert screen.row() == row_of(desk, second), "one stands at what was moved"
    undo(desk, heard[-1].undo_step)
    assert lanes(screen)["Open"] == ["Second"]


def test_tab_comes_to_every_column(desk: Desk, acme: ClientId, qtbot: QtBot) -> None:
    add(desk, acme, "First")
    screen = show(desk, qtbot)
    reached = [one for one in tab_order(screen) if isinstance(one, CardList)]
    assert reached == [one.cards for one in screen.board.lanes]
    assert screen.panes() == reached


def test_a_card_that_is_dropped_becomes_what_stands_there(
    desk: Desk, acme: ClientId, qtbot: QtBot
) -> None:
    ticket = add(desk, acme, "First")
    screen = show(desk, qtbot)
    source, target = stand(screen, "New"), screen.board.lanes[4].cards
    drop(source, target)
    settle(desk)
    assert row_of(desk, ticket).state is TicketState.RESOLVED
    assert lanes(screen)["Resolved"] == ["First"]


def drop(source: CardList[Any], target: CardList[Any]) -> None:
    """Drop the current card of one list onto another; Qt's own drag waits for a mouse."""
    data = QMimeData()
    data.setData(CARD, b"card")

    class Dropped(QDropEvent):
        def source(self) -> Any:
            return source

    event = Dropped(
        QPointF(20, 20), Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    target.dropEvent(event)
    assert event.isAccepted()


def test_a_move_that_makes_no_sense_is_refused_in_words_and_nothing_moves(
    desk: Desk, acme: ClientId, qtbot: QtBot, heard: list[Told]
) -> None:
    ticket = add(desk, acme, "Done")
    desk.store.do(set_state, [ticket], state=TicketState.RESOLVED)
    screen = show(desk, qtbot)
    stand(screen, "Resolved")
    run_action("tickets.move_left", screen)
    settle(desk)
    assert "cannot go from “Resolved” to “Waiting on third party”" in heard[-1].text
    assert lanes(screen)["Resolved"] == ["Done"]
    assert not heard[-1].undo_step


def test_by_person_a_card_changes_hands(
    desk: Desk, acme: ClientId, qtbot: QtBot, heard: list[Told]
) -> None:
    ivan = desk.store.do(add_user, name="Ivan").value
    ticket, up = add(desk, acme, "Free"), add(desk, acme, "Up")
    desk.store.do(escalate, up, reason="Odd", tried="All")
    desk.store.do(work_on, up, worker_id=ivan)
    screen = show(desk, qtbot, BY_PERSON)
    assert lanes(screen) == {"No owner": ["Free"], "Ann (me)": [], "Ivan": ["Up"]}
    stand(screen, "No owner")
    run_action("tickets.move_right", screen)
    settle(desk)
    assert row_of(desk, ticket).owner == "Ann"
    stand(screen, "Ivan")
    run_action("tickets.move_left", screen)
    settle(desk)
    row = row_of(desk, up)
    assert (row.worker, row.owner) == ("Ann", "Ann"), "on its line it is the worker who changes"
    desk.store.do(assign_tickets, [ticket], owner_id=ivan)
    settle(desk)
    screen.board.push(-1)
    settle(desk)
    assert heard[-1].text == "Ann works on this ticket on its line."


def test_by_line_the_words_are_asked_for_first(
    desk: Desk, acme: ClientId, qtbot: QtBot, heard: list[Told]
) -> None:
    ticket = add(desk, acme, "First")
    screen = show(desk, qtbot, BY_LINE)
    stand(screen, "Line 1")
    run_action("tickets.move_right", screen)
    asked = form(screen)
    asked.form.fields["reason"].set_value("Odd")
    asked.form.fields["tried"].set_value("All")
    asked.form.save()
    settle(desk)
    assert lanes(screen) == {"Line 1": [], "Line 2": ["First"], "Line 3": []}
    stand(screen, "Line 2")
    run_action("tickets.move_left", screen)
    asked = form(screen)
    asked.form.fields["answer"].set_value("The cable")
    asked.form.save()
    settle(desk)
    assert lanes(screen)["Line 1"] == ["First"]
    drop(stand(screen, "Line 1"), screen.board.lanes[2].cards)
    settle(desk)
    assert heard[-1].text == "A ticket moves one line at a time."
    desk.store.do(set_state, [ticket], state=TicketState.RESOLVED)
    screen.shelf.setCurrentIndex(CLOSED)
    settle(desk)
    stand(screen, "Line 1")
    screen.board.push(1)
    assert heard[-1].text == "Ticket 1000 is settled."


def test_what_is_done_is_done_with_the_card_and_writing_opens_it(
    desk: Desk, acme: ClientId, qtbot: QtBot
) -> None:
    add(desk, acme, "First")
    add(desk, acme, "Second")
    screen = show(desk, qtbot)
    stand(screen, "New", 1)
    row = screen.row()
    assert row is not None
    run_action("tickets.take", screen)
    settle(desk)
    assert row_of(desk, row.id).owner == "Ann"
    run_action("tickets.reply", screen)
    settle(desk)
    assert not screen.is_board and screen.record.row is not None
    assert screen.record.row.id == row.id == screen.table.current().id  # type: ignore[union-attr]  # one is current
    assert screen.record.composer.text.hasFocus()


def test_a_column_reads_only_what_is_looked_at(desk: Desk, acme: ClientId, qtbot: QtBot) -> None:
    for number in range(PAGE + 5):
        add(desk, acme, f"Ticket {number:03}", text="")
    screen = show(desk, qtbot)
    view = screen.board.lanes[0]
    assert view.number.text() == str(PAGE + 5)
    assert view.cards.rows.loaded_row(PAGE) is None
    view.cards.go_to(PAGE + 4)
    view.cards.viewport().grab()
    settle(desk)
    assert view.cards.rows.loaded_row(PAGE) is not None


@pytest.mark.parametrize("is_board", [False, True])
def test_space_looks_into_a_ticket_and_closes_it_again(
    desk: Desk, acme: ClientId, qtbot: QtBot, is_board: bool
) -> None:
    went: list[Any] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    ticket = add(desk, acme, "No light", owner_id=UserId(desk.store.actor))
    screen = show(desk, qtbot)
    if not is_board:
        screen.switch_view()
    settle(desk)
    cards = stand(screen, "New") if is_board else screen.table
    cards.setFocus()
    QTest.keyClick(cards, Qt.Key.Key_Space)
    settle(desk)
    (card,) = screen.window().findChildren(PeekCard)
    assert unnamed(card) == [] and unreachable(card) == []
    assert card.subject.text() == "No light"
    assert card.whose.text() == "#1000 · Acme · Line 1 · Ann"
    assert [one.message.text for one in card.talk.bubbles()] == ["Help!"]
    desk.store.do(set_state, [ticket], state=TicketState.OPEN)
    settle(desk)
    assert card.row.state is TicketState.OPEN
    QTest.keyClick(card, Qt.Key.Key_Space)
    settle(desk)
    assert not [one for one in screen.window().findChildren(PeekCard) if one.isVisible()]
    screen.peek(row_of(desk, ticket))
    settle(desk)
    (card,) = [one for one in screen.window().findChildren(PeekCard) if one.isVisible()]
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert went == [("tickets", {"ticket": ticket})]


def inked(cards: CardList[Any]) -> int:
    """Count the pixels of a column that are not its ground."""
    picture = cards.viewport().grab().toImage()
    ground = picture.pixel(1, 1)
    spots = ((x, y) for x in range(picture.width()) for y in range(min(60, picture.height())))
    return sum(picture.pixel(x, y) != ground for x, y in spots)


def test_a_column_without_a_card_says_so(desk: Desk, acme: ClientId, qtbot: QtBot) -> None:
    add(desk, acme, "Down")
    screen = show(desk, qtbot, BY_LINE)
    empty = screen.board.lanes[1].cards
    assert inked(empty) > 50
    empty.empty = ""
    assert inked(empty) == 0


def test_a_title_is_broken_where_each_line_but_the_last_is_painted_whole(qtbot: QtBot) -> None:
    metrics = QFontMetrics(theme.bold())
    title = "Терминалы не видят задание на приёмку и на отгрузку со второго склада"
    for width in range(120, 400):
        *whole, _last = broken(title, metrics, width, 2)
        for line in whole:
            assert metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) == line, width
    assert " ".join(broken(title, metrics, 200, 2)) == title
    assert len(broken(title, metrics, 200, 3)) == 3
    assert broken("", metrics, 200, 2) == []
    assert keys.normal("Shift+Left") == "Shift+Left"
