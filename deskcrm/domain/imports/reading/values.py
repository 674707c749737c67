"""Reads what stands in a cell: a day, a moment, a number, an amount of money, yes or no."""

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final

_ISO: Final = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_PARTS: Final = re.compile(r"(\d{1,4})[./\-](\d{1,2})[./\-](\d{1,4})")
_WORDS: Final = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?[\s\-./]+([^\W\d_]+)\.?|([^\W\d_]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?)"
    r"[\s,\-./]+(\d{4}|\d{2})\s*(?:г\.?|года)?",
    re.IGNORECASE,
)
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]m)?", re.IGNORECASE)
_MONTHS: Final = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "янв фев мар апр май июн июл авг сен окт ноя дек",
        "янв фев мар апр мая июн июл авг сен окт ноя дек",
    )
    for number, name in enumerate(names.split(), 1)
}
_SPACES: Final = re.compile(r"[\s\u00a0\u202f'’_]")
_SIGNS: Final = {
    "₽": "RUB", "руб": "RUB", "р": "RUB", "rub": "RUB", "rur": "RUB", "€": "EUR", "eur": "EUR",
    "$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP", "₸": "KZT", "kzt": "KZT", "byn": "BYN",
    "₴": "UAH", "uah": "UAH", "cny": "CNY", "¥": "CNY", "chf": "CHF",
}  # fmt: skip
_AMOUNT: Final = re.compile(
    r"([^\d+\-−(]*)([+\-−(]?\s?[\d\s.,'’\u00a0\u202f_]*\d\)?)\s*(.*)", re.DOTALL
)
_YES: Final = frozenset("yes true 1 да y on x + ✓ ✔ есть".split())
_NO: Final = frozenset("no false 0 нет n off - — –".split())
MOST: Final = Decimal(10) ** 15


def read_day(text: str, order: str) -> date | None:
    """Read a day; ``order`` (dmy, mdy or ymd) decides where digits alone do not."""
    head = _head(text)
    iso = _ISO.fullmatch(head)
    if iso:
        return _date(int(iso[1]), int(iso[2]), int(iso[3]))
    parts = _PARTS.fullmatch(head)
    if parts:
        return _of_parts(parts[1], parts[2], parts[3], order)
    named = _WORDS.fullmatch(text.strip())
    if not named:
        return None
    month = _MONTHS.get((named[2] or named[3])[:3].lower())
    return _date(_year(named[5]), month, int(named[1] or named[4])) if month else None


def read_moment(text: str, order: str) -> datetime | None:
    """Read a day with or without a time, as the clock on the wall shows it."""
    day = read_day(text, order)
    if day is None:
        return None
    found = _TIME.search(text)
    if not found:
        return datetime.combine(day, time())
    hour = int(found[1])
    if found[4]:
        hour = hour % 12 + (12 if found[4].lower() == "pm" else 0)
    try:
        return datetime.combine(day, time(hour, int(found[2]), int(found[3] or 0)))
    except ValueError:
        return None


def read_number(text: str, decimal: str) -> Decimal | None:
    """Read a number; ``decimal`` is the sign before its fraction."""
    plain = _SPACES.sub("", text).replace("−", "-").strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = "-" + plain[1:-1]
    thousands = "." if decimal == "," else ","
    whole, _, fraction = plain.partition(decimal)
    if thousands in whole:
        groups = whole.lstrip("+-").split(thousands)
        if any(len(group) != 3 for group in groups[1:]) or not 1 <= len(groups[0]) <= 3:
            return None
        whole = whole.replace(thousands, "")
    try:
        number = Decimal(f"{whole}.{fraction}" if fraction else whole)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < MOST else None


def read_money(text: str, decimal: str) -> tuple[int, str] | None:
    """Read an amount in minor units, and its currency where it is written beside it."""
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        return None
    number = read_number(found[2], decimal)
    sign = (found[1] or found[3]).strip().strip(".").lower()
    currency = _SIGNS.get(sign, "")
    if number is None or (sign and not currency):
        return None
    return int((number * 100).to_integral_value()), currency


def read_yes_no(text: str) -> bool | None:
    """Read yes or no, in words or signs."""
    plain = text.strip().casefold()
    return True if plain in _YES else False if plain in _NO else None


def _head(text: str) -> str:
    """Give what stands before a time."""
    return re.split(r"[\sT,]+(?=\d{1,2}:\d{2})", text.strip(), maxsplit=1)[0]


def _of_parts(first: str, second: str, third: str, order: str) -> date | None:
    a, b = int(first), int(second)
    if len(first) > 2 or (order == "ymd" and len(third) <= 2):
        return _date(_year(first), b, int(third))
    if order not in ("dmy", "mdy"):
        return None
    return _date(_year(third), *((b, a) if order == "dmy" else (a, b)))


def _year(text: str) -> int:
    """Give the year that two digits mean: 70 to 99 are of the last century."""
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= 70 else 2000)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1900 <= year <= 2200 else None
    except ValueError:
        return None
