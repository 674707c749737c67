"""Cuts a note into sentences and clauses, keeping the place of each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

# One character for one, so that places in the folded text are places in the text itself.
_FOLDS = str.maketrans("ё’‘`´\u00a0\u202f\t“”„", "е''''   \"\"\"")
_SENTENCE_END = re.compile(r"[.!?…]+(?=[\s\"»)]|$)|\n+")

_LONGEST = 600


def fold(text: str) -> str:
    """Lower the text and fold ё, quotes and odd spaces, each character staying in its place."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return lowered.translate(_FOLDS)


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence; places are counted from the sentence's start."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a note; places are counted from the note's start."""

    start: int
    end: int
    text: str
    is_question: bool

    def clauses(self, clause_break: "re.Pattern[str]") -> list[Clause]:
        """Cut at punctuation and before the words that open a clause."""
        # A word that opens a clause belongs to it; a comma belongs to neither.
        inner = [
            match.start() if match[0][0].isalpha() else match.end()
            for match in clause_break.finditer(self.text)
        ]
        return [
            Clause(a, b, self.text[a:b])
            for a, b in pairwise([0, *inner, len(self.text)])
            if self.text[a:b].strip()
        ]


def split_sentences(folded: str, abbreviations: "re.Pattern[str]") -> Iterator[Sentence]:
    """Give the sentences of a folded text; a dot after an abbreviation ends none.

    One that goes on and on was not typed by a person in a hurry, and is cut.
    """
    start = 0
    for match in _SENTENCE_END.finditer(folded):
        if match[0] == "." and abbreviations.search(
            folded, max(start, match.start() - 10), match.start()
        ):
            continue
        yield from _cut(folded, start, match.end())
        start = match.end()
    yield from _cut(folded, start, len(folded))


def _cut(folded: str, start: int, end: int) -> Iterator[Sentence]:
    while end - start > _LONGEST:
        space = folded.rfind(" ", start, start + _LONGEST)
        stop = space + 1 if space > start else start + _LONGEST
        yield _sentence(folded, start, stop)
        start = stop
    yield _sentence(folded, start, end)


def _sentence(folded: str, start: int, end: int) -> Sentence:
    text = folded[start:end]
    return Sentence(start, end, text, text.rstrip(' "»)\n').endswith("?"))
