"""Tells tickets from the first word to the last: problem, answer, cause, solution, follow-up."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from deskcrm.domain.clients.model import Tier
from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.model import Outcome, Sentiment
from deskcrm.domain.sample.cast import Cast, Role
from deskcrm.domain.sample.chances import choose
from deskcrm.domain.sample.staff import Colleague
from deskcrm.domain.sample.words import Word, noun
from deskcrm.domain.tickets.model import (
    MessageKind,
    Priority,
    Ticket,
    TicketId,
    TicketKind,
    TicketMessage,
    TicketTransition,
)
from deskcrm.domain.tickets.states import TicketState

KINDS: Final = {
    "incident": TicketKind.INCIDENT,
    "request": TicketKind.SERVICE_REQUEST,
    "question": TicketKind.QUESTION,
    "complaint": TicketKind.COMPLAINT,
    "suggestion": TicketKind.SUGGESTION,
}
"""What the material calls a kind of ticket."""
_CHANNELS: Final = (
    (Channel.EMAIL, 40),
    (Channel.PORTAL, 22),
    (Channel.CALL, 22),
    (Channel.CHAT, 14),
    (Channel.SOCIAL, 2),
)
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_PICTURE: Final = re.compile("криншот|нимок|creenshot")


class Stage(StrEnum):
    """How far a ticket's story is told."""

    UNANSWERED = "unanswered"
    NUDGED = "nudged"
    WORKING = "working"
    ESCALATED = "escalated"
    WAITING = "waiting"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    CLOSED = "closed"


@dataclass(slots=True)
class _Case:
    """A ticket while it is being told; ``at`` moves on with every word."""

    cast: Cast
    name: str
    ticket: Ticket
    who: Role
    agent: Colleague
    topic: Word
    variant: int
    at: datetime

    def say(self, part: str) -> str:
        """Say a part of this case as its variant has it, or a general phrase."""
        words = {
            "who": self.who.person.word,
            "me": self.cast.word_of(self.agent),
            "topic": self.topic,
        }
        section = f"{self.name}.{part}"
        if self.cast.phrases.has(section):
            return self.cast.say(section, self.at, words, line=self.variant)
        return self.cast.say(part, self.at, words)

    @property
    def is_fault(self) -> bool:
        """Tell whether something does not work, as against a question or a wish."""
        return self.ticket.kind is TicketKind.INCIDENT

    def wait(self, low: timedelta, high: timedelta) -> None:
        """Let time go by."""
        self.at = self.cast.calendar.later(self.at, low, high)

    def message(self, kind: MessageKind, part: str, *, signed: bool = False) -> None:
        """Add a message to the thread."""
        is_ours = kind is not MessageKind.CLIENT_WORD
        text = self.say(part)
        if text == "-":
            return
        if signed and self.ticket.channel in (Channel.EMAIL, Channel.PORTAL):
            text = f"{text}\n\n{self.say('bye')}"
        inside = kind is MessageKind.INTERNAL_NOTE
        self.cast.records.append(
            TicketMessage(
                ticket_id=TicketId(self.ticket.id),
                client_id=self.cast.client_id,
                kind=kind,
                text=text,
                channel=Channel.NOTE if inside else self.ticket.channel,
                author_id=self.agent.id if is_ours else None,
                contact_id=None if is_ours else self.who.id,
                sent_at=self.at,
            )
        )

    def move(self, state: TicketState, *, by: Colleague | None = None) -> None:
        """Change the state, as far as it is another."""
        before = self.ticket.state
        if before is state:
            return
        self.ticket.state = state
        self.ticket.resolved_at = (
            self.at
            if state is TicketState.RESOLVED
            else (self.ticket.resolved_at if state is TicketState.CLOSED else None)
        )
        self.ticket.closed_at = self.at if state is TicketState.CLOSED else None
        self._note(before, state, by or self.agent)

    def opened(self) -> None:
        """Note that the ticket was opened."""
        self._note(None, TicketState.NEW, self.agent)

    def _note(self, before: TicketState | None, state: TicketState, by: Colleague) -> None:
        self.cast.records.append(
            TicketTransition(
                ticket_id=TicketId(self.ticket.id),
                client_id=self.cast.client_id,
                from_state=before,
                to_state=state,
                is_reopening=before is not None and not before.is_open and state.is_open,
                happened_at=self.at,
                changed_by=by.id,
            )
        )


def tell_case(cast: Cast, opened_at: datetime, stage: Stage, *, name: str = "") -> Ticket:
    """Tell a ticket up to a stage; its number is 0 until all tickets can be numbered in order."""
    case = _open(cast, opened_at, name, is_owned=stage is not Stage.UNANSWERED)
    if stage is Stage.UNANSWERED:
        return case.ticket
    if stage is Stage.NUDGED:
        case.wait(20 * _HOUR, 30 * _HOUR)
        case.message(MessageKind.CLIENT_WORD, "client_nudge")
        return case.ticket
    case.wait(10 * _MINUTE, 4 * _HOUR)
    case.message(MessageKind.PUBLIC_REPLY, "first_reply")
    case.move(TicketState.OPEN)
    if stage is Stage.WAITING:
        case.move(TicketState.WAITING_ON_CLIENT)
        return case.ticket
    if cast.random.random() < 0.5 or stage is Stage.WORKING:
        case.wait(15 * _MINUTE, 6 * _HOUR)
        case.message(MessageKind.CLIENT_WORD, "client_detail" if case.is_fault else "client_ok")
    if stage is Stage.ESCALATED:
        case.message(MessageKind.INTERNAL_NOTE, "handover")
        case.move(TicketState.WAITING_ON_THIRD_PARTY)
    if stage in (Stage.WORKING, Stage.ESCALATED):
        return case.ticket
    _solve(case)
    comes_back = stage is Stage.CLOSED and case.is_fault and cast.random.random() < 0.1
    if stage is Stage.REOPENED or comes_back:
        _reopen(case)
        if stage is Stage.REOPENED:
            return case.ticket
        _solve(case)
    if stage is Stage.CLOSED:
        _close(case)
    return case.ticket


def _open(cast: Cast, opened_at: datetime, name: str, *, is_owned: bool) -> _Case:
    random, phrases = cast.random, cast.phrases
    name = name or _fresh(cast)
    cast.told.add(name)
    channel = choose(random, _CHANNELS)
    who = cast.who(ContactRole.USER, ContactRole.CHAMPION, ContactRole.BILLING)
    agent = cast.staff.agent(random)
    variant = random.randrange(len(phrases.lines(f"{name}.ask")))
    kinds = phrases.lines(f"{name}.kind")
    kind = KINDS[kinds[min(variant, len(kinds) - 1)]]
    ticket = Ticket(
        number=0,
        kind=kind,
        subject="…",
        client_id=cast.client_id,
        contact_id=who.id,
        channel=channel,
        priority=_priority(cast, kind),
        owner_id=agent.id if is_owned else None,
        opened_at=opened_at,
        opened_by=agent.id,
    )
    topic = noun(phrases.pick(f"{name}.topic", random))
    case = _Case(cast, name, ticket, who, agent, topic, variant, opened_at)
    ticket.retitle(case.say("subject"))
    cast.records.append(ticket)
    case.opened()
    case.message(MessageKind.CLIENT_WORD, "ask", signed=True)
    asked = cast.records[-1]
    if isinstance(asked, TicketMessage) and _PICTURE.search(asked.text):
        cast.attached.append((ticket, who))
    if channel is Channel.CALL:
        cast.talk(
            opened_at, Channel.CALL, case.say("call_subject"), case.say("call_in"), who=who,
            by=agent, direction=Direction.INCOMING, ticket=ticket,
            sentiment=Sentiment.NEGATIVE if kind is TicketKind.COMPLAINT else None,
        )  # fmt: skip
    return case


def _fresh(cast: Cast) -> str:
    """Choose what it is about: something this client has not asked yet, if there is."""
    for _ in range(6):
        name = cast.phrases.pick("case", cast.random)
        if name not in cast.told:
            break
    return name


def _solve(case: _Case) -> None:
    if case.cast.random.random() < 0.6:
        case.wait(20 * _MINUTE, 8 * _HOUR)
        case.message(MessageKind.INTERNAL_NOTE, "found")
    case.wait(30 * _MINUTE, 2 * _DAY)
    case.message(MessageKind.PUBLIC_REPLY, "solution")
    case.move(TicketState.RESOLVED)


def _reopen(case: _Case) -> None:
    case.wait(_HOUR, 2 * _DAY)
    case.message(MessageKind.CLIENT_WORD, "not_fixed")
    case.move(TicketState.OPEN)


def _close(case: _Case) -> None:
    cast = case.cast
    if cast.random.random() < 0.7:
        case.wait(20 * _MINUTE, _DAY)
        case.message(MessageKind.CLIENT_WORD, "thanks" if case.is_fault else "thanks_plain")
    case.wait(_DAY, 4 * _DAY)
    case.move(TicketState.CLOSED)
    if cast.random.random() < 0.45:
        case.wait(2 * _DAY, 7 * _DAY)
        is_good = cast.random.random() < 0.5
        cast.talk(
            case.at, Channel.CALL, case.say("call_subject"), case.say("call_follow"), who=case.who,
            by=case.agent, outcome=Outcome.REACHED, ticket=case.ticket,
            sentiment=Sentiment.POSITIVE if is_good else Sentiment.NEUTRAL,
        )  # fmt: skip


def _priority(cast: Cast, kind: TicketKind) -> Priority:
    roll = cast.random.random()
    if kind is TicketKind.SUGGESTION:
        return Priority.LOW
    if cast.client.tier.is_vip and kind in (TicketKind.INCIDENT, TicketKind.COMPLAINT):
        return Priority.URGENT if cast.client.tier is Tier.DIAMOND and roll < 0.4 else Priority.HIGH
    if kind is TicketKind.COMPLAINT:
        return Priority.HIGH
    return Priority.HIGH if roll < 0.12 else Priority.LOW if roll > 0.9 else Priority.NORMAL
