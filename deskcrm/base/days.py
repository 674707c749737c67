"""Days and moments as the person's language writes them, where there is no Qt to ask."""

from datetime import date, datetime
from typing import Final

from deskcrm.base.words import language

# As they stand after the number of a day.
_MONTHS: Final = {
    "en": (
        "January February March April May June July August September October November December"
    ).split(),
    "ru": (
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
    ).split(),
}


def said_day(of: date) -> str:
    """ "3 March 2026" """
    return f"{of.day} {_MONTHS[language()][of.month - 1]} {of.year}"


def said_moment(of: datetime) -> str:
    """ "3 March 2026, 14:05" on this workstation's clock."""
    at = of.astimezone()
    return f"{said_day(at)}, {at:%H:%M}"
