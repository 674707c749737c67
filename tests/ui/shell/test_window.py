"""The window: places, tabs, panes, undo, and what it remembers."""

from typing import Any
from uuid import uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.base import words
from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.queries import count_clients
from deskcrm.domain.knowledge.commands import create_article
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.ui.kit.actions import ALL_ACTIONS, EVERYWHERE
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.palette import rank
from deskcrm.ui.knowledge.screen import KnowledgeScreen
from deskcrm.ui.shell import counts, places, windowstate
from deskcrm.ui.shell.appearance import LANGUAGE, THEME, Appearance, dress
from deskcrm.ui.shell.trail import Stop
from deskcrm.ui.shell.window import Window
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


def press(widget: QWidget, key: Qt.Key, held: Qt.KeyboardModifier, text: str = "") -> None:
    for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
        QApplication.sendEvent(widget, QKeyEvent(kind, key, held, text))


def test_every_place_opens(window: Window, desk: Desk) -> None:
    for place in places.BY_ID:
        desk.go(place)
        settle(desk)
        assert window.pages.page() is not None, place
        # These have no button: the foot, a client, the lists of clients and of risks lead there.
        marked = [name for name, button in window.rail.buttons.items() if button.isChecked()]
        elsewhere = {one.id for one in (places.SYNC, places.IMPORTS, places.BACKTEST)}
        elsewhere |= {places.PLAYBOOKS.id, places.DUPLICATES.id}
        assert marked == ([] if place in elsewhere else [place])


def test_every_control_has_a_name_and_tab_comes_to_it(window: Window, desk: Desk) -> None:
    desk.go("settings")
    settle(desk)
    assert unnamed(window) == []
    assert unreachable(window) == []


def test_back_leads_to_where_one_was(window: Window, desk: Desk) -> None:
    desk.go("tasks")
    desk.go("settings")
    assert window.run("trail.back")
    assert window.pages.current().stop.place == "tasks"  # type: ignore[union-attr]  # it is there
    assert window.top.forward.isEnabled()


def test_a_record_opens_in_a_tab_of_its_own_and_once_only(window: Window, desk: Desk) -> None:
    client = desk.store.do(create_company, name="Acme").value
    desk.go("clients", client=client, tab=True)
    settle(desk)
    assert len(window.pages.tabs) == 2
    desk.go("tasks")
    assert window.pages.strip.currentIndex() == 0
    desk.go("clients", client=client, tab=True)
    assert len(window.pages.tabs) == 2
    assert window.pages.strip.currentIndex() == 1


def test_the_first_tab_cannot_be_closed(window: Window, desk: Desk) -> None:
    assert not window.pages.close_tab()
    desk.go("settings", tab=True)
    assert window.run("tabs.close")
    assert len(window.pages.tabs) == 1


def test_a_link_to_an_article_opens_it_and_another_the_card_of_a_call(
    window: Window, desk: Desk
) -> None:
    article = desk.store.do(create_article, title="Blank labels").value
    window.call(f"deskcrm:article/{article.hex}")
    settle(desk)
    page = window.pages.page()
    assert isinstance(page, KnowledgeScreen)
    row = page.row()
    assert row is not None and row.id == article
    assert not window.cards.shown
    window.call("deskcrm:+79990001122")
    settle(desk)
    assert [card.number for card in window.cards.shown] == ["+79990001122"]


def test_undo_takes_back_the_last_command_and_says_so(window: Window, desk: Desk) -> None:
    desk.store.do(create_company, name="Acme")
    assert window.run("history.undo")
    settle(desk)
    assert desk.store.ask(count_clients) == 0
    assert "Add company" in window.covers.toasts.shown[-1].accessibleName()


def test_undo_leaves_the_work_alone_while_one_types(window: Window, desk: Desk) -> None:
    window.activateWindow()
    window.search.begin()
    settle(desk)
    if QApplication.focusWidget() is not window.search:
        pytest.skip("this platform gives no focus")
    assert not window.run("history.undo")


def test_a_cyrillic_layout_reaches_the_same_actions(window: Window, desk: Desk) -> None:
    window.setFocus()
    press(window, Qt.Key(ord("Л")), Qt.KeyboardModifier.ControlModifier)
    assert window.covers.palette.isVisible()


def test_the_status_line_tells_the_truth_about_sync(window: Window) -> None:
    said = window.foot.sync.accessibleName()
    assert said == "Sync: Not connected to a server yet · everything is on this computer"


def test_a_bug_in_a_screen_leaves_the_others_working(
    window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: str) -> Any:
        raise RuntimeError("a bug")

    told: list[str] = []
    desk.crashed.disconnect()
    desk.crashed.connect(told.append)
    monkeypatch.setattr(places, "load", broken)
    window.pages.open(Stop("clients", in_tab=True))
    assert "RuntimeError" in told[0]
    labels = [label.text() for label in window.pages.stack.findChildren(QLabel)]
    assert "This place could not be opened." in labels


def test_the_number_beside_tasks_follows_the_commands(window: Window, desk: Desk) -> None:
    window.counters.refresh()
    settle(desk)
    assert window.rail.buttons["tasks"].count == 0
    desk.do(create_task, title="Call", due=desk.store.clock().astimezone().date())
    settle(desk)
    assert window.rail.buttons["tasks"].count == 1
    assert desk.store.ask(counts.tasks_due) == 1


def test_the_number_beside_today_follows_whom_one_stands_in_for(window: Window, desk: Desk) -> None:
    other = desk.store.do(add_user, name="Ivan").value
    today = desk.store.clock().astimezone().date()
    desk.do(create_task, title="Call", due=today, assignee_id=other)
    window.counters.refresh()
    settle(desk)
    assert window.rail.buttons["today"].count == 0
    me = UserId(desk.store.actor)
    desk.do(plan_absence, other, first_day=today, last_day=today, substitute_id=me)
    settle(desk)
    assert window.rail.buttons["today"].count == 1


def test_what_was_open_is_written_down_and_read_again(window: Window, desk: Desk) -> None:
    client = uuid4()
    window.pages.open(Stop("tasks"))
    stops = [Stop("tasks"), Stop("clients", {"client": client}, True)]
    window.pages.tabs = [window.pages.tabs[0]]
    text = windowstate.write(window, window.pages)
    geometry, read, _ = windowstate.read(text)
    assert read == stops[:1]
    assert geometry


def test_a_window_opens_no_larger_than_a_small_screen_shows() -> None:
    assert windowstate.first_size(QSize(1920, 1040)) == QSize(1280, 800)
    small = windowstate.first_size(QSize(1366, 728))
    assert small.width() == 1280
    assert small.height() < 728


def test_ids_survive_the_writing() -> None:
    client = uuid4()
    written = windowstate._written({"client": client, "section": "keys"})
    assert written is not None
    assert windowstate._read(written) == {"client": client, "section": "keys"}


def test_a_window_state_that_cannot_be_read_is_none() -> None:
    for text in ("", "{}", "[1]", '{"geometry": 1, "tabs": [], "at": 0}', '{"tabs": 3}'):
        assert windowstate.read(text) == (b"", [], 0)


def test_another_language_is_spoken_at_once(window: Window, desk: Desk) -> None:
    desk.go("settings")
    words.set_language("ru")
    try:
        window.rebuild()
        settle(desk)
    finally:
        dress(Appearance())
    assert window.pages.current().stop.place == "settings"  # type: ignore[union-attr]  # it is there
    assert LANGUAGE.choices == words.LANGUAGES


def test_closing_keeps_the_window_state(window: Window, desk: Desk) -> None:
    from deskcrm.ui.shell.window import WINDOW

    desk.go("tasks")
    window.close()
    assert windowstate.read(desk.setting(WINDOW))[1] == [Stop("tasks")]


def test_the_focus_is_in_the_page_after_going_by_key_and_after_a_change_of_language(
    window: Window, desk: Desk, qtbot: QtBot
) -> None:
    def is_in_page() -> bool:
        page, focused = window.pages.page(), window.focusWidget()
        return page is not None and focused is not None and page.isAncestorOf(focused)

    window.rail.buttons["today"].setFocus()
    assert window.run("go.clients")
    settle(desk)
    assert is_in_page()
    desk.go("settings")
    window.rebuild()
    qtbot.waitUntil(is_in_page)


def test_a_click_on_the_rail_goes_to_the_place_and_not_to_the_button(
    window: Window, desk: Desk
) -> None:
    button = window.rail.buttons["clients"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(desk)
    assert window.focusWidget() is not button
    assert not button.focusPolicy() & Qt.FocusPolicy.ClickFocus
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_colours_and_language_are_changed_from_the_palette_too(window: Window, desk: Desk) -> None:
    assert window.run("look.colours")
    assert desk.setting(THEME) == "dark"
    assert window.run("look.language")
    assert desk.setting(LANGUAGE) == "ru"
    assert rank("тёмная", [(ALL_ACTIONS["look.colours"], window.bound)])


def test_the_palette_does_not_begin_with_what_takes_something_away(window: Window) -> None:
    window.run("palette.open")
    offered = [hit.text for hit in window.covers.palette.list.hits]
    first = offered[: len(places.PLACES)]
    assert "Today" in first and "Remove the sample workspace" not in first


def test_every_action_that_works_everywhere_is_in_the_palette(window: Window) -> None:
    window.run("palette.open")
    everywhere = {each.id for each in ALL_ACTIONS.values() if each.place == EVERYWHERE}
    offered = {each.id for bound in window.around() for each in bound.actions}
    assert everywhere <= offered


def test_the_palette_can_undo_though_one_types_in_it(window: Window) -> None:
    window.focus_page()
    window.run("palette.open")
    window.covers.palette.line.setFocus()
    for typed, found in (("отменить", "Undo"), ("again", "Redo")):
        window.covers.palette.line.setText(typed)
        assert window.covers.palette.list.hits[0].text == found


def test_keys_typed_in_a_field_are_letters(window: Window, desk: Desk, qtbot: QtBot) -> None:
    line = QLineEdit(window)
    line.show()
    line.setFocus()
    press(line, Qt.Key.Key_Slash, Qt.KeyboardModifier.NoModifier, "/")
    assert line.text() == "/"
