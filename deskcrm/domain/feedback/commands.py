"""Asks clients and writes down what they answer; what is low opens a follow-up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import LANGUAGES, language, tr
from deskcrm.domain.belonging import check_client, check_contact, check_same_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.feedback.answers import Given, check_answers
from deskcrm.domain.feedback.follow_up import call_off, finish, follow_up, take_up
from deskcrm.domain.feedback.guard import check_may_ask
from deskcrm.domain.feedback.linking import LinkClosed, find_linked, new_token
from deskcrm.domain.feedback.model import (
    CaptureWay,
    ResponseState,
    SurveyAnswer,
    SurveyAnswerId,
    SurveyForm,
    SurveyFormId,
    SurveyResponse,
    SurveyResponseId,
)
from deskcrm.domain.feedback.questions import Question, QuestionKind
from deskcrm.domain.feedback.settings import read_rules
from deskcrm.domain.names import one_line
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("feedback.record", "Write down answers")
def record_answers(
    work: Work,
    client_id: ClientId,
    *,
    form_id: SurveyFormId,
    answers: Sequence[Given],
    way: CaptureWay,
    contact_id: ContactId | None = None,
    ticket_id: TicketId | None = None,
    spoken: str = "",
    answered_at: datetime | None = None,
    reason: str = "",
) -> SurveyResponseId:
    """Write down what somebody answered on the telephone or on paper.

    ``reason``: why they were asked although something spoke against it; what lies on paper has
    been asked, so nothing speaks against it any more.
    """
    if way is not CaptureWay.PAPER:
        check_may_ask(work, client_id, contact_id, reason)
    response = _asked(work, client_id, form_id, way, contact_id, ticket_id, spoken, reason)
    if answered_at is not None:
        response.asked_at = min(answered_at, work.now)
    _answer(work, response, answers, answered_at)
    return SurveyResponseId(response.id)


@command("feedback.send", "Send form")
def send_form(
    work: Work,
    client_id: ClientId,
    *,
    form_id: SurveyFormId,
    way: CaptureWay = CaptureWay.LINK,
    contact_id: ContactId | None = None,
    ticket_id: TicketId | None = None,
    spoken: str = "",
    reason: str = "",
) -> SurveyResponseId:
    """Note that somebody was sent a form, and give it the token that its link ends in."""
    if way.is_by_hand:
        raise UserError(
            tr("Nothing is sent on the telephone or on paper."), tr("Choose a link or an email.")
        )
    check_may_ask(work, client_id, contact_id, reason)
    response = _asked(work, client_id, form_id, way, contact_id, ticket_id, spoken, reason)
    response.state, response.token = ResponseState.SENT, new_token()
    return SurveyResponseId(response.id)


@command("feedback.answer", "Write down answers")
def answer_sent(
    work: Work,
    response_id: SurveyResponseId,
    *,
    answers: Sequence[Given],
    way: CaptureWay,
    answered_at: datetime | None = None,
) -> None:
    """Write down what somebody answered who was sent a form."""
    response = work.get(SurveyResponse, response_id)
    response.way = way
    _answer(work, response, answers, answered_at)


@command("feedback.answer_by_link", "Take in answers by link", is_automatic=True)
def answer_by_link(
    work: Work, token: str, *, answers: Sequence[Given], never_again: bool = False
) -> bool:
    """Write down what came over a link; tells whether it was the first time, else nothing changes.

    Whoever only asks not to be asked again has declined, and may still answer. Raises LinkClosed
    where the link opens nothing, by now.
    """
    linked = find_linked(work, token)
    if linked is None:
        raise LinkClosed(tr("No form was sent with this link."), tr("It may have been taken back."))
    if linked.is_answered:
        return False
    response = work.get(SurveyResponse, linked.id)
    response.way = CaptureWay.LINK
    response.never_again = response.never_again or never_again
    if answers or not never_again:
        _answer(work, response, answers, None)
    else:
        response.state = ResponseState.DECLINED
    return True


@command("feedback.correct", "Correct answers")
def correct_answers(work: Work, response_id: SurveyResponseId, *, answers: Sequence[Given]) -> None:
    """Put right what was written down wrongly; follow-ups come and go with it."""
    response = work.get(SurveyResponse, response_id)
    if response.state is not ResponseState.ANSWERED:
        raise UserError(tr("Nothing was answered yet."), tr("Write the answers down first."))
    _write(work, response, answers)


@command("feedback.decline", "Note that they declined")
def decline_survey(
    work: Work,
    client_id: ClientId,
    *,
    form_id: SurveyFormId,
    way: CaptureWay = CaptureWay.PHONE,
    contact_id: ContactId | None = None,
    never_again: bool = False,
) -> SurveyResponseId:
    """Note that somebody would rather not answer, so that they are not asked again so soon."""
    response = _asked(work, client_id, form_id, way, contact_id, None, "", "")
    response.state, response.never_again = ResponseState.DECLINED, never_again
    return SurveyResponseId(response.id)


@command("feedback.never_again", "Note that they are not to be asked")
def never_ask(work: Work, response_id: SurveyResponseId) -> None:
    """Take it that whoever was asked does not want to be asked any more."""
    response = work.get(SurveyResponse, response_id)
    if response.never_again:
        raise UserError(tr("They are not asked any more already."))
    response.never_again = True


@command("feedback.ask_again", "Let them be asked again")
def let_be_asked(work: Work, response_id: SurveyResponseId) -> None:
    """Take it that somebody may be asked again who did not want to be."""
    response = work.get(SurveyResponse, response_id)
    if not response.never_again:
        raise UserError(tr("They may be asked already."))
    response.never_again = False


@command("feedback.close_loop", "Mark as followed up")
def close_loop(
    work: Work,
    answer_ids: Sequence[SurveyAnswerId],
    *,
    outcome: str,
    is_client_told: bool = False,
) -> int:
    """Say what was done about low answers and whether the client was told; gives how many.

    Their follow-ups are done with that.
    """
    outcome = outcome.strip()
    if not outcome:
        raise UserError(tr("What was done?"), tr("Say it in a sentence: the client may ask."))
    low = [one for one in (work.get(SurveyAnswer, row) for row in answer_ids) if one.is_low]
    if not low:
        raise UserError(tr("None of these answers is low."), tr("There is nothing to close."))
    for answer in low:
        answer.closed_at, answer.closed_by = work.now, UserId(work.actor)
        answer.outcome, answer.is_client_told = outcome, is_client_told
        finish(work, answer, outcome)
    return len(low)


@command("feedback.reopen_loop", "Follow up again")
def reopen_loop(work: Work, answer_ids: Sequence[SurveyAnswerId]) -> int:
    """Take it that something has still to be done about low answers; gives how many."""
    closed = [work.get(SurveyAnswer, one) for one in answer_ids]
    closed = [one for one in closed if one.closed_at is not None]
    for answer in closed:
        answer.closed_at, answer.closed_by, answer.is_client_told = None, None, False
        take_up(work, answer)
    return len(closed)


@command("feedback.delete", "Delete answers")
def delete_response(work: Work, response_id: SurveyResponseId) -> None:
    """Delete what should not have been written down; its follow-ups are called off."""
    response = work.get(SurveyResponse, response_id)
    for answer in _answers(work, response):
        call_off(work, answer)
        work.delete(answer)
    work.delete(response)


def _asked(
    work: Work,
    client_id: ClientId,
    form_id: SurveyFormId,
    way: CaptureWay,
    contact_id: ContactId | None,
    ticket_id: TicketId | None,
    spoken: str,
    reason: str,
) -> SurveyResponse:
    """Note that somebody is asked with this version of a form."""
    check_client(work, client_id)
    check_contact(work, contact_id, client_id)
    work.get(SurveyForm, form_id)
    if ticket_id is not None:
        ticket = work.get(Ticket, ticket_id)
        check_same_client(ticket.client_id, client_id, ticket.subject)
    response = SurveyResponse(
        form_id=form_id,
        client_id=client_id,
        contact_id=contact_id,
        ticket_id=ticket_id,
        asked_at=work.now,
        asked_by=UserId(work.actor),
        override_reason=one_line(reason),
        way=way,
        language=_known_language(spoken),
    )
    work.add(response)
    return response


def _answer(
    work: Work, response: SurveyResponse, answers: Sequence[Given], answered_at: datetime | None
) -> None:
    if response.state is ResponseState.ANSWERED and response.answered_at is not None:
        raise UserError(
            tr("This was answered already."), tr("Correct the answers instead of giving new ones.")
        )
    response.state = ResponseState.ANSWERED
    response.answered_at = work.now if answered_at is None else min(answered_at, work.now)
    _write(work, response, answers)


def _write(work: Work, response: SurveyResponse, answers: Sequence[Given]) -> None:
    """Keep the answers as they are given now, those that were taken back among them."""
    questions = work.get(SurveyForm, response.form_id).read_questions()
    given = check_answers(questions, answers)
    rules, remark = read_rules(work), _remark(questions, given)
    by_key = {one.key: one for one in questions}
    kept = set()
    for one in given:
        answer = _put(work, response, by_key[one.key], one)
        answer.is_low = rules.is_low(by_key[one.key], one.number)
        follow_up(work, response, by_key[one.key], answer, rules, remark)
        kept.add(answer.id)
    for answer in _answers(work, response):
        if answer.id not in kept:
            call_off(work, answer)
            work.delete(answer)


def _put(work: Work, response: SurveyResponse, question: Question, given: Given) -> SurveyAnswer:
    answer = work.put(
        SurveyAnswer,
        response_id=SurveyResponseId(response.id),
        client_id=response.client_id,
        question_key=given.key,
        row_key=given.row,
        kind=question.kind,
        text=given.text,
    )
    answer.number, answer.choices, answer.text = given.number, list(given.choices), given.text
    return answer


def _answers(work: Work, response: SurveyResponse) -> Sequence[SurveyAnswer]:
    found: Sequence[SurveyAnswer] = work.records(
        select(SurveyAnswer).where(
            SurveyAnswer.response_id == response.id, ~SurveyAnswer.is_deleted
        )
    )
    return found


def _remark(questions: Sequence[Question], given: Sequence[Given]) -> str:
    """Give what was said in words, to stand in the follow-up beside the number."""
    said_in_words = {one.key for one in questions if one.kind is QuestionKind.TEXT}
    return "\n".join(one.text for one in given if one.key in said_in_words)


def _known_language(spoken: str) -> str:
    return spoken if spoken in LANGUAGES else language()
