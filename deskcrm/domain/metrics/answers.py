"""The figures of what clients answered, those on the phone apart from those in writing."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import func, select

from deskcrm.domain.clients.model import Client
from deskcrm.domain.feedback.model import CaptureWay, SurveyForm, SurveyResponse
from deskcrm.domain.feedback.queries import RATED, Rating, list_ratings
from deskcrm.domain.feedback.questions import QuestionKind, from_rows
from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.figures import Figure, Period
from deskcrm.domain.metrics.narrowing import AnswerWay, Narrowing, in_segment, owned
from deskcrm.domain.metrics.surveys import ces, ces_easy, csat, csi, nps
from deskcrm.domain.tickets.model import Ticket
from deskcrm.store.reader import Reader

CSI_KEYS: Final = ("satisfaction", "expectation", "ideal")
"""The keys of the three questions of the index, each a scale from 1 to 10."""
_BY_KIND: Final[dict[Metric, tuple[QuestionKind, Callable[[Iterable[int]], Figure]]]] = {
    Metric.CUSTOMER_SATISFACTION: (QuestionKind.CSAT, csat),
    Metric.EFFORT_SCORE: (QuestionKind.CES, ces),
    Metric.FOUND_IT_EASY: (QuestionKind.CES, ces_easy),
    Metric.NET_PROMOTER_SCORE: (QuestionKind.NPS, nps),
}
ANSWERS: Final = (*_BY_KIND, Metric.SATISFACTION_INDEX)


def answered(
    db: Reader, chain: Sequence[Period], narrowing: Narrowing
) -> Callable[[Period], dict[Metric, Figure]]:
    """Read the answers of some periods once; gives what gives the figures of each."""
    ratings = read_ratings(db, chain[0], chain[-1], narrowing)
    by_period: dict[Period, list[Rating]] = {
        period: [one for one in ratings if period.since <= one.answered_at < period.until]
        for period in chain
    }

    def figures(period: Period) -> dict[Metric, Figure]:
        here = by_period[period]
        found = {
            metric: formula(one.number for one in here if one.kind is kind)
            for metric, (kind, formula) in _BY_KIND.items()
        }
        return found | {Metric.SATISFACTION_INDEX: csi(_triples(here).values())}

    return figures


def read_ratings(db: Reader, first: Period, last: Period, narrowing: Narrowing) -> list[Rating]:
    """Read the numbers that were answered from one period to another."""
    indexed = _of_index(db)
    kept = _responses(db, narrowing)
    found = list_ratings(
        db, since=first.since, until=last.until, kinds=(*RATED, QuestionKind.SCALE)
    )
    return [
        one
        for one in found
        if (one.kind is not QuestionKind.SCALE or one.response_id in indexed)
        and (kept is None or one.response_id in kept)
        and _is_meant(one.way, narrowing.answers)
    ]


def rows_of(metric: Metric, ratings: Iterable[Rating]) -> list[tuple[Rating, float]]:
    """Give each answer that a figure is made of; of the index, each client's own index."""
    if metric is Metric.SATISFACTION_INDEX:
        listed = list(ratings)
        by_response: dict[UUID, Rating] = {one.response_id: one for one in listed}
        return [
            (by_response[response_id], csi([triple]).value or 0.0)
            for response_id, triple in _triples(listed).items()
        ]
    kind, _ = _BY_KIND[metric]
    return [(one, float(one.number)) for one in ratings if one.kind is kind]


def _is_meant(way: CaptureWay, wanted: AnswerWay) -> bool:
    if wanted is AnswerWay.ALL:
        return True
    return (way is CaptureWay.PHONE) is (wanted is AnswerWay.BY_PHONE)


def _triples(ratings: Iterable[Rating]) -> Mapping[UUID, tuple[int, ...]]:
    """Give the three answers of the index, of those who gave all three."""
    given: dict[UUID, dict[str, int]] = defaultdict(dict)
    for one in ratings:
        if one.kind is QuestionKind.SCALE and one.question_key in CSI_KEYS:
            given[one.response_id][one.question_key] = one.number
    return {
        response_id: tuple(numbers[key] for key in CSI_KEYS)
        for response_id, numbers in given.items()
        if len(numbers) == len(CSI_KEYS)
    }


def _of_index(db: Reader) -> set[UUID]:
    """Give the responses to forms that ask the three questions of the index."""
    forms = [
        row.id
        for row in db.all(select(SurveyForm.id, SurveyForm.questions))
        if {
            one.key
            for one in from_rows(row.questions)
            if one.kind is QuestionKind.SCALE and one.range == (1, 10)
        }.issuperset(CSI_KEYS)
    ]
    if not forms:
        return set()
    return set(db.scalars(select(SurveyResponse.id).where(SurveyResponse.form_id.in_(forms))))


def _responses(db: Reader, narrowing: Narrowing) -> set[UUID] | None:
    """Give the responses that count: about a ticket by its owner, else by the client's."""
    owner = func.coalesce(Ticket.owner_id, Client.owner_id)
    which = [
        *owned(db, narrowing, owner, Client.scope),
        *in_segment(db, narrowing, SurveyResponse.client_id),
    ]
    if not which:
        return None
    return set(
        db.scalars(
            select(SurveyResponse.id)
            .join(Client, Client.id == SurveyResponse.client_id)
            .outerjoin(Ticket, Ticket.id == SurveyResponse.ticket_id)
            .where(*which)
        )
    )
