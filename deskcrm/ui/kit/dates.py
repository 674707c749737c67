"""Dates, times and numbers as the person's language writes them, and as people type them."""

import re
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Final

from PySide6.QtCore import QDate, QLocale

from deskcrm.base import clock
from deskcrm.base.words import language, ntr, tr

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


def locale() -> QLocale:
    """The locale of the language in force."""
    if language() == "ru":
        return QLocale(QLocale.Language.Russian, QLocale.Country.Russia)
    return QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)


def local(moment: datetime) -> datetime:
    """The moment on this workstation's clock."""
    return moment.astimezone()


def today() -> date:
    """The day it is on this workstation."""
    return local(clock.now()).date()


def day(of: date, *, year: bool | None = None) -> str:
    """ "3 Mar", and "3 Mar 2025" when it is another year."""
    with_year = of.year != today().year if year is None else year
    pattern = "d MMM yyyy" if with_year else "d MMM"
    return locale().toString(QDate(of.year, of.month, of.day), pattern)


def typed_day(of: date) -> str:
    """ "03/03/2026" or "03.03.2026": as it is typed into a field."""
    return f"{of:%d.%m.%Y}" if language() == "ru" else f"{of:%d/%m/%Y}"


def long_day(of: date) -> str:
    """ "Today", "Yesterday", else "Monday, 3 March" with the year when it is another."""
    distance = (of - today()).days
    if distance in _NEAR:
        return {-1: tr("Yesterday"), 0: tr("Today"), 1: tr("Tomorrow")}[distance]
    pattern = "dddd, d MMMM" if of.year == today().year else "d MMMM yyyy"
    said = locale().toString(QDate(of.year, of.month, of.day), pattern)
    return said[:1].upper() + said[1:]


_NEAR: Final = frozenset({-1, 0, 1})


def near_day(of: date) -> str:
    """ "today", "tomorrow", else "Fri 27 Nov": short, for the middle of a line."""
    distance = (of - today()).days
    if distance in _NEAR:
        return in_days(distance)
    pattern = "ddd d MMM" if of.year == today().year else "d MMM yyyy"
    return locale().toString(QDate(of.year, of.month, of.day), pattern)


def clock_time(moment: datetime, zone: tzinfo | None = None) -> str:
    """ "14:05", on this workstation's clock unless a zone is given."""
    at = moment.astimezone(zone)
    return f"{at:%H:%M}"


def full(moment: datetime, zone: tzinfo | None = None) -> str:
    """ "3 March 2026, 14:05": exact, for tooltips and print; on this clock unless in a zone."""
    at = moment.astimezone(zone)
    on = locale().toString(QDate(at.year, at.month, at.day), "d MMMM yyyy")
    return f"{on}, {at:%H:%M}"


def unbroken(said: str) -> str:
    """Keep a date or a name in one line: a year alone in the next one is read as a number."""
    return said.replace(" ", "\N{NO-BREAK SPACE}")


def moment(at: datetime, zone: tzinfo | None = None) -> str:
    """ "23 Nov, 16:32": exact and short, for the middle of a line; today's has the time alone."""
    on = at.astimezone(zone).date()
    return clock_time(at, zone) if on == today() else f"{day(on)}, {clock_time(at, zone)}"


def ago(moment: datetime, now: datetime | None = None) -> str:
    """How far away a moment is: "just now", "2 h ago", "yesterday", "in 3 days", "3 Mar"."""
    present = now or clock.now()
    seconds = (moment - present).total_seconds()
    if abs(seconds) < 45:
        return tr("just now")
    days = (local(moment).date() - local(present).date()).days
    if abs(seconds) < 12 * HOUR and (days == 0 or abs(seconds) < 6 * HOUR):
        return _near(seconds)
    return in_days(days, local(moment).date())


def _near(seconds: float) -> str:
    if seconds < 0:
        # What has passed is said in whole units, as the time that somebody waits is beside it.
        minutes = max(1, int(-seconds / MINUTE))
        return tr("{n} min ago", n=minutes) if minutes < 60 else tr("{n} h ago", n=minutes // 60)
    minutes = max(1, round(seconds / MINUTE))
    return tr("in {n} min", n=minutes) if minutes < 60 else tr("in {n} h", n=round(minutes / 60))


def in_days(days: int, of: date | None = None) -> str:
    """A whole number of days away: "today", "tomorrow", "3 days ago"; far away, the date."""
    if days == 0:
        return tr("today")
    if days == 1:
        return tr("tomorrow")
    if days == -1:
        return tr("yesterday")
    if of is not None and abs(days) > 30:
        return day(of)
    if days > 0:
        return ntr("in {n} day", "in {n} days", days)
    return ntr("{n} day ago", "{n} days ago", -days)


def due(of: date) -> str:
    """A day that something is due, from today: "today", "tomorrow", "3 days ago"."""
    return in_days((of - today()).days, of)


def duration(seconds: float) -> str:
    """ "45 s", "12 min", "1 h 05 min" """
    whole = round(seconds)
    if whole < MINUTE:
        return tr("{n} s", n=whole)
    minutes = round(whole / MINUTE)
    if minutes < 60:
        return tr("{n} min", n=minutes)
    hours, rest = divmod(minutes, 60)
    if not rest:
        return tr("{n} h", n=hours)
    return tr("{h} h {m} min", h=hours, m=f"{rest:02}")


def number(value: float, decimals: int = 0) -> str:
    """ "12,480" or "12 480", rounded: 0.29 times 100 is a little less than 29, and yet 29."""
    if decimals == 0:
        return locale().toString(round(value))
    return locale().toString(float(value), "f", decimals)


def percent(share: float, decimals: int = 0) -> str:
    """A share of one as a percentage: 0.25 is "25%"."""
    return tr("{n}%", n=number(share * 100, decimals))


def money(minor: int, currency: str) -> str:
    """Integer minor units as money: 1250000, "EUR" is "€12,500", "12 500 €"; cents only if any.

    A currency without a sign of its own keeps its code: "12,500 CHF".
    """
    amount = number(abs(minor) / 100, 0 if minor % 100 == 0 else 2)
    sign = _SIGNS.get(currency)
    minus = "−" if minor < 0 else ""
    if sign is None or language() == "ru":
        return f"{minus}{amount}\u00a0{sign or currency}"
    return f"{minus}{sign}{amount}"


def currencies(likeliest: str = "") -> tuple[str, ...]:
    """The currencies that are offered at once, the likeliest first."""
    common = ("RUB", "EUR", "USD") if language() == "ru" else ("EUR", "USD", "GBP", "RUB")
    return tuple(one for one in dict.fromkeys((likeliest, *common)) if one)


_SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "RUB": "₽", "KZT": "₸", "UAH": "₴"}


def file_size(size: int) -> str:
    """ "12.5 KB" """
    if size < 1024:  # Qt knows no plurals here: "848 байты"
        return ntr("{n} byte", "{n} bytes", size)
    return locale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def to_qdate(of: date) -> QDate:
    """For Qt's calendar."""
    return QDate(of.year, of.month, of.day)


# What people type.

_RELATIVE: Final = {
    "today": 0, "tod": 0, "сегодня": 0, "сег": 0,
    "tomorrow": 1, "tom": 1, "завтра": 1, "завт": 1,
    "yesterday": -1, "вчера": -1, "послезавтра": 2,
}  # fmt: skip
_WEEKDAYS: Final = (
    ("mon", "пн", "пон"), ("tue", "вт"), ("wed", "ср"), ("thu", "чт", "чет"),
    ("fri", "пт", "пят"), ("sat", "сб", "суб"), ("sun", "вс", "вос"),
)  # fmt: skip
_UNITS: Final = {"d": 1, "д": 1, "w": 7, "н": 7, "m": 30, "м": 30, "y": 365, "г": 365}


def parse_day(text: str, base: date | None = None) -> date | None:
    """Read a day as typed: 3.5, 3.05.2026, 2026-05-03, today, завтра, fri, +3, 2w, 1 м."""
    start = base or today()
    typed = text.strip().lower().removeprefix("in ").removeprefix("через ")
    if not typed:
        return None
    if typed in _RELATIVE:
        return start + timedelta(days=_RELATIVE[typed])
    for ahead in range(1, 8):
        names = _WEEKDAYS[(start + timedelta(days=ahead)).weekday()]
        if typed.startswith(names) and typed.isalpha():
            return start + timedelta(days=ahead)
    offset = re.fullmatch(r"([+-]?)\s*(\d{1,3})\s*([a-zа-я]*)\.?", typed)
    if offset and (offset[1] or offset[3]):
        return _offset(start, offset[1], int(offset[2]), offset[3])
    return _numeric(typed, start)


def _offset(start: date, sign: str, count: int, unit: str) -> date | None:
    days = _UNITS.get(unit[:1], 1 if not unit else 0)
    if not days:
        return None
    return start + timedelta(days=(-1 if sign == "-" else 1) * count * days)


def _numeric(typed: str, start: date) -> date | None:
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", typed)
    local_order = re.fullmatch(r"(\d{1,2})[./\s](\d{1,2})(?:[./\s](\d{2}|\d{4}))?\.?", typed)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if local_order:
            year = int(local_order[3] or start.year)
            made = date(
                year + 2000 if year < 100 else year, int(local_order[2]), int(local_order[1])
            )
            # A bare day and month that is long gone means the next one.
            if not local_order[3] and (start - made).days > 180:
                return made.replace(year=made.year + 1)
            return made
    except ValueError:
        return None
    return None


def parse_time(text: str) -> tuple[int, int] | None:
    """Read a time of day as typed: 9, 930, 9:30, 9.30, 17-05."""
    found = re.fullmatch(r"(\d{1,2})(?:[:.\-\s]?(\d{2}))?", text.strip())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def parse_duration(text: str) -> int | None:
    """Read a duration as typed, in seconds: 15, 1:30, 1h 30m, 1,5 ч, 90 мин; bare is minutes."""
    typed = text.strip().lower().replace(",", ".")
    colon = re.fullmatch(r"(\d{1,3}):(\d{2})", typed)
    if colon:
        return int(colon[1]) * HOUR + int(colon[2]) * MINUTE
    if re.fullmatch(r"\d+(\.\d+)?", typed):
        return round(float(typed) * MINUTE)
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*([a-zа-я]+)\.?", typed)
    if not parts or re.sub(r"(\d+(?:\.\d+)?)\s*([a-zа-я]+)\.?\s*", "", typed):
        return None
    seconds = {"h": HOUR, "ч": HOUR, "m": MINUTE, "м": MINUTE, "s": 1, "с": 1, "d": DAY, "д": DAY}
    total = 0.0
    for amount, unit in parts:
        if unit[0] not in seconds:
            return None
        total += float(amount) * seconds[unit[0]]
    return round(total)


def parse_money(text: str) -> int | None:
    """Read an amount as typed, in minor units: 1200, 1 200,50, 1,200.50, 12k, 1.5 млн."""
    typed = re.sub(r"[\s\u00a0\u202f']", "", text.strip().lower())
    scaled = re.fullmatch(r"(-?[\d.,]+)(k|к|тыс\.?|m|м|млн\.?)?", typed)
    if not scaled:
        return None
    scale = {"": 1, "k": 1000, "к": 1000, "т": 1000, "m": 10**6, "м": 10**6}[(scaled[2] or "")[:1]]
    digits = _decimal_point(scaled[1])
    try:
        return int((Decimal(digits) * scale * 100).to_integral_value())
    except InvalidOperation:
        return None


def _decimal_point(digits: str) -> str:
    comma, point = digits.rfind(","), digits.rfind(".")
    last = max(comma, point)
    both = comma >= 0 and point >= 0
    if last < 0:
        return digits
    # "1,200" is twelve hundred, "1,20" is one and a fifth; with both signs the last one counts.
    if not both and (len(digits) - last - 1 == 3 or digits.count(digits[last]) > 1):
        return digits.replace(",", "").replace(".", "")
    return digits[:last].replace(",", "").replace(".", "") + "." + digits[last + 1 :]
