"""How a task comes back: rules after RFC 5545, read and counted by dateutil."""

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.domain import days

if TYPE_CHECKING:
    from dateutil.rrule import rrule


class Unit(StrEnum):
    """What time is counted in."""

    DAY = "day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_FREQUENCIES: Final = {
    "DAILY": Unit.DAY,
    "WEEKLY": Unit.WEEK,
    "MONTHLY": Unit.MONTH,
    "YEARLY": Unit.YEAR,
}
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WORKING: Final = (0, 1, 2, 3, 4)


def later(day: date, count: int, unit: Unit) -> date:
    """Give the day that is so many units on."""
    match unit:
        case Unit.WORKING_DAY:
            return days.add_working_days(day, count)
        case Unit.WEEK:
            return date.fromordinal(day.toordinal() + 7 * count)
        case Unit.MONTH:
            return days.add_months(day, count)
        case Unit.YEAR:
            return days.add_months(day, 12 * count)
        case _:
            return date.fromordinal(day.toordinal() + count)


def make_rule(every: int, unit: Unit, weekdays: Sequence[int] = ()) -> str:
    """Make a rule: every so many units, on some days of the week (Monday = 0)."""
    if every < 1:
        raise UserError(tr("A task cannot come back every 0 days."), tr("Enter 1 or more."))
    chosen = _WORKING if unit is Unit.WORKING_DAY else tuple(sorted(set(weekdays)))
    frequency = "WEEKLY" if chosen else next(f for f, u in _FREQUENCIES.items() if u is unit)
    parts = [f"FREQ={frequency}"]
    if every > 1:
        parts.append(f"INTERVAL={every}")
    if chosen:
        parts.append("BYDAY=" + ",".join(_DAYS[day] for day in chosen))
    return ";".join(parts)


def check_rule(rule: str) -> str:
    """Give a rule in the form in which it is kept; raises UserError when it cannot be read."""
    parts = _parts(rule)
    if not parts:
        return ""
    kept = ";".join(f"{key}={value}" for key, value in parts.items())
    if parts.get("FREQ") not in _FREQUENCIES or parts.get("INTERVAL") == "0":
        raise _unreadable(rule)
    _read(kept, date(2000, 1, 1))
    return kept


def next_day(rule: str, due_on: date, done_on: date) -> date | None:
    """Give the next day of a task that is done; None when the rule has come to its end.

    Days that went by while the task was overdue are not made up for.
    """
    after = datetime.combine(max(due_on, done_on), time())
    found = _read(rule, due_on).after(after)
    return None if found is None else found.date()


def carried(rule: str, due_on: date, next_on: date) -> str:
    """Give the rule for the next task: what counts its times counts the ones that are left."""
    parts = _parts(rule)
    if "COUNT" not in parts:
        return rule
    gone = sum(1 for one in _read(rule, due_on) if one.date() < next_on)
    parts["COUNT"] = str(max(int(parts["COUNT"]) - gone, 1))
    return ";".join(f"{key}={value}" for key, value in parts.items())


def rule_in_words(rule: str) -> str:
    """Say a rule: "every 2 weeks: Monday, Friday"; nothing for none."""
    parts = _parts(rule)
    unit = _FREQUENCIES.get(parts.get("FREQ", ""))
    if unit is None:
        return ""
    listed = parts.get("BYDAY", "").split(",") if "BYDAY" in parts else []
    names = _weekday_names()
    if unit is Unit.WEEK and listed == list(_DAYS[:5]) and parts.get("INTERVAL", "1") == "1":
        return tr("every working day")
    said = _every(unit, int(parts.get("INTERVAL", "1")))
    chosen = [names[_DAYS.index(one)] for one in listed if one in _DAYS]
    if chosen:
        said = tr("{every}: {days}", every=said, days=", ".join(chosen))
    if "COUNT" in parts:
        left = ntr("{n} time left", "{n} times left", int(parts["COUNT"]))
        said = tr("{every}, {left}", every=said, left=left)
    return said


def _every(unit: Unit, every: int) -> str:
    if every == 1:
        return {
            Unit.DAY: tr("every day"),
            Unit.WEEK: tr("every week"),
            Unit.MONTH: tr("every month"),
            Unit.YEAR: tr("every year"),
        }[unit]
    match unit:
        case Unit.DAY:
            return ntr("every {n} day", "every {n} days", every)
        case Unit.WEEK:
            return ntr("every {n} week", "every {n} weeks", every)
        case Unit.MONTH:
            return ntr("every {n} month", "every {n} months", every)
        case _:
            return ntr("every {n} year", "every {n} years", every)


def _weekday_names() -> tuple[str, ...]:
    return (
        tr("Monday"),
        tr("Tuesday"),
        tr("Wednesday"),
        tr("Thursday"),
        tr("Friday"),
        tr("Saturday"),
        tr("Sunday"),
    )


def _parts(rule: str) -> dict[str, str]:
    body = rule.strip().upper().removeprefix("RRULE:")
    pairs = [pair.partition("=") for pair in body.split(";") if pair]
    return {key.strip(): value.strip() for key, _, value in pairs}


def _read(rule: str, start: date) -> "rrule":
    from dateutil.rrule import rrule, rrulestr  # ten milliseconds, for the few tasks that recur

    try:
        read = rrulestr(rule, dtstart=datetime.combine(start, time()))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable(rule) from error
    if not isinstance(read, rrule):
        raise _unreadable(rule)
    return read


def _unreadable(rule: str) -> UserError:
    return UserError(
        tr("“{rule}” does not say how often.", rule=rule),
        tr("Choose every so many days, weeks, months or years."),
    )
