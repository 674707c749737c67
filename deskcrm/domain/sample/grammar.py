"""Says things in many ways: sections of alternatives, with words that agree and numbers that count.

The material lies in ``resources/sample/<language>/*.txt``. A section is ``[name]`` and a line for
each alternative; ``3*`` in front makes it three times as likely. In a line:

{who} {who.dat}     a word of the scene, in a case      {topic^}   with a capital
{who?пришёл|пришла} what agrees with the word's gender
{section}           any alternative of another section
{2-9} {20-80/10}    a number, in steps                  {2-9 день|дня|дней}   counted
{+3 date} {-1 day}  a day from the scene's              {-20 month.pre}
<one|another>       either

Sections of one case whose lines go together (what is asked, what was found, what helped) have as
many lines each, and a line of a single dash where there is nothing to say.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Final, Protocol

from deskcrm.base import paths
from deskcrm.domain.sample import english, russian
from deskcrm.domain.sample.words import Word

_WEIGHT = re.compile(r"(\d+)\*")
_RANGE = re.compile(r"(\d+)-(\d+)(?:/(\d+))?(?: (.+))?")
_DAY = re.compile(r"([+-]?\d+) (day|date|month)(?:\.(\w+))?")
_AGREES = re.compile(r"(\w+)\?(.*)")
_WORD = re.compile(r"([\w.]+?)(?:\.(call|name|full|gen|dat|acc|ins|pre))?(\^?)")


class Speech(Protocol):
    """What a language's own module knows."""

    def plural(self, number: int) -> int:
        """Choose among the forms of a counted noun."""

    def day(self, on: date) -> str:
        """Write a day."""

    def month(self, on: date, case: str = "") -> str:
        """Name a month."""

    def mend(self, text: str) -> str:
        """Make small words fit what follows."""


_SPEECH: Final[dict[str, Speech]] = {"ru": russian, "en": english}

Part = Callable[["Scene"], str]


@dataclass(slots=True)
class Scene:
    """What a text is about: the words in it, the day, and the dice."""

    grammar: "Grammar"
    random: Random
    today: date
    words: dict[str, Word] = field(default_factory=dict)
    find: Callable[[str, dict[str, Word]], Word | None] = lambda _name, _words: None
    """Gives a word that is not among them yet, when a text first names it."""

    def word(self, name: str) -> Word | None:
        """Give the word of a name; once named, it stays the same in this text."""
        found = self.words.get(name) or self.find(name, self.words)
        if found is not None:
            self.words[name] = found
        return found

    def say(self, section: str, line: int | None = None) -> str:
        """Say any alternative of a section, or the one of a number."""
        return self.grammar.speech.mend(self.grammar.expand(section, self, line))


@dataclass(frozen=True, slots=True)
class _Section:
    """Alternatives, as they are written and as they are run, and how their chances add up."""

    lines: tuple[str, ...]
    parts: tuple[tuple[Part, ...], ...]
    chances: tuple[int, ...]


class Grammar:
    """The phrases of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.speech = _SPEECH[language]
        self._sections: dict[str, _Section] = {}
        for path in sorted((paths.resources() / "sample" / language).glob("*.txt")):
            self._read(path.read_text("utf-8"))

    def has(self, section: str) -> bool:
        """Tell whether there is such a section."""
        return section in self._sections

    def names(self) -> set[str]:
        """Give the names of all sections."""
        return set(self._sections)

    def lines(self, section: str) -> tuple[str, ...]:
        """Give the alternatives as they are written."""
        return self._sections[section].lines

    def pick(self, section: str, random: Random) -> str:
        """Give one alternative as it is written."""
        found = self._sections[section]
        return random.choices(found.lines, cum_weights=found.chances)[0]

    def expand(self, section: str, scene: Scene, line: int | None = None) -> str:
        """Say one alternative, before the small words are mended."""
        found = self._sections[section]
        if line is None:
            parts = scene.random.choices(found.parts, cum_weights=found.chances)[0]
        else:
            parts = found.parts[line]
        return "".join([part(scene) for part in parts])

    def _read(self, text: str) -> None:
        name, lines = "", list[str]()
        for line in text.splitlines():
            if line.startswith("[") and line.endswith("]"):
                self._keep(name, lines)
                name, lines = line[1:-1], []
            elif line and not line.startswith("#"):
                lines.append(line.replace("\\n", "\n"))
        self._keep(name, lines)

    def _keep(self, name: str, lines: list[str]) -> None:
        if not name:
            return
        weights = [_WEIGHT.match(line) for line in lines]
        bare = tuple(
            line[found.end() :] if found else line
            for line, found in zip(lines, weights, strict=True)
        )
        chances = accumulate(int(found[1]) if found else 1 for found in weights)
        parts = tuple(tuple(_Parser(line, self.language).sequence("")) for line in bare)
        self._sections[name] = _Section(bare, parts, tuple(chances))


@cache
def grammar(language: str) -> Grammar:
    """Give the phrases of a language, read once."""
    return Grammar(language)


class _Parser:
    """Turns one line into the parts that say it."""

    def __init__(self, line: str, language: str) -> None:
        self._line, self._language, self._at = line, language, 0

    def sequence(self, stops: str) -> list[Part]:
        parts: list[Part] = []
        plain = ""
        while self._at < len(self._line) and self._line[self._at] not in stops:
            sign = self._line[self._at]
            if sign not in "{<":
                plain += sign
                self._at += 1
                continue
            if plain:
                parts.append(_plain(plain))
                plain = ""
            parts.append(self._braces() if sign == "{" else self._either())
        return [*parts, _plain(plain)] if plain else parts

    def _either(self) -> Part:
        alternatives = []
        while self._line[self._at] != ">":
            self._at += 1  # "<" or "|"
            alternatives.append(self.sequence("|>"))
        self._at += 1

        def say(scene: Scene) -> str:
            return "".join([part(scene) for part in scene.random.choice(alternatives)])

        return say

    def _braces(self) -> Part:
        end = self._line.index("}", self._at)
        inside = self._line[self._at + 1 : end]
        self._at = end + 1
        if found := _RANGE.fullmatch(inside):
            return self._number(found)
        if found := _DAY.fullmatch(inside):
            return self._day(int(found[1]), found[2], found[3] or "")
        if found := _AGREES.fullmatch(inside):
            return _agreeing(found[1], found[2].split("|"))
        if found := _WORD.fullmatch(inside):
            return _named(found[1], found[2] or "", bool(found[3]))
        raise ValueError(f"cannot read {{{inside}}} in: {self._line}")

    def _number(self, found: re.Match[str]) -> Part:
        low, high, step = int(found[1]), int(found[2]), int(found[3] or 1)
        forms = found[4].split("|") if found[4] else []
        choose = _SPEECH[self._language].plural

        def say(scene: Scene) -> str:
            number = scene.random.randrange(low, high + 1, step)
            return f"{number} {forms[choose(number)]}" if forms else str(number)

        return say

    def _day(self, days: int, what: str, case: str) -> Part:
        speech = _SPEECH[self._language]

        def say(scene: Scene) -> str:
            day = scene.today + timedelta(days=days)
            return speech.month(day, case) if what == "month" else speech.day(day)

        return say


def _plain(text: str) -> Part:
    return lambda _scene: text


def _agreeing(name: str, forms: list[str]) -> Part:
    def say(scene: Scene) -> str:
        word = scene.word(name)
        if word is None:
            raise KeyError(name)
        return forms[min(word.gender, len(forms) - 1)]

    return say


def _named(name: str, case: str, capital: bool) -> Part:
    def say(scene: Scene) -> str:
        word = scene.word(name)
        said = scene.grammar.expand(name, scene) if word is None else word.form(case)
        return said[:1].upper() + said[1:] if capital else said

    return say
