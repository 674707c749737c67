"""Finds out, by column, in which order days and months stand and what separates fractions."""

import re
from collections import Counter
from string import digits
from typing import Final

from deskcrm.base.words import tr
from deskcrm.domain.imports.reading.sheet import Guess, Sheet

ORDERS: Final = ("dmy", "mdy", "ymd")
DECIMALS: Final = (",", ".")
MIXED: Final = "mixed"
_DAY: Final = re.compile(r"(\d{1,4})([./\-])(\d{1,2})\2(\d{1,4})(?:[\sT,]+\d{1,2}:\d{2}.*)?")
_NUMBER: Final = re.compile(
    r"[^\d\w.,]*(?:[A-Za-zА-Яа-я]{0,4}\.?\s)?[-+−(]?\d{1,3}(?:([\s.,'\u00a0\u202f])?\d{3})*(?:[.,]\d+)?\)?"
    r"\s*(?:₽|€|\$|£|%|[A-Za-zА-Яа-я.]{1,5})?"
)
_BORROWED: Final = 0.82


def judge(sheet: Sheet, *, dates: str = "", decimal: str = "") -> None:
    """Note for each column that holds dates or numbers how they are written."""
    for index in range(len(sheet.headers)):
        cells = [line.cells[index] for line in sheet.lines if line.cells[index]]
        sample = cells if len(cells) < 5_000 else cells[:: len(cells) // 5_000]
        if not sample:
            continue
        orders = _orders(sample)
        if orders:
            sheet.dates[index] = _day_order(orders)
        elif sum(map(_is_number, sample)) > len(sample) * 0.6:
            sheet.decimals[index] = _decimal(sample)
    _lend(sheet.dates)
    _lend(sheet.decimals)
    if dates:
        sheet.dates = dict.fromkeys(sheet.dates, Guess(dates, 1.0, tr("you said so"), ORDERS))
    if decimal:
        said = Guess(decimal, 1.0, tr("you said so"), DECIMALS)
        sheet.decimals = dict.fromkeys(sheet.decimals, said)


def _orders(cells: list[str]) -> "Counter[tuple[str, ...]]":
    """Count which orders each date of a column allows; empty when it holds hardly any dates."""
    found: Counter[tuple[str, ...]] = Counter()
    for cell in cells:
        match = _DAY.fullmatch(cell)
        if match:
            found[_possible(match[1], match[2], match[3], match[4])] += 1
    return found if found.total() > len(cells) * 0.5 else Counter()


def _possible(first: str, sign: str, second: str, third: str) -> tuple[str, ...]:
    if len(first) == 4:
        return ("ymd",)
    a, b = int(first), int(second)
    orders = []
    if 1 <= a <= 31 and 1 <= b <= 12:
        orders.append("dmy")
    # With dots nobody writes the month first.
    if 1 <= a <= 12 and 1 <= b <= 31 and sign != ".":
        orders.append("mdy")
    if len(third) <= 2 and len(first) == 2 and sign == "-" and int(third) <= 31 and b <= 12:
        orders.append("ymd")
    return tuple(orders)


def _day_order(found: "Counter[tuple[str, ...]]") -> Guess:
    sure = {orders[0] for orders in found if len(orders) == 1}
    if len(sure) > 1 and sure != {"ymd", "dmy"}:
        return Guess(MIXED, 0.0, tr("some dates begin with the day, others with the month"), ORDERS)
    if sure:
        # Dates that say their year first are read by themselves wherever they stand.
        order = next(iter(sure - {"ymd"}), "ymd")
        return Guess(order, 0.98, tr("in another order some of the dates do not exist"), ORDERS)
    possible = [orders for orders in found if orders]
    if not possible:
        return Guess(MIXED, 0.0, tr("none of its dates is in the calendar"), ORDERS)
    return Guess(possible[0][0], 0.5, tr("every date in it can be read both ways"), possible[0])


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell))


def _decimal(cells: list[str]) -> Guess:
    votes: Counter[str] = Counter()
    unclear = 0
    for cell in cells:
        signs = [c for c in cell if c in ".,"]
        if not signs:
            continue
        last = cell.rfind(signs[-1])
        rest = cell[last + 1 :]
        after = len(rest) - len(rest.lstrip(digits))
        if len(set(signs)) == 2 or after != 3:
            votes[signs[-1]] += 1
        elif len(signs) > 1 or cell[:last].lstrip("-+") in ("0", ""):
            votes["." if (signs[-1] == ",") == (len(signs) > 1) else ","] += 1
        else:
            unclear += 1
    if len(votes) > 1:
        return Guess(MIXED, 0.0, tr("both a comma and a point stand before fractions"), DECIMALS)
    if votes:
        return Guess(next(iter(votes)), 0.97, tr("so its fractions are written"), DECIMALS)
    if unclear:
        return Guess(",", 0.5, tr("“1.234” can be a thousand or a fraction"), DECIMALS)
    return Guess(".", 1.0, tr("there are only whole numbers"), DECIMALS)


def _lend(guesses: dict[int, Guess]) -> None:
    """Let a column that can be read both ways follow the others of the file, if they agree."""
    sure = {guess.value for guess in guesses.values() if guess.is_sure and guess.confidence < 1}
    sure.discard("ymd")
    if len(sure) != 1:
        return
    [value] = sure
    for index, guess in guesses.items():
        if guess.confidence == 0.5 and value in guess.others:
            why = tr("the other columns of the file are written so")
            guesses[index] = Guess(value, _BORROWED, why, guess.others)
