"""Playbooks that two workstations begin without each other are one, with one task for each step."""

import pytest
from sqlalchemy import func, select

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.conflicts.model import Conflict
from deskcrm.domain.playbooks.commands import adopt_playbook, create_playbook, edit_playbook
from deskcrm.domain.playbooks.model import PlaybookId, TriggerKind
from deskcrm.domain.playbooks.plays import skip_step, start_playbook, stop_play
from deskcrm.domain.playbooks.progress import PlayRow, Standing, StepStanding
from deskcrm.domain.playbooks.queries import list_client_plays, list_editions, list_playbooks
from deskcrm.domain.playbooks.rounds import go_round
from deskcrm.domain.playbooks.steps import Step
from deskcrm.domain.tasks.commands import complete_task
from deskcrm.domain.tasks.model import Task
from deskcrm.domain.touch.commands import set_touch_rhythm
from deskcrm.domain.touch.queries import get_touch
from deskcrm.store.reader import Reader
from tests.sync.desks import Desk
from tests.sync.http_world import Site
from tests.sync.people import both, tables


@pytest.fixture
def acme(anna: Desk, ivan: Desk) -> ClientId:
    client = anna.store.do(create_company, name="Acme").value
    steps = [Step("Call", key="call"), Step("Write", key="write", after_days=2)]
    anna.store.do(
        create_playbook, name="Quiet", trigger=TriggerKind.SILENCE, days=7, steps=steps
    )  # fmt: skip
    both(anna, ivan)
    return client


def plays(desk: Desk, client: ClientId) -> list[PlayRow]:
    return desk.store.ask(list_client_plays, client)


def count_of(db: Reader, model: type[Task] | type[Conflict]) -> int:
    return db.scalar(select(func.count()).select_from(model).where(~model.is_deleted)) or 0


def quiet(desk: Desk) -> PlaybookId:
    return desk.store.ask(list_playbooks)[0].id


def test_a_playbook_that_both_notice_runs_once(anna: Desk, ivan: Desk, acme: ClientId) -> None:
    anna.watch.move(days=8)
    assert go_round(anna.store).begun == 1
    anna.watch.move(hours=3)
    assert go_round(ivan.store).begun == 1
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    for desk in (anna, ivan):
        (play,) = plays(desk, acme)
        assert [one.standing for one in play.steps] == [StepStanding.OPEN, StepStanding.WAITING]
        assert desk.store.ask(count_of, Task) == 1
        assert desk.store.ask(count_of, Conflict) == 0
    anna.watch.move(days=4)
    go_round(anna.store)
    go_round(ivan.store)
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    assert [desk.store.ask(count_of, Task) for desk in (anna, ivan)] == [2, 2]


def test_what_one_began_by_hand_and_the_other_noticed_is_one(
    anna: Desk, ivan: Desk, acme: ClientId
) -> None:
    anna.watch.move(days=8)
    anna.store.do(start_playbook, quiet(anna), [acme])
    go_round(ivan.store)
    (his,) = plays(ivan, acme)
    ivan.store.do(skip_step, his.id, step="write", reason="They wrote")
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    (play,) = plays(anna, acme)
    assert [one.standing for one in play.steps] == [StepStanding.OPEN, StepStanding.SKIPPED]
    task_id = play.steps[0].task_id
    assert task_id is not None
    anna.store.do(complete_task, task_id)
    ivan.store.do(stop_play, play.id, reason="No use")
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    for desk in (anna, ivan):
        (over,) = plays(desk, acme)
        assert over.standing is Standing.STOPPED
        assert over.steps[0].standing is StepStanding.DONE, "what was done is done"


def test_the_same_taken_over_and_the_same_rhythm_are_one(
    anna: Desk, ivan: Desk, acme: ClientId
) -> None:
    for desk in (anna, ivan):
        desk.store.do(adopt_playbook, "renewal")
        desk.store.do(set_touch_rhythm, acme, ideal_days=5, max_days=9)
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    row = next(one for one in ivan.store.ask(list_playbooks) if one.origin)
    assert [one.number for one in ivan.store.ask(list_editions, row.id)] == [1]
    touch = ivan.store.ask(get_touch, acme)
    assert touch is not None and touch.max_days == 9


def test_versions_made_apart_are_both_kept_and_one_of_them_holds(
    anna: Desk, ivan: Desk, acme: ClientId
) -> None:
    anna.store.do(edit_playbook, quiet(anna), steps=[Step("Only call")])
    ivan.store.do(edit_playbook, quiet(ivan), steps=[Step("Only write")])
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    assert len(anna.store.ask(list_editions, quiet(anna))) == 3
    assert anna.store.ask(list_playbooks) == ivan.store.ask(list_playbooks)
    assert anna.store.ask(count_of, Conflict) == 1, "and somebody looks at the other"


def test_the_server_begins_what_no_workstation_came_to(
    site: Site, anna: Desk, ivan: Desk, acme: ClientId
) -> None:
    anna.watch.move(days=8)
    assert go_round(site.hub.store).begun == 1
    go_round(ivan.store)
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    for desk in (anna, ivan):
        (play,) = plays(desk, acme)
        assert play.standing in (Standing.ON_TRACK, Standing.STUCK)
        assert desk.store.ask(count_of, Task) == 1
