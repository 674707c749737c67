"""Promises offered while a note is typed."""

import pytest
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from deskcrm.base import words
from deskcrm.ui.promises.offers import PromiseOffers


@pytest.fixture
def editor(qtbot: QtBot) -> QPlainTextEdit:
    made = QPlainTextEdit()
    qtbot.addWidget(made)
    return made


def test_a_promise_is_offered_with_its_day(editor: QPlainTextEdit) -> None:
    offers = PromiseOffers(editor)
    editor.setPlainText("I'll call you back tomorrow.")
    (promise,) = offers.chosen()
    assert promise.due_on is not None
    (check,) = offers._checks
    assert check.isChecked()
    assert check.accessibleName().startswith("Promise · tomorrow · I'll call you back tomorrow")


def test_what_was_taken_away_stays_away_while_one_types_on(editor: QPlainTextEdit) -> None:
    offers = PromiseOffers(editor)
    editor.setPlainText("I'll call you back tomorrow.")
    offers.look()
    offers._checks[0].setChecked(False)
    editor.setPlainText("I'll call you back tomorrow. I'll send the invoice on Friday.")
    assert [one.text for one in offers.chosen()] == ["I'll send the invoice on Friday"]


def test_a_text_without_a_promise_offers_nothing(editor: QPlainTextEdit) -> None:
    offers = PromiseOffers(editor)
    editor.setPlainText("He asked whether we will call.")
    assert offers.chosen() == ()
    assert offers.isHidden()


def test_russian_promises_are_found_whatever_the_interface_speaks(editor: QPlainTextEdit) -> None:
    offers = PromiseOffers(editor)
    words.set_language("ru")
    editor.setPlainText("Перезвоню завтра, отправлю счёт.")
    # In a list they stand by themselves, so they begin as sentences do.
    assert [one.text for one in offers.chosen()] == ["Перезвоню завтра", "Отправлю счёт"]
