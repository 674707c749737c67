"""Makes up what clients answered, what was done about low answers, and what they wish for."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from deskcrm.base.words import speaking
from deskcrm.domain.clients.model import Lifecycle
from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.feedback.follow_up import low_words, task_id_of
from deskcrm.domain.feedback.forms import shipped_form, shipped_form_id
from deskcrm.domain.feedback.linking import new_token
from deskcrm.domain.feedback.model import (
    CaptureWay,
    ResponseState,
    SurveyAnswer,
    SurveyAnswerId,
    SurveyResponse,
    SurveyResponseId,
)
from deskcrm.domain.feedback.questions import Question, QuestionKind
from deskcrm.domain.sample import plots
from deskcrm.domain.sample.cast import Cast
from deskcrm.domain.sample.chances import choose
from deskcrm.domain.sample.grammar import grammar
from deskcrm.domain.sample.staff import Staff
from deskcrm.domain.suggestions.model import (
    Suggestion,
    SuggestionId,
    SuggestionState,
    SuggestionVote,
)
from deskcrm.domain.tasks.model import Task, TaskKind, TaskState
from deskcrm.domain.tickets.model import Priority, Ticket, TicketId
from deskcrm.store.tables import Record

_HAPPY: Final = frozenset({plots.steady, plots.renewed, plots.expanding, plots.onboarding})
_UNHAPPY: Final = frozenset(
    {plots.in_trouble, plots.churned, plots.neglected, plots.champion_left, plots.forgotten}
)
_NPS: Final[dict[int, tuple[int, ...]]] = {
    1: (9, 10, 9, 8, 10),
    0: (7, 8, 8, 9, 6),
    -1: (2, 4, 5, 6, 3),
}
_OF_FIVE: Final[dict[int, tuple[int, ...]]] = {1: (5, 4, 5, 5), 0: (4, 3, 4, 4), -1: (2, 3, 1, 2)}
_OF_TEN: Final[dict[int, tuple[int, ...]]] = {1: (9, 8, 10), 0: (7, 6, 8), -1: (4, 3, 5)}
_OF_SEVEN: Final[dict[int, tuple[int, ...]]] = {1: (7, 6, 7), 0: (5, 6, 4), -1: (3, 2, 4)}
_LOW: Final = {
    QuestionKind.NPS: 6,
    QuestionKind.CSAT: 2,
    QuestionKind.STARS: 2,
    QuestionKind.CES: 3,
    QuestionKind.SCALE: 3,
}
_NUMBERS: Final = {
    QuestionKind.NPS: _NPS,
    QuestionKind.CES: _OF_SEVEN,
    QuestionKind.SCALE: _OF_TEN,
}
_WAYS: Final = (
    (CaptureWay.PHONE, 45), (CaptureWay.LINK, 25), (CaptureWay.EMAIL, 20), (CaptureWay.PAPER, 10),
)  # fmt: skip
_STATES: Final = (
    SuggestionState.PLANNED, SuggestionState.UNDER_REVIEW, SuggestionState.DONE,
    SuggestionState.NEW, SuggestionState.DECLINED,
)  # fmt: skip
_OPEN_FOR: Final = timedelta(days=10)
"""A low answer that is older was followed up by now."""


@dataclass
class Wishes:
    """What clients wished for, by the number of the suggestion; filled while they are told."""

    said: list[tuple[int, SurveyAnswer, SurveyResponse]] = field(default_factory=list)


def make_feedback(cast: Cast, plot: plots.Plot, wishes: Wishes, random: Random) -> None:
    """Add what a client answered over the last year, and after some of its tickets."""
    if cast.client.lifecycle is Lifecycle.PROSPECT:
        return
    mood = 1 if plot in _HAPPY else -1 if plot in _UNHAPPY else 0
    teller = _Teller(cast, wishes, random)
    since = (cast.calendar.today - (cast.client.customer_since or cast.calendar.today)).days
    last = cast.client.churned_on
    over = (cast.calendar.today - last).days if last is not None else 0
    ago = over + (random.randrange(1, 8) if mood < 0 and random.random() < 0.5
                  else random.randrange(8, 110))  # fmt: skip
    if random.random() < 0.75 and ago < since:
        teller.standard(ago, mood)
        if ago + 130 < since and random.random() < 0.7:
            teller.standard(ago + random.randrange(110, 130), min(mood + 1, 1))
    elif random.random() < 0.4:
        teller.sent(random.randrange(1, 20))
    # With dice of its own: what else is told stays the same.
    apart = Random(f"index {cast.client.name}")
    if apart.random() < 0.4 and over + 60 < since:
        again = replace(cast, random=apart, calendar=replace(cast.calendar, random=apart))
        _Teller(again, wishes, apart).index(over + apart.randrange(5, 60), mood)
    solved = [one for one in cast.records if isinstance(one, Ticket) and one.resolved_at]
    for ticket in solved:
        if random.random() < 0.3:
            teller.after(ticket, choose(random, ((1, 60), (0, 28), (mood, 12))))


class _Teller:
    """Tells the answers of one client."""

    def __init__(self, cast: Cast, wishes: Wishes, random: Random) -> None:
        self.cast, self.wishes, self.random = cast, wishes, random

    def standard(self, ago: int, mood: int) -> None:
        """Ask with the standard form so many days ago."""
        cast, random = self.cast, self.random
        at = cast.calendar.ago(ago)
        response = self._response("standard", at)
        reason = {1: "feedback.promoter", 0: "feedback.passive", -1: "feedback.detractor"}[mood]
        words = cast.say(reason, at)
        for question in shipped_form("standard").read_questions():
            if question.key == "nps_reason":
                self._say(response, question, words)
            elif question.key == "had_complaint":
                self._choose(response, question, "yes" if mood < 0 else "no")
            elif question.key == "improvements":
                self._wish(response, question)
            elif question.kind.has_number and not (question.key == "complaints" and mood >= 0):
                # What is low is mostly one thing, not all.
                is_spared = question.key in ("product", "delivery") and random.random() < 0.7
                self._rate(response, question, 0 if is_spared else mood, words)

    def index(self, ago: int, mood: int) -> None:
        """Ask for the satisfaction index so many days ago."""
        at = self.cast.calendar.ago(ago)
        response = self._response("csi", at)
        for question in shipped_form("csi").read_questions():
            if question.kind.has_number:
                is_first = question.key == "satisfaction"
                words = self.cast.say("feedback.passive", at)
                self._rate(response, question, mood if is_first else max(mood, 0), words)

    def after(self, ticket: Ticket, mood: int) -> None:
        """Ask how a ticket went, the day after it was solved."""
        assert ticket.resolved_at is not None
        day = timedelta(days=1)
        at = self.cast.calendar.later(ticket.resolved_at, day / 4, day)
        response = self._response("after_ticket", at, ticket)
        said = "feedback.comment_bad" if mood < 0 else "feedback.comment_good"
        words = self.cast.say(said, at)
        for question in shipped_form("after_ticket").read_questions():
            if question.kind.has_number:
                self._rate(response, question, mood, words)
            elif self.random.random() < 0.5:
                answer = self._say(response, question, words)
                answer.is_passed_over = True  # it says how it went, not what is wished for

    def sent(self, ago: int) -> None:
        """Send the standard form, and hear nothing."""
        response = self._response("standard", self.cast.calendar.ago(ago))
        response.state, response.answered_at = ResponseState.SENT, None
        response.way = CaptureWay.LINK
        response.token = new_token(Random(self.random.randrange(16**12)).choice)

    def _response(self, form: str, at: datetime, ticket: Ticket | None = None) -> SurveyResponse:
        cast = self.cast
        who = cast.who(ContactRole.CHAMPION, ContactRole.DECISION_MAKER, ContactRole.USER)
        response = SurveyResponse(
            form_id=shipped_form_id(form),
            client_id=cast.client_id,
            contact_id=who.id,
            ticket_id=TicketId(ticket.id) if ticket is not None else None,
            asked_at=at,
            asked_by=cast.owner.id,
            way=choose(self.random, _WAYS),
            language=cast.phrases.language,
            answered_at=at,
        )
        cast.records.append(response)
        return response

    def _rate(self, response: SurveyResponse, question: Question, mood: int, words: str) -> None:
        numbers = _NUMBERS.get(question.kind, _OF_FIVE)
        answer = self._answer(response, question)
        answer.number = self.random.choice(numbers[mood])
        answer.is_low = answer.number <= _LOW[question.kind]
        if answer.is_low:
            self._follow_up(response, question, answer, words)

    def _say(self, response: SurveyResponse, question: Question, words: str) -> SurveyAnswer:
        answer = self._answer(response, question)
        answer.text = words
        return answer

    def _choose(self, response: SurveyResponse, question: Question, key: str) -> None:
        self._answer(response, question).choices = [key]

    def _wish(self, response: SurveyResponse, question: Question) -> None:
        lines = self.cast.phrases.lines("wish.words")
        if self.random.random() < 0.5:
            which = self.random.randrange(len(lines))
            answer = self._say(response, question, lines[which])
            self.wishes.said.append((which, answer, response))

    def _answer(self, response: SurveyResponse, question: Question) -> SurveyAnswer:
        values = {"response_id": response.id, "question_key": question.key, "row_key": ""}
        answer = SurveyAnswer(
            id=SurveyAnswer.work_out_id(values),
            response_id=SurveyResponseId(response.id),
            client_id=response.client_id,
            question_key=question.key,
            kind=question.kind,
        )
        assert response.answered_at is not None
        answer.created_at = response.answered_at
        self.cast.records.append(answer)
        return answer

    def _follow_up(
        self, response: SurveyResponse, question: Question, answer: SurveyAnswer, words: str
    ) -> None:
        cast, at = self.cast, answer.created_at
        language = cast.phrases.language
        with speaking(language):
            title = low_words(question, answer)
        task = Task(
            id=task_id_of(response.id, question.key),
            title=title,
            client_id=response.client_id,
            contact_id=response.contact_id,
            ticket_id=response.ticket_id,
            kind=TaskKind.CALL,
            assignee_id=cast.owner.id,
            priority=Priority.HIGH,
            notes=f"“{words}”" if language == "en" else f"«{words}»",
        )
        task.set_due(cast.calendar.day(1) if cast.calendar.now - at < timedelta(days=2)
                     else cast.calendar.local_day(at + timedelta(days=1)))  # fmt: skip
        task.created_at = at
        if cast.calendar.now - at > _OPEN_FOR:
            self._close(answer, task)
        cast.records.append(task)

    def _close(self, answer: SurveyAnswer, task: Task) -> None:
        cast = self.cast
        done = cast.calendar.later(answer.created_at, timedelta(hours=3), timedelta(days=2))
        answer.outcome = task.outcome = cast.say("feedback.outcome", done)
        answer.closed_at = task.done_at = done
        answer.closed_by = task.done_by = cast.owner.id
        answer.is_client_told = self.random.random() < 0.85
        task.state = TaskState.DONE


def make_suggestions(
    language: str, staff: Staff, wishes: Wishes, now: datetime, random: Random
) -> Iterator[Record]:
    """Make the suggestions of what was wished for; some wishes are still to be sorted."""
    phrases = grammar(language)
    titles, replies = phrases.lines("wish"), phrases.lines("wish.reply")
    for which, title in enumerate(titles):
        said = [(answer, response) for one, answer, response in wishes.said if one == which]
        if not said:
            continue
        raised = min(answer.created_at for answer, _ in said)
        state = _STATES[which % len(_STATES)]
        suggestion = Suggestion(
            title=title,
            state=state,
            state_at=max(raised, now - timedelta(days=6)),
            reply="" if replies[which] == "-" else replies[which],
            raised_at=raised,
            raised_by=random.choice(staff.support).id,
        )
        suggestion.created_at = raised
        yield suggestion
        seen = set()
        for answer, response in said:
            if response.client_id in seen or random.random() < 0.25:
                continue
            seen.add(response.client_id)
            yield _vote(suggestion, answer, response, random)


def _vote(
    suggestion: Suggestion, answer: SurveyAnswer, response: SurveyResponse, random: Random
) -> SuggestionVote:
    values = {"suggestion_id": suggestion.id, "client_id": response.client_id}
    vote = SuggestionVote(
        id=SuggestionVote.work_out_id(values),
        suggestion_id=SuggestionId(suggestion.id),
        client_id=response.client_id,
        contact_id=response.contact_id,
        words=answer.text,
        answer_id=SurveyAnswerId(answer.id),
        voted_at=answer.created_at,
    )
    vote.created_at = answer.created_at
    if suggestion.state is not SuggestionState.NEW and random.random() < 0.6:
        vote.told_state, vote.told_at = suggestion.state, suggestion.state_at
    return vote
