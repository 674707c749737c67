"""The today screen: whom to contact and why, and one key that does it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company, set_tier
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.promises.commands import make_promise
from deskcrm.domain.summary.queries import get_summary
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tasks.model import TaskKind
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.today.queries import TodayKind
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.today.screen import TodayScreen
from deskcrm.ui.today.why import WhyCard
from deskcrm.ui.today.words import Heading, greeting
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> TodayScreen:
    desk.store.do(create_first_user, name="Ann Lee")
    made = TodayScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


@pytest.fixture
def acme(screen: TodayScreen, desk: Desk) -> ClientId:
    return desk.store.do(create_company, name="Acme").value


def add_task(desk: Desk, title: str, in_days: int = 0, **details: Any) -> None:
    desk.store.do(create_task, title=title, due=dates.today() + timedelta(days=in_days), **details)
    settle(desk)


def owe(desk: Desk, client: ClientId, text: str, in_days: int = 0) -> None:
    due = dates.today() + timedelta(days=in_days)
    desk.store.do(make_promise, client, text=text, due_on=due)
    settle(desk)


def shown(screen: TodayScreen) -> list[str]:
    lines = screen.list.rows.lines
    return [line.kind if isinstance(line, Heading) else line.title for line in lines]


def card_of(screen: TodayScreen) -> FormCard:
    cards = screen.window().findChildren(FormCard)
    return next(card for card in cards if card.isVisible())


def press(screen: TodayScreen, key: Qt.Key, text: str) -> None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    QApplication.sendEvent(screen.list, event)


def test_nothing_to_do_is_said_calmly(screen: TodayScreen) -> None:
    assert not screen.pane.is_showing_content
    assert screen.side.isHidden()
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_the_most_pressing_comes_first_under_its_heading(
    screen: TodayScreen, desk: Desk, acme: ClientId
) -> None:
    add_task(desk, "Today")
    add_task(desk, "Late", -2)
    add_task(desk, "Later", 3)
    owe(desk, acme, "Send the offer", -1)
    assert shown(screen) == [
        TodayKind.PROMISE_OVERDUE, "Send the offer",
        TodayKind.TASK_OVERDUE, "Late",
        TodayKind.TASK_DUE, "Today",
    ]  # fmt: skip


def test_j_and_k_walk_the_lines_and_skip_the_headings_in_both_layouts(
    screen: TodayScreen, desk: Desk, acme: ClientId
) -> None:
    add_task(desk, "Today")
    add_task(desk, "Late", -2)
    titles = []
    screen.list.setFocus()
    screen.list.go_to(0)
    for key, text in ((Qt.Key.Key_J, "j"), (Qt.Key(ord("Л")), "л"), (Qt.Key(ord("О")), "о")):
        row = screen.row()
        titles.append(row.title if row else "")
        press(screen, key, text)
    row = screen.row()
    assert [*titles, row.title if row else ""] == ["Late", "Today", "Late", "Today"]


def test_done_takes_the_task_away_and_undo_brings_it_back(screen: TodayScreen, desk: Desk) -> None:
    add_task(desk, "Call back")
    screen.list.setFocus()
    press(screen, Qt.Key.Key_D, "d")
    settle(desk)
    assert shown(screen) == []
    undo(desk)
    settle(desk)
    assert shown(screen) == [TodayKind.TASK_DUE, "Call back"]


def test_the_line_after_the_one_that_went_is_current(screen: TodayScreen, desk: Desk) -> None:
    for title in ("A", "B", "C"):
        add_task(desk, title)
    screen.list.go_to(2)
    before = screen.row()
    run_action("today.done", screen)
    settle(desk)
    after = screen.row()
    assert before is not None and after is not None
    assert shown(screen).index(after.title) == 2
    assert before.title not in shown(screen)


def test_a_promise_is_kept_broken_or_moved(screen: TodayScreen, desk: Desk, acme: ClientId) -> None:
    for text in ("One", "Two", "Three"):
        owe(desk, acme, text)
    screen.list.go_to(1)
    assert run_action("today.done", screen)
    settle(desk)
    assert run_action("today.broken", screen)
    settle(desk)
    assert run_action("today.move", screen)
    settle(desk)
    card_of(screen).form.save()
    settle(desk)
    assert shown(screen) == []
    undo(desk)
    settle(desk)
    assert shown(screen) == [TodayKind.PROMISE_DUE, "Three"]


def test_a_task_is_snoozed_with_a_reason(screen: TodayScreen, desk: Desk) -> None:
    add_task(desk, "Call back")
    run_action("today.snooze", screen)
    settle(desk)
    card = card_of(screen)
    card.form.fields["reason"].set_value("On leave")
    card.form.save()
    settle(desk)
    assert shown(screen) == []


def test_moving_without_a_day_is_refused_under_its_field(screen: TodayScreen, desk: Desk) -> None:
    add_task(desk, "Call back")
    run_action("today.move", screen)
    settle(desk)
    card = card_of(screen)
    card.form.fields["due"].set_value(None)
    card.form.save()
    settle(desk)
    assert card.form.fields["due"].stop().property("wrong")
    card.close_card()


def test_a_call_is_logged_from_the_line_and_does_the_task(
    screen: TodayScreen, desk: Desk, acme: ClientId
) -> None:
    add_task(desk, "Call about the offer", client_id=acme, kind=TaskKind.CALL)
    run_action("today.log", screen)
    settle(desk)
    card = card_of(screen)
    card.form.fields["said"].set_value("She agrees.")
    card.form.save()
    settle(desk)
    assert shown(screen) == []
    summary = desk.store.ask(get_summary, acme)
    assert summary is not None and summary.last_contact_channel is Channel.CALL
    undo(desk)
    settle(desk)
    assert shown(screen) == [TodayKind.TASK_DUE, "Call about the offer"]


def test_half_a_log_is_there_again(screen: TodayScreen, desk: Desk, acme: ClientId) -> None:
    add_task(desk, "Call", client_id=acme)
    run_action("today.log", screen)
    settle(desk)
    card_of(screen).form.fields["said"].set_draft("She agr")
    card_of(screen).form.leave()
    settle(desk)
    run_action("today.log", screen)
    settle(desk)
    assert card_of(screen).form.typed()["said"] == "She agr"
    card_of(screen).close_card()


def test_a_ticket_without_an_owner_is_taken_by_its_button(
    screen: TodayScreen, desk: Desk, acme: ClientId
) -> None:
    desk.store.do(open_ticket, acme, subject="Printer", text="Help", channel=Channel.EMAIL)
    settle(desk)
    assert shown(screen) == [TodayKind.TICKET_UNOWNED, "Printer"]
    line = screen.list.rows.index(1, 0)
    item = screen.row()
    assert item is not None
    where = screen.list.painter_.button_of(screen.list.visualRect(line), item).center()
    spot = QPoint(round(where.x()), round(where.y()))
    QTest.mouseClick(screen.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    settle(desk)
    assert shown(screen) == [TodayKind.TICKET_UNANSWERED, "Printer"]


def test_enter_goes_where_the_work_is(screen: TodayScreen, desk: Desk, acme: ClientId) -> None:
    went: list[tuple[str, dict[str, Any]]] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    desk.store.do(open_ticket, acme, subject="Printer", text="Help")
    add_task(desk, "For nobody", -1)
    owe(desk, acme, "Send it")
    for number in range(len(screen.list.rows.lines)):
        if screen.list.rows.item(number) is not None:
            screen.list.go_to(number)
            press(screen, Qt.Key.Key_Return, "\r")
    assert [place for place, _ in went] == ["tasks", "clients", "tickets"]


def test_the_client_of_the_line_stands_beside_it(
    screen: TodayScreen, desk: Desk, acme: ClientId
) -> None:
    owe(desk, acme, "Send it")
    assert screen.side.client == acme
    assert screen.side.isVisible()
    screen.resize(700, 760)
    QApplication.processEvents()
    assert not screen.side.isVisible()


def test_a_name_with_markup_is_shown_as_it_is(screen: TodayScreen, desk: Desk) -> None:
    client = desk.store.do(create_company, name="<b>Bold</b> & Co").value
    owe(desk, client, "<i>Send</i>")
    assert not screen.grab().isNull()
    assert "<b>Bold</b>" in str(screen.list.rows.index(1, 0).data())


@pytest.mark.parametrize(
    ("hour", "words"), [(6, "Good morning"), (13, "Good afternoon"), (22, "Good evening")]
)
def test_the_greeting_follows_the_hour(hour: int, words: str) -> None:
    assert greeting("Ann Lee", datetime(2026, 1, 1, hour, tzinfo=UTC)) == f"{words}, Ann"


def test_every_control_has_a_name_and_tab_reaches_it(
    screen: TodayScreen, desk: Desk, acme: ClientId
) -> None:
    owe(desk, acme, "Send it")
    add_task(desk, "Call", client_id=acme)
    assert unnamed(screen) == []
    assert unreachable(screen) == []


def test_the_line_of_a_vip_says_why_it_stands_above(
    screen: TodayScreen, desk: Desk, acme: ClientId
) -> None:
    gold = desk.store.do(create_company, name="Gold Ltd").value
    desk.store.do(set_tier, [gold], tier=Tier.GOLD)
    owe(desk, acme, "First", -2)
    owe(desk, gold, "Second", -1)
    assert shown(screen) == [TodayKind.PROMISE_OVERDUE, "Second", "First"]
    line = screen.list.rows.index(1, 0)
    assert str(line.data()).endswith("Promise is 1 day overdue · Gold × 3")
    hint = line.data(Qt.ItemDataRole.ToolTipRole)
    assert hint.endswith("1 day × 3 (Gold) = 3 points")
    assert not screen.grab().isNull()


def test_a_line_opens_the_arithmetic_of_its_place(
    screen: TodayScreen, desk: Desk, acme: ClientId
) -> None:
    owe(desk, acme, "First", -2)
    owe(desk, acme, "Second", -1)
    screen.list.setFocus()
    press(screen, Qt.Key.Key_W, "w")
    (card,) = (one for one in screen.window().findChildren(WhyCard) if one.isVisible())
    said = [label.accessibleName() or label.text() for label in card.findChildren(QLabel)]
    assert "2 days × 1 (Standard) = 2 points" in said
    assert "1 day × 1 (Standard) = 1 point" in said
    assert any("Diamond × 4" in words for words in said)
    assert unnamed(card) == []
    card.close_card()
    assert screen.list.hasFocus()
