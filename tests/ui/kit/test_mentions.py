"""Naming a colleague with @: offered as one types, chosen from the keyboard, in either layout."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.mentions import MentionEdit, fitting

PEOPLE = ("Anna Berg", "Анна Петрова", "Пётр Иванов")


@pytest.fixture
def edit(qtbot: QtBot) -> MentionEdit:
    made = MentionEdit()
    qtbot.addWidget(made)
    made.offer(PEOPLE)
    made.show()
    return made


def press(widget: QWidget, text: str, key: Qt.Key = Qt.Key.Key_unknown) -> None:
    for letter in text or [""]:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, letter)
            QApplication.sendEvent(widget, event)


def test_names_fit_by_any_word_and_under_the_other_layout() -> None:
    assert fitting(PEOPLE, "") == list(PEOPLE)
    assert fitting(PEOPLE, "ber") == ["Anna Berg"]
    assert fitting(PEOPLE, "петр") == ["Анна Петрова", "Пётр Иванов"]
    assert fitting(PEOPLE, "fyyf") == ["Анна Петрова"]
    assert fitting(PEOPLE, "фттф") == ["Anna Berg"]
    assert fitting(PEOPLE, "Пётр Иванов") == []
    assert fitting(PEOPLE, "x") == []


def test_a_name_is_chosen_with_the_arrows_and_enter(edit: MentionEdit) -> None:
    press(edit, "Ask @")
    assert edit.offered == list(PEOPLE)
    press(edit, "п")
    assert edit.offered == ["Анна Петрова", "Пётр Иванов"]
    press(edit, "", Qt.Key.Key_Down)
    press(edit, "\r", Qt.Key.Key_Return)
    assert edit.toPlainText() == "Ask @Пётр Иванов "
    assert edit.offered == []


def test_escape_leaves_what_was_typed_and_a_word_that_is_no_name_offers_nothing(
    edit: MentionEdit,
) -> None:
    press(edit, "@an")
    assert edit.offered == ["Anna Berg"]
    press(edit, "", Qt.Key.Key_Escape)
    assert (edit.toPlainText(), edit.offered) == ("@an", [])
    press(edit, " other a@an")
    assert edit.offered == []


def test_a_button_begins_a_name_and_without_people_nothing_is_offered(edit: MentionEdit) -> None:
    press(edit, "Ask")
    edit.ask()
    assert edit.offered == list(PEOPLE) and edit.toPlainText() == "Ask @"
    edit.offer(())
    assert edit.offered == []
    press(edit, "a")
    assert edit.offered == []
    edit.offer(PEOPLE)
    press(edit, " @")
    assert edit.offered
    edit.clear()
    assert edit.offered == []
