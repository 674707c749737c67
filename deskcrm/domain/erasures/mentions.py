"""Finds where texts speak of a person, and takes the words out: pure functions.

A name is found by its words in any case of Russian ("Петровой", "Анне"), a number with any
separators, an address in any capitals.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from deskcrm.domain.names import fold

_SHORTEST_STEM: Final = 3
_SHORTEST_NUMBER: Final = 6
_NATIONAL: Final = 10
_ENDINGS: Final = "аеёиоуыэюяйь"
_BETWEEN: Final = r"[\s().\-–—/]{0,3}"
_BEFORE: Final = 16
_BEHIND: Final = 40


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person is known by."""

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    """Digits only."""
    addresses: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to look for."""
        return not (self.names or self.numbers or self.addresses)


def near(terms: Terms) -> re.Pattern[str]:
    """Give what finds a person in the story of their own client: each word of the name counts."""
    words = {word for name in terms.names for word in re.findall(r"\w+", name)}
    return _pattern([*map(_name_of, terms.names), *_words(words), *_others(terms)])


def far(terms: Terms) -> re.Pattern[str]:
    """Give what finds a person anywhere: the whole name, a number or an address."""
    whole = [name for name in terms.names if len(name.split()) > 1]
    return _pattern([*map(_name_of, whole), *_others(terms)])


def redacted(text: str, pattern: re.Pattern[str], put: str) -> str:
    """Give the text with something else in place of every mention."""
    return pattern.sub(lambda _: put, text)


def around(text: str, pattern: re.Pattern[str]) -> str:
    """Give the first mention with the words around it, on one line."""
    found = pattern.search(text)
    if found is None:
        return ""
    first, last = max(found.start() - _BEFORE, 0), min(found.end() + _BEHIND, len(text))
    if first:  # whole words only
        first = max(text.find(" ", first, found.start()), first)
    if last < len(text):
        last = max(text.rfind(" ", found.end(), last), found.end())
    said = " ".join(text[first:last].split())
    return f"{'…' if first else ''}{said}{'…' if last < len(text) else ''}"


def _pattern(parts: Iterable[str]) -> re.Pattern[str]:
    # The longest first: the whole name goes rather than its words one by one.
    each = sorted({part for part in parts if part}, key=len, reverse=True)
    return re.compile("|".join(each) or r"(?!)", re.IGNORECASE)


def _name_of(name: str) -> str:
    words = [_word(word) for word in re.findall(r"\w+", name)]
    return r"\W+".join(words) if all(words) else _bounded(r"\W+".join(map(_letters, name.split())))


def _words(words: Collection[str]) -> list[str]:
    return [_word(word) for word in words]


def _word(word: str) -> str:
    """Give a pattern of a word in any of its forms; nothing for one too short to mean anybody."""
    plain = fold(word)
    stem = plain.rstrip(_ENDINGS) if re.search("[а-я]", plain) else plain
    if len(stem) < _SHORTEST_STEM:
        return _bounded(_letters(plain)) if len(plain) >= _SHORTEST_STEM else ""
    is_russian = re.search("[а-я]", stem) is not None
    return rf"\b{_letters(stem)}" + (r"\w{0,3}\b" if is_russian else r"(?:['’]s)?\b")


def _letters(word: str) -> str:
    return re.escape(word).replace("ё", "е").replace("е", "[её]")


def _bounded(part: str) -> str:
    return rf"\b{part}\b" if part else ""


def _others(terms: Terms) -> list[str]:
    found = [rf"(?<![\w.]){re.escape(address)}(?!\w)" for address in terms.addresses if address]
    for number in terms.numbers:
        if len(number) >= _SHORTEST_NUMBER:
            own = number[-_NATIONAL:]
            # The code of the country, or what is dialled in its place, goes along.
            found.append(rf"(?:\+?\d{{1,3}}{_BETWEEN})?(?<!\d){_BETWEEN.join(own)}(?!\d)")
            found.append(rf"(?<!\d)\+?\d{{0,3}}{own}(?!\d)")
    return found
