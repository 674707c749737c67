"""Names folded so that they compare and sort alike everywhere.

The database cannot do it: SQLite knows no case of Cyrillic, and PostgreSQL sorts by the locale
of the machine that it happens to run on.
"""

import re
import unicodedata
from typing import Final

_QUOTES = re.compile(r"[\"'`´«»„“”‘’‹›]+")
_NOT_WORDS = re.compile(r"[^\w]+")
# What stands before a company's own name in Russian and English registers.
_LEGAL_FORM = re.compile(
    r"^(ооо|оао|зао|пао|ао|нко|ано|ип|гк|тк|тд|тоо|чп|чуп|уп|одо|фгуп|муп|гуп|ltd|llc|the)\s+(?=\S)"
)


def one_line(text: str) -> str:
    """Trim a name and make every run of white space in it one space."""
    trimmed = " ".join(text.split())
    return text if trimmed == text else trimmed  # one text less in memory, for most of a file


def fold(text: str) -> str:
    """Fold capitals, ё, accents and white space: two spellings of one word become equal."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return one_line(plain.translate(_PLAIN))


def fold_words(text: str) -> str:
    """Fold a text to its words: "Кафе «Ёлка-2»" is "кафе елка 2"."""
    return _NOT_WORDS.sub(" ", _QUOTES.sub("", fold(text))).strip()


def sort_key(name: str) -> str:
    """Give the key that a name sorts by: its folded words, and the legal form behind them.

    "ООО «Ромашка»" stands under Р, as in a phone book: "ромашка, ооо".
    """
    folded = fold_words(name)
    form = _LEGAL_FORM.match(folded)
    return f"{folded[form.end() :]}, {form[1]}" if form else folded


class _Plain(dict[int, str]):
    """Letters without their accents, by code point; each is worked out when it first comes."""

    def __missing__(self, code: int) -> str:
        self[code] = plain = _without_accent(chr(code))
        return plain


_PLAIN: Final = _Plain()


def _without_accent(letter: str) -> str:
    """Take the accent off a letter; й stays, it is a letter of its own."""
    if letter == "ё":
        return "е"
    if letter < "\u00c0" or letter == "й":
        return letter
    parts = unicodedata.normalize("NFD", letter)
    return parts[0] if len(parts) > 1 and parts[0] < "\u0250" else letter
