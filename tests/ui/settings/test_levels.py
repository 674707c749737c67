"""Calendars and policies in the settings: listed, made, ordered and deleted."""

from datetime import timedelta
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.calendars.commands import create_calendar, set_day, use_calendar
from deskcrm.domain.calendars.queries import list_calendars, list_special_days
from deskcrm.domain.sla.commands import create_policy
from deskcrm.domain.sla.queries import list_policies
from deskcrm.domain.tickets.model import Priority
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.users.model import UserId
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.settings import levels
from deskcrm.ui.settings.special_days import SpecialDays
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> QWidget:
    """Give the section in a window of its own."""
    desk.store.do(create_first_user, name="Ann")
    window = QWidget()
    window.resize(760, 700)
    window.setLayout(parts.column(*levels.cards(desk, cast(Any, window)), None))
    qtbot.addWidget(window)
    window.show()
    settle(desk)
    return window


def said(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def press(page: QWidget, name: str, desk: Desk) -> None:
    buttons = [*page.findChildren(QPushButton), *page.findChildren(QToolButton)]
    shown = [one for one in buttons if one.isVisible()]
    (button,) = [one for one in shown if name in (one.text(), one.accessibleName())]
    button.click()
    settle(desk)


def card(page: QWidget) -> FormCard:
    (found,) = [one for one in page.findChildren(FormCard) if one.isVisible()]
    return found


def save(page: QWidget, desk: Desk, **values: Any) -> None:
    form = card(page).form
    for name, value in values.items():
        form.fields[name].set_value(value)
    assert unnamed(card(page)) == [] and unreachable(card(page)) == []
    form.save()
    settle(desk)


def test_a_calendar_is_made_given_a_day_and_to_somebody(page: QWidget, desk: Desk) -> None:
    press(page, "New calendar…", desk)
    save(page, desk, name="Office", friday="9-13")
    assert "Mon–Thu 09:00–18:00; Fri 09:00–13:00" in said(page)
    assert "Used by: nobody yet" in said(page)
    press(page, "Special days of Office", desk)
    press(page, "Special day…", desk)
    save(page, desk, day=dates.today(), name="Inventory")
    (row,) = desk.store.ask(list_calendars)
    assert [one.name for one in desk.store.ask(list_special_days, row.id)] == ["Inventory"]
    press(page, "Special days of Office", desk)
    assert "day off · Inventory" in said(page)
    press(page, f"Let {dates.day(dates.today(), year=True)} be as its weekday again", desk)
    assert desk.store.ask(list_special_days, row.id) == []
    page.findChildren(SpecialDays)[-1].close_card()
    press(page, "Who uses Office", desk)
    save(page, desk)
    assert "Used by: everybody\n" in said(page)
    other = desk.store.do(create_calendar, name="Nights", time_zone="UTC").value
    desk.store.do(use_calendar, other, user_id=UserId(desk.store.actor))
    settle(desk)
    assert "Used by: everybody else\n" in said(page) and "Used by: Ann\n" in said(page)
    press(page, "Delete Office", desk)
    assert "Office" not in said(page)
    assert unnamed(page) == [] and unreachable(page) == []


def test_days_to_come_stand_above_those_that_are_past(page: QWidget, desk: Desk) -> None:
    calendar = desk.store.do(create_calendar, name="Office", time_zone="UTC").value
    for days, name in ((-400, "long ago"), (-2, "lately"), (3, "soon"), (400, "much later")):
        desk.store.do(set_day, calendar, day=dates.today() + timedelta(days), name=name)
    settle(desk)
    press(page, "Special days of Office", desk)
    words = said(page.findChildren(SpecialDays)[-1])
    order = ("soon", "much later", "Already past", "lately", "long ago")
    assert sorted(order, key=words.index) == list(order)


def test_a_day_off_whose_name_says_so_says_it_once(page: QWidget, desk: Desk) -> None:
    calendar = desk.store.do(create_calendar, name="Office", time_zone="UTC").value
    for days, name in ((1, "Day off (moved)"), (2, "Inventory")):
        desk.store.do(set_day, calendar, day=dates.today() + timedelta(days), name=name)
    settle(desk)
    press(page, "Special days of Office", desk)
    words = said(page.findChildren(SpecialDays)[-1])
    assert "day off · Inventory" in words
    assert "\nday off (moved)\n" in words


def test_policies_are_made_changed_and_put_in_order(page: QWidget, desk: Desk) -> None:
    desk.store.do(create_policy, name="All")
    press(page, "New policy…", desk)
    save(page, desk, name="Urgent", priorities=(Priority.URGENT,), first_response_minutes=30 * 60)
    assert "2. Urgent" in said(page)
    # A number and its unit are not parted by the end of a line.
    assert "Priority: Urgent\nFirst\xa0response\xa030\xa0min\n" in said(page)
    press(page, "Move Urgent up", desk)
    assert [one.name for one in desk.store.ask(list_policies)] == ["Urgent", "All"]
    press(page, "Edit Urgent", desk)
    save(page, desk, is_active=False)
    assert "switched off" in said(page)
    press(page, "Delete Urgent", desk)
    assert [one.name for one in desk.store.ask(list_policies)] == ["All"]
