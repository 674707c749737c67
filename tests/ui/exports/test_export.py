"""Export in the window: what the list shows goes into a file, and everything into an archive."""

import csv
import zipfile
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

import deskcrm.ui.exports.actions  # noqa: F401 - declares what is run
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company, create_person
from deskcrm.domain.clients.queries import count_clients
from deskcrm.domain.exports.packing import export_everything
from deskcrm.domain.exports.views import ViewName
from deskcrm.domain.exports.writing import FileForm
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.exports.card import ExportCard
from deskcrm.ui.exports.everything import bring, save_everything
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.columns import Selection
from deskcrm.ui.kit.desk import Desk, Told
from deskcrm.ui.renewals.screen import RenewalsScreen
from deskcrm.ui.shell.window import Window
from tests.fixtures_store import MakeStore
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def told(desk: Desk) -> list[Told]:
    heard: list[Told] = []
    desk.told.connect(heard.append)
    return heard


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> ClientsScreen:
    """Give the list of three clients, searched for two of them."""
    desk.store.do(create_first_user, name="Anna")
    for name in ("Acme", "Beta"):
        desk.store.do(create_company, name=name)
    desk.store.do(create_person, name="Ada Acme")
    made = ClientsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1_200, 700)
    made.show()
    settle(desk)
    made.search.setText("acme")
    settle(desk)
    return made


def open_card(screen: ClientsScreen) -> ExportCard:
    assert run_action("clients.export", screen)
    (card,) = screen.findChildren(ExportCard) or screen.window().findChildren(ExportCard)
    return card


def choosing(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))


def test_the_list_goes_into_a_file_as_it_is_shown(
    screen: ClientsScreen, told: list[Told], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = open_card(screen)
    assert unnamed(card) == [] and unreachable(card) == []
    assert screen.window().focusWidget() is card.view.box
    assert not card.mark.isVisible()
    card.kind.box.setCurrentIndex(list(FileForm).index(FileForm.CSV))
    assert card.mark.isVisible()
    choosing(monkeypatch, tmp_path / "clients.csv")
    card.form.save()
    settle(screen.desk)
    table = list(csv.reader((tmp_path / "clients.csv").read_text("utf-8-sig").splitlines()))
    assert table[0] == ["Name", "Last contact", "Open tickets"]
    assert [row[0] for row in table[1:]] == ["Acme", "Ada Acme"]
    assert (told[-1].text, told[-1].more_words) == ("2 rows are in clients.csv.", "Open folder")


def test_only_what_is_picked_goes_into_a_file(
    screen: ClientsScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = screen.table.rows.row(1)
    assert row is not None and row.name == "Ada Acme"
    screen.table.pick(Selection(frozenset({row.id})))
    card = open_card(screen)
    card.kind.box.setCurrentIndex(list(FileForm).index(FileForm.CSV))
    assert card.rows.isVisible()
    choosing(monkeypatch, tmp_path / "clients.csv")
    card.form.save()
    settle(screen.desk)
    table = list(csv.reader((tmp_path / "clients.csv").read_text("utf-8-sig").splitlines()))
    assert [line[0] for line in table[1:]] == ["Ada Acme"]


def test_what_a_kind_of_file_does_not_need_is_not_asked(screen: ClientsScreen) -> None:
    card = open_card(screen)
    card.kind.box.setCurrentIndex(list(FileForm).index(FileForm.VCARD))
    shown = [one.isVisible() for one in (card.columns, card.language, card.mark)]
    assert shown == [False, False, False]
    card.view.box.setCurrentIndex(1)
    assert card.view.value() is ViewName.CONTACTS
    card.kind.box.setCurrentIndex(list(FileForm).index(FileForm.XLSX))
    assert card.language.isVisible() and not card.columns.isVisible()


def test_a_list_that_cannot_be_exported_says_so(
    desk: Desk, told: list[Told], screen: ClientsScreen, qtbot: QtBot
) -> None:
    other = RenewalsScreen(desk)
    qtbot.addWidget(other)
    other.show()
    settle(desk)
    assert not run_action("renewals.export", other)  # nothing is in it
    screen.search.setText("nobody")
    settle(desk)
    assert not run_action("clients.export", screen)


def test_everything_goes_into_an_archive(
    screen: ClientsScreen, told: list[Told], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choosing(monkeypatch, tmp_path / "all")
    save_everything(screen.desk, screen)
    settle(screen.desk)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert len(archive.read("records/client.jsonl").splitlines()) == 3
    assert told[-1].more is not None and "all.zip" in told[-1].text


class _Window(QWidget):
    """As much of a window as bringing in an archive needs."""

    reopening = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk


def test_an_archive_is_brought_in_and_the_window_opens_again(
    screen: ClientsScreen, desk: Desk, told: list[Told], tmp_path: Path, make_store: MakeStore,
    qtbot: QtBot,
) -> None:  # fmt: skip
    path = tmp_path / "all.zip"
    export_everything(Job(), desk.store, path)
    bring(cast(Window, _Window(desk)), path)
    settle(desk)
    assert told[-1].text == "This workspace is not empty."
    empty = Desk(make_store("empty.db"))
    window = _Window(empty)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.reopening):
        bring(cast(Window, window), path)
    settle(empty)
    empty.end()
    assert empty.store.actor == desk.store.actor
    assert empty.store.ask(count_clients) == 3
