"""The list of clients at risk in the window: why, what to do, hidden and back, and kept true."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - what is stale is noted by every write
from deskcrm.base import clock
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.commands import add_contract, give_notice
from deskcrm.domain.contracts.model import ContractId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import log_interaction
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.playbooks.commands import adopt_playbook
from deskcrm.domain.playbooks.queries import list_client_plays
from deskcrm.domain.risk.commands import RiskEntry, enter_risk
from deskcrm.domain.risk.model import RiskCause
from deskcrm.domain.risk.queries import RiskShelf, count_risk, get_health
from deskcrm.domain.risk.rounds import go_round
from deskcrm.domain.tasks.queries import list_client_tasks
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.clients.screen import ClientScreen
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.playbooks.start import StartCard
from deskcrm.ui.risk.screen import SHELVES, RiskScreen
from deskcrm.ui.shell.risk_watch import RiskWatch
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable

Leaving = tuple[ClientId, ContractId]


@pytest.fixture
def leaving(desk: Desk) -> Leaving:
    """Give a client who gave notice, and its contract; another is well."""
    desk.store.do(create_first_user, name="Ann")
    today = clock.now().date()
    client = desk.store.do(create_company, name="Acme").value
    other = desk.store.do(create_company, name="Birch").value
    for days in (100, 90, 80):
        desk.store.do(
            log_interaction, client, channel=Channel.CALL, outcome=Outcome.REACHED,
            started_at=clock.now() - timedelta(days=days), subject="Regular talk", text="Fine",
        )  # fmt: skip
    contract = desk.store.do(
        add_contract, client, title="Support", value_minor=9_000_00, currency="EUR",
        ends_on=today + timedelta(days=200),
    ).value  # fmt: skip
    desk.store.do(give_notice, contract)
    desk.store.do(add_contract, other, title="Support")
    go_round(Job(), desk.store)
    return client, contract


@pytest.fixture
def screen(desk: Desk, leaving: Leaving, qtbot: QtBot) -> Iterator[RiskScreen]:
    made = RiskScreen(desk)
    qtbot.addWidget(made)
    made.resize(1100, 760)
    made.show()
    settle(desk)
    yield made
    settle(desk)


def links(screen: RiskScreen) -> list[ElidedButton]:
    return [one for one in screen.record.findChildren(ElidedButton) if one.isVisible()]


def card(screen: RiskScreen) -> FormCard:
    (found,) = [one for one in screen.window().findChildren(FormCard) if one.isVisible()]
    return found


def test_the_list_says_why_and_each_reason_leads_to_its_records(
    desk: Desk, screen: RiskScreen, leaving: Leaving
) -> None:
    row = screen.row()
    assert row is not None and row.client == "Acme" and row.is_new
    why = screen.table.rows.columns[0].under
    assert why is not None and why(row).startswith("They gave notice; silent")
    went: list[tuple[str, dict[str, object]]] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    notice, heard = links(screen)[:2]
    assert "Support: notice given" in notice.words and "Last heard" in heard.words
    notice.click()
    heard.click()
    assert went[0] == ("clients", {"client": leaving[0]})
    assert went[1][1].keys() == {"client", "interaction"}
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_a_task_is_planned_with_one_key_and_a_proposal(
    desk: Desk, screen: RiskScreen, leaving: Leaving
) -> None:
    assert run_action("risk.task", screen)
    settle(desk)
    form = card(screen).form
    assert form.fields["title"].value()
    form.save()
    settle(desk)
    tasks = desk.store.ask(list_client_tasks, leaving[0])
    assert len(tasks) == 1


def test_a_playbook_is_started_with_one_key(
    desk: Desk, screen: RiskScreen, leaving: Leaving
) -> None:
    desk.store.do(adopt_playbook, "champion_left")
    playbook = desk.store.do(adopt_playbook, "going_cold").value
    desk.store.do(adopt_playbook, "renewal")
    assert run_action("risk.playbook", screen)
    settle(desk)
    (found,) = screen.window().findChildren(StartCard)
    said = [one.text() for one in found.findChildren(QLabel)]
    assert any(one.startswith("It fits: silent") for one in said), "the one for the silent is first"
    found.choose()
    settle(desk)
    (play,) = desk.store.ask(list_client_plays, leaving[0])
    assert play.playbook_id == playbook


def test_all_that_match_are_snoozed_in_one_go(desk: Desk, screen: RiskScreen) -> None:
    others = [desk.store.do(create_company, name=f"Other {n}").value for n in range(3)]
    desk.store.do(enter_risk, [RiskEntry(one, RiskCause.NOTICE) for one in others])
    screen.load()
    settle(desk)
    screen.table.selectAll()
    run_action("risk.snooze", screen)
    settle(desk)
    form = card(screen).form
    form.fill({"until": form.fields["until"].value(), "reason": "A week off"})
    form.save()
    settle(desk)
    assert desk.store.ask(count_risk) == 0
    assert desk.store.ask(count_risk, shelf=RiskShelf.HIDDEN) == 4
    desk.store.undo()
    assert desk.store.ask(count_risk) == 4, "and come back in one go"


def test_a_snoozed_client_waits_on_another_shelf_with_the_reason(
    desk: Desk, screen: RiskScreen
) -> None:
    run_action("risk.snooze", screen)
    settle(desk)
    card(screen).form.fill(
        {"reason": "They move house", "until": clock.now().date() + timedelta(9)}
    )
    card(screen).form.save()
    settle(desk)
    assert screen.table.rows.total == 0
    screen.shelf.setCurrentIndex(SHELVES.index(SHELVES[-1]))
    settle(desk)
    row = screen.row()
    assert row is not None and row.quiet_reason == "They move house"
    run_action("risk.bring_back", screen)
    settle(desk)
    assert desk.store.ask(count_risk) == 1


def test_my_read_stands_beside_the_score_and_can_be_withdrawn(
    desk: Desk, screen: RiskScreen, leaving: Leaving
) -> None:
    before = desk.store.ask(get_health, [leaving[0]])[leaving[0]]
    for step in ("worse", None):
        run_action("risk.read", screen)
        settle(desk)
        card(screen).form.fields["step"].set_value(step)
        card(screen).form.save()
        settle(desk)
        health = desk.store.ask(get_health, [leaving[0]])[leaving[0]]
        assert health.read == step
        assert health.score.points == before.score.points


def test_the_window_keeps_scores_true_while_it_is_open(
    desk: Desk, leaving: Leaving, qtbot: QtBot
) -> None:
    client, _ = leaving
    watch = RiskWatch(desk, desk)
    desk.do(
        log_interaction, client, channel=Channel.CALL, outcome=Outcome.REACHED, text="They called"
    )

    def is_heard() -> bool:
        health = desk.store.ask(get_health, [client])[client]
        return "silence" not in [one.name for one in health.score.top()]

    assert not is_heard()
    qtbot.waitUntil(is_heard, timeout=20_000)
    settle(desk)
    watch.deleteLater()


def test_an_empty_list_says_that_clients_are_still_being_looked_at(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.store.do(create_company, name="Acme")
    screen = RiskScreen(desk)
    qtbot.addWidget(screen)
    screen.show()
    settle(desk)

    def said() -> set[str]:
        return {one.text() for one in screen.list_pane.findChildren(QLabel)}

    assert "Clients are being looked at" in said()
    watch = RiskWatch(desk, screen)
    watch.go()
    settle(desk)
    screen.load()
    settle(desk)
    assert "Nobody is at risk" in said()
    assert "Clients are being looked at" not in said()


def test_the_client_page_says_how_the_client_stands(
    desk: Desk, leaving: Leaving, qtbot: QtBot
) -> None:
    page = ClientScreen(desk)
    qtbot.addWidget(page)
    page.resize(1280, 900)
    page.show()
    page.arrive(client=leaving[0])
    settle(desk)
    went: list[str] = []
    desk.went.connect(lambda place, where: went.append(place))
    (link,) = [
        one for one in page.findChildren(ElidedButton) if one.words == "Everything about the risk"
    ]
    link.click()
    assert went == ["risk"]
