"""Actions and their keys, in either keyboard layout."""

from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit import actions, keys, palette
from deskcrm.ui.kit.actions import EVERYWHERE, Action, Bound, action, at, clashes, run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.palette import Hit, Palette
from deskcrm.ui.kit.screen import Screen
from deskcrm.ui.kit.shortcuts import KeyList
from tests.ui.walk import unnamed


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give what was run of three actions declared for this test only."""
    monkeypatch.setattr(actions, "ALL_ACTIONS", {})
    ran: list[str] = []

    @action("things.call", "Call back", key="C", icon="phone", synonyms="ring звонок")
    def call(_: Any) -> None:
        ran.append("call")

    @action("things.rename", "Rename…", key=("F2", "Ctrl+J"), needs=lambda s: s.can)
    def rename(_: Any) -> None:
        ran.append("rename")

    @action("app.find", "Find", key="Ctrl+F", place=EVERYWHERE)
    def find(_: Any) -> None:
        ran.append("find")

    return ran


class Things(Screen):
    """A screen with a list and a line."""

    place = "things"
    title = "Things"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.can = True
        self.line = QLineEdit(self)


def send(widget: QWidget, key: int, text: str, held: Qt.KeyboardModifier) -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, held, text))


NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def test_an_action_belongs_to_the_place_its_id_begins_with(declared: list[str]) -> None:
    assert [each.id for each in at("things")] == ["things.call", "things.rename"]
    assert [each.id for each in at(EVERYWHERE)] == ["app.find"]


def test_a_single_letter_works_only_in_a_list(
    declared: list[str], desk: Desk, qtbot: QtBot
) -> None:
    screen = Things(desk)
    qtbot.addWidget(screen)
    event = QKeyEvent(QEvent.Type.KeyPress, ord("C"), NONE, "c")
    assert not screen.bound.press(event)
    assert screen.bound.press(event, in_list=True)
    cyrillic = QKeyEvent(QEvent.Type.KeyPress, ord("С"), NONE, "с")
    assert screen.bound.press(cyrillic, in_list=True)
    assert declared == ["call", "call"]


def test_control_with_a_letter_works_under_a_cyrillic_layout(
    declared: list[str], desk: Desk, qtbot: QtBot
) -> None:
    screen = Things(desk)
    qtbot.addWidget(screen)
    screen.show()
    send(screen.line, ord("О"), "", CTRL)
    assert declared == ["rename"]
    assert screen.line.text() == ""


def test_a_shortcut_reaches_its_action_from_a_field(
    declared: list[str], desk: Desk, qtbot: QtBot
) -> None:
    screen = Things(desk)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitExposed(screen)
    screen.line.setFocus()
    QTest.keyClick(screen.line, Qt.Key.Key_F2)
    QTest.keyClick(screen.line, Qt.Key.Key_J, CTRL)
    assert declared == ["rename", "rename"]


def test_an_action_that_makes_no_sense_now_does_not_run(
    declared: list[str], desk: Desk, qtbot: QtBot
) -> None:
    screen = Things(desk)
    qtbot.addWidget(screen)
    screen.can = False
    assert not run_action("things.rename", screen)
    assert [each.id for each in screen.bound.possible()] == ["things.call"]
    texts = {item.text(): item.isEnabled() for item in screen.bound.menu().actions()}
    assert texts == {"Call back\tC": True, "Rename…\tF2": False}


def made(action_id: str, place: str, *of: str) -> Action:
    normal = tuple(keys.normal(key) for key in of)
    return Action(action_id, action_id, lambda _: None, place, normal)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (made("a.x", "a", "C"), made("a.y", "a", "D"), False),
        (made("a.x", "a", "C"), made("b.y", "b", "C"), False),
        (made("a.x", "a", "C"), made("a.y", "a", "С"), True),
        (made("a.x", "a", "Ctrl+J"), made("a.y", "a", "ctrl+о"), True),
        (made("a.x", "a", "Ctrl+F"), made("e.y", EVERYWHERE, "Ctrl+F"), True),
        (made("a.x", "a", "J"), made("a.y", "a", "D"), True),
    ],
)
def test_keys_that_clash_are_found_in_either_layout(
    one: Action, other: Action, found: bool
) -> None:
    assert bool(clashes([one, other])) is found


@pytest.mark.parametrize(
    ("key", "text", "held", "wanted"),
    [
        (ord("J"), "j", NONE, "J"),
        (ord("О"), "о", NONE, "J"),
        (ord("Х"), "х", NONE, "["),
        (ord("Ё"), "ё", NONE, "`"),
        (ord("J"), "J", Qt.KeyboardModifier.ShiftModifier, "Shift+J"),
        (ord("Л"), "", CTRL, "Ctrl+K"),
        (ord("?"), "?", Qt.KeyboardModifier.ShiftModifier, "?"),
        (Qt.Key.Key_F2, "", NONE, "F2"),
        (Qt.Key.Key_Return, "\r", NONE, "Enter"),
        (Qt.Key.Key_Enter, "\r", CTRL, "Ctrl+Enter"),
        (Qt.Key.Key_Escape, "", NONE, "Esc"),
    ],
)
def test_a_key_is_known_by_its_place(
    key: int, text: str, held: Qt.KeyboardModifier, wanted: str
) -> None:
    assert keys.pressed(QKeyEvent(QEvent.Type.KeyPress, key, held, text)) == wanted


def test_a_layout_that_is_neither_goes_by_where_the_key_sits() -> None:
    greek = QKeyEvent(QEvent.Type.KeyPress, ord("Ξ"), NONE, 36 + 8, 0x7EE, 0, "ξ")
    assert keys.pressed(greek) == "J"


def test_keys_are_spelled_one_way() -> None:
    assert keys.normal("ctrl+л") == keys.normal("Ctrl+K") == "Ctrl+K"
    assert keys.normal("о") == "J"
    assert keys.normal("?") == "?"
    assert keys.normal("Return") == keys.normal("enter") == "Enter"
    assert keys.is_single("J")
    assert keys.is_single("Shift+J")
    assert not keys.is_single("F2")
    assert not keys.is_single("Ctrl+K")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("call", "things.call"),
        ("ring", "things.call"),
        ("звон", "things.call"),
        ("pdjyjr", "things.call"),
        ("rename", "things.rename"),
        ("кутфьу", "things.rename"),
        ("renmae", "things.rename"),
    ],
)
def test_the_palette_finds_an_action_by_any_of_its_names(
    declared: list[str], desk: Desk, qtbot: QtBot, typed: str, first: str
) -> None:
    screen = Things(desk)
    qtbot.addWidget(screen)
    offered = [(each, screen.bound) for each in screen.bound.possible()]
    assert palette.rank(typed, offered)[0][0].id == first


def test_the_palette_runs_what_is_chosen_and_gives_the_focus_back(
    declared: list[str], desk: Desk, qtbot: QtBot
) -> None:
    screen = Things(desk)
    qtbot.addWidget(screen)
    screen.resize(800, 600)
    screen.show()
    qtbot.waitExposed(screen)
    screen.line.setFocus()
    opened = Palette(screen)
    opened.sources.append(
        lambda text, show: show([Hit("Found", lambda: declared.append("hit"), section="Hits")])
    )
    opened.open_for([screen.bound, Bound(screen, EVERYWHERE)])
    assert screen.focusWidget() is opened.line
    opened.line.setText("fin")
    QTest.keyClick(opened.line, Qt.Key.Key_Return)
    assert declared == ["find"]
    assert screen.focusWidget() is screen.line
    opened.open_for([screen.bound], "zzz")
    QTest.keyClick(opened.line, Qt.Key.Key_Down)
    QTest.keyClick(opened.line, Qt.Key.Key_Return)
    assert declared[-1] == "hit"


def test_tab_stays_in_an_overlay_and_escape_closes_it(desk: Desk, qtbot: QtBot) -> None:
    window = QWidget()
    below = QLineEdit(window)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    below.setFocus()
    overlay = Overlay(window)
    first, second = QLineEdit(overlay.card), QLineEdit(overlay.card)
    overlay.open_card()
    seen: list[QWidget | None] = []
    for _ in range(3):
        focused = window.focusWidget()
        assert focused is not None
        seen.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert seen == [first, second, first]
    QTest.keyClick(first, Qt.Key.Key_Escape)
    assert not overlay.isVisible()
    assert window.focusWidget() is below


def test_the_key_list_shows_every_key(declared: list[str], desk: Desk, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    shown = KeyList(window)
    shown.open_with([("Things", at("things"))])
    assert unnamed(shown) == []
    assert shown.isVisible()
