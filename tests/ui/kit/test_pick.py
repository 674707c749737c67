"""Picking a record by typing."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.form import Form
from deskcrm.ui.kit.pick import Option, Pick
from tests.ui.walk import unnamed

ALL = [Option(1, "Acme", "company"), Option(2, "Anna", "person"), Option(3, "Boris")]
Show = Callable[[Sequence[Option]], None]


def find(typed: str, show: Show) -> None:
    show([option for option in ALL if option.text.lower().startswith(typed.lower())])


class Case:
    """A form with one field that picks."""

    def __init__(self, qtbot: QtBot) -> None:
        self.saved: list[dict[str, Any]] = []
        self.left: list[int] = []
        self.pick = Pick("client", "Client", find, required=True)
        self.form = Form(
            [self.pick], on_save=self.saved.append, on_leave=lambda: self.left.append(1)
        )
        qtbot.addWidget(self.form)
        self.form.resize(500, 400)
        self.form.show()
        self.pick.line.setFocus()

    def key(self, key: Qt.Key) -> None:
        QTest.keyClick(self.pick.line, key)


@pytest.fixture
def case(qtbot: QtBot) -> Case:
    return Case(qtbot)


def test_typing_and_enter_pick_what_is_found(case: Case) -> None:
    QTest.keyClicks(case.pick.line, "a")
    case.key(Qt.Key.Key_Down)
    case.key(Qt.Key.Key_Return)
    assert case.pick.line.text() == "Anna"
    case.form.save()
    assert case.saved == [{"client": 2}]


def test_down_in_an_empty_field_offers_everything(case: Case) -> None:
    case.key(Qt.Key.Key_Down)
    case.key(Qt.Key.Key_Up)
    case.key(Qt.Key.Key_Return)
    assert case.pick.value() == 3


def test_what_was_typed_but_not_chosen_is_not_a_record(case: Case) -> None:
    QTest.keyClicks(case.pick.line, "zzz")
    case.form.save()
    assert case.saved == []
    assert case.pick.line.accessibleDescription() == "Choose one from the list."


def test_changing_the_text_lets_the_picked_one_go(case: Case) -> None:
    case.pick.choose(ALL[0])
    assert case.pick.value() == 1
    QTest.keyClicks(case.pick.line, "x")
    assert case.pick.picked() is None


def test_escape_closes_the_list_first_and_the_form_next(case: Case) -> None:
    QTest.keyClicks(case.pick.line, "a")
    case.key(Qt.Key.Key_Escape)
    assert case.left == []
    case.key(Qt.Key.Key_Escape)
    assert case.left == [1]


def test_an_answer_that_comes_too_late_is_not_shown(qtbot: QtBot) -> None:
    waiting: list[Show] = []
    pick = Pick("client", "Client", lambda typed, show: waiting.append(show))
    qtbot.addWidget(pick)
    pick.show()
    QTest.keyClicks(pick.line, "ab")
    waiting[0](ALL)
    assert pick.offered() == []
    waiting[1](ALL[:1])
    assert pick.offered() == ALL[:1]


def test_a_draft_keeps_the_words(case: Case) -> None:
    case.pick.choose(ALL[0])
    draft = case.form.typed()
    case.pick.set_value(None)
    case.form.restore_draft(draft)
    assert case.pick.line.text() == "Acme"
    assert unnamed(case.form) == []
