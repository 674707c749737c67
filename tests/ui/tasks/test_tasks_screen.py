"""The tasks screen: what is due is seen, done, put off, and found again."""

from datetime import timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tasks.model import TaskId
from deskcrm.domain.tasks.queries import page_tasks
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.kit.pick import Pick
from deskcrm.ui.lookup.whose import option_of
from deskcrm.ui.tasks.screen import TasksScreen
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> TasksScreen:
    desk.store.do(create_first_user, name="Ann")
    made = TasksScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


def add(desk: Desk, title: str, in_days: int = 0, **details: Any) -> TaskId:
    due = dates.today() + timedelta(days=in_days)
    return desk.store.do(create_task, title=title, due=due, **details).value


def card_of(screen: TasksScreen) -> FormCard:
    cards = screen.window().findChildren(FormCard)
    return next(card for card in cards if card.isVisible())


def shown(screen: TasksScreen) -> list[str]:
    return [row.title for n in range(screen.table.rows.total) if (row := screen.table.rows.row(n))]


def test_what_is_due_is_shown_and_what_comes_later_is_not(screen: TasksScreen, desk: Desk) -> None:
    for title, days in (("Late", -3), ("Today", 0), ("Later", 5)):
        add(desk, title, days)
    settle(desk)
    assert shown(screen) == ["Late", "Today"]
    screen.shelf.setCurrentIndex(1)
    settle(desk)
    assert shown(screen) == ["Late", "Today", "Later"]
    screen.search.setText("late")
    settle(desk)
    assert set(shown(screen)) == {"Late", "Later"}


def test_a_task_is_done_and_undone(screen: TasksScreen, desk: Desk) -> None:
    add(desk, "Call back")
    settle(desk)
    assert run_action("tasks.done", screen)
    settle(desk)
    assert shown(screen) == []
    undo(desk)
    settle(desk)
    assert shown(screen) == ["Call back"]


def test_putting_off_asks_for_a_reason_and_keeps_it(screen: TasksScreen, desk: Desk) -> None:
    add(desk, "Call back")
    settle(desk)
    run_action("tasks.reschedule", screen)
    settle(desk)
    card = card_of(screen)
    card.form.fields["due"].set_value(dates.today() + timedelta(days=4))
    card.form.fields["reason"].set_value("She is on leave")
    card.form.save()
    settle(desk)
    assert shown(screen) == []
    screen.shelf.setCurrentIndex(1)
    settle(desk)
    assert screen.record.delays.count() == 1


def test_what_is_late_is_offered_for_tomorrow_and_what_is_ahead_for_its_own_day(
    screen: TasksScreen, desk: Desk
) -> None:
    offered = []
    for title, days in (("Late", -3), ("Ahead", 5)):
        add(desk, title, days)
        screen.search.setText(title)
        screen.shelf.setCurrentIndex(1)
        settle(desk)
        run_action("tasks.reschedule", screen)
        settle(desk)
        offered.append((card_of(screen).form.fields["due"].value() - dates.today()).days)
        card_of(screen).close_card()
    assert offered == [1, 5]


def test_handing_over_waits_for_a_colleague_to_be_chosen(screen: TasksScreen, desk: Desk) -> None:
    add(desk, "Call back")
    settle(desk)
    run_action("tasks.reassign", screen)
    settle(desk)
    card = card_of(screen)
    card.form.save()
    settle(desk)
    assert card.isVisible() and card.form.fields["assignee_id"].stop().property("wrong")
    row = screen.row()
    assert row is not None and row.assignee_id == desk.store.actor
    card.form.fields["assignee_id"].set_draft("nobody")
    card.form.save()
    settle(desk)
    (left,) = desk.store.ask(page_tasks)
    assert left.assignee_id is None


@pytest.mark.parametrize(
    ("action", "title"),
    [
        ("tasks.snooze", "Snooze"),
        ("tasks.reschedule", "Reschedule"),
        ("tasks.reassign", "Hand over"),
    ],
)
def test_a_card_says_which_task_it_is_about(
    screen: TasksScreen, desk: Desk, action: str, title: str
) -> None:
    add(desk, "Call back")
    add(desk, "Write", in_days=-1)
    settle(desk)
    screen.search.setText("Call")
    settle(desk)
    run_action(action, screen)
    settle(desk)
    assert (card_of(screen).heading.text(), card_of(screen).about.text()) == (title, "Call back")
    card_of(screen).close_card()
    screen.search.setText("")
    settle(desk)
    screen.table.selectAll()
    run_action(action, screen)
    settle(desk)
    assert card_of(screen).about.text() == "2 tasks"
    card_of(screen).close_card()


def test_a_half_written_task_is_there_again(screen: TasksScreen, desk: Desk) -> None:
    run_action("tasks.new", screen)
    settle(desk)
    card_of(screen).form.fields["title"].set_draft("Half a though")
    card_of(screen).form.leave()
    settle(desk)
    run_action("tasks.new", screen)
    settle(desk)
    card = card_of(screen)
    assert card.form.typed()["title"] == "Half a though"
    assert card.restored.isVisible()
    card.form.save()
    settle(desk)
    screen.shelf.setCurrentIndex(1)
    settle(desk)
    assert shown(screen) == ["Half a though"]


def test_a_task_without_a_title_is_refused_under_its_field(screen: TasksScreen, desk: Desk) -> None:
    run_action("tasks.new", screen)
    settle(desk)
    card = card_of(screen)
    card.form.save()
    settle(desk)
    assert card.isVisible()
    assert card.form.fields["title"].stop().property("wrong")
    card.close_card()


def test_every_control_has_a_name_and_tab_reaches_it(screen: TasksScreen, desk: Desk) -> None:
    client = desk.store.do(create_company, name="Acme").value
    add(desk, "Call back", client_id=client)
    settle(desk)
    assert unnamed(screen) == []
    assert unreachable(screen) == []


def test_a_new_task_is_for_the_client_that_was_picked(screen: TasksScreen, desk: Desk) -> None:
    client = desk.store.do(create_company, name="Acme").value
    run_action("tasks.new", screen)
    settle(desk)
    card = card_of(screen)
    field = card.form.fields["client"]
    assert isinstance(field, Pick)
    field.choose(option_of(client, "Acme"))
    card.form.fields["title"].set_value("Call")
    card.form.save()
    settle(desk)
    screen.shelf.setCurrentIndex(1)
    settle(desk)
    row = screen.row()
    assert row is not None and (row.title, row.client) == ("Call", "Acme")


def test_a_client_that_was_not_picked_is_refused_in_words(screen: TasksScreen, desk: Desk) -> None:
    run_action("tasks.new", screen)
    settle(desk)
    card = card_of(screen)
    card.form.fields["title"].set_value("Call")
    card.form.fields["client"].set_draft("somebody")
    card.form.save()
    settle(desk)
    assert card.isVisible()
    assert card.form.fields["client"].stop().property("wrong")
    card.close_card()


def test_a_task_far_down_a_long_list_is_shown_when_one_goes_there(
    screen: TasksScreen, desk: Desk
) -> None:
    for number in range(230):
        add(desk, f"Number {number}")
    last = add(desk, "The last", 9)
    settle(desk)
    screen.arrive(task=last)
    settle(desk)
    row = screen.row()
    assert row is not None and row.id == last


def test_what_is_done_is_named_over_what_comes_next(screen: TasksScreen, desk: Desk) -> None:
    add(desk, "Call back")
    settle(desk)
    run_action("tasks.done_and_next", screen)
    settle(desk)
    card = card_of(screen)
    assert card.about.text() == "Call back" and card.about.isVisible()
    card.form.fields["title"].set_value("Ask how it went")
    card.form.save()
    settle(desk)
    assert [row.title for row in desk.store.ask(page_tasks)] == ["Call back", "Ask how it went"]
