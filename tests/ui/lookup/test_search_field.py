"""The search in the bar."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every table and index must be known
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.palette import Hit
from deskcrm.ui.lookup.palette_hits import FoundHits
from deskcrm.ui.lookup.results import seen_in_title
from deskcrm.ui.lookup.search_field import SearchField
from tests.ui.settle import settle


@pytest.fixture
def field(desk: Desk, qtbot: QtBot) -> SearchField:
    """Give a search line in a window of its own, with three clients to find."""
    for name, person in (
        ("Ромашка", "Ольга Иванова"),
        ("Acme <b>Ltd</b>", "John Smith"),
        ("Vector", "Пётр Ёлкин"),
    ):
        client = desk.store.do(create_company, name=name).value
        desk.store.do(add_contact, client, name=person, phones=["+7 916 123-45-67"])
    window = QMainWindow()
    qtbot.addWidget(window)
    made = SearchField(desk)
    made.destroyed.connect(lambda _, kept=window: None)
    window.setCentralWidget(made)
    window.resize(900, 600)
    window.show()
    window.activateWindow()
    made.begin()
    settle(desk)
    if not made.hasFocus():
        pytest.skip("this platform gives no focus")
    return made


def press(field: SearchField, key: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    modifier = held or Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(field, QKeyEvent(QKeyEvent.Type.KeyPress, key, modifier))


def typed(field: SearchField, desk: Desk, text: str) -> list[str]:
    field.setText(text)
    settle(desk)
    return [row.title for row in field.results.list.found.rows] if field.has_results else []


@pytest.mark.parametrize(
    ("text", "title"),
    [("ольга", "Ольга Иванова"), ("ivanova", "Ольга Иванова"), ("елкин", "Пётр Ёлкин")],
)
def test_it_finds_as_one_types(field: SearchField, desk: Desk, text: str, title: str) -> None:
    assert title in typed(field, desk, text)


def test_every_result_says_why(field: SearchField, desk: Desk) -> None:
    typed(field, desk, "1234567")
    rows = field.results.list.found.rows
    assert len(rows) == 3
    assert all("ends with these digits" in row.why for row in rows)


def test_a_title_that_shows_what_fits_is_not_said_twice(field: SearchField, desk: Desk) -> None:
    typed(field, desk, "ольга")
    (olga,) = (row for row in field.results.list.found.rows if row.title == "Ольга Иванова")
    assert seen_in_title(olga) == "Name"
    typed(field, desk, "1234567")
    assert [seen_in_title(row) for row in field.results.list.found.rows] == ["", "", ""]
    assert not field.results.grab().isNull()


def test_enter_opens_and_the_arrows_choose(field: SearchField, desk: Desk) -> None:
    went: list[tuple[str, dict[str, object]]] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    typed(field, desk, "1234567")
    press(field, Qt.Key.Key_Down)
    chosen = field.results.list.row()
    assert chosen is field.results.list.found.rows[1]
    press(field, Qt.Key.Key_Return)
    assert went == [("clients", {"client": chosen.client_id, "contact": chosen.id})]
    assert field.text() == ""
    assert not field.has_results


def test_with_ctrl_it_opens_in_a_tab(field: SearchField, desk: Desk) -> None:
    went: list[dict[str, object]] = []
    desk.went.connect(lambda place, where: went.append(where))
    typed(field, desk, "acme")
    press(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert went[0]["tab"] is True


def test_escape_hides_the_results_and_keeps_the_text(field: SearchField, desk: Desk) -> None:
    typed(field, desk, "acme")
    press(field, Qt.Key.Key_Escape)
    assert not field.has_results
    assert field.text() == "acme"


def test_nothing_found_says_what_to_try(field: SearchField, desk: Desk) -> None:
    assert typed(field, desk, "qqqqzzzz") == []
    assert field.has_results
    assert field.results.nothing.text().startswith("Nothing was found.")
    assert field.results.said() == "Nothing was found."


def test_an_answer_that_comes_late_is_not_shown(field: SearchField, desk: Desk) -> None:
    field.setText("acme")
    field.setText("")
    settle(desk)
    assert not field.has_results


def test_the_palette_offers_what_was_opened_last(field: SearchField, desk: Desk) -> None:
    hits = FoundHits(desk, field, [])
    brought: list[list[Hit]] = []
    hits("acme", lambda found: brought.append(list(found)))
    settle(desk)
    assert brought[0][0].text == "Acme <b>Ltd</b>"
    brought[0][0].run()
    hits("", lambda found: brought.append(list(found)))
    assert [hit.text for hit in brought[1]] == ["Acme <b>Ltd</b>"]
    assert brought[1][0].section == "Recent"
