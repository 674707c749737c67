"""Tells clients what became of their wish: a task for each of them, opened once for each news."""

from typing import Final

from deskcrm.base.ids import meant_id
from deskcrm.base.words import LANGUAGES, language, speaking, tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.days import add_working_days, day_of
from deskcrm.domain.suggestions.model import Suggestion, SuggestionState, SuggestionVote
from deskcrm.domain.tasks.model import Task, TaskId, TaskKind, TaskState
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.work import Work

TELL_WITHIN: Final = 3
"""Working days in which a client should hear what became of their wish."""


def telling_id(suggestion: Suggestion, client_id: ClientId, state: SuggestionState) -> TaskId:
    """Give the id of the task to tell a client this news: worked out, so that there is one."""
    return TaskId(meant_id("task", "suggestion", suggestion.id, client_id, state))


def open_telling(work: Work, suggestion: Suggestion, vote: SuggestionVote) -> bool:
    """Open the task to tell a client what became of it; gives whether they have still to hear.

    What they were to hear before is no news any more.
    """
    for state in set(SuggestionState) - {suggestion.state}:
        _end(work, telling_id(suggestion, vote.client_id, state), TaskState.CANCELLED)
    task_id = telling_id(suggestion, vote.client_id, suggestion.state)
    known = work.session.get(Task, task_id)
    if known is None:
        client = work.find(Client, vote.client_id)
        if client is None:
            return False
        work.add(_task(work, task_id, suggestion, vote, client))
    elif known.is_deleted:
        work.restore(known)
    elif known.state is TaskState.CANCELLED:
        known.state, known.done_at, known.done_by = TaskState.OPEN, None, None
    return True


def finish_telling(work: Work, suggestion: Suggestion, client_id: ClientId) -> None:
    """Mark the task to tell a client as done, if it is still to be done."""
    _end(work, telling_id(suggestion, client_id, suggestion.state), TaskState.DONE)


def _end(work: Work, task_id: TaskId, state: TaskState) -> None:
    task = work.find(Task, task_id)
    if task is not None and task.state is TaskState.OPEN:
        task.state, task.done_at, task.done_by = state, work.now, UserId(work.actor)
        task.snoozed_until = None


def news_for(title: str, state: SuggestionState, reply: str, code: str) -> str:
    """Write what a client is told, in their language."""
    with speaking(code if code in LANGUAGES else language()):
        said = _said(state, title)
        return "\n\n".join(filter(None, (said, reply)))


def _said(state: SuggestionState, title: str) -> str:
    match state:
        case SuggestionState.NEW:
            return tr("Thank you for your suggestion “{title}”. We have noted it.", title=title)
        case SuggestionState.UNDER_REVIEW:
            return tr("You suggested “{title}”. We are looking into it.", title=title)
        case SuggestionState.PLANNED:
            return tr("You suggested “{title}”. We are going to do it.", title=title)
        case SuggestionState.DONE:
            return tr("You suggested “{title}”. It is done now. Thank you!", title=title)
        case SuggestionState.DECLINED:
            return tr("You suggested “{title}”. We will not do it, and want to say why.",
                      title=title)  # fmt: skip


def _task(
    work: Work, task_id: TaskId, suggestion: Suggestion, vote: SuggestionVote, client: Client
) -> Task:
    owner = None if client.owner_id is None else work.find(User, client.owner_id)
    is_there = owner is not None and owner.is_active
    theirs = owner.language if owner is not None else ""
    with speaking(theirs if theirs in LANGUAGES else language()):
        title = tr("Tell them what became of “{title}”", title=suggestion.title)
    task = Task(
        id=task_id,
        title=title,
        client_id=vote.client_id,
        contact_id=vote.contact_id,
        kind=TaskKind.EMAIL,
        assignee_id=UserId(owner.id) if owner is not None and is_there else UserId(work.actor),
        notes=news_for(suggestion.title, suggestion.state, suggestion.reply, client.language),
    )
    task.set_due(add_working_days(day_of(work.now), TELL_WITHIN))
    return task
