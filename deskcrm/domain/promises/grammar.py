"""What the finder of promises needs to know of a language."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deskcrm.domain.promises.clauses import Clause
from deskcrm.domain.promises.dates import FoundDate, Phrase


@dataclass(frozen=True, slots=True)
class Commitment:
    """Words by which we commit ourselves; places are counted from the clause's start.

    Some are a promise only with a date ("we will look at it on Friday"), some only with one
    that lies ahead («отправляю завтра»).
    """

    start: int
    end: int
    needs_date: bool = False
    needs_future: bool = False


@dataclass(frozen=True, slots=True)
class Verbs:
    """A way to commit oneself."""

    pattern: "re.Pattern[str]"
    needs_date: bool = False
    needs_future: bool = False


@dataclass(frozen=True, slots=True)
class Grammar:
    """A language's rules."""

    hint: "re.Pattern[str]"
    """Matches wherever a commitment might be; most sentences are passed over by it."""
    verbs: Sequence[Verbs]
    is_ours: Callable[[str, str, Commitment], bool]
    """Given what stands before the clause, the clause and the commitment: is it firm, and ours?"""
    theirs: Sequence["re.Pattern[str]"]
    """What the client says in a note or a chat that was pasted in."""
    clause_break: "re.Pattern[str]"
    conjunction: "re.Pattern[str]"
    starts_anew: "re.Pattern[str]"
    """Matches a clause that somebody else is the subject of, or that depends on another."""
    tag_question: "re.Pattern[str]"
    """Matches a question that is none: "I'll call tomorrow, OK?"."""
    leading: "re.Pattern[str]"
    """What a promise's own words do not begin with: "and", "so", "that"."""
    filler: "re.Pattern[str]"
    abbreviations: "re.Pattern[str]"
    dates: Callable[[], Sequence[Phrase]]

    def commitments(self, clause: str) -> list[Commitment]:
        """List the commitments in a clause, in order; of two that overlap the earlier holds."""
        found = [
            Commitment(match.start(), match.end(), verbs.needs_date, verbs.needs_future)
            for verbs in self.verbs
            for match in verbs.pattern.finditer(clause)
        ]
        found.sort(key=lambda one: (one.start, -one.end))
        kept: list[Commitment] = []
        for one in found:
            if not kept or one.start >= kept[-1].end:
                kept.append(one)
        return kept

    def is_only_date(self, clause: Clause, dates: Sequence[FoundDate]) -> bool:
        """Tell whether a clause says no more than a date."""
        rest = clause.text
        for one in dates:
            a, b = one.start - clause.start, one.end - clause.start
            rest = rest[:a] + " " * (b - a) + rest[b:]
        return self.filler.sub("", rest).strip(" ,;:-–—") == ""
