"""The back-test screen: months are replayed, a weight that moves redraws, rows open clients."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every table and index must be known
from deskcrm.domain.backtests.gathering import Gathered
from deskcrm.domain.backtests.observations import cases_of
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.health import SCORECARD, Signal
from deskcrm.domain.health.commands import keep_weights
from deskcrm.domain.health.queries import get_weights
from deskcrm.domain.health.records import ModelOrigin
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.backtests import screen as module
from deskcrm.ui.backtests.lists import NamedRow, named_rows
from deskcrm.ui.backtests.screen import BacktestScreen
from deskcrm.ui.kit.desk import Desk
from tests.domain.backtests.months import TODAY, observations
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable

MONTHS = observations(150, 18)


def made_up(*_: object) -> Gathered:
    """Stand for a workspace with a history that would take long to write."""
    cases = tuple(cases_of(MONTHS, TODAY))
    book = {one.client_id: one.signals for one in MONTHS[-400:]}
    names = {one.client_id: f"Client {one.client_id.int}" for one in MONTHS}
    return Gathered(cases, book, names, TODAY)


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[BacktestScreen]:
    monkeypatch.setattr(module, "gather", made_up)
    desk.store.do(create_first_user, name="Anna")
    screen = BacktestScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(900, 700)
    screen.show()
    settle(desk)
    yield screen
    desk.end()


def test_it_shows_what_the_weights_in_force_would_have_done(screen: BacktestScreen) -> None:
    assert screen.figures.lift.value.text().endswith("×")
    assert "left so far" in screen.figures.evidence.text()
    assert screen.shelf.tabText(1).startswith("The book today ")
    assert "The starting rules hold" in screen.said.text()
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_a_weight_that_moves_redraws_all(screen: BacktestScreen, desk: Desk) -> None:
    before, book = screen.figures.auc.value.text(), screen.legend.text()
    screen.weights.sliders["silence"].setValue(0)
    for step in range(3, 30):
        screen.weights.sliders["tickets_overdue"].setValue(step)
    settle(desk)
    assert screen.weights.model.weights["silence"] == 0
    assert screen.figures.auc.value.text() != before
    assert screen.legend.text() != book
    assert "are being tried" in screen.said.text()
    assert desk.store.ask(get_weights).model is SCORECARD  # nothing is kept yet


def test_what_is_drawn_last_is_what_is_set_last(screen: BacktestScreen, desk: Desk) -> None:
    for step in (40, 0, 40, 8):
        screen.weights.sliders["silence"].setValue(step)
    settle(desk)
    model = screen.weights.model
    drawn = screen._draw(None, model)  # type: ignore[arg-type]  # it asks nothing of the database
    assert screen.hits.rows == named_rows(drawn.result.hits, made_up().names)


def test_keeping_the_weights_lets_them_hold_for_all(screen: BacktestScreen, desk: Desk) -> None:
    assert not screen.buttons["backtests.keep"].isEnabled()
    screen.weights.sliders["silence"].setValue(20)
    settle(desk)
    screen.run("backtests.keep")
    settle(desk)
    found = desk.store.ask(get_weights)
    assert (found.origin, found.model.weights) == (
        ModelOrigin.BY_HAND, screen.weights.model.weights,
    )  # fmt: skip
    assert not screen.buttons["backtests.keep"].isEnabled()
    screen.run("backtests.start_over")
    settle(desk)
    assert desk.store.ask(get_weights).model is SCORECARD
    assert screen.weights.model is SCORECARD


def test_what_is_learned_is_shown_before_it_is_kept(screen: BacktestScreen, desk: Desk) -> None:
    screen.run("backtests.learn")
    settle(desk)
    assert screen.learned is not None and screen.weights.model == screen.learned.model
    screen.run("backtests.keep")
    settle(desk)
    found = desk.store.ask(get_weights)
    assert (found.origin, found.churned) == (ModelOrigin.LEARNED, screen.learned.churned)


def test_weights_that_arrive_are_shown(screen: BacktestScreen, desk: Desk) -> None:
    desk.do(keep_weights, {Signal.SILENCE: 0.9})
    settle(desk)
    assert screen.weights.model.weights["silence"] == 0.9
    assert "own weights hold" in screen.said.text()


def test_a_row_opens_its_client(screen: BacktestScreen, desk: Desk) -> None:
    went: list[tuple[str, dict[str, object]]] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    row = screen.hits.rows[0]
    assert isinstance(row, NamedRow)
    screen.hits.table.opened.emit(row)
    assert went == [("clients", {"client": row.named.client_id})]


def test_a_new_workspace_says_that_there_is_nothing_to_tell(desk: Desk, qtbot: QtBot) -> None:
    desk.store.do(create_first_user, name="Anna")
    desk.store.do(create_company, name="Acme")
    screen = BacktestScreen(desk)
    qtbot.addWidget(screen)
    screen.show()
    settle(desk)
    assert screen.figures.precision.value.text() == "–"
    assert screen.shelf.tabText(1) == "The book today 1"
    assert any("0 clients have left" in each.text() for each in screen.findChildren(QLabel))
    desk.end()
