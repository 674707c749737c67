"""Rules of assignment and skills in the settings: listed, made, ordered and deleted."""

from typing import Any, cast

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.assignment.model import Way
from deskcrm.domain.assignment.queries import list_rules, list_skills
from deskcrm.domain.queue.model import PointsFor
from deskcrm.domain.queue.next import get_points
from deskcrm.domain.tags.commands import create_tag
from deskcrm.domain.tickets.model import Priority, TicketKind
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.settings import assignment
from deskcrm.ui.settings.next_points import PointsCard
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> QWidget:
    """Give the section in a window of its own."""
    desk.store.do(create_first_user, name="Ann")
    window = QWidget()
    window.resize(760, 900)
    window.setLayout(parts.column(*assignment.cards(desk, cast(Any, window)), None))
    qtbot.addWidget(window)
    window.show()
    settle(desk)
    return window


def said(page: QWidget) -> str:
    return "\n".join(label.text() for label in page.findChildren(QLabel))


def press(page: QWidget, name: str, desk: Desk) -> None:
    buttons = [*page.findChildren(QPushButton), *page.findChildren(QToolButton)]
    (button,) = [one for one in buttons if name in (one.text(), one.accessibleName())]
    button.click()
    settle(desk)


def save(page: QWidget, desk: Desk, **values: Any) -> None:
    (card,) = [one for one in page.findChildren(FormCard) if one.isVisible()]
    for name, value in values.items():
        card.form.fields[name].set_value(value)
    assert unnamed(card) == [] and unreachable(card) == []
    card.form.save()
    settle(desk)


def test_rules_are_made_changed_put_in_order_and_deleted(page: QWidget, desk: Desk) -> None:
    press(page, "New rule…", desk)
    save(page, desk, name="All")
    assert "1. All\nEvery ticket\nThe least busy: " in said(page)
    press(page, "New rule…", desk)
    save(page, desk, name="Urgent", way=Way.BEST_SUITED, priorities=(Priority.URGENT,))
    press(page, "Move Urgent up", desk)
    assert [row.name for row in desk.store.ask(list_rules)] == ["Urgent", "All"]
    assert "1. Urgent\nPriority: Urgent\nThe best suited: " in said(page)
    press(page, "Edit All", desk)
    save(page, desk, way=Way.ROUND_ROBIN, is_active=False)
    assert "2. All\nEvery ticket\nIn turn: " in said(page) and "switched off" in said(page)
    press(page, "Delete Urgent", desk)
    assert "1. Urgent" not in said(page) and "1. All" in said(page)
    assert unnamed(page) == [] and unreachable(page) == []


def test_a_skill_is_made_and_given_to_somebody(page: QWidget, desk: Desk) -> None:
    tag = desk.store.do(create_tag, name="Printer").value
    press(page, "New skill…", desk)
    save(page, desk, name="Printers", kinds=(TicketKind.INCIDENT,), tags=(tag,))
    assert "Needed by: Incident · 1 tag" in said(page) and "Has it: nobody yet" in said(page)
    press(page, "Who has Printers", desk)
    save(page, desk, user_ids=(desk.store.actor,))
    assert "Has it: Ann" in said(page)
    press(page, "Edit Printers", desk)
    save(page, desk, tags=())
    assert desk.store.ask(list_skills)[0].tags == ()
    press(page, "Delete Printers", desk)
    assert "Printers" not in said(page)
    assert unnamed(page) == [] and unreachable(page) == []


def test_the_points_of_next_are_shown_and_set(desk: Desk, qtbot: QtBot) -> None:
    desk.store.do(create_first_user, name="Ann")
    card = PointsCard(desk)
    qtbot.addWidget(card)
    card.show()
    settle(desk)
    line = card.lines[PointsFor.GOLD]
    assert line.text() == "30" and line.accessibleName() == "A gold client"
    assert unnamed(card) == [] and unreachable(card) == []
    line.selectAll()
    line.insert("35")
    line.editingFinished.emit()
    settle(desk)
    assert desk.store.ask(get_points)[PointsFor.GOLD] == 35
    undo(desk)
    settle(desk)
    assert line.text() == "30"
    desk.store.sign_in(desk.store.do(add_user, name="Ivan").value)
    agents = PointsCard(desk)
    qtbot.addWidget(agents)
    settle(desk)
    assert not any(one.isEnabled() for one in agents.lines.values())
