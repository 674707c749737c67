"""How dates are said in Russian: «в пятницу», «до 15-го», «через пару дней», «к концу месяца»."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from math import ceil
from typing import Final

from deskcrm.domain import days
from deskcrm.domain.promises.dates import Phrase, Resolve, compiled

BEFORE = r"(?:(?:не\s+позднее|не\s+позже|где-то|примерно|до|к|ко|в|во|на|от)\s+)?"

MONTHS = (
    r"январ[ьяею]|янв\b|феврал[ьяею]|фев\b|март[ае]?|мар\b|апрел[ьяею]|апр\b|ма[йяею]|июн[ьяею]"
    r"|июл[ьяею]|август[ае]?|авг\b|сентябр[ьяею]|сен\b|сент\b|октябр[ьяею]|окт\b|ноябр[ьяею]"
    r"|ноя\b|нояб\b|декабр[ьяею]|дек\b"
)
_MONTH_STARTS = "янв фев мар апр ма июн июл авг сен окт ноя дек".split()

_WEEKDAY_STARTS = "пон вто сре чет пят суб вос".split()
_WEEKDAY_SHORT = "пн вт ср чт пт сб вс".split()
WEEKDAYS = (
    r"понедельник[ауе]?|вторник[ауе]?|сред[ауеы]|четверг[ауе]?|пятниц[аеуы]|суббот[аеуы]"
    r"|воскресень[еяю]"
)

_NUMBERS = {
    "один": 1, "одну": 1, "одного": 1, "два": 2, "две": 2, "двух": 2, "пару": 2, "пары": 2,
    "три": 3, "трех": 3, "четыре": 4, "четырех": 4, "пять": 5, "пяти": 5, "шесть": 6, "шести": 6,
    "семь": 7, "семи": 7, "восемь": 8, "восьми": 8, "девять": 9, "девяти": 9, "десять": 10,
    "десяти": 10, "двенадцать": 12, "четырнадцать": 14, "двадцать": 20, "тридцать": 30,
    "полтора": 1.5, "полторы": 1.5,
}  # fmt: skip
_NUMBER = r"\d{1,3}|" + "|".join(_NUMBERS)
_SPAN = (
    r"минут[аыук]?\w*|час(?:а|ов|ик|ика)?|дн(?:я|ей|ям)|день|денек|деньк\w+|сут(?:ки|ок)"
    r"|недел[иьюя]|недельк\w+|месяц(?:а|ев)?|год(?:а|ик)?|лет"
)
_ORDINALS = (
    "перв втор трет четверт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат "
    "четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат двадцат"
).split()
_ORDINAL = (
    r"(?:двадцать\s+|тридцать\s+)?(?:"
    + "|".join(reversed(_ORDINALS))
    + r"|тридцат)(?:ого|ому|ье|ьего|ьему|ое)"
)


def _near(match: "re.Match[str]", now: datetime) -> date:
    which = match["which"]
    ahead = 2 if which == "послезавтра" else 1 if which.startswith("завтра") else 0
    return now.date() + timedelta(days=ahead)


def _today(_match: "re.Match[str]", now: datetime) -> date:
    return now.date()


def _morning(_match: "re.Match[str]", now: datetime) -> date:
    return now.date() + timedelta(days=now.hour >= 11)


def _is_next(word: str | None) -> bool:
    return word is not None and word.startswith(("следующ", "будущ"))


def _is_this(word: str | None) -> bool:
    return word is not None and word.startswith(("эт", "текущ"))


def _weekday(match: "re.Match[str]", now: datetime) -> date | None:
    groups = match.groupdict()
    if groups["day"].startswith("сред") and not match[0].startswith(
        ("в", "к", "до", "на", "э", "с")
    ):
        return None
    weekday = next(n for n, start in enumerate(_WEEKDAY_STARTS) if groups["day"].startswith(start))
    week, which = groups.get("week"), groups.get("which")
    if _is_next(week) or _is_next(which):
        return days.weekday_of_week(now.date(), weekday, 1)
    if _is_this(week) or _is_this(which):
        found = days.weekday_of_week(now.date(), weekday, 0)
        return found if found >= now.date() else days.next_weekday(now.date(), weekday)
    return days.next_weekday(now.date(), weekday)


def _weekday_short(match: "re.Match[str]", now: datetime) -> date:
    return days.next_weekday(now.date(), _WEEKDAY_SHORT.index(match["short"]))


def _end_of(match: "re.Match[str]", now: datetime) -> date:
    ahead = 1 if _is_next(match["which"]) else 0
    unit = match["unit"]
    if unit == "дня":
        return now.date() + timedelta(days=ahead)
    return _unit_end(unit, now.date(), ahead)


def _unit_end(unit: str, today: date, ahead: int) -> date:
    if unit.startswith("недел"):
        return days.week_end(today, ahead)
    if unit.startswith("месяц"):
        return days.month_end(today, ahead)
    if unit.startswith("квартал"):
        return days.quarter_end(today, ahead)
    return date(today.year + ahead, 12, 31)


def _end_of_month_named(match: "re.Match[str]", now: datetime) -> date:
    return days.end_of_named_month(now.date(), _month(match["month"]))


def _part_of(match: "re.Match[str]", now: datetime) -> date:
    today, ahead = now.date(), 1 if _is_next(match["which"]) else 0
    is_start = match["part"].startswith("начал")
    if match["unit"] == "недели":
        weekday = 1 if is_start else 2
        found = days.weekday_of_week(today, weekday, ahead)
        return found if found >= today else found + timedelta(days=7)
    first = days.add_months(today.replace(day=1), ahead)
    found = first.replace(day=5 if is_start else 15)
    return found if found >= today else days.add_months(found, 1)


def _within(match: "re.Match[str]", now: datetime) -> date:
    return _unit_end(match["unit"], now.date(), 1 if _is_next(match["which"]) else 0)


def _this_week(_match: "re.Match[str]", now: datetime) -> date:
    return days.week_end(now.date())


def _amount(text: str | None) -> float:
    if text is None:
        return 1
    return float(text) if text.isdigit() else _NUMBERS[text]


def _later(now: datetime, amount: float, unit: str, *, is_working: bool) -> date:
    today = now.date()
    if unit.startswith("минут"):
        return (now + timedelta(minutes=amount)).date()
    if unit.startswith("час"):
        return (now + timedelta(hours=amount)).date()
    if unit.startswith("недел"):
        return today + timedelta(days=ceil(7 * amount))
    if unit.startswith("месяц"):
        return days.add_months(today, int(amount)) + timedelta(days=15 * (amount % 1 > 0))
    if unit.startswith(("год", "лет")):
        return days.add_months(today, ceil(12 * amount))
    if is_working:
        return days.add_working_days(today, int(amount))
    return today + timedelta(days=ceil(amount))


def _after(match: "re.Match[str]", now: datetime) -> date:
    return _later(now, _amount(match["n"]), match["unit"], is_working=bool(match["working"]))


def _during(match: "re.Match[str]", now: datetime) -> date | None:
    amount, unit = match["m"] or match["n"], match["unit"]
    if amount is None and unit in ("дня", "сегодняшнего дня"):
        return now.date()
    if amount is None and match[0].startswith("за"):
        return (
            None
            if unit.startswith(("год", "лет", "месяц"))
            else _later(now, 1, unit, is_working=False)
        )
    return _later(now, _amount(amount), unit, is_working=bool(match["working"]))


def _after_half(match: "re.Match[str]", now: datetime) -> date:
    if match["half"] == "полгода":
        return days.add_months(now.date(), 6)
    hours = 0.5 if match["half"] == "полчаса" else 4
    return (now + timedelta(hours=hours)).date()


def _numeric(match: "re.Match[str]", now: datetime) -> date | None:
    year = match["y"]
    return days.day_and_month(
        now.date(), int(match["d"]), int(match["mon"]), int(year) if year else None
    )


def _month(word: str) -> int:
    """Give the number of a month by its first letters; «ма» is May once March had its turn."""
    return next(
        n for n, start in enumerate(_MONTH_STARTS, 1)
        if word.startswith(start) and not (start == "ма" and word.startswith("мар"))
    )  # fmt: skip


def _day_number(match: "re.Match[str]") -> int:
    groups = match.groupdict()
    if groups.get("d"):
        return int(groups["d"])
    *tens, last = groups["ord"].split()
    base = {"двадцать": 20, "тридцать": 30}[tens[0]] if tens else 0
    if last.startswith("тридцат"):
        return 30
    # The longest start wins: «пятнадцатого» also begins like «пятого».
    starts = [start for start in _ORDINALS if last.startswith(start)]
    return base + _ORDINALS.index(max(starts, key=len)) + 1


def _day_month(match: "re.Match[str]", now: datetime) -> date | None:
    year = match["y"]
    return days.day_and_month(
        now.date(), _day_number(match), _month(match["month"]), int(year) if year else None
    )


def _day_only(match: "re.Match[str]", now: datetime) -> date | None:
    return days.next_day_of_month(now.date(), _day_number(match))


def _time(match: "re.Match[str]", now: datetime) -> date | None:
    groups = match.groupdict()
    hour, part = int(groups["h"]), groups.get("part")
    if part in ("дня", "вечера") and hour < 12:
        hour += 12
    return days.at_time(now, hour, int(groups.get("min") or 0))


_B = BEFORE
_WHICH = r"(?P<which>эт\w+|ближайш\w+|следующ\w+|будущ\w+)\s+"
_WEEK = r"на\s+(?P<week>эт\w+|следующ\w+|будущ\w+)\s+неделе"
_THIS_OR_NEXT = r"(?P<which>эт\w+\s+|текущ\w+\s+|рабоч\w+\s+|следующ\w+\s+|будущ\w+\s+)?"
_YEAR = r"(?:\s+(?P<y>20\d\d)(?:\s*г(?:ода|\.)?)?)?"
_ENDING = r"-?(?:го|му|ого|е|ое)"
_IN_MONTH = "январе|феврале|марте|апреле|мае|июне|июле|августе|сентябре|октябре|ноябре|декабре"
_COUNTED = rf"(?:(?P<n>{_NUMBER})(?:\s*-\s*(?P<m>\d+))?\s+)?(?P<working>рабоч\w+\s+)?"
_AT = r"(?:в|к|ко|до|после|около)\s+(?P<h>\d{1,2})"

_FIRM: Final[Sequence[tuple[str, Resolve]]] = (
    (
        _B + r"(?P<which>послезавтра|завтра(?:шн\w+\s+дн\w+)?|сегодня(?:шн\w+\s+дн\w+)?)",
        _near,
    ),
    (rf"{_B}(?:{_WHICH})?(?P<day>{WEEKDAYS})(?:\s+{_WEEK})?", _weekday),
    (rf"{_WEEK},?\s+(?:в|во|до|к|ко)\s+(?P<day>{WEEKDAYS})", _weekday),
    (r"(?:в|во|до|к|ко|на)\s+(?P<short>" + "|".join(_WEEKDAY_SHORT) + ")", _weekday_short),
    (rf"{_B}кон[еац]\w*\s+{_THIS_OR_NEXT}(?P<unit>дня|недели|месяца|квартала|года)", _end_of),
    (rf"{_B}кон[еац]\w*\s+(?P<month>{MONTHS})", _end_of_month_named),
    (
        rf"(?:в|к|до)\s+(?P<part>начал\w|середин\w)\s+{_THIS_OR_NEXT}(?P<unit>недели|месяца)",
        _part_of,
    ),
    (rf"(?:на|в)\s+{_WHICH}(?P<unit>неделе|месяце|квартале|году)", _within),
    (rf"(?:до|к|на)\s+{_WHICH}(?P<unit>недел\w+|месяц\w*)", _within),
    (r"на\s+неделе|на\s+днях", _this_week),
    (rf"во?\s+(?P<month>{_IN_MONTH})", _end_of_month_named),
    (rf"через\s+{_COUNTED}(?P<unit>{_SPAN})", _after),
    (r"через\s+(?P<half>полчаса|полгода|пол\s*дня)", _after_half),
    (
        (r"(?:в\s+течени[еи]|за|не\s+позднее\s+чем\s+через)\s+"
        rf"{_COUNTED}(?P<unit>{_SPAN}|сегодняшнего\s+дня|дня)"),
        _during,
    ),
    (_B + r"(?P<y>20\d\d)-(?P<mon>\d\d)-(?P<d>\d\d)", _numeric),
    (
        _B + r"(?<![\d.,])(?P<d>\d{1,2})[./](?P<mon>\d\d)(?:[./](?P<y>20\d\d|\d\d))?"
        r"(?:\s*г(?:ода|\.)?)?(?![.,]?\d)",
        _numeric,
    ),
    (rf"{_B}(?P<d>\d{{1,2}})(?:{_ENDING})?\s+(?P<month>{MONTHS})\.?{_YEAR}", _day_month),
    (rf"{_B}(?P<ord>{_ORDINAL})\s+(?P<month>{MONTHS}){_YEAR}", _day_month),
    (
        rf"{_B}(?P<d>\d{{1,2}})(?:{_ENDING}(?:\s+числ[ауо])?|\s+числ[ауо])",
        _day_only,
    ),
    (rf"{_B}(?P<ord>{_ORDINAL})\s+числ[ауо]", _day_only),
    (rf"(?:до|к|ко|не\s+позднее)\s+(?P<ord>{_ORDINAL})(?=\s*(?:$|[.,;!)]))", _day_only),
)  # fmt: skip
_WEAK: Final[Sequence[tuple[str, Resolve]]] = (
    (r"(?:прямо\s+)?сейчас|сию\s+минуту|немедленно", _today),
    (rf"{_AT}[:.](?P<min>\d\d)", _time),
    (rf"{_AT}\s*(?:час(?:ов|а|ам|у)?|ч)(?:\s+(?P<part>утра|дня|вечера))?", _time),
    (rf"{_AT}\s+(?P<part>утра|дня|вечера)", _time),
    (
        r"к\s+вечеру|до\s+вечера|вечером|до\s+обеда|к\s+обеду|после\s+обеда|днем|к\s+ночи",
        _today,
    ),
    (r"с\s+утра|утром|к\s+утру", _morning),
)


@cache
def phrases() -> Sequence[Phrase]:
    """List the ways to say a date; compiled at first use."""
    return [*compiled(_FIRM, is_weak=False), *compiled(_WEAK, is_weak=True)]
