"""The settings page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every table and index must be known
from deskcrm.base.settings import Scope, all_settings
from deskcrm.base.words import speaking, tr
from deskcrm.domain.contacts.settings import PHONE_REGION
from deskcrm.domain.knowledge.settings import BASE_ADDRESS
from deskcrm.domain.notices.settings import QUIET_FROM
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.users.queries import get_me
from deskcrm.store import backup, keys
from deskcrm.store.backup import Reason
from deskcrm.store.keys.key import Key
from deskcrm.store.opening import Opened
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from deskcrm.ui.kit.desk import Desk, Told
from deskcrm.ui.settings import about
from deskcrm.ui.settings.backups import reason_words
from deskcrm.ui.settings.rows import Card, Row
from deskcrm.ui.settings.screen import SettingsScreen
from deskcrm.ui.settings.templates import short
from deskcrm.ui.shell.appearance import THEME
from tests.fixtures_store import KEY
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


class House(QWidget):
    """As much of the window as the page uses."""

    reopening = Signal(object)

    def __init__(self, desk: Desk, opened: Opened) -> None:
        super().__init__()
        self.desk, self.opened = desk, opened
        self.ran: list[str] = []

    def run(self, action: str) -> None:
        self.ran.append(action)


@pytest.fixture
def opened(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    store.do(create_first_user, name="Anna Carter")
    profile, key = Profile(tmp_path), Key(KEY)
    monkeypatch.setattr(keys, "ways", lambda _: keys.Ways(keychain=False, passphrase=True))
    with profile.acquire() as hold:
        yield Opened(profile, hold, key, store)


@pytest.fixture
def screen(desk: Desk, opened: Opened, qtbot: QtBot) -> SettingsScreen:
    house: Any = House(desk, opened)
    qtbot.addWidget(house)
    made = SettingsScreen(desk, house)
    made.house = house  # type: ignore[attr-defined]  # so that it lives as long
    qtbot.addWidget(made)
    made.resize(1000, 800)
    made.show()
    settle(desk)
    return made


def control(screen: SettingsScreen, name: str) -> Any:
    found = [
        each
        for kind in (QComboBox, QLineEdit, QPushButton)
        for each in screen.findChildren(kind)
        if each.accessibleName() == name
    ]
    return found[0]


def told(desk: Desk) -> list[Told]:
    said: list[Told] = []
    desk.told.connect(said.append)
    return said


def test_every_section_names_its_controls(screen: SettingsScreen, desk: Desk) -> None:
    for section in screen.buttons:
        screen.arrive(section=section)
        settle(desk)
        assert unnamed(screen) == [], section
        assert unreachable(screen) == [], section


def test_an_address_that_is_none_is_said_and_can_be_mended(
    screen: SettingsScreen, desk: Desk
) -> None:
    screen.arrive(section="rules")
    settle(desk)
    line, said = control(screen, tr(BASE_ADDRESS.label)), told(desk)
    line.setText("the help pages")
    line.editingFinished.emit()
    assert "not a web address" in said[-1].text
    assert line.text() == "the help pages" and desk.setting(BASE_ADDRESS) == ""
    line.setText("help.example.com/{language}")
    line.editingFinished.emit()
    assert line.text() == desk.setting(BASE_ADDRESS) == "https://help.example.com/{language}"


def test_a_section_that_fits_has_nothing_to_scroll(screen: SettingsScreen, desk: Desk) -> None:
    screen.resize(1000, 760)
    screen.arrive(section="about")  # it has the most that wraps
    settle(desk)
    area = screen.stack.currentWidget()
    assert isinstance(area, QScrollArea)
    assert area.verticalScrollBar().maximum() == 0
    screen.resize(1000, 400)
    settle(desk)
    assert area.verticalScrollBar().maximum() > 0


def test_every_declared_setting_can_be_set_somewhere(screen: SettingsScreen, desk: Desk) -> None:
    for section in screen.buttons:
        screen.show_section(section)
    rows = {row.name.text() for row in screen.findChildren(Row)}
    hidden = ("window.", "testing.", "workspace.")
    missing = [
        each.key
        for each in all_settings()
        if not each.key.startswith(hidden) and tr(each.label) not in rows
    ]
    assert missing == []


def test_a_rule_for_all_says_so_once(screen: SettingsScreen, desk: Desk) -> None:
    screen.show_section("rules")
    page = screen.stack.currentWidget()
    assert page is not None and len(page.findChildren(Card)) > 2
    for card in page.findChildren(Card):
        said = [label.text() for label in card.findChildren(QLabel)]
        names = {tr(each.label) for each in all_settings() if each.scope is Scope.SHARED}
        shared = names.intersection(said)
        assert said.count("For everybody in this workspace.") == min(len(shared), 1), said[0]


def test_a_template_is_shown_up_to_a_whole_word_and_a_whole_variable() -> None:
    assert short("Hello  {contact first name|there},\n\nall is well.") == (
        "Hello {contact first name|there}, all is well."
    )
    assert short("word " * 40) == "word " * 29 + "word…"
    # Wherever the end falls: before the variable, within it, or within the word after it.
    for words in range(20, 30):
        text = short("word " * words + "{contact first name|there}, " + "more " * 20)
        assert text.count("{") == text.count("}") and len(text) <= 151
        assert text.endswith(("word…", "there}…", "more…"))


def test_choosing_colours_sets_them(screen: SettingsScreen, desk: Desk) -> None:
    heard: list[str] = []
    desk.set_to.connect(heard.append)
    box = control(screen, "Colours")
    box.activated.emit(box.findData("dark"))
    assert desk.setting(THEME) == "dark"
    assert heard == [THEME.key]


def test_the_country_of_numbers_is_chosen_by_its_name(screen: SettingsScreen, desk: Desk) -> None:
    screen.show_section("calls")
    box = control(screen, "Country of numbers without a country code")
    assert box.currentText() == "Russia"
    assert box.findText("Germany") >= 0
    assert box.findText("Antarctica") < 0  # it has no numbers
    box.activated.emit(box.findText("Germany"))
    assert desk.setting(PHONE_REGION) == "DE"


def test_the_name_can_be_changed(screen: SettingsScreen, desk: Desk) -> None:
    line = control(screen, "Your name")
    line.setText("Anna Smith")
    line.setModified(True)
    line.editingFinished.emit()
    settle(desk)
    me = desk.store.ask(get_me)
    assert me is not None
    assert me.name == "Anna Smith"


def test_a_backup_is_made_now(screen: SettingsScreen, desk: Desk, opened: Opened) -> None:
    said = told(desk)
    screen.show_section("backups")
    control(screen, "Back up now").click()
    settle(desk)
    assert len(backup.list_backups(opened.profile)) == 1
    assert said[-1].text == "A backup was made and checked."


def test_a_backup_goes_to_a_file(
    screen: SettingsScreen, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = (str(tmp_path / "elsewhere.db"), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)
    screen.show_section("backups")
    control(screen, "Back up to a file…").click()
    settle(desk)
    assert (tmp_path / "elsewhere.db").stat().st_size > 0


def test_the_file_is_checked_and_said_to_be_whole(screen: SettingsScreen, desk: Desk) -> None:
    said = told(desk)
    screen.show_section("backups")
    control(screen, "Check the file").click()
    settle(desk)
    assert said[-1].text.startswith("The file is whole: ")


def test_the_licences_name_what_it_is_made_of() -> None:
    said = about.licences()
    assert "SQLAlchemy" in said
    assert "DeskCRM — Apache-2.0" in said
    assert "— ?" not in said


def test_quiet_hours_are_typed_as_times_and_anything_else_is_refused(
    screen: SettingsScreen, desk: Desk
) -> None:
    told: list[Told] = []
    desk.told.connect(told.append)
    screen.show_section("notices")
    settle(desk)
    line = control(screen, "Quiet from")
    line.setText("2130")
    line.editingFinished.emit()
    assert desk.setting(QUIET_FROM) == "21:30" and line.text() == "21:30"
    line.setText("after supper")
    line.editingFinished.emit()
    assert desk.setting(QUIET_FROM) == "21:30" and line.text() == "21:30"
    assert "after supper" in told[-1].text


def test_why_a_backup_was_made_is_said_in_both_languages() -> None:
    english = [reason_words(reason) for reason in Reason]
    with speaking("ru"):
        russian = [reason_words(reason) for reason in Reason]
    assert len(set(english + russian)) == 2 * len(Reason)
