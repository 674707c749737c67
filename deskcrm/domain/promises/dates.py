"""Finds the words for dates in a sentence and says which day each means."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

Resolve = Callable[["re.Match[str]", datetime], date | None]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A way to say a date. A weak one (an hour, "this evening") gives way to any other."""

    pattern: "re.Pattern[str]"
    resolve: Resolve
    is_weak: bool = False


def compiled(ways: Sequence[tuple[str, Resolve]], *, is_weak: bool) -> list[Phrase]:
    """Compile ways to say a date, each standing by itself between words."""
    return [
        Phrase(re.compile(rf"\b(?:{pattern})(?!\w)"), resolve, is_weak) for pattern, resolve in ways
    ]


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date found in a text, with the place of its words."""

    start: int
    end: int
    on: date
    is_weak: bool = False


def find_dates(text: str, now: datetime, phrases: Sequence[Phrase]) -> list[FoundDate]:
    """List the dates in a folded text in order; of two that overlap the longer one holds."""
    found: list[FoundDate] = []
    for phrase in phrases:
        for match in phrase.pattern.finditer(text):
            try:
                on = phrase.resolve(match, now)
            except (ValueError, OverflowError):
                continue
            if on is not None:
                found.append(FoundDate(match.start(), match.end(), on, phrase.is_weak))
    found.sort(key=lambda one: (one.start - one.end, one.is_weak))
    kept: list[FoundDate] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)
