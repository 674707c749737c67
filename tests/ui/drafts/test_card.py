"""A form on a card: all of it is in sight where the window has room."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.base.errors import UserError
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Field, Line, Text
from deskcrm.ui.kit.fields_parsed import Day
from tests.ui.settle import settle


def fields(kind: str) -> list[Field | tuple[Field, ...]]:
    plain: list[Field | tuple[Field, ...]] = [Day("due", "Due"), Line("reason", "Why")]
    hinted: list[Field | tuple[Field, ...]] = [
        (Line("company", "Company", hint="Leave it empty for a private person."), Line("a", "A")),
        Text("notes", "Notes", lines=4),
    ]
    return {"plain": plain, "hinted": hinted}[kind]


@pytest.mark.parametrize("kind", ["plain", "hinted"])
def test_nothing_of_a_form_has_to_be_scrolled_to(desk: Desk, qtbot: QtBot, kind: str) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    card = FormCard(desk, window, "Title", fields(kind), lambda _values: None, place="tests")
    settle(desk)
    scroll = card.findChild(QScrollArea)
    assert scroll is not None
    assert scroll.verticalScrollBar().maximum() == 0
    assert card.card.height() > 150
    card.close_card()


def test_a_long_title_goes_on_in_the_next_line_and_says_whom_it_is_about(
    desk: Desk, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    title = "Put the tag of a long name together with another of a longer one"
    card = FormCard(
        desk, window, title, fields("plain"), lambda _values: None, place="tests", width=420,
        about="Acme",
    )  # fmt: skip
    settle(desk)
    line = card.heading.fontMetrics().height()
    assert card.heading.width() < card.heading.fontMetrics().horizontalAdvance(title)
    assert card.heading.height() >= 2 * line
    assert card.about.isVisible() and card.about.text() == "Acme"
    card.close_card()


def test_the_card_grows_by_what_is_wrong_and_enter_presses_a_button(
    desk: Desk, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1000, 700)
    window.show()
    saved: list[object] = []
    card = FormCard(desk, window, "Title", fields("plain"), saved.append, place="tests")
    settle(desk)
    before = card.card.height()
    card.form.refuse(UserError("It cannot be so.", "Choose another day."))
    settle(desk)
    scroll = card.findChild(QScrollArea)
    assert scroll is not None and scroll.verticalScrollBar().maximum() == 0
    assert card.card.height() > before
    card.form.fields["reason"].set_value("Because")
    card.form.save_button.setFocus()
    for key in (Qt.Key.Key_Enter, Qt.Key.Key_A):
        event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(card.form.save_button, event)
    assert len(saved) == 1
