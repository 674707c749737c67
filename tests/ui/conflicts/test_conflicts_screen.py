"""The inbox: both values are seen, one key chooses, one side is taken for many, undo helps."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from sqlalchemy import Connection, insert, select

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base import clock
from deskcrm.base.ids import new_id
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.conflicts.model import Conflict
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.store.store import Arrived
from deskcrm.store.tables import shape_of
from deskcrm.ui.conflicts.record import SideCard
from deskcrm.ui.conflicts.screen import ConflictsScreen
from deskcrm.ui.history.card import HistoryCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.columns import Selection
from deskcrm.ui.kit.desk import Desk, Told, undo
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable

Clash = Callable[..., ClientId]
MERGED = "one 2⟦TWO⟧ three"


@pytest.fixture
def told(desk: Desk) -> list[Told]:
    said: list[Told] = []
    desk.told.connect(said.append)
    return said


@pytest.fixture
def clash(desk: Desk) -> Clash:
    """Give a function that makes a client whose field two people set: mine lost, unless told."""
    desk.store.do(create_first_user, name="Anna")
    ivan = desk.store.do(add_user, name="Ivan").value

    def make(
        name: str,
        column: str = "industry",
        *,
        kept: Any = "theirs.example",
        lost: Any = "mine.example",
        kind: str = "later",
        kept_is_mine: bool = False,
    ) -> ClientId:
        client = desk.store.do(create_company, name=name).value
        if column != "is_deleted":
            desk.store.do(edit_client, client, **{column: kept})
        people = (desk.store.actor, ivan) if kept_is_mine else (ivan, desk.store.actor)
        at = clock.now()
        row = {
            "id": new_id(), "scope": UUID(int=0), "seq": 0, "created_at": at,
            "is_deleted": False, "table_name": "client", "row_id": client,
            "subject_id": client, "field": column, "kind": kind,
            "base": json.dumps({column: "was.example"}), "kept": json.dumps({column: kept}),
            "lost": json.dumps({column: lost}), "kept_by": people[0], "lost_by": people[1],
            "kept_at": at, "lost_at": at, "resolved_by": None, "resolved_at": None, "choice": "",
        }  # fmt: skip
        table = shape_of(Conflict).table

        def take(connection: Connection) -> Arrived[None]:
            connection.execute(insert(table), [row])
            return Arrived(None, (), ("conflict",))

        desk.store.absorb(take)
        return client

    return make


@pytest.fixture
def screen(desk: Desk, clash: Clash, qtbot: QtBot) -> ConflictsScreen:
    made = ConflictsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    settle(desk)
    return made


def value_of(desk: Desk, client: ClientId, column: str = "industry") -> Any:
    """Give a value of a client that is there; None of one that is not."""
    chosen = select(getattr(Client, column)).where(Client.id == client, ~Client.is_deleted)
    return desk.store.ask(lambda db: db.scalar(chosen))


def cards(screen: ConflictsScreen) -> list[list[str]]:
    return [
        [label.text() for label in card.findChildren(QLabel) if label.text()]
        for card in screen.record.findChildren(SideCard)
        if card.isVisible()
    ]


def test_without_conflicts_it_says_what_they_would_be(screen: ConflictsScreen) -> None:
    assert not screen.list_pane.is_showing_content
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_an_empty_list_takes_the_room_of_the_record_and_gives_it_back(
    screen: ConflictsScreen, desk: Desk, clash: Clash
) -> None:
    assert screen.record_pane.isHidden()
    assert screen.list_pane.width() == screen.width()
    clash("Acme")
    settle(desk)
    shared = screen.splitter.sizes()
    assert screen.record_pane.isVisible() and min(shared) > 300
    screen.shelf.setCurrentIndex(1)
    settle(desk)
    assert screen.record_pane.isHidden()
    screen.shelf.setCurrentIndex(0)
    settle(desk)
    assert screen.splitter.sizes() == shared


def test_a_time_zone_and_a_country_are_said_by_their_names(
    screen: ConflictsScreen, desk: Desk, clash: Clash
) -> None:
    clash("Acme", "time_zone", kept="Europe/Moscow", lost="Asia/Tokyo")
    settle(desk)
    assert [card[-1] for card in cards(screen)][:2] == ["Tokyo, UTC+9", "Moscow, UTC+3"]
    clash("Birch", "country", kept="RU", lost="JP")
    settle(desk)
    screen.table.go_to(0)
    settle(desk)
    assert [card[-1] for card in cards(screen)][:2] == ["Japan", "Russia"]


def test_mine_theirs_and_what_was_before_stand_side_by_side(
    screen: ConflictsScreen, desk: Desk, clash: Clash
) -> None:
    clash("Acme")
    settle(desk)
    shown = cards(screen)
    assert [(card[0], card[-1]) for card in shown] == [
        ("Mine", "mine.example"),
        ("Theirs", "theirs.example"),
        ("Before", "was.example"),
    ]
    assert screen.record.about.text().endswith("“Acme”")
    assert unnamed(screen) == [] and unreachable(screen) == []


@pytest.mark.parametrize(
    ("key", "stands"),
    [
        (Qt.Key.Key_S, "theirs.example"),
        (Qt.Key.Key_B, "mine.example"),
        (Qt.Key.Key_M, "mine.example"),
        (Qt.Key.Key_T, "theirs.example"),
    ],
)
def test_one_key_chooses_and_undo_takes_it_back(
    screen: ConflictsScreen, desk: Desk, clash: Clash, key: Qt.Key, stands: str, told: list[Told],
) -> None:  # fmt: skip
    client = clash("Acme")
    settle(desk)
    QTest.keyClick(screen.table, key)
    settle(desk)
    assert value_of(desk, client) == stands
    assert screen.table.rows.total == 0
    assert told[-1].text == "1 conflict settled"
    undo(desk, told[-1].undo_step)
    settle(desk)
    assert value_of(desk, client) == "theirs.example"
    assert screen.table.rows.total == 1


def test_a_button_on_each_side_does_the_same(
    screen: ConflictsScreen, desk: Desk, clash: Clash
) -> None:
    client = clash("Acme")
    settle(desk)
    (mine, theirs, _) = screen.record.findChildren(SideCard)
    assert mine.button is not None and theirs.button is not None
    assert mine.button.accessibleName() == "Put it back: mine.example"
    mine.button.click()
    settle(desk)
    assert value_of(desk, client) == "mine.example"


def test_one_side_is_taken_for_many_in_one_step(
    screen: ConflictsScreen, desk: Desk, clash: Clash, told: list[Told]
) -> None:
    first, second = clash("Acme"), clash("Brook", kept_is_mine=True, kept="mine", lost="theirs")
    clash("Crane", "goals", kind="text", kept=MERGED, lost="one 2 three")
    settle(desk)
    screen.table.pick(Selection(is_everything=True))
    assert run_action("conflicts.mine", screen)
    settle(desk)
    assert [value_of(desk, each) for each in (first, second)] == ["mine.example", "mine"]
    assert told[-1].text == "2 conflicts settled"
    assert told[-1].detail.startswith("1 was left open")
    undo(desk, told[-1].undo_step)
    settle(desk)
    assert value_of(desk, first) == "theirs.example"
    assert screen.table.rows.total == 3


def test_what_was_changed_since_is_left_alone_and_that_is_said(
    screen: ConflictsScreen, desk: Desk, clash: Clash, told: list[Told]
) -> None:
    client = clash("Acme")
    desk.store.do(edit_client, client, industry="new.example")
    settle(desk)
    run_action("conflicts.put_back", screen)
    settle(desk)
    assert value_of(desk, client) == "new.example"
    assert "changed again since" in told[-1].detail


def test_a_text_is_put_right_and_saved(
    screen: ConflictsScreen, desk: Desk, clash: Clash, told: list[Told]
) -> None:
    client = clash("Acme", "goals", kind="text", kept=MERGED, lost="one 2 three")
    settle(desk)
    text = screen.record.text
    assert text.isVisible()
    assert text.edit.toPlainText() == MERGED
    assert text.left.text() == "1 place is marked"
    assert run_action("conflicts.write", screen)
    assert text.edit.textCursor().selectedText() == "⟦TWO⟧"
    text.both.click()
    assert text.edit.toPlainText() == "one 2 TWO three"
    assert not text.both.isEnabled()
    text.edit.undo()
    text.first.click()
    text.save.click()
    settle(desk)
    assert value_of(desk, client, "goals") == "one 2 three"
    undo(desk, told[-1].undo_step)
    settle(desk)
    assert screen.table.rows.total == 1


def test_what_is_being_written_survives_what_arrives(
    screen: ConflictsScreen, desk: Desk, clash: Clash
) -> None:
    client = clash("Acme", "goals", kind="text", kept=MERGED, lost="one 2 three")
    settle(desk)
    screen.record.text.edit.setPlainText("half a sen")
    desk.do(edit_client, client, goals="changed elsewhere")
    clash("Brook")
    settle(desk)
    screen.table.show_id(
        next(r.id for n in range(2) if (r := screen.table.rows.row(n)) and r.columns == ("goals",))
    )
    settle(desk)
    assert screen.record.text.edit.toPlainText() == "half a sen"
    screen.record.text.save.click()
    settle(desk)
    assert screen.record.text.wrong.text().startswith("The text was changed meanwhile.")
    assert screen.record.text.edit.toPlainText() == "half a sen"


def test_what_was_settled_can_be_looked_at_but_not_settled_again(
    screen: ConflictsScreen, desk: Desk, clash: Clash
) -> None:
    clash("Acme")
    settle(desk)
    run_action("conflicts.keep", screen)
    screen.shelf.setCurrentIndex(1)
    settle(desk)
    assert screen.table.rows.total == 1
    assert screen.record.settled.text().startswith("It was left as it stood · Anna")
    for action in ("keep", "put_back", "mine", "theirs", "write"):
        assert not run_action(f"conflicts.{action}", screen)
    assert not screen.record.findChildren(SideCard)[0].findChildren(QPushButton)


def test_a_deletion_that_lost_can_be_done_after_all(
    screen: ConflictsScreen, desk: Desk, clash: Clash, told: list[Told]
) -> None:
    client = clash("Acme", "is_deleted", kind="deleted", kept=False, lost=True)
    settle(desk)
    # Mine is the first here too.
    assert [(card[0], card[-1]) for card in cards(screen)] == [
        ("Mine", "Deleted"),
        ("Theirs", "Stays, with the edit"),
    ]
    run_action("conflicts.put_back", screen)
    settle(desk)
    assert value_of(desk, client) is None
    undo(desk, told[-1].undo_step)
    settle(desk)
    assert value_of(desk, client) == ""


def test_the_conflicts_of_one_client_are_shown_alone(
    screen: ConflictsScreen, desk: Desk, clash: Clash
) -> None:
    client = clash("Acme")
    clash("Brook")
    screen.arrive(subject=client)
    settle(desk)
    assert screen.table.rows.total == 1
    screen.arrive()
    settle(desk)
    assert screen.table.rows.total == 2


def test_the_history_of_a_client_leads_to_its_conflicts(
    screen: ConflictsScreen, desk: Desk, clash: Clash
) -> None:
    client = clash("Acme")
    went: list[tuple[str, dict[str, Any]]] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    card = HistoryCard(desk, screen, client, "Acme")
    settle(desk)
    assert card.conflicts.text() == "1 conflict waits for a decision"
    card.conflicts.click()
    assert went == [("conflicts", {"subject": client})]
