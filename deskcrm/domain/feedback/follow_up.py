"""A low answer opens a task, once, whoever writes it down; and what was done about it is told."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from deskcrm.base.ids import meant_id
from deskcrm.base.words import LANGUAGES, language, speaking, tr
from deskcrm.domain.calendars.book import CalendarBook
from deskcrm.domain.calendars.working_time import add_working_time
from deskcrm.domain.clients.model import Client
from deskcrm.domain.feedback.model import SurveyAnswer, SurveyResponse
from deskcrm.domain.feedback.questions import Question, option_named, said_in
from deskcrm.domain.feedback.settings import FeedbackRules
from deskcrm.domain.tasks.model import Task, TaskId, TaskKind, TaskState
from deskcrm.domain.tickets.model import Priority
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.work import Work

_WAITED_FOR: Final = timedelta(days=60)
_QUOTED: Final = 120
"""Letters of a question that the title of a task has room for."""


def task_id_of(response_id: UUID, question_key: str, row_key: str = "") -> TaskId:
    """Give the id of the follow-up of an answer: worked out, so that there is one everywhere."""
    return TaskId(meant_id("task", "survey", response_id, question_key, row_key))


def follow_up(
    work: Work,
    response: SurveyResponse,
    question: Question,
    answer: SurveyAnswer,
    rules: FeedbackRules,
    remark: str,
) -> None:
    """Open the task of a low answer, or call one off that was opened by a slip of the pen."""
    task_id = _task_of(answer)
    known = work.session.get(Task, task_id)
    if not answer.is_low:
        call_off(work, answer)
    elif known is None:
        if _is_of_long_ago(work, response):
            return
        work.add(_task(work, task_id, response, question, answer, rules, remark))
    elif known.is_deleted:
        work.restore(known)
    elif known.state is TaskState.CANCELLED:
        known.state, known.done_at, known.done_by = TaskState.OPEN, None, None


def _is_of_long_ago(work: Work, response: SurveyResponse) -> bool:
    """Tell whether an answer was given so long ago that nobody waits for a call any more.

    Such are written down late, or brought in by the thousand from another system.
    """
    at = response.answered_at
    return at is not None and at < work.now - _WAITED_FOR


def call_off(work: Work, answer: SurveyAnswer) -> None:
    """Cancel the follow-up of an answer, if it is still to be done."""
    _end(work, answer, TaskState.CANCELLED)


def finish(work: Work, answer: SurveyAnswer, outcome: str) -> None:
    """Mark the follow-up of an answer as done, if it is still to be done."""
    _end(work, answer, TaskState.DONE, outcome)


def take_up(work: Work, answer: SurveyAnswer) -> None:
    """Let the follow-up of an answer be done once more."""
    task = work.find(Task, _task_of(answer))
    if task is not None and task.state is TaskState.DONE:
        task.state, task.done_at, task.done_by = TaskState.OPEN, None, None


def _task_of(answer: SurveyAnswer) -> TaskId:
    return task_id_of(answer.response_id, answer.question_key, answer.row_key)


def _end(work: Work, answer: SurveyAnswer, state: TaskState, outcome: str = "") -> None:
    task = work.find(Task, _task_of(answer))
    if task is not None and task.state is TaskState.OPEN:
        task.state, task.done_at, task.done_by = state, work.now, UserId(work.actor)
        task.outcome, task.snoozed_until = outcome or task.outcome, None


def low_words(question: Question, answer: SurveyAnswer) -> str:
    """Name the task of a low answer by it: "Low answer, 2 of 5: How was the delivery?"."""
    row = option_named(question, answer.row_key)
    asked = said_in(row or question, "text", language())
    if len(asked) > _QUOTED:
        asked = asked[:_QUOTED].rstrip() + "…"
    return tr("Low answer, {number} of {highest}: {question}", question=asked,
              number=answer.number, highest=question.range[1])  # fmt: skip


def _task(
    work: Work,
    task_id: TaskId,
    response: SurveyResponse,
    question: Question,
    answer: SurveyAnswer,
    rules: FeedbackRules,
    remark: str,
) -> Task:
    owner = _who_acts(work, response)
    theirs = "" if owner is None else owner.language
    with speaking(theirs if theirs in LANGUAGES else language()):
        title = low_words(question, answer)
        notes = tr("They said: “{words}”", words=remark) if remark else ""
    task = Task(
        id=task_id,
        title=title,
        client_id=response.client_id,
        contact_id=response.contact_id,
        ticket_id=response.ticket_id,
        kind=TaskKind.CALL,
        assignee_id=None if owner is None else UserId(owner.id),
        priority=Priority.HIGH,
        notes=notes,
    )
    task.set_due(_deadline(work, owner, rules))
    return task


def _who_acts(work: Work, response: SurveyResponse) -> User | None:
    """Give whose task it is: the client's owner's, else of whoever asked."""
    client = work.find(Client, response.client_id)
    for user_id in (None if client is None else client.owner_id, response.asked_by):
        user = None if user_id is None else work.find(User, user_id)
        if user is not None and user.is_active:
            return user
    return None


def _deadline(work: Work, owner: User | None, rules: FeedbackRules) -> datetime:
    book = CalendarBook(work.connection)
    applied = book.of_everybody() if owner is None else book.of_person(UserId(owner.id))
    calendar = applied.known.calendar
    amount = timedelta(hours=rules.follow_up_hours)
    return add_working_time(calendar, work.now.astimezone(calendar.zone), amount)
