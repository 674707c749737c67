"""Answers: written down, corrected, followed up once, taken back; and whom not to ask."""

from datetime import UTC, datetime, timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.commands import (
    close_loop,
    correct_answers,
    delete_response,
    reopen_loop,
)
from deskcrm.domain.feedback.forms import (
    add_shipped_forms,
    create_form,
    delete_form,
    publish_form,
    retire_form,
    shipped_form_id,
    take_up_form,
)
from deskcrm.domain.feedback.model import (
    CaptureWay,
    ResponseState,
    SurveyAnswer,
    SurveyResponse,
    merge_states,
)
from deskcrm.domain.feedback.queries import (
    get_form,
    last_ratings,
    list_forms,
    list_ratings,
    list_versions,
)
from deskcrm.domain.feedback.questions import Question, QuestionKind
from deskcrm.domain.feedback.responses import (
    ResponseShelf,
    count_responses,
    count_to_follow_up,
    page_responses,
)
from deskcrm.domain.feedback.settings import LOW_NPS
from deskcrm.domain.interactions.queries import page_timeline
from deskcrm.domain.interactions.timeline import EntryKind, count_timeline
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.tasks.model import Task, TaskState
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.store.store import Store
from tests.domain.feedback.conftest import LOW, STANDARD, answer, rows, tasks
from tests.watch import Watch


def test_answers_are_kept_with_the_way_they_came_and_are_taken_back_whole(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    contact = desk.do(add_contact, client, name="Boris").value
    before = desk.ask(rows, Task)
    answer(desk, client, contact_id=contact, spoken="ru")
    (response,) = desk.ask(rows, SurveyResponse)
    assert (response.way, response.state, response.language) == (
        CaptureWay.PHONE, ResponseState.ANSWERED, "ru",
    )  # fmt: skip
    (rating,) = desk.ask(list_ratings)
    assert (rating.kind, rating.number, rating.way) == (QuestionKind.NPS, 3, CaptureWay.PHONE)
    assert (rating.contact_id, rating.answered_at, rating.is_low) == (contact, watch.at, True)
    assert desk.ask(last_ratings, client)[QuestionKind.NPS] == rating
    assert desk.ask(list_ratings, since=watch.at + timedelta(seconds=1)) == []
    assert desk.ask(list_ratings, until=watch.at) == []
    desk.undo()
    assert (desk.ask(list_ratings), desk.ask(rows, SurveyAnswer), tasks(desk)) == ([], [], before)
    desk.redo()
    assert desk.ask(list_ratings) == [rating]


def test_what_does_not_fit_the_form_or_the_client_is_refused(desk: Store, client: ClientId) -> None:
    other = desk.do(create_company, name="Other").value
    stranger = desk.do(add_contact, other, name="Boris").value
    ticket = desk.do(open_ticket, other, subject="Dark").value
    with pytest.raises(UserError, match="from 0 to 10"):
        answer(desk, client, [Given("nps", number=11)])
    with pytest.raises(UserError, match="another client"):
        answer(desk, client, contact_id=stranger)
    with pytest.raises(UserError, match="another client"):
        answer(desk, client, ticket_id=ticket)
    assert desk.ask(rows, SurveyResponse) == []


def test_a_low_answer_opens_one_task_for_the_owner_with_the_words_and_a_working_deadline(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    watch.at = datetime(2026, 3, 13, 15, 0, tzinfo=UTC)  # a Friday, three hours before the end
    answer(desk, client)
    (task,) = tasks(desk)
    assert task.title.startswith("Low answer, 3 of 10: How likely are you")
    assert "Nobody calls back" in task.notes
    assert (task.assignee_id, task.client_id) == (desk.actor, client)
    assert task.due_at == datetime(2026, 3, 16, 14, 0, tzinfo=UTC)  # Monday, 3 + 5 hours
    answer(desk, client, [Given("nps", number=7)], reason="Asked for it")
    assert tasks(desk) == [task]


def test_what_is_low_is_a_setting(desk: Store, client: ClientId, watch: Watch) -> None:
    desk.do(set_setting, LOW_NPS, value=2)
    answer(desk, client)
    assert tasks(desk) == [] and not desk.ask(list_ratings)[0].is_low
    matrix = Question("m", QuestionKind.SCALE, "So?", lowest=0, highest=10)
    form = desk.do(create_form, name="Ten", questions=[matrix]).value
    for number, is_low in ((3, True), (4, False)):
        watch.move(minutes=1)
        answer(desk, client, [Given("m", number=number)], form_id=form, reason="Test")
        kinds = [QuestionKind.SCALE]
        assert desk.ask(list_ratings, kinds=kinds)[-1].is_low is is_low


def test_a_correction_calls_the_follow_up_off_and_another_takes_it_up_again(
    desk: Store, client: ClientId
) -> None:
    response = answer(desk, client)
    high = [Given("nps", number=10)]
    desk.do(correct_answers, response, answers=high)
    assert [one.state for one in tasks(desk)] == [TaskState.CANCELLED]
    assert [one.question_key for one in desk.ask(rows, SurveyAnswer)] == ["nps"]
    desk.undo()
    assert [one.state for one in tasks(desk)] == [TaskState.OPEN]
    assert len(desk.ask(rows, SurveyAnswer)) == 3
    desk.redo()
    desk.do(correct_answers, response, answers=LOW)
    assert [one.state for one in tasks(desk)] == [TaskState.OPEN]


def test_closing_the_loop_says_what_was_done_and_ends_the_task(
    desk: Store, client: ClientId
) -> None:
    answer(desk, client)
    low = [one.id for one in desk.ask(rows, SurveyAnswer) if one.is_low]
    high = [one.id for one in desk.ask(rows, SurveyAnswer) if not one.is_low]
    with pytest.raises(UserError, match="What was done"):
        desk.do(close_loop, low, outcome=" ")
    with pytest.raises(UserError, match="None of these"):
        desk.do(close_loop, high, outcome="Called")
    assert desk.do(close_loop, low + high, outcome="Called", is_client_told=True).value == 1
    closed = next(one for one in desk.ask(rows, SurveyAnswer) if one.is_low)
    assert (closed.outcome, closed.is_client_told, closed.closed_by) == ("Called", True, desk.actor)
    assert [(one.state, one.outcome) for one in tasks(desk)] == [(TaskState.DONE, "Called")]
    desk.undo()
    assert [one.state for one in tasks(desk)] == [TaskState.OPEN]
    desk.redo()
    assert desk.do(reopen_loop, low).value == 1
    assert [one.state for one in tasks(desk)] == [TaskState.OPEN]
    desk.undo()
    assert [one.state for one in tasks(desk)] == [TaskState.DONE]


def test_deleting_answers_calls_their_follow_up_off(desk: Store, client: ClientId) -> None:
    response = answer(desk, client)
    desk.do(delete_response, response)
    assert desk.ask(list_ratings) == []
    assert [one.state for one in tasks(desk)] == [TaskState.CANCELLED]
    desk.undo()
    assert [one.state for one in tasks(desk)] == [TaskState.OPEN]
    assert len(desk.ask(list_ratings)) == 1


def test_an_answer_keeps_the_version_of_its_form(desk: Store, client: ClientId) -> None:
    first = Question("a", QuestionKind.CSAT, "Well?")
    form = desk.do(create_form, name="Ours", questions=[first]).value
    answer(desk, client, [Given("a", number=5)], form_id=form)
    second = Question("b", QuestionKind.CES, "Easy?")
    with pytest.raises(UserError, match="Nothing is different"):
        desk.do(publish_form, form, name="Ours", questions=[first])
    newer = desk.do(publish_form, form, name="Ours", questions=[second], note="Shorter").value
    (response,) = desk.ask(rows, SurveyResponse)
    asked = desk.ask(get_form, response.form_id)
    assert asked is not None and (asked.version, asked.questions) == (1, (first,))
    assert [one.version for one in desk.ask(list_versions, asked.family_id)] == [2, 1]
    ours = next(one for one in desk.ask(list_forms) if one.family_id == asked.family_id)
    assert (ours.id, ours.version, ours.questions, ours.responses) == (newer, 2, (second,), 0)
    desk.undo()
    assert [one.version for one in desk.ask(list_versions, asked.family_id)] == [1]


def test_forms_are_retired_taken_up_and_deleted_only_unused(desk: Store, client: ClientId) -> None:
    names = [one.name for one in desk.ask(list_forms)]
    assert names == ["After a ticket", "Satisfaction index", "Standard survey"]
    assert desk.do(add_shipped_forms).value == 0
    desk.do(retire_form, STANDARD)
    assert [one.name for one in desk.ask(list_forms)] == names[:2]
    assert [one.name for one in desk.ask(list_forms, with_retired=True)] == names
    with pytest.raises(UserError, match="retired already"):
        desk.do(retire_form, STANDARD)
    desk.do(take_up_form, STANDARD)
    with pytest.raises(UserError, match="is in use"):
        desk.do(take_up_form, STANDARD)
    with pytest.raises(UserError, match="a form “standard SURVEY” already"):
        desk.do(
            create_form, name="standard SURVEY", questions=[Question("a", QuestionKind.CSAT, "So?")]
        )
    answer(desk, client)
    with pytest.raises(UserError, match="have been asked"):
        desk.do(delete_form, STANDARD)
    desk.do(delete_form, shipped_form_id("after_ticket"))
    assert [one.name for one in desk.ask(list_forms)] == names[1:]
    desk.undo()
    assert [one.name for one in desk.ask(list_forms)] == names


def test_an_answer_beats_a_refusal_and_a_refusal_beats_silence() -> None:
    states = [ResponseState.SENT, ResponseState.DECLINED, ResponseState.ANSWERED]
    for place, state in enumerate(states):
        for other in states[: place + 1]:
            assert merge_states(state, other) is merge_states(other, state) is state


def test_answers_stand_in_the_timeline_and_are_found_in_it(desk: Store, client: ClientId) -> None:
    answer(desk, client)
    kinds = [EntryKind.SURVEY_ANSWERED]
    (entry,) = desk.ask(page_timeline, client, kinds=kinds).entries
    assert (entry.title, entry.state) == ("Standard survey", CaptureWay.PHONE)
    assert entry.text == "NPS: 3 of 10\nNobody calls back"
    assert desk.ask(count_timeline, client, said="calls back", kinds=kinds) == 1
    assert desk.ask(count_timeline, client, said="nothing", kinds=kinds) == 0
    desk.undo()
    assert desk.ask(page_timeline, client, kinds=kinds).entries == ()


def test_low_answers_come_first_until_the_loop_is_closed(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    answer(desk, client)
    watch.move(days=1)
    answer(desk, client, [Given("nps", number=9)], reason="They rang")
    low, high = desk.ask(page_responses)
    assert (len(low.open), len(high.open)) == (1, 0) and low.open[0].task_state is TaskState.OPEN
    assert desk.ask(count_to_follow_up) == 1
    desk.do(close_loop, [low.open[0].id], outcome="Called")
    assert [one.id for one in desk.ask(page_responses)] == [high.id, low.id]
    assert desk.ask(page_responses, shelf=ResponseShelf.TO_FOLLOW_UP) == []
    assert desk.ask(count_responses, search="acme") == 2
    assert desk.ask(page_responses, search="other") == []
