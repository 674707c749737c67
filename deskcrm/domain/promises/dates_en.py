"""How dates are said in English: "by Friday", "the 15th", "in a couple of days", "end of month"."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from math import ceil
from typing import Final

from deskcrm.domain import days
from deskcrm.domain.promises.dates import Phrase, Resolve, compiled

BEFORE = (
    r"(?:(?P<before>before)\s+|(?:no\s+later\s+than|latest|until|till|by|on|at|for)\s+)?(?:the\s+)?"
)

MONTHS = (
    r"january|jan|february|feb|march|mar|april|apr|may|june|jun|july|jul|august|aug"
    r"|september|sept|sep|october|oct|november|nov|december|dec"
)
_MONTH_STARTS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAY_STARTS = "mon tue wed thu fri sat sun".split()
WEEKDAYS = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_SHORT_DAYS = r"mon|tues?|wed|thu(?:rs?)?|fri|sat|sun"

_NUMBERS = {
    "a couple of": 2, "couple of": 2, "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12,
    "fourteen": 14, "a few": 3, "half an": 0.5, "half a": 0.5, "the next": 1, "the": 1,
    "the next two": 2, "the next few": 3,
}  # fmt: skip
_NUMBER = r"\d{1,3}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))
_SPAN = r"minutes?|mins?|hours?|hrs?|days?|weeks?|fortnight|months?|years?"


def _due(match: "re.Match[str]", now: datetime, day: date) -> date:
    """Give the last day on which it can be kept: "before Friday" is Thursday."""
    if match.groupdict().get("before"):
        day -= timedelta(days=1)
    return max(day, now.date())


def _near(match: "re.Match[str]", now: datetime) -> date:
    ahead = 2 if match["which"].startswith("day") else 1
    return _due(match, now, now.date() + timedelta(days=ahead))


def _today(_match: "re.Match[str]", now: datetime) -> date:
    return now.date()


def _morning(_match: "re.Match[str]", now: datetime) -> date:
    return now.date() + timedelta(days=now.hour >= 11)


def _noon(_match: "re.Match[str]", now: datetime) -> date | None:
    return days.at_time(now, 12, 59)


def _weekday(match: "re.Match[str]", now: datetime) -> date:
    weekday = _DAY_STARTS.index(match["day"][:3])
    if match["which"] == "next" or match["week"]:
        return _due(match, now, days.weekday_of_week(now.date(), weekday, 1))
    if match["which"] == "this":
        found = days.weekday_of_week(now.date(), weekday, 0)
        if found >= now.date():
            return _due(match, now, found)
    return _due(match, now, days.next_weekday(now.date(), weekday))


def _weekday_next_week(match: "re.Match[str]", now: datetime) -> date:
    return days.weekday_of_week(now.date(), _DAY_STARTS.index(match["day"][:3]), 1)


def _weekday_short(match: "re.Match[str]", now: datetime) -> date:
    weekday = _DAY_STARTS.index(match["short"][:3])
    if match[0].startswith("next"):
        return days.weekday_of_week(now.date(), weekday, 1)
    found = days.next_weekday(now.date(), weekday)
    return found - timedelta(days=1) if match[0].startswith("before") else found


def _ahead(match: "re.Match[str]") -> int:
    return 1 if (match.groupdict().get("which") or "").startswith("next") else 0


def _unit_end(unit: str, today: date, ahead: int) -> date:
    if unit == "week":
        return days.week_end(today, ahead)
    if unit == "month":
        return days.month_end(today, ahead)
    if unit == "quarter":
        return days.quarter_end(today, ahead)
    return date(today.year + ahead, 12, 31)


def _end_of(match: "re.Match[str]", now: datetime) -> date:
    return _due(match, now, _unit_end(match["unit"], now.date(), _ahead(match)))


def _within(match: "re.Match[str]", now: datetime) -> date:
    day = _unit_end(match["unit"], now.date(), _ahead(match))
    if match["before"] and match["unit"] == "week":
        day = days.weekday_of_week(now.date(), 0, _ahead(match))
    return _due(match, now, day)


def _end_of_short(match: "re.Match[str]", now: datetime) -> date:
    unit = {"w": "week", "m": "month", "q": "quarter", "y": "year"}[match["short"][2]]
    return _unit_end(unit, now.date(), 0)


def _month(word: str) -> int:
    return _MONTH_STARTS.index(word[:3]) + 1


def _end_of_month_named(match: "re.Match[str]", now: datetime) -> date:
    return days.end_of_named_month(now.date(), _month(match["month"]))


def _part_of(match: "re.Match[str]", now: datetime) -> date:
    today, ahead, part = now.date(), _ahead(match), match["part"].split()[0]
    if part in ("late", "later"):
        return _unit_end(match["unit"], today, ahead)
    is_middle = part.startswith("mid")
    if match["unit"] == "week":
        found = days.weekday_of_week(today, 2 if is_middle else 1, ahead)
        return found if found >= today else found + timedelta(days=7)
    found = days.add_months(today.replace(day=1), ahead).replace(day=15 if is_middle else 5)
    return found if found >= today else days.add_months(found, 1)


def _after(match: "re.Match[str]", now: datetime) -> date | None:
    groups = match.groupdict()
    number, unit = match["m"] or match["n"], match["unit"]
    if number == "the" and groups.get("how") == "in":
        return None
    amount = float(number) if number.isdigit() else _NUMBERS[re.sub(r"\s+", " ", number)]
    return _later(now, amount, unit, is_working=bool(match["working"]))


def _later(now: datetime, amount: float, unit: str, *, is_working: bool) -> date:
    today = now.date()
    if unit.startswith("min"):
        return (now + timedelta(minutes=amount)).date()
    if unit.startswith(("hour", "hr")):
        return (now + timedelta(hours=amount)).date()
    if unit.startswith(("week", "fortnight")):
        return today + timedelta(days=ceil((14 if unit == "fortnight" else 7) * amount))
    if unit.startswith("month"):
        return days.add_months(today, int(amount)) + timedelta(days=15 * (amount % 1 > 0))
    if unit.startswith("year"):
        return days.add_months(today, ceil(12 * amount))
    if is_working:
        return days.add_working_days(today, int(amount))
    return today + timedelta(days=ceil(amount))


def _numeric(match: "re.Match[str]", now: datetime) -> date | None:
    year = match.groupdict().get("y")
    found = days.day_and_month(
        now.date(), int(match["d"]), int(match["mon"]), int(year) if year else None
    )
    return found and _due(match, now, found)


def _slashed(match: "re.Match[str]", now: datetime) -> date | None:
    """Read 3/15 and 15/3; what could be either order is left to the person."""
    a, b = int(match["a"]), int(match["b"])
    if a <= 12 < b:
        return days.day_and_month(now.date(), b, a)
    if b <= 12 < a:
        return days.day_and_month(now.date(), a, b)
    return None


def _day_month(match: "re.Match[str]", now: datetime) -> date | None:
    year = match["y"]
    found = days.day_and_month(
        now.date(), int(match["d"]), _month(match["month"]), int(year) if year else None
    )
    return found and _due(match, now, found)


def _day_only(match: "re.Match[str]", now: datetime) -> date | None:
    found = days.next_day_of_month(now.date(), int(match["d"]))
    return found and _due(match, now, found)


def _time(match: "re.Match[str]", now: datetime) -> date | None:
    groups = match.groupdict()
    hour = int(groups["h"]) % 12 if groups.get("half") else int(groups["h"])
    if (groups.get("half") or "").startswith("p"):
        hour += 12
    return days.at_time(now, hour, int(groups.get("min") or 0))


_B = BEFORE
_THIS_OR_NEXT = r"(?P<which>this\s+|next\s+)?"
_COUNTED = rf"(?P<n>{_NUMBER})(?:\s*-\s*(?P<m>\d+))?\s+(?P<working>(?:working|business)\s+)?"
_YEAR = r"(?:,?\s+(?P<y>20\d\d))?"
_AT = r"(?:by|at|before|until|around)\s+"

_FIRM: Final[Sequence[tuple[str, Resolve]]] = (
    (_B + r"(?P<which>day\s+after\s+tomorrow|tomorrow|tmrw|tmr)", _near),
    (_B + r"(?:(?:later|end\s+of(?:\s+the)?)\s+)?(?:today|tonight)", _today),
    (
        (rf"{_B}(?:(?P<which>this|next|this\s+coming|coming)\s+)?(?P<day>{WEEKDAYS})"
        r"(?P<week>\s+next\s+week)?"),
        _weekday,
    ),
    (rf"next\s+week,?\s+(?:on\s+)?(?P<day>{WEEKDAYS})", _weekday_next_week),
    (rf"(?:by|on|until|before|this|next)\s+(?P<short>{_SHORT_DAYS})", _weekday_short),
    (
        (rf"{_B}(?:very\s+)?end\s+of\s+(?:the\s+)?{_THIS_OR_NEXT}"
        r"(?P<unit>week|month|quarter|year)"),
        _end_of,
    ),
    (_B + r"(?P<unit>month|week|quarter|year)[\s-]end", _end_of),
    (_B + r"(?P<short>eow|eom|eoq|eoy)", _end_of_short),
    (rf"{_B}end\s+of\s+(?P<month>{MONTHS})", _end_of_month_named),
    (
        (r"(?P<part>early|beginning\s+of|start\s+of|mid|middle\s+of|late|later)[\s-]+"
        rf"(?:the\s+)?{_THIS_OR_NEXT}(?P<unit>week|month)"),
        _part_of,
    ),
    (
        _B + r"(?:some\s*time\s+)?(?P<which>this|next)\s+(?P<unit>week|month|quarter|year)",
        _within,
    ),
    (rf"in\s+(?P<month>{MONTHS})(?:\s+20\d\d)?", _end_of_month_named),
    (
        (rf"(?P<how>in|within|inside)\s+(?:about\s+|around\s+)?{_COUNTED}"
        rf"(?P<unit>{_SPAN})(?:'s?\s+time)?"),
        _after,
    ),
    (rf"{_COUNTED}(?P<unit>{_SPAN})\s+from\s+(?:now|today)", _after),
    (_B + r"(?P<y>20\d\d)-(?P<mon>\d\d)-(?P<d>\d\d)", _numeric),
    (
        _B + r"(?<![\d./])(?P<d>\d{1,2})[./](?P<mon>\d{1,2})[./](?P<y>20\d\d)(?![./]?\d)",
        _numeric,
    ),
    (_B + r"(?<![\d./])(?P<d>\d{1,2})\.(?P<mon>\d\d)(?![./]?\d)", _numeric),
    (_B + r"(?<![\d./])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![./]?\d)", _slashed),
    (
        rf"{_B}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{MONTHS})\.?{_YEAR}",
        _day_month,
    ),
    (
        rf"{_B}(?P<month>{MONTHS})\.?\s+(?:the\s+)?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{_YEAR}",
        _day_month,
    ),
    (_B + r"(?P<d>\d{1,2})(?:st|nd|rd|th)(?:\s+of\s+(?:this|the)\s+month)?", _day_only),
)  # fmt: skip
_WEAK: Final[Sequence[tuple[str, Resolve]]] = (
    (
        (r"this\s+(?:morning|afternoon|evening)|right\s+away|straight\s+away|immediately"
        r"|in\s+the\s+(?:afternoon|evening)"),
        _today,
    ),
    (r"in\s+the\s+morning|first\s+thing", _morning),
    (
        (rf"{_B}(?:(?:end|close)\s+of\s+(?:the\s+|this\s+)?(?:business\s+)?"
        r"(?:day|play|business)|eod|cob)"),
        _today,
    ),
    (_AT + r"(?P<h>\d{1,2})(?:[:.](?P<min>\d\d))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)", _time),
    (_AT + r"(?P<h>\d{1,2})[:.](?P<min>\d\d)", _time),
    (_AT + r"(?:noon|lunch|lunchtime|midday)", _noon),
)  # fmt: skip


@cache
def phrases() -> Sequence[Phrase]:
    """List the ways to say a date; compiled at first use."""
    return [*compiled(_FIRM, is_weak=False), *compiled(_WEAK, is_weak=True)]
