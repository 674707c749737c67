"""The public holidays of a country, from the package ``holidays``: its days off, moved and short.

The package takes a second to load; nothing imports it before somebody asks for holidays.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from deskcrm.base import places
from deskcrm.base.errors import UserError
from deskcrm.base.words import language, tr
from deskcrm.domain.calendars.hours import Ranges, shortened
from deskcrm.domain.calendars.working_time import Calendar

if TYPE_CHECKING:
    from holidays import HolidayBase

# The Labour Code of Russia, article 95, and that of Belarus, article 116: the working day before
# a public holiday is an hour shorter. A day off that was only moved does not shorten any.
_SHORT_BEFORE: Final = frozenset({"RU", "BY"})
_SHORTER_BY: Final = 60
_ENGLISH: Final = "en_US"


@dataclass(frozen=True, slots=True)
class PublicDay:
    """A day that a country works otherwise than its weekday says; no hours: it is off."""

    day: date
    name: str
    hours: Ranges = ()


@cache
def list_countries() -> tuple[str, ...]:
    """List the codes of the countries whose holidays are known."""
    import holidays

    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


@cache
def list_regions(country: str) -> tuple[str, ...]:
    """List the codes of a country's parts that have holidays of their own."""
    import holidays

    return tuple(holidays.list_supported_countries(include_aliases=False).get(country, ()))


def public_days(
    country: str, region: str, years: Iterable[int], calendar: Calendar
) -> list[PublicDay]:
    """Give the days of a country that are not as usual, in order; UserError when it is unknown.

    Days off; Saturdays worked for a day off that was moved, with the hours of a Friday; and where
    the law says so, a day that is an hour shorter because a holiday follows.
    """
    found = _holidays(country, region, years, _tongue(country))
    # The English names tell a holiday from a day that is off only because one was moved or fell
    # on a week-end: those have a remark in brackets.
    english = _holidays(country, region, years, _ENGLISH)
    worked = found.weekend_workdays
    days = {day: PublicDay(day, name) for day, name in found.items() if day not in worked}
    for day in worked:
        friday = tuple(calendar.week.get(4, ()))
        days[day] = PublicDay(day, tr("Working day, moved"), friday)
    if country in _SHORT_BEFORE:
        holidays = [day for day, name in english.items() if "(" not in name]
        for short in _short_days(holidays, days, calendar):
            days[short.day] = short
    return sorted(days.values(), key=lambda one: one.day)


def _short_days(
    holidays: Iterable[date], days: dict[date, PublicDay], calendar: Calendar
) -> Iterator[PublicDay]:
    for holiday in holidays:
        eve = holiday - timedelta(days=1)
        hours = days[eve].hours if eve in days else tuple(calendar.week.get(eve.weekday(), ()))
        if hours:
            yield PublicDay(eve, tr("Short day before a holiday"), shortened(hours, _SHORTER_BY))


def _holidays(country: str, region: str, years: Iterable[int], tongue: str | None) -> "HolidayBase":
    import holidays

    return holidays.country_holidays(
        _known(country), _known_region(country, region), years, language=tongue
    )


def _known(country: str) -> str:
    if country not in list_countries():
        raise UserError(
            tr(
                "The public holidays of “{country}” are not known.", country=places.country(country)
            ),
            tr("Write the days off in by hand, as special days."),
        )
    return country


def _known_region(country: str, region: str) -> str | None:
    if region and region not in list_regions(country):
        raise UserError(
            tr(
                "“{region}” is no part of {country} with its own holidays.",
                region=region,
                country=places.country(country),
            ),
            tr("Leave the region empty for the holidays of the whole country."),
        )
    return region or None


def _tongue(country: str) -> str | None:
    """Choose the language of the names: the person's, else English, else the country's own."""
    import holidays

    spoken = holidays.country_holidays(_known(country)).supported_languages
    wanted = {"ru": "ru", "en": _ENGLISH}[language()]
    return next((one for one in (wanted, _ENGLISH) if one in spoken), None)
