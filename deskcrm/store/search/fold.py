"""Cuts text into words and folds away what people do not type: case, ё, accents."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

LONGEST_WORD = 40
"""Longer words are cut: nobody types more, and a pasted key must not fill the index."""

# Stress marks, soft hyphens and zero-width signs stand inside words and mean nothing.
_INVISIBLE = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]")
_WORD = re.compile(r"[^\W_]+")
_JOINT = re.compile("[-'’ʼ`.&_/+]")
_COMPOUND = re.compile(r"[^\W_]+(?:[-'’ʼ`.&_/+][^\W_]+)+")
_OWN_LETTERS = str.maketrans(
    {"ё": "е", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "ð": "d", "þ": "th"}
)


def plain(text: str) -> str:
    """Lower case in one Unicode form, without marks that only decorate."""
    if text.isascii():
        return text.lower()
    text = text.replace("№", " ")  # else it becomes the letters No, grown together with the number
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def words(text: str) -> list[str]:
    """The words of a text in order, in lower case, accents still on."""
    return [word[:LONGEST_WORD] for word in _WORD.findall(plain(text))]


def compounds(text: str) -> Iterator[str]:
    """Words written with a joint, joined: "T-1042" is also t1042, O'Brien also obrien."""
    lowered = plain(text)
    # Most names have no joint, and a workspace has a million of them.
    return _joined(lowered) if _JOINT.search(lowered) else iter(())


def words_and_compounds(text: str) -> list[str]:
    """The words of a text in order, then what its compounds are when joined."""
    lowered = plain(text)
    found = [word[:LONGEST_WORD] for word in _WORD.findall(lowered)]
    # Most names have no joint, and a search looks at a thousand of them.
    if len(found) > 1 and _JOINT.search(lowered):
        found += _joined(lowered)
    return found


def _joined(lowered: str) -> Iterator[str]:
    for found in _COMPOUND.findall(lowered):
        joined = "".join(_WORD.findall(found))
        if len(joined) <= LONGEST_WORD:
            yield joined


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each word of the text as it stands begins and ends."""
    for found in _WORD.finditer(text):
        yield found.span()


@lru_cache(maxsize=1 << 14)
def fold(word: str) -> str:
    """The word as people compare it: lower case, ё as е, no accents (й stays a letter)."""
    word = plain(word).translate(_OWN_LETTERS)
    if word.isascii():
        return word
    return "".join(_bare(letter) for letter in word)


def _bare(letter: str) -> str:
    """One letter without its accent; й and ї are letters of their own."""
    if "а" <= letter <= "я" or letter in "ўїґ":
        return letter
    return unicodedata.normalize("NFD", letter)[0]
