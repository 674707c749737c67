"""Gathers what clients wish for, says what becomes of it, and sees that they hear."""

from collections.abc import Sequence
from typing import TypedDict, Unpack

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.belonging import check_client, check_contact, check_same_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.feedback.model import SurveyAnswer, SurveyAnswerId
from deskcrm.domain.suggestions.homes import family_of, read_homes
from deskcrm.domain.suggestions.model import (
    Suggestion,
    SuggestionId,
    SuggestionState,
    SuggestionVote,
    SuggestionVoteId,
)
from deskcrm.domain.suggestions.telling import finish_telling, open_telling
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


class VoteDetails(TypedDict, total=False):
    """Where a client's wish comes from: who said it, in which words, in which answer or ticket."""

    contact_id: ContactId | None
    words: str
    answer_id: SurveyAnswerId | None
    ticket_id: TicketId | None


@command("suggestions.add", "Add suggestion")
def add_suggestion(
    work: Work,
    /,
    *,
    title: str,
    text: str = "",
    client_id: ClientId | None = None,
    **details: Unpack[VoteDetails],
) -> SuggestionId:
    """Note something that is wished for, by hand or out of an answer or a ticket."""
    suggestion = Suggestion(
        title=title, text=text.strip(), state_at=work.now, raised_at=work.now,
        raised_by=UserId(work.actor),
    )  # fmt: skip
    suggestion_id = SuggestionId(work.add(suggestion).id)
    if client_id is not None:
        add_vote(work, suggestion_id, client_id, **details)
    return suggestion_id


@command("suggestions.edit", "Edit suggestion")
def edit_suggestion(work: Work, suggestion_id: SuggestionId, *, title: str, text: str = "") -> None:
    """Say in other words what is wished for."""
    suggestion = work.get(Suggestion, suggestion_id)
    suggestion.retitle(title)
    suggestion.text = text.strip()


@command("suggestions.vote", "Add client to suggestion")
def add_vote(
    work: Work,
    /,
    suggestion_id: SuggestionId,
    client_id: ClientId,
    **details: Unpack[VoteDetails],
) -> SuggestionVoteId:
    """Note that another client wishes for the same; one that does already says it once more."""
    suggestion = _at_home(work, suggestion_id)
    check_client(work, client_id)
    _check_details(work, client_id, details)
    vote = _vote_of(work, SuggestionId(suggestion.id), client_id) or work.put(
        SuggestionVote,
        suggestion_id=SuggestionId(suggestion.id),
        client_id=client_id,
        voted_at=work.now,
    )
    vote.contact_id = details.get("contact_id") or vote.contact_id
    vote.answer_id = details.get("answer_id") or vote.answer_id
    vote.ticket_id = details.get("ticket_id") or vote.ticket_id
    words = details.get("words", "").strip()
    if words and words not in vote.words:
        vote.words = "\n\n".join(filter(None, (vote.words, words)))
    return SuggestionVoteId(vote.id)


@command("suggestions.withdraw", "Take client off suggestion")
def withdraw_votes(work: Work, vote_ids: Sequence[SuggestionVoteId]) -> int:
    """Take it that clients do not wish for it after all; gives how many."""
    votes = [work.get(SuggestionVote, one) for one in dict.fromkeys(vote_ids)]
    for vote in votes:
        work.delete(vote)
    return len(votes)


@command("suggestions.set_state", "Say what becomes of suggestion")
def set_state(
    work: Work,
    suggestion_id: SuggestionId,
    *,
    state: SuggestionState,
    reply: str = "",
    opens_tasks: bool = True,
) -> int:
    """Say what becomes of it; for each client who wished for it a task to tell them is opened.

    Gives how many are to be told. Whoever was told of an earlier state hears of this one too.
    """
    suggestion = _at_home(work, suggestion_id)
    reply = reply.strip()
    if suggestion.state is state and reply in ("", suggestion.reply):
        raise UserError(
            tr("It is so already."), tr("Choose another state, or write something new.")
        )
    if state is SuggestionState.DECLINED and not reply:
        raise UserError(
            tr("Say why it is declined."), tr("The clients who wished for it will hear it.")
        )
    suggestion.state, suggestion.state_at = state, work.now
    suggestion.reply = reply
    if state is SuggestionState.NEW or not opens_tasks:
        return 0
    votes = votes_of(work, SuggestionId(suggestion.id))
    return sum(open_telling(work, suggestion, one) for one in votes if one.told_state is not state)


@command("suggestions.mark_told", "Note that clients were told")
def mark_told(work: Work, vote_ids: Sequence[SuggestionVoteId]) -> int:
    """Note that clients heard what became of their wish; the tasks of it are done with that."""
    homes, told = read_homes(work), 0
    for vote in (work.get(SuggestionVote, one) for one in dict.fromkeys(vote_ids)):
        home = homes.get(vote.suggestion_id, vote.suggestion_id)
        suggestion = work.get(Suggestion, home)
        if vote.told_state is not suggestion.state:
            vote.told_state, vote.told_at = suggestion.state, work.now
            told += 1
        finish_telling(work, suggestion, vote.client_id)
    return told


@command("suggestions.merge", "Merge suggestions")
def merge_suggestions(
    work: Work, suggestion_ids: Sequence[SuggestionId], *, into_id: SuggestionId
) -> int:
    """Let suggestions be read in another that wishes for the same; gives how many.

    Nothing is moved: parted again, each has its own clients.
    """
    into = _at_home(work, into_id)
    found = [_at_home(work, one) for one in dict.fromkeys(suggestion_ids)]
    others = [one for one in dict.fromkeys(found) if one.id != into.id]
    if not others:
        raise UserError(
            tr("A suggestion cannot be merged with itself."), tr("Choose another suggestion.")
        )
    for one in others:
        one.merged_into_id = SuggestionId(into.id)
    return len(others)


@command("suggestions.part", "Part suggestions")
def part_suggestion(work: Work, suggestion_id: SuggestionId) -> None:
    """Let a suggestion stand by itself again."""
    suggestion = work.get(Suggestion, suggestion_id)
    if suggestion.merged_into_id is None:
        raise UserError(
            tr("“{title}” is not merged into another.", title=suggestion.title),
            tr("There is nothing to part."),
        )
    suggestion.merged_into_id = None


@command("suggestions.delete", "Delete suggestion")
def delete_suggestion(work: Work, suggestion_id: SuggestionId) -> None:
    """Delete a suggestion that is none, and which clients wished for it."""
    suggestion = work.get(Suggestion, suggestion_id)
    for vote in _own_votes(work, [SuggestionId(suggestion.id)]):
        work.delete(vote)
    work.delete(suggestion)


@command("suggestions.pass_over", "Pass over")
def pass_over_answers(work: Work, answer_ids: Sequence[SurveyAnswerId]) -> int:
    """Take it that answers wish for nothing: they are not offered as suggestions any more."""
    answers = [work.get(SurveyAnswer, one) for one in dict.fromkeys(answer_ids)]
    fresh = [one for one in answers if not one.is_passed_over]
    for one in fresh:
        one.is_passed_over = True
    return len(fresh)


def votes_of(work: Work, suggestion_id: SuggestionId) -> list[SuggestionVote]:
    """Give the votes of a suggestion and of what was merged into it, one for each client."""
    votes = _own_votes(work, family_of(work, suggestion_id))
    return list({one.client_id: one for one in reversed(votes)}.values())[::-1]


def _own_votes(work: Work, suggestion_ids: Sequence[SuggestionId]) -> list[SuggestionVote]:
    found = select(SuggestionVote).where(
        SuggestionVote.suggestion_id.in_(suggestion_ids), ~SuggestionVote.is_deleted
    )
    return list(work.records(found.order_by(SuggestionVote.voted_at, SuggestionVote.id)))


def _vote_of(work: Work, suggestion_id: SuggestionId, client_id: ClientId) -> SuggestionVote | None:
    votes = votes_of(work, suggestion_id)
    return next((one for one in votes if one.client_id == client_id), None)


def _at_home(work: Work, suggestion_id: SuggestionId) -> Suggestion:
    """Give the suggestion in which this one is read."""
    return work.get(Suggestion, read_homes(work).get(suggestion_id, suggestion_id))


def _check_details(work: Work, client_id: ClientId, details: VoteDetails) -> None:
    check_contact(work, details.get("contact_id"), client_id)
    ticket_id, answer_id = details.get("ticket_id"), details.get("answer_id")
    if ticket_id is not None:
        ticket = work.get(Ticket, ticket_id)
        check_same_client(ticket.client_id, client_id, ticket.subject)
    if answer_id is not None:
        answer = work.get(SurveyAnswer, answer_id)
        check_same_client(answer.client_id, client_id, answer.text)
