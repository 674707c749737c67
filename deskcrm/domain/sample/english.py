"""What a text in English needs to be right: plurals, days, months."""

from datetime import date
from typing import Final

_MONTHS: Final = (
    "January February March April May June July August September October November December"
).split()


def plural(number: int) -> int:
    """Choose among the forms of a counted noun: one, many."""
    return 0 if number == 1 else 1


def day(on: date) -> str:
    """Write a day: 5 March."""
    return f"{on.day} {_MONTHS[on.month - 1]}"


def month(on: date, case: str = "") -> str:
    """Name a month."""
    return _MONTHS[on.month - 1]


def mend(text: str) -> str:
    """Give the text as it is: nothing in English depends on the word that comes after."""
    return text
