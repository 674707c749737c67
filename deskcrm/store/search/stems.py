"""Reduces Russian and English words to their stems, so that every form finds the word."""

import re
import threading
from functools import lru_cache
from typing import Protocol

SHORTEST = 4
"""Shorter words are left alone: their stems say nothing."""

_RUSSIAN = re.compile("[а-яё]+")
_ENGLISH = re.compile("[a-z]+")


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """The stem of a folded word; digits and other alphabets come back as they are."""
    if len(word) < SHORTEST:
        return word
    if _RUSSIAN.fullmatch(word):
        return _stemmer("russian").stemWord(word)
    if _ENGLISH.fullmatch(word):
        return _stemmer("english").stemWord(word)
    return word


class _Own(threading.local):
    """Each thread's stemmers: one keeps the word it works on, so two threads would mix theirs."""

    def __init__(self) -> None:
        self.made: dict[str, _Stemmer] = {}


_own = _Own()


def _stemmer(language: str) -> _Stemmer:
    made = _own.made.get(language)
    if made is None:
        # Imported on first use: the package brings thirty languages along.
        import snowballstemmer

        made = _own.made[language] = snowballstemmer.stemmer(language)
    return made
