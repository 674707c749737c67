"""The first start, unlocking, and the recovery code."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from pytestqt.qtbot import QtBot

from deskcrm.base import words
from deskcrm.base.jobs import Job
from deskcrm.domain.calendars.queries import list_calendars
from deskcrm.domain.clients.queries import count_clients
from deskcrm.domain.contacts.settings import phone_region
from deskcrm.domain.settings.queries import list_set
from deskcrm.domain.timezones import time_zone_names
from deskcrm.domain.users.queries import get_me
from deskcrm.store import keys
from deskcrm.store.profile import Profile
from deskcrm.ui.kit.tasks import Tasks
from deskcrm.ui.shell import founding, windowstate
from deskcrm.ui.shell.appearance import Appearance, dress
from deskcrm.ui.shell.first_run import FirstRunDialog, Wishes
from deskcrm.ui.shell.founding import Founder
from deskcrm.ui.shell.unlock import NewPassphraseDialog, UnlockDialog
from deskcrm.ui.shell.window import WINDOW
from tests.ui.walk import unnamed

PHRASE = "correct horse battery"


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    assert made.wait_idle()
    made.shutdown()


@pytest.fixture
def dialog(qtbot: QtBot) -> FirstRunDialog:
    made = FirstRunDialog(Appearance("en"))
    qtbot.addWidget(made)
    made.show()
    return made


def rest(tasks: Tasks) -> None:
    for _ in range(3):
        QApplication.processEvents()
        assert tasks.wait_idle()


def test_the_first_run_makes_a_key_and_shows_the_code_once(
    dialog: FirstRunDialog, tasks: Tasks, tmp_path: Path
) -> None:
    profile = Profile(tmp_path)
    founder = Founder(profile, tasks, dialog)
    rest(tasks)
    dialog.next.click()
    dialog.protection.fields.first.setText(PHRASE)
    dialog.protection.fields.second.setText(PHRASE)
    dialog.next.click()
    rest(tasks)
    assert founder.key is not None
    code = dialog.recovery.code.code
    assert keys.unlock_with_code(profile, code).raw == founder.key.raw
    assert not dialog.next.isEnabled()
    dialog.recovery.code.check.setText(code[-4:].lower())
    dialog.recovery.code.check.textEdited.emit("")
    assert dialog.next.isEnabled()
    dialog.next.click()
    assert not dialog.next.isEnabled()
    dialog.start.name.setText("Anna")
    dialog.next.click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    wishes = dialog.wishes()
    assert wishes.time_zone in time_zone_names()
    assert replace(wishes, time_zone="", country="") == Wishes("Anna", "en", with_sample=True)


def test_who_stops_leaves_nothing_behind(
    dialog: FirstRunDialog, tasks: Tasks, tmp_path: Path
) -> None:
    profile = Profile(tmp_path)
    founder = Founder(profile, tasks, dialog)
    founder._made(keys.create_key(profile, passphrase=PHRASE))
    assert profile.exists()
    founder.unmake()
    assert not profile.exists()


def test_two_passphrases_that_differ_are_refused_in_words(dialog: FirstRunDialog) -> None:
    dialog.set_keychain(False)
    dialog.show_page(1)
    dialog.protection.fields.first.setText(PHRASE)
    dialog.protection.fields.second.setText("another one")
    dialog.next.click()
    assert dialog.error.text() == "The two are not the same. Type the passphrase once more."
    dialog.protection.fields.first.setText("short")
    dialog.next.click()
    assert dialog.error.text() == "Take at least 8 characters; a few words are best."


def test_a_keychain_needs_no_passphrase(dialog: FirstRunDialog) -> None:
    dialog.set_keychain(True)
    dialog.show_page(1)
    assert dialog.passphrase() is None
    dialog.protection.phrase.setChecked(True)
    assert dialog.protection.fields.isVisible()


def test_a_language_is_spoken_as_soon_as_it_is_chosen(dialog: FirstRunDialog) -> None:
    try:
        dialog.language.group.buttons()[1].click()
        QApplication.processEvents()
        assert words.language() == "ru"
        assert dialog.wishes().language == "ru"
    finally:
        dress(Appearance())


def test_every_step_has_a_title_and_names(dialog: FirstRunDialog) -> None:
    for at in range(4):
        dialog.show_page(at)
        assert dialog.heading.text()
        assert unnamed(dialog) == []


def test_a_workspace_is_founded_with_its_owner(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    with profile.acquire():
        key, _ = keys.create_key(profile, passphrase=PHRASE)
        store = founding.found(Job(), profile, key, Wishes("Анна", "ru", with_sample=False))
        me = store.ask(get_me)
        assert me is not None
        assert (me.name, me.language) == ("Анна", "ru")
        assert store.ask(count_clients) == 0
        assert store.ask(list_calendars) == []  # nothing is known of the place
        store.close()


def test_a_workspace_for_ones_own_clients_opens_where_a_file_is_brought_in(
    tmp_path: Path, dialog: FirstRunDialog
) -> None:
    dialog.start.name.setText("Anna")
    dialog.start.bring.setChecked(True)
    assert dialog.wishes().with_import
    profile = Profile(tmp_path / "own")
    with profile.acquire():
        key, _ = keys.create_key(profile, passphrase=PHRASE)
        store = founding.found(Job(), profile, key, Wishes("Anna", "en", False, with_import=True))
        _, stops, _ = windowstate.read(store.ask(list_set)[WINDOW.key])
        assert [stop.place for stop in stops] == ["imports"]
        store.close()


def test_a_new_workspace_goes_by_the_clock_and_the_holidays_of_its_place(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    place = Wishes("Anna", "en", with_sample=False, time_zone="Europe/Berlin", country="DE")
    with profile.acquire():
        key, _ = keys.create_key(profile, passphrase=PHRASE)
        store = founding.found(Job(), profile, key, place)
        (row,) = store.ask(list_calendars)
        assert (row.time_zone, row.is_everybodys) == ("Europe/Berlin", True)
        assert row.days > 10  # two years of public holidays
        assert store.ask(phone_region) == "DE"
        store.close()


def test_founding_that_fails_leaves_no_half_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("half way")

    monkeypatch.setattr(founding, "fill_with_sample", fail)
    profile = Profile(tmp_path)
    with profile.acquire():
        key, _ = keys.create_key(profile, passphrase=PHRASE)
        with pytest.raises(RuntimeError):
            founding.found(Job(), profile, key, Wishes("Anna", "en", with_sample=True))
    assert not profile.database.exists()


def test_the_right_passphrase_unlocks_and_a_wrong_one_says_so(
    tasks: Tasks, tmp_path: Path, qtbot: QtBot
) -> None:
    profile = Profile(tmp_path)
    key, code = keys.create_key(profile, passphrase=PHRASE)
    with pytest.raises(keys.Locked) as locked:
        keys.open_key(profile)
    dialog = UnlockDialog(profile, locked.value, tasks)
    qtbot.addWidget(dialog)
    dialog.passphrase.setText("not this one")
    dialog.unlock.click()
    rest(tasks)
    assert "not the passphrase" in dialog.error.text()
    dialog.passphrase.setText(PHRASE)
    dialog.unlock.click()
    rest(tasks)
    assert dialog.key is not None
    assert dialog.key.raw == key.raw
    assert not dialog.with_code
    again = UnlockDialog(profile, locked.value, tasks)
    qtbot.addWidget(again)
    again.switch.click()
    again.code.setText(code.lower().replace("-", " "))
    again.unlock.click()
    rest(tasks)
    assert again.key is not None
    assert again.with_code


def test_a_new_passphrase_opens_from_then_on(tasks: Tasks, tmp_path: Path, qtbot: QtBot) -> None:
    profile = Profile(tmp_path)
    key, _ = keys.create_key(profile, passphrase=PHRASE)
    dialog = NewPassphraseDialog(profile, key, tasks, title="t", text="t")
    qtbot.addWidget(dialog)
    for line in (dialog.fields.first, dialog.fields.second):
        line.setText("another good one")
    dialog.save.click()
    rest(tasks)
    assert keys.open_key(profile, passphrase="another good one").raw == key.raw


def test_the_code_is_saved_to_a_file_that_only_its_owner_reads(
    dialog: FirstRunDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "code.txt"
    answer = (str(path), "")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: answer)
    dialog.show_code("AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG")
    dialog.recovery.code.save.click()
    assert "AAAA-BBBB-CCCC" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0
    dialog.recovery.code.copy.click()
    assert QApplication.clipboard().text().startswith("AAAA-")
