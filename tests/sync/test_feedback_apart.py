"""Answers that two people write down apart: one row of each question, one follow-up of each low."""

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.commands import answer_sent, close_loop, send_form
from deskcrm.domain.feedback.follow_up import task_id_of
from deskcrm.domain.feedback.forms import SHIPPED, add_shipped_forms, shipped_form_id
from deskcrm.domain.feedback.model import CaptureWay, SurveyResponseId
from deskcrm.domain.feedback.queries import list_forms, list_ratings
from deskcrm.domain.tasks.model import TaskState
from tests.sync.desks import Desk
from tests.sync.http_world import rows_of
from tests.sync.people import both, one, tables


@pytest.fixture
def sent(anna: Desk, ivan: Desk) -> SurveyResponseId:
    """Let both add the standard forms apart, and Anna send one."""
    for desk in (anna, ivan):
        desk.store.do(add_shipped_forms)
    acme: ClientId = anna.store.do(create_company, name="Acme").value
    standard = shipped_form_id("standard")
    response: SurveyResponseId = anna.store.do(send_form, acme, form_id=standard).value
    both(anna, ivan)
    return response


def test_a_low_answer_that_two_write_down_opens_one_follow_up(
    anna: Desk, ivan: Desk, sent: SurveyResponseId
) -> None:
    assert len(anna.store.ask(list_forms)) == len(SHIPPED)
    low = [Given("nps", number=2), Given("service", number=1)]
    anna.store.do(answer_sent, sent, answers=low, way=CaptureWay.PHONE)
    ivan.watch.move(minutes=5)
    ivan.store.do(answer_sent, sent, answers=low[:1], way=CaptureWay.PAPER)
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    for desk in (anna, ivan):
        assert sorted(row.id for row in rows_of(desk.store, "task")) == sorted(
            task_id_of(sent, key) for key in ("nps", "service")
        )
        assert [(row.kind, row.number) for row in desk.store.ask(list_ratings)] == [
            (row.kind, row.number) for row in anna.store.ask(list_ratings)
        ]
        assert len(rows_of(desk.store, "survey_answer")) == 2


def test_the_loop_that_one_closes_is_closed_for_the_other_and_opens_with_the_undo(
    anna: Desk, ivan: Desk, sent: SurveyResponseId
) -> None:
    anna.store.do(answer_sent, sent, answers=[Given("nps", number=2)], way=CaptureWay.PHONE)
    both(anna, ivan)
    (answer,) = rows_of(ivan.store, "survey_answer")
    ivan.store.do(close_loop, [answer.id], outcome="Called them", is_client_told=True)
    both(anna, ivan)
    assert one(anna, "survey_answer", answer.id).outcome == "Called them"
    assert one(anna, "task", task_id_of(sent, "nps")).state == TaskState.DONE
    ivan.store.undo()
    both(anna, ivan)
    assert one(anna, "survey_answer", answer.id).closed_at is None
    assert one(anna, "task", task_id_of(sent, "nps")).state == TaskState.OPEN
