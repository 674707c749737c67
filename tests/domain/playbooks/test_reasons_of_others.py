"""Triggers over what other features know: risk, ratings, signs of growth."""

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.commands import record_answers
from deskcrm.domain.feedback.forms import add_shipped_forms, shipped_form_id
from deskcrm.domain.feedback.model import CaptureWay
from deskcrm.domain.playbooks.commands import adopt_playbook, create_playbook
from deskcrm.domain.playbooks.matching import Terms, dry_run
from deskcrm.domain.playbooks.model import Ending, TriggerKind
from deskcrm.domain.playbooks.plays import stop_play
from deskcrm.domain.playbooks.progress import StepStanding
from deskcrm.domain.playbooks.queries import list_client_plays
from deskcrm.domain.playbooks.rounds import go_round
from deskcrm.domain.playbooks.steps import Step
from deskcrm.domain.risk.commands import RiskEntry, enter_risk, leave_risk
from deskcrm.domain.risk.model import RiskCause
from deskcrm.domain.tasks.commands import cancel_tasks, complete_task
from deskcrm.domain.tasks.model import TaskState
from deskcrm.domain.tasks.queries import list_client_tasks
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import TicketKind
from deskcrm.store.store import Store
from tests.watch import Watch


def test_a_client_at_risk_begins_a_playbook_that_ends_when_the_flag_goes(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(
        create_playbook, name="Save", trigger=TriggerKind.RISK_ENTERED, steps=[Step("Call")],
        ends_when_gone=True,
    )  # fmt: skip
    desk.do(
        create_playbook, name="Thank", trigger=TriggerKind.RISK_LEFT, days=14,
        steps=[Step("Thank")],
    )  # fmt: skip
    assert go_round(desk).begun == 0
    desk.do(enter_risk, [RiskEntry(client, RiskCause.NOTICE)])
    assert go_round(desk).begun == 1
    (play,) = desk.ask(list_client_plays, client)
    assert play.reason.startswith("At risk")
    watch.move(days=3)
    desk.do(leave_risk, [client])
    assert go_round(desk).begun == 1
    running, over = desk.ask(list_client_plays, client)
    assert (running.playbook, running.reason) == ("Thank", "Not at risk any more")
    assert over.ending is Ending.REASON_GONE
    ran = desk.ask(dry_run, Terms(TriggerKind.RISK_ENTERED))
    assert (ran.now_count, ran.past_count) == (0, 1)


def answer(desk: Store, client: ClientId, nps: int, delivery: int = 5) -> None:
    desk.do(
        record_answers, client, form_id=shipped_form_id("standard"), way=CaptureWay.PAPER,
        answers=[Given("nps", number=nps), Given("delivery", number=delivery)],
    )  # fmt: skip


def test_a_low_answer_and_a_detractor_begin_one_playbook_each_however_many_answer(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(add_shipped_forms)
    desk.do(adopt_playbook, "low_rating")
    watch.move(hours=1)
    answer(desk, client, 9)
    assert desk.ask(dry_run, Terms(TriggerKind.DETRACTOR, 14)).now_count == 0
    answer(desk, client, 3)
    answer(desk, client, 9, delivery=1)
    ran = desk.ask(dry_run, Terms(TriggerKind.DETRACTOR, 14))
    assert [row.reason for row in ran.now] == ["A detractor: 3 of 10"]
    assert go_round(desk).begun == 1
    answer(desk, client, 9, delivery=2)
    assert go_round(desk).begun == 0
    (play,) = desk.ask(list_client_plays, client)
    assert play.reason.startswith("A low answer")
    watch.move(days=15)
    assert desk.ask(dry_run, Terms(TriggerKind.LOW_RATING, 14)).now_count == 0


def test_a_low_answer_opens_one_task_which_is_the_first_step_of_its_playbook(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(add_shipped_forms)
    desk.do(adopt_playbook, "low_rating")
    watch.move(hours=1)
    answer(desk, client, 3)
    (follow_up,) = desk.ask(list_client_tasks, client)
    assert go_round(desk).begun == 1
    (play,) = desk.ask(list_client_plays, client)
    assert [one.id for one in desk.ask(list_client_tasks, client)] == [follow_up.id]
    assert play.steps[0].task_id == follow_up.id
    assert "Thank for the honesty" in desk.ask(list_client_tasks, client)[0].notes
    desk.do(stop_play, play.id, reason="Enough")
    assert [one.state for one in desk.ask(list_client_tasks, client)] == [TaskState.OPEN]


def test_a_follow_up_that_is_done_is_a_step_that_is_done_and_a_cancelled_one_is_none(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(add_shipped_forms)
    desk.do(adopt_playbook, "low_rating")
    watch.move(hours=1)
    answer(desk, client, 3)
    (follow_up,) = desk.ask(list_client_tasks, client)
    desk.do(complete_task, follow_up.id)
    assert go_round(desk).begun == 1
    (play,) = desk.ask(list_client_plays, client)
    assert play.steps[0].standing is StepStanding.DONE
    desk.do(stop_play, play.id, reason="Enough")
    watch.move(days=1)
    answer(desk, client, 2)
    desk.do(cancel_tasks, [one.id for one in desk.ask(list_client_tasks, client)], reason="No")
    assert go_round(desk).begun == 1
    (own,) = [one for one in desk.ask(list_client_tasks, client) if one.state is TaskState.OPEN]
    assert own.title == play.steps[0].step.title


def test_a_sign_of_growth_begins_the_playbook_that_asks_about_plans(
    desk: Store, client: ClientId
) -> None:
    desk.do(adopt_playbook, "upsell", only_new=False)
    assert go_round(desk).begun == 0
    desk.do(open_ticket, client, subject="Can we have more seats?", kind=TicketKind.SUGGESTION)
    found = desk.ask(dry_run, Terms(TriggerKind.EXPANSION))
    assert go_round(desk).begun == found.now_count == 1
    assert go_round(desk).begun == 0
