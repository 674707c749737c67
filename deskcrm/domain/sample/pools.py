"""Texts made in advance, with gaps for a person's name, so that millions cost a lookup each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Final

from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.model import Outcome, Sentiment
from deskcrm.domain.sample.grammar import Grammar, Scene, grammar
from deskcrm.domain.sample.people import Person, make_person
from deskcrm.domain.sample.words import CASES, FEMININE, MASCULINE, Word, noun, plain

_GAP: Final = "\x00"
_TALKS: Final = 700
_TICKETS: Final = 400
_OLDEST: Final = 1_100
"""The days over which the texts are spread: what they say of dates fits when they are dated."""
_POSITIVE, _NEUTRAL, _NEGATIVE = Sentiment.POSITIVE, Sentiment.NEUTRAL, Sentiment.NEGATIVE
_CALL, _REACHED = Channel.CALL, Outcome.REACHED
_OUT, _IN = Direction.OUTGOING, Direction.INCOMING

# Section of the subject, of the text, and what the talk was.
Kind = tuple[str, str, Channel, Direction, Outcome, Sentiment | None]
_KINDS: Final[tuple[tuple[Kind, int], ...]] = (
    (("checkin.subject", "checkin.good", _CALL, _OUT, _REACHED, _POSITIVE), 16),
    (("checkin.subject", "checkin.neutral", _CALL, _OUT, _REACHED, _NEUTRAL), 12),
    (("checkin.subject", "checkin.bad", _CALL, _OUT, _REACHED, _NEGATIVE), 5),
    (("checkin.subject", "no_answer", _CALL, _OUT, Outcome.NO_ANSWER, None), 9),
    (("call_subject", "call_in", _CALL, _IN, _REACHED, None), 14),
    (("call_subject", "call_follow", _CALL, _OUT, _REACHED, _POSITIVE), 8),
    (("review.subject", "review.good", Channel.VIDEO, _OUT, _REACHED, _POSITIVE), 5),
    (("review.subject", "review.mixed", Channel.MEETING, _OUT, _REACHED, _NEUTRAL), 4),
    (("review.subject", "review.bad", Channel.MEETING, _OUT, _REACHED, _NEGATIVE), 2),
    (("mail.subject", "mail.text", Channel.EMAIL, _OUT, Outcome.UNKNOWN, None), 9),
    (("silence.mail.subject", "silence.mail.text", Channel.EMAIL, _OUT, Outcome.UNKNOWN, None), 3),
    (("chat.subject", "chat.text", Channel.CHAT, _IN, _REACHED, None), 8),
    (("visit.subject", "visit.text", Channel.VISIT, _OUT, _REACHED, _POSITIVE), 3),
    (("invoice.talk.subject", "invoice.talk.text", _CALL, _OUT, _REACHED, _NEUTRAL), 4),
    (("social.subject", "social.text", Channel.SOCIAL, _IN, _REACHED, None), 1),
    (("", "small_note", Channel.NOTE, Direction.NONE, Outcome.UNKNOWN, None), 6),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text in pieces: every second one names the case of the person who belongs there."""

    pieces: tuple[str, ...]

    def about(self, forms: Mapping[str, str], phrases: Grammar) -> str:
        """Fill in a person."""
        pieces = self.pieces
        if len(pieces) == 1:
            return pieces[0]
        filled = [
            piece if at % 2 == 0 else forms.get(piece) or forms[""]
            for at, piece in enumerate(pieces)
        ]
        return phrases.speech.mend("".join(filled))


@dataclass(frozen=True, slots=True)
class Talk:
    """An interaction that fits any client: what it was, what was said, how many days ago."""

    channel: Channel
    direction: Direction
    outcome: Outcome
    sentiment: Sentiment | None
    subject: Text
    text: Text
    days_ago: int


@dataclass(frozen=True, slots=True)
class Request:
    """A ticket that fits any client."""

    kind: str
    subject: Text
    ask: Text
    answer: Text
    days_ago: int


@dataclass(frozen=True, slots=True)
class Pool:
    """The texts of one language, for a person of one gender."""

    phrases: Grammar
    talks: Sequence[Talk]
    requests: Sequence[Request]
    tasks: Sequence[Text]


@cache
def make_pool(language: str, gender: int, today: date, seed: int) -> Pool:
    """Make the texts that speak with or of somebody of a gender."""
    random = Random(f"pool {seed} {language} {gender}")
    phrases = grammar(language)
    others = [make_person(language, random) for _ in range(60)]
    kinds, chances = zip(*_KINDS, strict=True)
    talks = [
        _talk(_scene(phrases, random, today, gender, others), random.choices(kinds, chances)[0])
        for _ in range(_TALKS)
    ]
    requests = [_request(_scene(phrases, random, today, gender, others)) for _ in range(_TICKETS)]
    sections = ("task.call", "task.mail", "task.other", "task.renewal", "task.meeting")
    tasks = [
        _text(_scene(phrases, random, today, gender, others), random.choice(sections))
        for _ in range(_TICKETS)
    ]
    return Pool(phrases, talks, requests, tasks)


@dataclass(slots=True)
class _Dated:
    scene: Scene
    days_ago: int


def _scene(
    phrases: Grammar, random: Random, today: date, gender: int, others: Sequence[Person]
) -> _Dated:
    days_ago = int(_OLDEST * random.random() ** 1.6) + 1
    gaps = {case: f"{_GAP}{case}{_GAP}" for case in (*CASES, "call", "name", "full")}
    ours = random.choice(others)
    case = phrases.pick("case", random)
    words = {
        "who": Word(gaps, gender),
        "me": Word({**ours.word.forms, "": ours.given}, ours.gender),
        "topic": noun(phrases.pick(f"{case}.topic", random)),
        "case": plain(case),
    }

    def find(name: str, _known: dict[str, Word]) -> Word | None:
        if name in ("boss", "other", "billing", "owner"):
            return random.choice(others).word
        if name == "sum":
            return plain(f"{random.randrange(20, 900)}\u00a0000")
        return plain(phrases.speech.day(today)) if name == "end" else None

    day = today - timedelta(days=days_ago)
    return _Dated(Scene(phrases, random, day, words, find), days_ago)


def _talk(dated: _Dated, kind: Kind) -> Talk:
    subject, text, channel, direction, outcome, sentiment = kind
    return Talk(
        channel=channel,
        direction=direction,
        outcome=outcome,
        sentiment=sentiment,
        subject=_text(dated, subject) if subject else Text(("",)),
        text=_text(dated, text),
        days_ago=dated.days_ago,
    )


def _request(dated: _Dated) -> Request:
    scene = dated.scene
    case = scene.words["case"].form("")
    variant = scene.random.randrange(len(scene.grammar.lines(f"{case}.ask")))
    kinds = scene.grammar.lines(f"{case}.kind")
    return Request(
        kind=kinds[min(variant, len(kinds) - 1)],
        subject=_text(dated, f"{case}.subject", variant),
        ask=_text(dated, f"{case}.ask", variant),
        answer=_text(dated, f"{case}.solution", variant),
        days_ago=dated.days_ago,
    )


def _text(dated: _Dated, section: str, line: int | None = None) -> Text:
    return Text(tuple(dated.scene.say(section, line).split(_GAP)))


GENDERS: Final = (MASCULINE, FEMININE)
