"""Plays: they begin once, take their steps in working days, stand somewhere, and end."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.domain.calendars.commands import create_calendar, set_day, use_calendar
from deskcrm.domain.clients.commands import create_company, delete_clients, set_lifecycle
from deskcrm.domain.clients.model import Client, ClientId, Lifecycle, Tier
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.days import day_of
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.playbooks.commands import create_playbook, edit_playbook
from deskcrm.domain.playbooks.model import Ending, Play, PlaybookId, PlayState, TriggerKind
from deskcrm.domain.playbooks.plays import (
    begin_step,
    finish_play,
    skip_step,
    start_playbook,
    stop_play,
)
from deskcrm.domain.playbooks.progress import PlayRow, Standing, StepStanding
from deskcrm.domain.playbooks.queries import (
    count_plays,
    count_standings,
    list_client_plays,
    list_editions,
    list_playbooks,
    page_plays,
)
from deskcrm.domain.playbooks.rounds import go_round
from deskcrm.domain.playbooks.steps import Doer, Step
from deskcrm.domain.tasks.commands import complete_task
from deskcrm.domain.tasks.model import TaskId, TaskState
from deskcrm.domain.tasks.queries import get_task
from deskcrm.domain.teams.commands import add_member, create_team
from deskcrm.domain.users.commands import add_user, deactivate_user
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.commands import command
from deskcrm.store.history import list_history
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests.watch import Watch

CALL = Step("Call", key="call")
WRITE = Step("Write", key="write", after_days=3, is_required=False)
MEET = Step("Meet", key="meet", after_days=5)


@pytest.fixture
def playbook(desk: Store) -> PlaybookId:
    """Give a playbook that begins when a client was not heard for ten days."""
    return desk.do(
        create_playbook, name="Quiet", trigger=TriggerKind.SILENCE, days=10,
        steps=[MEET, CALL, WRITE], ends_when_gone=True,
    ).value  # fmt: skip


def the_play(desk: Store, client: ClientId) -> PlayRow:
    return desk.ask(list_client_plays, client)[0]


def standings(play: PlayRow) -> list[StepStanding]:
    return [one.standing for one in play.steps]


def task_of(play: PlayRow, number: int = 0) -> TaskId:
    task_id = play.steps[number].task_id
    assert task_id is not None
    return task_id


def test_it_begins_once_and_each_start_is_undone_by_itself(
    desk: Store, client: ClientId, playbook: PlaybookId, watch: Watch
) -> None:
    desk.do(create_company, name="Beta")
    watch.move(days=12)
    assert go_round(desk).begun == 2
    assert go_round(desk).begun == 0
    play = the_play(desk, client)
    assert play.reason == "No word for 10 days" and play.trigger is TriggerKind.SILENCE
    assert standings(play) == [StepStanding.OPEN, StepStanding.WAITING, StepStanding.WAITING]
    assert [one.step.key for one in play.steps] == ["call", "write", "meet"]
    desk.undo(desk.ask(list_history, client)[0].step)
    assert desk.ask(count_plays) == 1
    assert go_round(desk).begun == 0, "what was undone does not come back by itself"
    desk.redo()
    assert desk.ask(count_plays) == 2


def test_steps_come_in_working_days_of_who_does_them(
    desk: Store, client: ClientId, playbook: PlaybookId, watch: Watch
) -> None:
    office = desk.do(create_calendar, name="Office", time_zone="UTC").value
    desk.do(use_calendar, office)
    desk.do(set_day, office, day=date(2026, 3, 13), name="Holiday")
    desk.do(start_playbook, playbook, [client])
    play = the_play(desk, client)
    assert [one.planned_on for one in play.steps] == [
        date(2026, 3, 11), date(2026, 3, 17), date(2026, 3, 19),
    ]  # fmt: skip
    task = desk.ask(get_task, task_of(play))
    assert task is not None
    assert (task.title, task.due_on, task.assignee_id) == ("Call", date(2026, 3, 11), desk.actor)
    watch.move(days=6)
    go_round(desk)
    play = the_play(desk, client)
    assert standings(play) == [StepStanding.OPEN, StepStanding.OPEN, StepStanding.WAITING]


def test_it_is_on_track_then_behind_then_stuck_and_says_why(
    desk: Store, client: ClientId, playbook: PlaybookId, watch: Watch
) -> None:
    desk.do(start_playbook, playbook, [client])
    assert the_play(desk, client).standing is Standing.ON_TRACK
    watch.move(days=1)
    behind = the_play(desk, client)
    assert (behind.standing, behind.why) == (Standing.BEHIND, "“Call” is 1 day late")
    watch.move(days=7)
    stuck = the_play(desk, client)
    assert (stuck.standing, stuck.why) == (Standing.STUCK, "“Call” is 8 days late")
    assert desk.ask(count_standings) == {Standing.STUCK: 1}
    desk.do(complete_task, task_of(stuck), outcome="They are well")
    assert the_play(desk, client).standing is Standing.ON_TRACK
    assert the_play(desk, client).steps[0].note == "They are well"


def test_a_step_that_nobody_is_there_to_do_is_stuck(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ivan = desk.do(add_user, name="Ivan", role=UserRole.LEAD).value
    far = desk.do(add_user, name="Olga", role=UserRole.LEAD).value
    team = desk.do(create_team, name="Team").value
    for one in (UserId(desk.actor), far):
        desk.do(add_member, team, user_id=one)
    steps = [
        Step("Ask", doer=Doer.PERSON, person_id=ivan), Step("Check", doer=Doer.ROLE,
        role=UserRole.LEAD), Step("View", doer=Doer.ROLE, role=UserRole.VIEWER),
    ]  # fmt: skip
    made = desk.do(create_playbook, name="By others", steps=steps).value
    desk.do(start_playbook, made, [client])
    play = the_play(desk, client)
    assert [one.assignee for one in play.steps] == ["Ivan", "Olga", ""]
    assert (play.standing, play.why) == (Standing.STUCK, "Nobody is there to do “View”")
    desk.do(deactivate_user, ivan)
    assert the_play(desk, client).why == "Nobody is there to do “Ask”"


def test_what_runs_keeps_its_version(
    desk: Store, client: ClientId, playbook: PlaybookId, watch: Watch
) -> None:
    other = desk.do(create_company, name="Beta").value
    desk.do(start_playbook, playbook, [client])
    desk.do(edit_playbook, playbook, steps=[Step("Only this")])
    desk.do(start_playbook, playbook, [other])
    assert [len(the_play(desk, one).steps) for one in (client, other)] == [3, 1]
    assert not the_play(desk, client).is_newest and the_play(desk, other).is_newest
    versions = desk.ask(list_editions, playbook)
    assert [(one.number, len(one.steps), one.running) for one in versions] == [(2, 1, 1), (1, 3, 1)]
    watch.move(days=8)
    go_round(desk)
    assert standings(the_play(desk, client)) == [StepStanding.OPEN] * 3
    (row,) = desk.ask(list_playbooks)
    desk.do(edit_playbook, playbook, steps=row.steps, name="Quieter")
    assert len(desk.ask(list_editions, playbook)) == 2, "the same steps are no new version"


def test_a_step_that_is_not_needed_or_skipped_does_not_hold_it_up(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    gold = Filter().also("tier", Comparison.IS, Tier.GOLD.value)
    steps = [CALL, Step("Visit", key="visit", only_if=gold), MEET]
    made = desk.do(create_playbook, name="Care", steps=steps).value
    desk.do(start_playbook, made, [client])
    play = the_play(desk, client)
    assert standings(play) == [
        StepStanding.OPEN, StepStanding.NOT_NEEDED, StepStanding.WAITING,
    ]  # fmt: skip
    with pytest.raises(UserError, match="Say why"):
        desk.do(skip_step, play.id, step="call", reason=" ")
    desk.do(skip_step, play.id, step="call", reason="They called us")
    task = desk.ask(get_task, task_of(play))
    assert task is not None and task.state is TaskState.CANCELLED
    assert the_play(desk, client).steps[0].note == "They called us"
    desk.undo()
    assert standings(the_play(desk, client))[0] is StepStanding.OPEN
    desk.redo()
    desk.do(begin_step, play.id, step="meet")
    early = the_play(desk, client)
    assert early.steps[2].due_on == day_of(watch.at)
    with pytest.raises(UserError, match="has begun already"):
        desk.do(begin_step, play.id, step="meet")
    with pytest.raises(UserError, match="over already"):
        desk.do(skip_step, play.id, step="call", reason="Again")
    with pytest.raises(UserError, match="no such step"):
        desk.do(skip_step, play.id, step="dance", reason="Again")
    desk.do(complete_task, task_of(early, 2))
    go_round(desk)
    done = the_play(desk, client)
    assert (done.standing, done.ending) == (Standing.FINISHED, Ending.ALL_DONE)


def test_it_is_finished_with_its_outcome_once_what_is_required_is_done(
    desk: Store, client: ClientId, playbook: PlaybookId, watch: Watch
) -> None:
    desk.do(start_playbook, playbook, [client])
    play = the_play(desk, client)
    with pytest.raises(UserError, match="“Call” is not done yet"):
        desk.do(finish_play, play.id, is_achieved=True)
    desk.do(complete_task, task_of(play))
    desk.do(skip_step, play.id, step="meet", reason="No time")
    watch.move(days=5)
    go_round(desk)
    desk.do(finish_play, play.id, is_achieved=True, note="They stay")
    over = the_play(desk, client)
    assert (over.state, over.ending, over.note) == (
        PlayState.FINISHED, Ending.ACHIEVED, "They stay",
    )  # fmt: skip
    assert over.steps[1].standing is StepStanding.SKIPPED, "its optional task went with it"
    desk.undo()
    assert the_play(desk, client).standing is Standing.ON_TRACK
    with pytest.raises(UserError, match="runs there already"):
        desk.do(start_playbook, playbook, [client])


def test_it_is_stopped_with_a_reason_and_its_tasks_with_it(
    desk: Store, client: ClientId, playbook: PlaybookId
) -> None:
    desk.do(start_playbook, playbook, [client])
    play = the_play(desk, client)
    with pytest.raises(UserError, match="Say why"):
        desk.do(stop_play, play.id, reason="")
    desk.do(stop_play, play.id, reason="Started by mistake")
    task = desk.ask(get_task, task_of(play))
    assert task is not None
    assert (task.state, task.outcome) == (TaskState.CANCELLED, "Started by mistake")
    with pytest.raises(UserError, match="does not run here any more"):
        desk.do(stop_play, play.id, reason="Again")
    with pytest.raises(UserError, match="does not run here any more"):
        desk.do(finish_play, play.id, is_achieved=True)
    (over,) = desk.ask(page_plays, is_over=True)
    assert over.standing is Standing.STOPPED
    desk.undo()
    assert the_play(desk, client).state is PlayState.RUNNING
    task = desk.ask(get_task, task_of(play))
    assert task is not None and task.state is TaskState.OPEN


def test_it_ends_by_itself_when_its_reason_is_gone_or_the_client_leaves(
    desk: Store, client: ClientId, playbook: PlaybookId, watch: Watch
) -> None:
    lost, gone = (desk.do(create_company, name=one).value for one in ("Lost", "Gone"))
    watch.move(days=11)
    go_round(desk)
    desk.do(log_call, client, text="All is well")
    desk.do(set_lifecycle, [lost], lifecycle=Lifecycle.CHURNED)
    desk.do(delete_clients, [gone])
    go_round(desk)
    assert the_play(desk, client).ending is Ending.REASON_GONE
    assert the_play(desk, lost).ending is Ending.CLIENT_LEFT
    assert desk.ask(count_plays) == 0
    assert go_round(desk) == go_round(desk)
    watch.move(days=11)
    assert go_round(desk).begun == 1, "another silence is another reason"
    with pytest.raises(UserError, match="has left"):
        desk.do(start_playbook, playbook, [lost])


@command("test.move_plays", "Move plays")
def move_plays(work: Work, client_id: ClientId, into_id: ClientId) -> None:
    """Do what a merge of two clients does with what refers to them."""
    for play in work.records(select(Play).where(Play.client_id == client_id)):
        play.client_id = into_id
    work.delete(work.get(Client, client_id))


def test_of_two_that_a_merge_brought_together_the_earlier_goes_on(
    desk: Store, client: ClientId, playbook: PlaybookId, watch: Watch
) -> None:
    other = desk.do(create_company, name="Acme Ltd").value
    desk.do(start_playbook, playbook, [client])
    watch.move(hours=1)
    desk.do(start_playbook, playbook, [other])
    desk.do(edit_playbook, playbook, ends_when_gone=False)
    desk.do(move_plays, other, client)
    go_round(desk)
    running, twice = desk.ask(list_client_plays, client)
    assert (running.state, twice.ending) == (PlayState.RUNNING, Ending.TWICE)
    assert running.started_at < twice.started_at


def test_a_message_greets_by_name(desk: Store, client: ClientId) -> None:
    desk.do(add_contact, client, name="Ann Lee")
    step = Step("Write", message="Hello {contact first name|there}, {agent name} of us")
    made = desk.do(create_playbook, name="Write", steps=[step]).value
    desk.do(start_playbook, made, [client])
    task = desk.ask(get_task, task_of(the_play(desk, client)))
    assert task is not None and task.notes == "Hello Ann, Anna of us"


def test_steps_that_cannot_be_done_are_refused_in_words(desk: Store, client: ClientId) -> None:
    for steps, words in (
        ([], "needs a step"),
        ([Step(" ")], "needs a title"),
        ([Step("Call", after_days=-1)], "working days after"),
        ([Step("Call", doer=Doer.PERSON)], "who does it"),
        ([Step("Call", doer=Doer.ROLE)], "who does it"),
        ([Step("Call", message="{nonsense}")], "no variable"),
        ([CALL, CALL], "stands twice"),
        ([Step("Call")] * 51, "50 steps"),
    ):
        with pytest.raises(UserError, match=words):
            desk.do(create_playbook, name="Odd", steps=steps)
    assert desk.ask(list_playbooks) == []


def test_a_play_that_waits_for_a_long_time_is_planned_far(desk: Store, client: ClientId) -> None:
    made = desk.do(create_playbook, name="Far", steps=[Step("Later", after_days=20)]).value
    desk.do(start_playbook, made, [client])
    (play,) = desk.ask(page_plays, sort="client")
    assert play.next is not None
    assert play.next.planned_on == date(2026, 3, 11) + timedelta(days=28)
    assert play.standing is Standing.ON_TRACK
