"""Phone numbers as keys: backwards for the last digits, forwards while one is being typed."""

import re
from collections.abc import Iterator
from enum import StrEnum

SHORTEST_ENDING = 4
"""Fewer digits than this fit too many numbers to mean one."""
SHORTEST_MENTION = 7
LONGEST = 15
_SIGNIFICANT = 10  # what is left of a number everywhere when country and trunk codes are off
_FORWARDS = "^"
_NUMBER_ONLY = re.compile(r"[\d\s()+\-./\u2010-\u2015]+")
_MENTION = re.compile(r"(?<![\w.,])\+?\(?\d(?:[\s()\-./\u2010-\u2015]{0,3}\d){6,14}(?![\w])")
_DATE = re.compile(r"\d{4}[-.]\d\d[-.]\d\d|\d\d?[./]\d\d?[./]\d{4}")


class Level(StrEnum):
    """How sure it is that a number belongs to whom it led to."""

    OWN = "own"
    MENTIONED = "mentioned"


def digits_of(text: str) -> str:
    """The digits of a text, in order."""
    rest = text[1:]
    if rest.isdecimal() and rest.isascii() and text[0] == "+":
        return rest  # as nearly every number is kept
    return "".join(letter for letter in text if letter.isdecimal() and letter.isascii())


def typed_number(text: str) -> str | None:
    """The digits of a text that is nothing but a number or a piece of one."""
    if not _NUMBER_ONLY.fullmatch(text):
        return None
    digits = digits_of(text)
    return digits if SHORTEST_ENDING <= len(digits) <= LONGEST + 3 else None


def mentioned_numbers(text: str) -> Iterator[str]:
    """The digits of whatever in a text looks like a phone number (7 digits and more)."""
    for found in _MENTION.finditer(text):
        piece = found[0]
        digits = digits_of(piece)
        if SHORTEST_MENTION <= len(digits) <= LONGEST and not _DATE.match(piece):
            yield digits


def keys_of(digits: str, level: Level) -> tuple[str, ...]:
    """The keys under which a number is filed."""
    backwards = digits[::-1]
    return (backwards,) if level is Level.MENTIONED else (backwards, _FORWARDS + digits)


def ending_range(digits: str) -> tuple[str, str]:
    """The first key of numbers with these last digits, and the first key behind them."""
    backwards = digits[::-1]
    return backwards, backwards + ":"  # ":" follows "9"


def beginning_range(digits: str) -> tuple[str, str]:
    """The first key of numbers with these first digits, and the first key behind them."""
    return _FORWARDS + digits, _FORWARDS + digits + ":"


def significant(digits: str) -> str:
    """The last ten digits: the same with +7, with 8 and with neither."""
    return digits[-_SIGNIFICANT:]


def shorter_mentions(digits: str) -> list[str]:
    """Keys of numbers noted without their codes that would be this number (123-45-67)."""
    backwards = digits[::-1]
    return [backwards[:length] for length in range(SHORTEST_MENTION, min(len(digits), 15))]
