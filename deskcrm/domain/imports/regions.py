"""Finds out of which country the numbers of a file are that are written without its code."""

from collections.abc import Sequence
from typing import Final

from deskcrm.base.words import tr
from deskcrm.domain.contacts import phones
from deskcrm.domain.imports.fields import ImportField
from deskcrm.domain.imports.mapping import Mapped
from deskcrm.domain.imports.reading.sheet import Guess, Sheet

OFFERED: Final = (
    "RU", "US", "GB", "DE", "FR", "ES", "IT", "PL", "TR", "KZ", "BY", "UA", "UZ", "AM", "GE", "IL",
    "AE", "BR", "CN", "IN",
)  # fmt: skip
_SAMPLE: Final = 40
_ENOUGH: Final = 0.8


def find_region(sheet: Sheet, mapped: Mapped, home: str, said: str = "") -> Guess | None:
    """Say as whose numbers those without a country code are read; None where there are none.

    Those of our own country, unless more of them could be called in another one: then it is asked.
    """
    local = _local_numbers(sheet, mapped)
    if not local:
        return None
    if said:
        return Guess(said, 1.0, tr("you said so"), OFFERED)
    best, is_sure = home, True
    if _fitting(local, home) < _ENOUGH * len(local):
        fitting = {one: _fitting(local, one) for one in (home, *OFFERED)}
        most = max(fitting.values())
        # Some countries have a number for nearly any digits: that alone does not speak for them.
        best = next(one for one, fits in fitting.items() if fits >= most / 2)
        is_sure = fitting[home] == most
    typed = next((text for text in local if phones.parse(text, best) is not None), "")
    read = phones.parse(typed, best)
    if read is None:
        return None
    why = tr("“{text}” is read as {number}", text=typed, number=phones.display(read.e164))
    return Guess(best, 1.0 if is_sure else 0.5, why, OFFERED)


def _fitting(numbers: Sequence[str], region: str) -> int:
    return sum(phones.parse(text, region) is not None for text in numbers)


def _local_numbers(sheet: Sheet, mapped: Mapped) -> list[str]:
    """Give numbers that say no country, of the first rows that have any."""
    columns = [index for index, key in mapped.items() if key == ImportField.PHONE]
    found: list[str] = []
    for line in sheet.lines:
        for index in columns:
            text = line.cells[index].strip()
            if (
                len(phones.digits(text)) >= phones.SHORTEST
                and phones.parse(text, phones.NOWHERE) is None
            ):
                found.append(text)
        if len(found) >= _SAMPLE:
            break
    return found
