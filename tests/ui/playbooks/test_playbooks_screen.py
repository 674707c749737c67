"""The playbooks screen: how each stands is seen, its steps are done, skipped and ended."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.playbooks.commands import create_playbook
from deskcrm.domain.playbooks.model import PlaybookId, TriggerKind
from deskcrm.domain.playbooks.plays import begin_step, start_playbook
from deskcrm.domain.playbooks.progress import PlayRow, Standing, StepStanding
from deskcrm.domain.playbooks.queries import list_client_plays, list_playbooks
from deskcrm.domain.playbooks.steps import Step
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.users.model import UserId
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.playbooks.dry import DryRunCard, terms_from
from deskcrm.ui.playbooks.form import open_playbook
from deskcrm.ui.playbooks.rounds import PlayRounds
from deskcrm.ui.playbooks.screen import PlaybooksScreen
from deskcrm.ui.playbooks.start import StartCard
from deskcrm.ui.playbooks.steps_field import StepsField
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable

STEPS = [Step("Call", key="call"), Step("Write", key="write", after_days=3)]


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> PlaybooksScreen:
    desk.store.do(create_first_user, name="Ann")
    made = PlaybooksScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


@pytest.fixture
def acme(screen: PlaybooksScreen, desk: Desk) -> ClientId:
    return desk.store.do(create_company, name="Acme", owner_id=UserId(desk.store.actor)).value


@pytest.fixture
def quiet(screen: PlaybooksScreen, desk: Desk) -> PlaybookId:
    return desk.store.do(create_playbook, name="Quiet", steps=STEPS).value


def card_of(screen: PlaybooksScreen, kind: type[Any] = FormCard) -> Any:
    return next(one for one in screen.window().findChildren(kind) if one.isVisible())


def play_of(desk: Desk, client: ClientId) -> PlayRow:
    return desk.store.ask(list_client_plays, client)[0]


def start(desk: Desk, client: ClientId, playbook: PlaybookId) -> None:
    """Start a playbook so that its first step is under way, whatever day it is."""
    desk.store.do(start_playbook, playbook, [client])
    play = play_of(desk, client)
    if play.steps[0].standing is StepStanding.WAITING:
        desk.store.do(begin_step, play.id, step=play.steps[0].step.key)
    settle(desk)


def test_a_step_is_done_skipped_with_a_reason_and_taken_back(
    screen: PlaybooksScreen, desk: Desk, acme: ClientId, quiet: PlaybookId
) -> None:
    start(desk, acme, quiet)
    assert screen.table.rows.total == 1
    assert unnamed(screen) == [] and unreachable(screen) == []
    assert run_action("playbooks.done", screen)
    settle(desk)
    assert play_of(desk, acme).steps[0].standing is StepStanding.DONE
    assert run_action("playbooks.skip", screen)
    card = card_of(screen)
    card.form.save()
    settle(desk)
    assert card.isVisible(), "a reason is asked for"
    card.form.fields["reason"].set_value("They wrote")
    card.form.save()
    settle(desk)
    assert play_of(desk, acme).standing is Standing.FINISHED
    assert screen.table.rows.total == 0
    undo(desk)
    settle(desk)
    assert screen.table.rows.total == 1


def test_a_play_is_stopped_and_found_among_those_that_are_over(
    screen: PlaybooksScreen, desk: Desk, acme: ClientId, quiet: PlaybookId
) -> None:
    start(desk, acme, quiet)
    assert run_action("playbooks.stop", screen)
    card_of(screen).form.fields["reason"].set_value("Not now")
    card_of(screen).form.save()
    settle(desk)
    play = play_of(desk, acme)
    assert (play.standing, play.note) == (Standing.STOPPED, "Not now")
    screen.arrive(play=play.id)
    settle(desk)
    row = screen.row()
    assert row is not None and row.id == play.id
    assert not run_action("playbooks.finish", screen)


def test_a_playbook_is_chosen_by_typing_and_started(
    screen: PlaybooksScreen, desk: Desk, acme: ClientId, quiet: PlaybookId
) -> None:
    desk.store.do(create_playbook, name="Other", steps=STEPS)
    card = StartCard(desk, screen, [acme])
    settle(desk)
    card.search.setText("qui")
    settle(desk)
    card.choose()
    settle(desk)
    assert play_of(desk, acme).playbook == "Quiet"


def test_a_playbook_is_written_step_by_step_and_who_would_match_is_shown(
    screen: PlaybooksScreen, desk: Desk, acme: ClientId
) -> None:
    open_playbook(desk, screen, None)
    settle(desk)
    form = card_of(screen).form
    steps = form.fields["steps"]
    assert isinstance(steps, StepsField)
    form.fields["name"].set_value("Welcome")
    form.fields["trigger"].set_value(TriggerKind.NEW_CLIENT)
    form.fields["days"].set_value("14")
    form.fields["only_new"].set_value(False)
    steps.add.click()
    step = next(one for one in screen.window().findChildren(FormCard) if one.form is not form)
    step.form.fields["title"].set_value("Say hello")
    step.form.save()
    settle(desk)
    assert [one.title for one in steps.value()] == ["Say hello"]
    form.save()
    settle(desk)
    (row,) = desk.store.ask(list_playbooks)
    assert (row.name, row.days, len(row.steps), row.number) == ("Welcome", 14, 1, 1)
    DryRunCard(desk, screen, row.name, terms_from(row.trigger, row.days, row.conditions, row))
    settle(desk)
    assert unnamed(card_of(screen, DryRunCard)) == []
    rounds = PlayRounds(desk, screen)
    settle(desk)
    assert play_of(desk, acme).playbook == "Welcome"
    rounds.deleteLater()
