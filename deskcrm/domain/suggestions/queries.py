"""Answers about suggestions: how many clients wish for what, what they pay, and who has to hear."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.clients.model import Client, ClientId, Tier
from deskcrm.domain.contacts.model import Contact, ContactId
from deskcrm.domain.contracts.model import Contract, ContractStatus, annual_value
from deskcrm.domain.feedback.model import (
    SurveyAnswer,
    SurveyAnswerId,
    SurveyForm,
    SurveyResponse,
)
from deskcrm.domain.feedback.questions import from_rows
from deskcrm.domain.names import fold
from deskcrm.domain.suggestions.homes import family_of, read_homes
from deskcrm.domain.suggestions.model import (
    Suggestion,
    SuggestionId,
    SuggestionState,
    SuggestionVote,
    SuggestionVoteId,
)
from deskcrm.domain.tickets.model import Ticket, TicketId, TicketKind
from deskcrm.store.reader import Reader

OFFERED_FOR: Final = timedelta(days=365)
"""How long what a client said is offered as a suggestion."""
Worth = tuple[tuple[str, int], ...]
"""What clients pay a year, in minor units, by currency, the largest first."""


@dataclass(frozen=True, slots=True)
class SuggestionRow:
    """A suggestion with those that were merged into it; ``to_tell``: clients who have to hear."""

    id: SuggestionId
    title: str
    text: str
    state: SuggestionState
    state_at: datetime
    reply: str
    raised_at: datetime
    clients: int
    vips: int
    worth: Worth
    to_tell: int
    merged: int


@dataclass(frozen=True, slots=True)
class VoteRow:
    """That a client wishes for it; ``is_to_tell``: they have not heard of the state that holds."""

    id: SuggestionVoteId
    client_id: ClientId
    client: str
    tier: Tier
    language: str
    contact_id: ContactId | None
    contact: str
    words: str
    answer_id: SurveyAnswerId | None
    ticket_id: TicketId | None
    voted_at: datetime
    told_state: SuggestionState | None
    told_at: datetime | None
    is_to_tell: bool
    worth: Worth


@dataclass(frozen=True, slots=True)
class Wish:
    """What a client said that may be a suggestion, and belongs to none yet."""

    client_id: ClientId
    client: str
    contact_id: ContactId | None
    words: str
    said_at: datetime
    answer_id: SurveyAnswerId | None = None
    ticket_id: TicketId | None = None

    @property
    def id(self) -> UUID:
        """Give the id of the answer or the ticket in which it was said."""
        found = self.answer_id or self.ticket_id
        assert found is not None
        return found


def list_suggestions(
    db: Reader, *, states: Iterable[SuggestionState] = (), search: str = ""
) -> list[SuggestionRow]:
    """List suggestions, those that most clients wish for first."""
    homes, wanted = read_homes(db), set(states)
    own = db.all(select(Suggestion).where(~Suggestion.is_deleted).with_only_columns(*_COLUMNS))
    votes = _votes_by_home(db, homes)
    worth = _worth_of(db, {client for group in votes.values() for client in group})
    merged: dict[SuggestionId, list[str]] = defaultdict(list)
    for row in own:
        if row.id in homes:
            merged[homes[row.id]].append(f"{row.title} {row.text}")
    found = [
        _row(row, votes.get(row.id, {}), worth, len(merged[row.id]))
        for row in own
        if row.id not in homes
        and (not wanted or row.state in wanted)
        and _says(f"{row.title} {row.text} {' '.join(merged[row.id])}", search)
    ]
    return sorted(found, key=lambda row: (-row.clients, -row.vips, -row.raised_at.timestamp()))


def get_suggestion(db: Reader, suggestion_id: SuggestionId) -> SuggestionRow | None:
    """Give one suggestion, or the one in which it is read; None when it is not there."""
    home = read_homes(db).get(suggestion_id, suggestion_id)
    return next((row for row in list_suggestions(db) if row.id == home), None)


def list_votes(db: Reader, suggestion_id: SuggestionId) -> list[VoteRow]:
    """List the clients who wish for it or for what was merged into it; who has to hear first."""
    suggestion = db.first(select(Suggestion.state).where(Suggestion.id == suggestion_id))
    if suggestion is None:
        return []
    rows = db.all(
        select(SuggestionVote, Client.name, Client.tier, Client.language, Contact.name)
        .join(Client, Client.id == SuggestionVote.client_id)
        .outerjoin(Contact, Contact.id == SuggestionVote.contact_id)
        .where(
            SuggestionVote.suggestion_id.in_(family_of(db, suggestion_id)),
            ~SuggestionVote.is_deleted,
            ~Client.is_deleted,
        )
        .order_by(SuggestionVote.voted_at, SuggestionVote.id)
        .with_only_columns(
            SuggestionVote.id, SuggestionVote.client_id, Client.name, Client.tier, Client.language,
            SuggestionVote.contact_id, Contact.name.label("contact"), SuggestionVote.words,
            SuggestionVote.answer_id, SuggestionVote.ticket_id, SuggestionVote.voted_at,
            SuggestionVote.told_state, SuggestionVote.told_at,
        )
    )  # fmt: skip
    first = {row.client_id: row for row in reversed(rows)}
    worth = _worth_of(db, set(first))
    found = [
        VoteRow(
            id=SuggestionVoteId(row.id), client_id=row.client_id, client=row.name, tier=row.tier,
            language=row.language, contact_id=row.contact_id, contact=row.contact or "",
            words=row.words, answer_id=row.answer_id, ticket_id=row.ticket_id,
            voted_at=row.voted_at, told_state=row.told_state, told_at=row.told_at,
            is_to_tell=_is_to_tell(suggestion.state, row.told_state),
            worth=worth.get(row.client_id, ()),
        )
        for row in first.values()
    ]  # fmt: skip
    return sorted(found, key=lambda row: (not row.is_to_tell, -_largest(row.worth), row.client))


def list_merged(db: Reader, suggestion_id: SuggestionId) -> list[tuple[SuggestionId, str]]:
    """List what was merged into a suggestion, with its title."""
    inside = family_of(db, suggestion_id)[1:]
    rows = db.all(select(Suggestion.id, Suggestion.title).where(Suggestion.id.in_(inside)))
    return [(SuggestionId(row_id), title) for row_id, title in rows]


def list_wishes(db: Reader, *, limit: int = 200) -> list[Wish]:
    """List what clients said that may be a suggestion and belongs to none yet, the latest first."""
    since = db.now - OFFERED_FOR
    found = [*_answers(db, since), *_tickets(db, since)]
    return sorted(found, key=lambda one: one.said_at, reverse=True)[:limit]


_COLUMNS: Final = (
    Suggestion.id, Suggestion.title, Suggestion.text, Suggestion.state, Suggestion.state_at,
    Suggestion.reply, Suggestion.raised_at,
)  # fmt: skip

_Votes = dict[ClientId, tuple[Tier, SuggestionState | None]]


def _row(row: Any, votes: _Votes, worth: Mapping[ClientId, Worth], merged: int) -> SuggestionRow:
    (row_id, title, text, state, state_at, reply, raised_at) = row
    return SuggestionRow(
        SuggestionId(row_id), title, text, state, state_at, reply, raised_at,
        clients=len(votes),
        vips=sum(tier.is_vip for tier, _ in votes.values()),
        worth=_sum(worth.get(client, ()) for client in votes),
        to_tell=sum(_is_to_tell(state, told) for _, told in votes.values()),
        merged=merged,
    )  # fmt: skip


def _is_to_tell(state: SuggestionState, told: SuggestionState | None) -> bool:
    return state is not SuggestionState.NEW and told is not state


def _votes_by_home(
    db: Reader, homes: Mapping[SuggestionId, SuggestionId]
) -> dict[SuggestionId, _Votes]:
    found: dict[SuggestionId, _Votes] = defaultdict(dict)
    rows = db.all(
        select(
            SuggestionVote.suggestion_id, SuggestionVote.client_id, Client.tier,
            SuggestionVote.told_state,
        )
        .join(Client, Client.id == SuggestionVote.client_id)
        .where(~SuggestionVote.is_deleted, ~Client.is_deleted)
        .order_by(SuggestionVote.voted_at, SuggestionVote.id)
    )  # fmt: skip
    for suggestion_id, client_id, tier, told in rows:
        found[homes.get(suggestion_id, suggestion_id)].setdefault(client_id, (tier, told))
    return found


def _worth_of(db: Reader, clients: set[ClientId]) -> dict[ClientId, Worth]:
    """Give what clients pay a year by the contracts that are in force."""
    rows = db.all(
        select(
            Contract.client_id, Contract.currency, Contract.value_minor, Contract.billing_period
        ).where(
            Contract.client_id.in_(clients),
            ~Contract.is_deleted,
            Contract.status.in_((ContractStatus.ACTIVE, ContractStatus.NOTICE_GIVEN)),
        )
    )
    found: dict[ClientId, list[Worth]] = defaultdict(list)
    for client_id, currency, value, period in rows:
        found[client_id].append(((currency, annual_value(value, period)),))
    return {client_id: _sum(parts) for client_id, parts in found.items()}


def _sum(parts: Iterable[Worth]) -> Worth:
    total: dict[str, int] = defaultdict(int)
    for part in parts:
        for currency, value in part:
            total[currency] += value
    return tuple(sorted(total.items(), key=lambda one: (-one[1], one[0])))


def _largest(worth: Worth) -> int:
    return worth[0][1] if worth else 0


def _says(text: str, search: str) -> bool:
    folded = fold(text)
    return all(word in folded for word in fold(search).split())


def _answers(db: Reader, since: datetime) -> list[Wish]:
    forms = db.all(select(SurveyForm.id, SurveyForm.questions))
    asked = {
        (form_id, one.key)
        for form_id, questions in forms
        for one in from_rows(questions)
        if one.is_suggestion
    }
    taken = select(SuggestionVote.answer_id).where(
        SuggestionVote.answer_id.is_not(None), ~SuggestionVote.is_deleted
    )
    rows = db.all(
        select(
            SurveyResponse.form_id, SurveyAnswer.question_key, SurveyAnswer.client_id, Client.name,
            SurveyResponse.contact_id, SurveyAnswer.text, SurveyResponse.answered_at,
            SurveyAnswer.id,
        )
        .join(SurveyResponse, SurveyResponse.id == SurveyAnswer.response_id)
        .join(Client, Client.id == SurveyAnswer.client_id)
        .where(
            SurveyAnswer.question_key.in_({key for _, key in asked}),
            ~SurveyAnswer.is_deleted,
            ~SurveyAnswer.is_passed_over,
            ~SurveyResponse.is_deleted,
            ~Client.is_deleted,
            SurveyAnswer.text != "",
            SurveyResponse.answered_at >= since,
            SurveyAnswer.id.not_in(taken),
        )
    )  # fmt: skip
    return [
        Wish(client_id, client, contact_id, words, said_at, answer_id=SurveyAnswerId(answer_id))
        for form_id, key, client_id, client, contact_id, words, said_at, answer_id in rows
        if (form_id, key) in asked and said_at is not None
    ]


def _tickets(db: Reader, since: datetime) -> list[Wish]:
    taken = select(SuggestionVote.ticket_id).where(
        SuggestionVote.ticket_id.is_not(None), ~SuggestionVote.is_deleted
    )
    rows = db.all(
        select(
            Ticket.client_id, Client.name, Ticket.contact_id, Ticket.subject, Ticket.opened_at,
            Ticket.id,
        )
        .join(Client, Client.id == Ticket.client_id)
        .where(
            Ticket.kind == TicketKind.SUGGESTION,
            ~Ticket.is_deleted,
            ~Client.is_deleted,
            Ticket.opened_at >= since,
            Ticket.id.not_in(taken),
        )
    )  # fmt: skip
    return [_wish(row) for row in rows]


def _wish(row: Any) -> Wish:
    client_id, client, contact_id, subject, opened_at, ticket_id = row
    return Wish(client_id, client, contact_id, subject, opened_at, ticket_id=TicketId(ticket_id))
