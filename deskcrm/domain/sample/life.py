"""Tells the years with a client: what was said, over every channel, in good and bad times."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.model import Outcome, Sentiment
from deskcrm.domain.sample.cases import Stage, tell_case
from deskcrm.domain.sample.cast import Cast
from deskcrm.domain.sample.words import Word, noun

_GOOD, _NEUTRAL, _BAD = Sentiment.POSITIVE, Sentiment.NEUTRAL, Sentiment.NEGATIVE
_ONBOARDING: Final = (
    ("onboarding.kickoff", Channel.MEETING, 0),
    ("onboarding.loading", Channel.VIDEO, 9),
    ("onboarding.training", Channel.VISIT, 21),
    ("onboarding.live", Channel.VISIT, 34),
    ("onboarding.review", Channel.VIDEO, 62),
)
_UNREACHED: Final = (
    Outcome.NO_ANSWER, Outcome.NO_ANSWER, Outcome.BUSY, Outcome.LEFT_MESSAGE,
    Outcome.CALL_BACK_LATER,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mood:
    """How things go: chances of a good, a plain and a bad talk, and of a ticket each month."""

    talks: tuple[int, int, int] = (6, 3, 1)
    tickets: float = 0.25
    every: int = 34
    """Days between talks, about."""


def tell_onboarding(cast: Cast, begun: datetime) -> None:
    """Tell a project from the first meeting to the first month, as far as it has come."""
    for section, channel, days in _ONBOARDING:
        day = cast.calendar.local_day(begun) + timedelta(days=days)
        if day > cast.calendar.today:
            return
        who = cast.who(ContactRole.CHAMPION)
        at = cast.calendar.moment(_weekday(day))
        say = _teller(cast, section, at, who=who.person.word)
        mood = _GOOD if cast.random.random() < 0.6 else _NEUTRAL
        cast.talk(at, channel, say("subject"), say("text"), who=who, sentiment=mood)


def tell_years(cast: Cast, first: datetime, last: datetime, mood: Mood) -> None:
    """Tell the ordinary course from one moment to another: talks, reviews, tickets, notes."""
    random, at = cast.random, first
    since_review = 0
    while True:
        at = cast.calendar.later(
            at, timedelta(days=mood.every * 0.5), timedelta(days=mood.every * 1.6)
        )
        if at >= last:
            return
        since_review += 1
        if since_review >= 3:
            since_review = 0
            _tell_review(cast, at, mood)
        else:
            random.choices(_USUAL, weights=_USUAL_CHANCES)[0](cast, at, mood)
        if random.random() < mood.tickets * mood.every / 30:
            opened = cast.calendar.later(at, timedelta(days=1), timedelta(days=mood.every * 0.6))
            old_enough = (cast.calendar.now - opened) > timedelta(days=14)
            tell_case(cast, opened, Stage.CLOSED if old_enough else Stage.RESOLVED)


def tell_renewal(cast: Cast, first: datetime, steps: tuple[str, ...]) -> None:
    """Tell the talk about renewal, a step about every ten days."""
    at = first
    for step in steps:
        boss = cast.who(ContactRole.DECISION_MAKER, ContactRole.CHAMPION)
        channel = (
            Channel.EMAIL
            if step == "offer"
            else cast.random.choice((Channel.CALL, Channel.VIDEO, Channel.MEETING))
        )
        if step == "lost":
            channel, direction = Channel.EMAIL, Direction.INCOMING
        else:
            direction = Direction.OUTGOING
        say = _teller(cast, f"renewal.{step}", at, boss=boss.person.word)
        mood = {"signed": _GOOD, "lost": _BAD}.get(step, _NEUTRAL)
        cast.talk(
            at, channel, say("subject"), say("text"), who=boss, sentiment=mood, direction=direction
        )
        at = cast.calendar.later(at, timedelta(days=6), timedelta(days=13))


def tell_silence(cast: Cast, first: datetime, times: int) -> None:
    """Tell how we tried to reach a client who does not answer."""
    at = first
    for turn in range(times):
        who = cast.who(ContactRole.CHAMPION, ContactRole.USER)
        word = who.person.word
        if turn % 3 == 1:
            say = _teller(cast, "silence.mail", at, who=word)
            cast.talk(
                at, Channel.EMAIL, say("subject"), say("text"), who=who, outcome=Outcome.UNKNOWN
            )
        else:
            say = _teller(cast, "silence.call", at, who=word)
            cast.talk(
                at, Channel.CALL, say("subject"), cast.say("no_answer", at, {"who": word}), who=who,
                outcome=cast.random.choice(_UNREACHED),
            )  # fmt: skip
        at = cast.calendar.later(at, timedelta(days=5), timedelta(days=15))
    note(cast, cast.calendar.past(at), "silence.note")


def tell_departure(cast: Cast, at: datetime) -> None:
    """Tell how the champion leaves and somebody new comes."""
    gone = next(one for one in cast.roles if one.contact.role is ContactRole.CHAMPION)
    new = cast.who(ContactRole.DECISION_MAKER, ContactRole.USER)
    words = {"gone": gone.person.word, "who": new.person.word}
    say = _teller(cast, "champion.note", at, **words)
    cast.talk(
        at, Channel.EMAIL, say("subject"), say("text"), who=new, direction=Direction.INCOMING,
        sentiment=_NEUTRAL,
    )  # fmt: skip
    gone.contact.leave(cast.calendar.local_day(at))
    met = cast.calendar.later(at, timedelta(days=4), timedelta(days=10))
    say = _teller(cast, "champion.meet", met, **words)
    cast.talk(met, Channel.VIDEO, say("subject"), say("text"), who=new, sentiment=_NEUTRAL)


def tell_steps(cast: Cast, first: datetime, sections: tuple[str, ...], mood: Sentiment) -> None:
    """Tell a little story whose sections follow one another."""
    at = first
    for section in sections:
        who = cast.who(ContactRole.CHAMPION, ContactRole.DECISION_MAKER)
        say = _teller(cast, section, at, who=who.person.word)
        channel = Channel.VIDEO if section.endswith(".demo") else Channel.CALL
        cast.talk(at, channel, say("subject"), say("text"), who=who, sentiment=mood)
        at = cast.calendar.later(at, timedelta(days=5), timedelta(days=12))


def note(cast: Cast, at: datetime, section: str = "small_note") -> None:
    """Write a note for ourselves."""
    cast.talk(at, Channel.NOTE, "", cast.say(section, at), outcome=Outcome.UNKNOWN)


def tell_checkin(cast: Cast, at: datetime, mood: Mood) -> None:
    """Tell a regular talk; now and then nobody answers the first time."""
    random = cast.random
    who = cast.who(ContactRole.CHAMPION, ContactRole.USER)
    kind = random.choices(("good", "neutral", "bad"), weights=mood.talks)[0]
    feeling = {"good": _GOOD, "neutral": _NEUTRAL, "bad": _BAD}[kind]
    if feeling is _GOOD and random.random() < 0.3:
        feeling = _NEUTRAL
    say = _teller(cast, "checkin", at, who=who.person.word)
    if random.random() < 0.2:
        cast.talk(
            at, Channel.CALL, say("subject"), cast.say("no_answer", at, {"who": who.person.word}),
            who=who, outcome=random.choice(_UNREACHED),
        )  # fmt: skip
        at = cast.calendar.later(at, timedelta(hours=4), timedelta(days=2))
    channel = random.choices((Channel.CALL, Channel.VIDEO), weights=(4, 1))[0]
    cast.talk(at, channel, say("subject"), say(kind), who=who, sentiment=feeling)


def _tell_review(cast: Cast, at: datetime, mood: Mood) -> None:
    kind = cast.random.choices(("good", "mixed", "bad"), weights=mood.talks)[0]
    feeling = {"good": _GOOD, "mixed": _NEUTRAL, "bad": _BAD}[kind]
    who = cast.who(ContactRole.DECISION_MAKER, ContactRole.CHAMPION)
    say = _teller(cast, "review", at, who=who.person.word)
    channel = cast.random.choice((Channel.VIDEO, Channel.MEETING))
    cast.talk(at, channel, say("subject"), say(kind), who=who, sentiment=feeling)


def _tell_chat(cast: Cast, at: datetime, _mood: Mood) -> None:
    _short(cast, at, "chat", Channel.CHAT, Direction.INCOMING)


def _tell_mail(cast: Cast, at: datetime, _mood: Mood) -> None:
    _short(cast, at, "mail", Channel.EMAIL, Direction.OUTGOING, Outcome.UNKNOWN)


def _tell_visit(cast: Cast, at: datetime, _mood: Mood) -> None:
    _short(cast, at, "visit", Channel.VISIT, Direction.OUTGOING)


def _tell_social(cast: Cast, at: datetime, _mood: Mood) -> None:
    _short(cast, at, "social", Channel.SOCIAL, Direction.INCOMING)


def _tell_invoice(cast: Cast, at: datetime, _mood: Mood) -> None:
    _short(cast, at, "invoice.talk", Channel.CALL, Direction.OUTGOING)


def _tell_note(cast: Cast, at: datetime, _mood: Mood) -> None:
    note(cast, at)


_USUAL: Final[tuple[Callable[[Cast, datetime, Mood], None], ...]] = (
    tell_checkin, _tell_chat, _tell_mail, _tell_visit, _tell_social, _tell_invoice, _tell_note,
)  # fmt: skip
_USUAL_CHANCES: Final = (46, 15, 14, 7, 3, 5, 10)


def _short(
    cast: Cast,
    at: datetime,
    section: str,
    channel: Channel,
    direction: Direction,
    outcome: Outcome = Outcome.REACHED,
) -> None:
    who = cast.who(ContactRole.USER, ContactRole.CHAMPION)
    say = _teller(cast, section, at, who=who.person.word)
    cast.talk(
        at, channel, say("subject"), say("text"), who=who, direction=direction, outcome=outcome
    )


def _teller(cast: Cast, section: str, at: datetime, **words: Word) -> Callable[[str], str]:
    topic = noun(cast.phrases.pick(f"{cast.phrases.pick('case', cast.random)}.topic", cast.random))
    known = {"topic": topic} | words

    def say(part: str) -> str:
        return cast.say(f"{section}.{part}", at, known)

    return say


def _weekday(day: date) -> date:
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day
