"""Finds our promises in a note as it is typed, in Russian and in English, with the day of each.

Rules, no model and no network: a verb by which *we* commit ourselves ("перезвоню", "I'll send"),
not denied, not asked, not conditional, not said by the client; and the nearest words for a date
that belong to it. What is found is offered, never recorded without the person.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from deskcrm.domain.promises import grammar_en, grammar_ru
from deskcrm.domain.promises.clauses import Clause, Sentence, fold, split_sentences
from deskcrm.domain.promises.dates import FoundDate, find_dates
from deskcrm.domain.promises.grammar import Commitment, Grammar

_LONGEST = 50_000
"""A note longer than this was pasted, not typed: only its beginning is looked at."""


@dataclass(frozen=True, slots=True)
class FoundPromise:
    """A promise in a text: where it stands, its words, and the day it is due, if one was said."""

    span: tuple[int, int]
    text: str
    due: date | None

    @property
    def title(self) -> str:
        """Its words as they stand in a list, away from the sentence that they were in."""
        return self.text[:1].upper() + self.text[1:]


def find_promises(text: str, now: datetime, language: str | None = None) -> list[FoundPromise]:
    """List the promises of ours in a text, in order.

    ``now`` is aware and in the person's own time zone: "tomorrow" is counted from its date.
    ``language`` is "ru" or "en"; without it both are looked for, as notes mix them.
    """
    folded = fold(text[:_LONGEST])
    found = [
        promise
        for code, grammar in (("ru", grammar_ru.grammar), ("en", grammar_en.grammar))
        if language in (None, code)
        for promise in _find(text, folded, now, grammar())
    ]
    return sorted(found, key=lambda one: one.span)


@dataclass(slots=True)
class _Claim:
    """A commitment, the words that are its own, and the dates among them."""

    commitment: Commitment
    start: int
    end: int
    dates: list[FoundDate]


def _find(text: str, folded: str, now: datetime, grammar: Grammar) -> Iterator[FoundPromise]:
    if not grammar.hint.search(folded):
        return
    theirs = [match.span() for pattern in grammar.theirs for match in pattern.finditer(folded)]
    for sentence in split_sentences(folded, grammar.abbreviations):
        if not grammar.hint.search(folded, sentence.start, sentence.end):
            continue
        if sentence.is_question and not grammar.tag_question.search(sentence.text):
            continue
        for found in _in_sentence(sentence, now, grammar):
            start, end = found.span
            if not any(a < end and start < b for a, b in theirs):
                words = " ".join(text[start:end].split())
                yield FoundPromise(found.span, words, found.due)


def _in_sentence(sentence: Sentence, now: datetime, grammar: Grammar) -> Iterator[FoundPromise]:
    clauses = sentence.clauses(grammar.clause_break)
    dates = find_dates(sentence.text, now, grammar.dates())
    for index, clause in enumerate(clauses):
        before = sentence.text[: clause.start]
        firm = [
            one
            for one in grammar.commitments(clause.text)
            if grammar.is_ours(before, clause.text, one)
        ]
        claims = _share_dates(clause, firm, dates, grammar)
        if len(claims) == 1 and not claims[0].dates:
            _reach_out(claims[0], clauses, index, dates, grammar)
        for claim in claims:
            found = _offer(sentence, claim, now, grammar)
            if found is not None:
                yield found


def _share_dates(
    clause: Clause, commitments: Sequence[Commitment], dates: Sequence[FoundDate], grammar: Grammar
) -> list[_Claim]:
    """Give each commitment of a clause its dates; those that share one date become one promise."""
    starts = [
        _region_start(clause, commitments, number, grammar) for number in range(len(commitments))
    ]
    claims: list[_Claim] = []
    for commitment, start, end in zip(commitments, starts, [*starts[1:], clause.end], strict=False):
        own = [one for one in dates if start <= one.start and one.end <= end]
        if claims and (not own or not claims[-1].dates):
            claims[-1].dates += own
            claims[-1].end = end
        else:
            claims.append(_Claim(commitment, start, end, own))
    return claims


def _region_start(
    clause: Clause, commitments: Sequence[Commitment], number: int, grammar: Grammar
) -> int:
    """Say where the words of a commitment begin: at its "and", else at its verb."""
    if number == 0:
        return clause.start
    before, here = commitments[number - 1].end, commitments[number].start
    joins = list(grammar.conjunction.finditer(clause.text, before, here))
    return clause.start + (joins[-1].start() if joins else here)


def _reach_out(
    claim: _Claim,
    clauses: Sequence[Clause],
    index: int,
    dates: Sequence[FoundDate],
    grammar: Grammar,
) -> None:
    """Look for the date in the clauses beside it: "In the end, on Friday, I will call"."""
    for after in clauses[index + 1 : index + 4]:
        if grammar.starts_anew.match(after.text) or grammar.commitments(after.text):
            break
        claim.dates = [one for one in dates if after.start <= one.start and one.end <= after.end]
        if claim.dates:
            claim.end = after.end
            return
    for back in reversed(clauses[max(0, index - 3) : index]):
        own = [one for one in dates if back.start <= one.start and one.end <= back.end]
        if not grammar.is_only_date(back, own):
            return
        if own:
            claim.start, claim.dates = back.start, own
            return


def _offer(
    sentence: Sentence, claim: _Claim, now: datetime, grammar: Grammar
) -> FoundPromise | None:
    due = _choose(claim.dates)
    if claim.commitment.needs_date and due is None:
        return None
    if claim.commitment.needs_future and (due is None or due <= now.date()):
        return None
    start, end = _trimmed(sentence.text, claim.start, claim.end, grammar.leading)
    return FoundPromise((sentence.start + start, sentence.start + end), "", due)


def _choose(found: Sequence[FoundDate]) -> date | None:
    """Choose among dates said together: «в пятницу, 15 марта, до обеда» is the last firm one."""
    firm = [one for one in found if not one.is_weak] or list(found)
    return firm[-1].on if firm else None


def _trimmed(text: str, start: int, end: int, leading: "re.Pattern[str]") -> tuple[int, int]:
    match = leading.match(text, start, end)
    if match:
        start = match.end()
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in '%)»"'):
        end -= 1
    while end > start and text[end - 1] in '»")' and "«" not in text[start:end]:
        end -= 1
    return start, end
