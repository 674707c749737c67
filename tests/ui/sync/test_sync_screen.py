"""The sync page and the chip: they tell the truth, and offer what can be done about it."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection, update

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base import clock, words
from deskcrm.base.errors import UserError
from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.attachments.model import Attachment
from deskcrm.domain.clients.commands import edit_client, rename_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.store.store import Arrived
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.status import State
from deskcrm.ui.kit.actions import ALL_ACTIONS, run_action
from deskcrm.ui.kit.columns import Selection
from deskcrm.ui.kit.desk import Desk, Told, undo
from deskcrm.ui.sync.chip import SyncChip
from deskcrm.ui.sync.connect import ConnectCard
from deskcrm.ui.sync.posing import PosedLink
from deskcrm.ui.sync.screen import SyncScreen
from deskcrm.ui.sync.standing import Standing
from tests.ui.settle import settle
from tests.ui.sync.conftest import Refuse
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def told(desk: Desk) -> list[Told]:
    said: list[Told] = []
    desk.told.connect(said.append)
    return said


def go_to(screen: SyncScreen, shelf: int) -> None:
    screen.load_soon()
    screen.shelf.setCurrentIndex(shelf)
    settle(screen.desk)


def labels(screen: SyncScreen) -> list[str]:
    rows = screen.table.rows
    return [row.label for n in range(rows.total) if (row := rows.row(n)) is not None]


def test_the_chip_says_that_nobody_is_connected(standing: Standing, qtbot: QtBot) -> None:
    chip = SyncChip(standing)
    qtbot.addWidget(chip)
    assert chip.said.text == "Not connected to a server yet · everything is on this computer"


def test_the_chip_tells_each_standing(
    standing: Standing, link: PosedLink, desk: Desk, acme: ClientId, qtbot: QtBot
) -> None:
    chip = SyncChip(standing)
    qtbot.addWidget(chip)
    now = clock.now()
    said = []
    for pose in (
        {"state": State.EXCHANGING},
        {"state": State.RETRYING, "trouble": Trouble.OFFLINE},
        {"state": State.PAUSED},
        {"state": State.STOPPED, "trouble": Trouble.SIGN_IN},
        {"state": State.IDLE},
    ):
        link.pose(last_exchange=now - timedelta(days=3), **pose)
        settle(desk)
        said.append(chip.said.text)
    waits = "2 changes wait · last exchange 3 days ago"
    assert said == [
        "Syncing…",
        f"Offline · {waits}",
        f"Paused · {waits}",
        f"Sign in again · {waits}",
        waits,
    ]


def test_the_chip_counts_in_russian(
    standing: Standing, link: PosedLink, desk: Desk, refuse: Refuse, qtbot: QtBot
) -> None:
    words.set_language("ru")
    refuse("Acme II")
    chip = SyncChip(standing)
    qtbot.addWidget(chip)
    link.pose(state=State.RETRYING, trouble=Trouble.OFFLINE)
    settle(desk)
    assert chip.said.text == "Отклонено: 1 · Нет связи · 2 изменения ждут"
    assert chip.accessibleName().startswith("Синхронизация: ")


def test_a_click_and_a_key_on_the_chip_open_the_page(
    standing: Standing, desk: Desk, qtbot: QtBot
) -> None:
    chip = SyncChip(standing)
    qtbot.addWidget(chip)
    went: list[str] = []
    desk.went.connect(lambda place, _: went.append(place))
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Space):
        QTest.keyClick(chip, key)
    assert went == ["sync"] * 3


def test_the_brackets_of_a_merged_text_are_explained(
    screen: SyncScreen, link: PosedLink, desk: Desk, acme: ClientId
) -> None:
    link.pose()
    marks = "Two people rewrote this: the later words stand in ⟦double brackets⟧."
    for goals, is_explained in (("One tool\nby spring", False), ("One tool⟦ for all⟧", True)):
        desk.store.do(edit_client, acme, goals=goals)
        go_to(screen, 0)
        newest = screen.table.rows.row(0)
        assert newest is not None
        screen.record.show_step(newest)
        settle(desk)
        said = [label.text() for label in screen.record.findChildren(QLabel)]
        assert (marks in said) is is_explained
    assert "One tool\nby spring\n→\nOne tool⟦ for all⟧" in said


def test_alone_the_page_offers_to_connect_and_nothing_else(screen: SyncScreen) -> None:
    assert screen.offer.isVisible()
    assert not screen.splitter.isVisible()
    possible = {each.id for each in ALL_ACTIONS.values() if each.place == "sync"}
    can = {each for each in possible if ALL_ACTIONS[each].can_run(screen)}
    assert can == {"sync.connect"}
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_what_waits_is_listed_newest_first(
    screen: SyncScreen, link: PosedLink, acme: ClientId, desk: Desk
) -> None:
    desk.do(rename_client, acme, name="Acme II")
    link.pose()
    settle(desk)
    assert labels(screen)[:2] == ["Renamed client", "Added company"]
    assert screen.shelf.tabText(0) == "Waiting 3"
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_a_refused_change_says_why_and_is_done_again(
    screen: SyncScreen, link: PosedLink, refuse: Refuse, desk: Desk, told: list[Told]
) -> None:
    refuse("Acme II")
    link.pose()
    go_to(screen, 2)
    assert screen.record.reason.text() == (
        "You have no right to change this, or no longer have it."
    )
    assert run_action("sync.again", screen)
    settle(desk)
    # It is named so already here, since nothing came back from the server.
    assert told[-1].text == "It is so already: nothing had to be done."
    assert labels(screen) == []


def test_undoing_what_was_done_again_puts_it_back_on_the_list(
    screen: SyncScreen, link: PosedLink, acme: ClientId, refuse: Refuse, desk: Desk
) -> None:
    refuse("Acme II")
    desk.store.do(rename_client, acme, name="Acme")
    link.pose()
    go_to(screen, 2)
    run_action("sync.again", screen)
    settle(desk)
    assert labels(screen) == []
    undo(desk)
    settle(desk)
    assert labels(screen) == ["Renamed client"]


def test_what_is_let_go_can_be_taken_up_again(
    screen: SyncScreen, link: PosedLink, refuse: Refuse, desk: Desk, told: list[Told]
) -> None:
    refuse("Acme II")
    refuse("Acme III", "gone")
    link.pose()
    go_to(screen, 2)
    screen.table.pick(Selection(is_everything=True))
    assert run_action("sync.let_go", screen)
    settle(desk)
    assert told[-1].text == "2 changes were let go"
    assert labels(screen) == []
    go_to(screen, 3)
    assert len(labels(screen)) == 2
    assert not run_action("sync.let_go", screen)
    assert run_action("sync.take_up", screen)
    settle(desk)
    assert len(labels(screen)) == 1
    go_to(screen, 2)
    assert len(labels(screen)) == 1


def test_what_was_refused_is_copied_and_exported_in_full(
    screen: SyncScreen,
    link: PosedLink,
    refuse: Refuse,
    desk: Desk,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    long = "Acme " + "very " * 100 + "long"
    refuse(long)
    link.pose()
    go_to(screen, 2)
    assert run_action("sync.copy", screen)
    settle(desk)
    assert f"Name: Acme → {long}" in QGuiApplication.clipboard().text()
    target = tmp_path / "changes.txt"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    assert run_action("sync.export", screen)
    settle(desk)
    assert long in target.read_text("utf-8")


def test_the_exchange_is_asked_for_rests_and_goes_on(
    screen: SyncScreen, link: PosedLink, desk: Desk
) -> None:
    link.pose()
    settle(desk)
    for action in ("sync.now", "sync.pause", "sync.pause", "sync.sign_out"):
        assert run_action(action, screen)
        settle(desk)
    assert link.asked == ["sync_now", "pause", "resume", "sign_out"]
    assert screen.offer.isVisible()
    assert not run_action("sync.now", screen)


def card_of(screen: SyncScreen) -> ConnectCard:
    assert run_action("sync.connect", screen)
    settle(screen.desk)
    return next(c for c in screen.window().findChildren(ConnectCard) if c.isVisible())


def fill(card: ConnectCard) -> None:
    values = {"url": "https://desk.example.com", "name": "anna", "password": " secret "}
    for name, value in values.items():
        card.form.fields[name].set_value(value)


def test_connecting_hands_over_what_was_typed(
    screen: SyncScreen, link: PosedLink, desk: Desk
) -> None:
    card = card_of(screen)
    assert unnamed(card) == [] and unreachable(card) == []
    fill(card)
    card.form.save()
    settle(desk)
    assert link.asked == [("connect", "https://desk.example.com", "anna", " secret ")]
    cards = screen.window().findChildren(ConnectCard)
    assert not any(each.isVisible() for each in cards)
    assert screen.splitter.isVisible()


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (SyncError(Trouble.OFFLINE), "url"),
        (SyncError(Trouble.BROKEN), "url"),
        (SyncError(Trouble.SIGN_IN), "password"),
        (UserError("The server does not know this name with this password."), "password"),
        (UserError("This workspace belongs to another server."), "url"),
    ],
)
def test_what_is_wrong_is_said_under_its_field(
    screen: SyncScreen, link: PosedLink, desk: Desk, error: BaseException, field: str
) -> None:
    link.fails = error
    card = card_of(screen)
    fill(card)
    card.form.save()
    settle(desk)
    assert card.isVisible()
    assert card.form.isEnabled()
    assert card.form.fields[field].stop().accessibleDescription()
    assert card.form.typed()["password"] == " secret "


def test_an_address_that_is_none_is_not_tried(
    screen: SyncScreen, link: PosedLink, desk: Desk
) -> None:
    card = card_of(screen)
    fill(card)
    card.form.fields["url"].set_value("http://desk.example.com")
    card.form.save()
    settle(desk)
    assert link.asked == []
    assert "http://" in card.form.fields["url"].stop().accessibleDescription()


def test_nothing_of_a_password_is_kept_as_a_draft(screen: SyncScreen, desk: Desk) -> None:
    card = card_of(screen)
    fill(card)
    card.form.keep_draft()
    card.close_card()
    settle(desk)
    again = card_of(screen)
    assert again.form.typed() == {"url": "", "name": "", "password": ""}


def test_a_refusal_that_arrives_is_said_once(
    standing: Standing, link: PosedLink, refuse: Refuse, desk: Desk, told: list[Told]
) -> None:
    settle(desk)
    refuse("Acme II")
    link.pose()
    settle(desk)
    link.pose()
    settle(desk)
    assert [each.text for each in told] == ["The server refused 1 change"]
    went: list[dict[str, object]] = []
    desk.went.connect(lambda _, where: went.append(where))
    assert told[0].more is not None
    told[0].more()
    assert went == [{"shelf": "refused"}]


def test_what_is_wrong_on_this_computer_is_not_blamed_on_the_server(
    screen: SyncScreen, link: PosedLink, desk: Desk
) -> None:
    full = UserError("The disk is full.", "Make room.")
    link.pose(state=State.RETRYING, trouble=Trouble.BROKEN, said=full)
    settle(desk)
    assert screen.card.heading.accessibleName() == "The disk is full."
    assert screen.trouble.text.text() == "Make room."


def test_the_card_names_the_files_that_wait(
    standing: Standing, link: PosedLink, desk: Desk, acme: ClientId, qtbot: QtBot
) -> None:
    screen = SyncScreen(desk, standing)
    qtbot.addWidget(screen)
    link.pose(state=State.IDLE)
    settle(desk)
    assert screen.card.files.isHidden()
    for number in range(7):
        desk.do(paste_attachment, acme, content=bytes([number]), name=f"plan {number}.txt")
    settle(desk)
    _confirm_everything(desk)
    standing.changed.emit()
    settle(desk)
    assert not screen.card.files.isHidden()
    assert screen.card.files.text() == (
        "Files not sent yet: plan 0.txt, plan 1.txt, plan 2.txt, plan 3.txt, plan 4.txt, 2 more"
    )


def _confirm_everything(desk: Desk) -> None:
    """Number every attachment as the server does when it has it."""

    def take(connection: Connection) -> Arrived[None]:
        connection.execute(update(Attachment).values(seq=1))
        return Arrived(None)

    desk.store.absorb(take)
