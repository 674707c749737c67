"""Says which column holds what: by its name in both languages, by what stands in it, as before."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from deskcrm.base.words import tr
from deskcrm.domain.contacts import emails, phones
from deskcrm.domain.imports.fields import CUSTOM, FIELDS, SEVERAL, ImportField, Target
from deskcrm.domain.imports.names import fields_called, fold_header
from deskcrm.domain.imports.reading import values
from deskcrm.domain.imports.reading.sheet import Sheet

Mapped = dict[int, str]
"""By column: the key of the field that it holds."""
_SAMPLE: Final = 200
_WEBSITE: Final = re.compile(r"(?:https?://|www\.)\S+\.\S+", re.IGNORECASE)
_COUNTRIES: Final = frozenset(
    "россия russia ru rf рф беларусь belarus казахстан kazakhstan germany германия france франция"
    " usa сша uk великобритания украина ukraine италия italy spain испания китай china турция"
    " turkey польша poland узбекистан uzbekistan армения armenia грузия georgia индия india".split()
)
_TAX: Final = re.compile(r"\d{10}|\d{12}")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a column most likely holds; no key: it is left out. ``why`` is in words."""

    column: int
    key: str
    why: str


def suggest(
    sheet: Sheet,
    target: Target,
    *,
    custom: Mapping[str, str],
    region: str,
    before: Mapping[str, str] | None = None,
) -> list[Suggestion]:
    """Suggest a field for every column; ``before`` is what was chosen for such a file earlier."""
    taken: set[str] = set()
    found: dict[int, Suggestion] = {}
    ways: tuple[Callable[[int], tuple[str, str]], ...] = (
        lambda i: _as_before(sheet.headers[i], before),
        lambda i: _by_name(sheet.headers[i], target, custom, taken),
        lambda i: _by_content(sheet, i, target, region, taken),
    )
    for way in ways:
        for index in range(len(sheet.headers)):
            if index in found:
                continue
            key, why = way(index)
            if why and (key not in taken or not key or _may_repeat(key)):
                found[index] = Suggestion(index, key, why)
                taken.add(key)
    nothing = tr("nothing was recognised")
    return [found.get(i, Suggestion(i, "", nothing)) for i in range(len(sheet.headers))]


def mapped(suggestions: Sequence[Suggestion]) -> Mapped:
    """Give the columns that hold something."""
    return {one.column: one.key for one in suggestions if one.key}


def signature(headers: Sequence[str]) -> str:
    """Give what tells files of one origin: the names of their columns, in order."""
    folded = "\x1f".join(map(fold_header, headers))
    return hashlib.sha256(folded.encode()).hexdigest()[:16]


def _may_repeat(key: str) -> bool:
    return not key.startswith(CUSTOM) and ImportField(key) in SEVERAL


def _as_before(header: str, before: Mapping[str, str] | None) -> tuple[str, str]:
    if before is None or header not in before:
        return "", ""
    return before[header], tr("so it was in the last file with these columns")


def _by_name(
    header: str, target: Target, custom: Mapping[str, str], taken: set[str]
) -> tuple[str, str]:
    folded = fold_header(header)
    for key, name in custom.items():
        if fold_header(name) == folded:
            return key, tr("the field is called so")
    allowed = FIELDS[target]
    for name in _preferred(fields_called(header), folded, target):
        if name == "why":
            return "", tr("it says why rows were rejected before")
        if name in allowed and (name not in taken or _may_repeat(name)):
            return name, tr("the column is called so")
    return "", ""


def _preferred(names: tuple[str, ...], folded: str, target: Target) -> tuple[str, ...]:
    """Order what a name may mean: among contacts, a name is a person's."""
    if target is Target.CONTACTS and folded in ("name", "имя"):
        return ("person", *names)
    return names


def _by_content(
    sheet: Sheet, index: int, target: Target, region: str, taken: set[str]
) -> tuple[str, str]:
    cells = [line.cells[index] for line in sheet.lines[:_SAMPLE] if line.cells[index]]
    if not cells:
        return "", ""
    tests: tuple[tuple[ImportField, Callable[[str], bool], str], ...] = (
        (ImportField.EMAIL, lambda c: emails.normalize(c) is not None, tr("it holds addresses")),
        (ImportField.WEBSITE, lambda c: bool(_WEBSITE.fullmatch(c)), tr("it holds links")),
        (ImportField.TAX_NUMBER, _is_tax_number,
         tr("it holds tax numbers")),
        (ImportField.PHONE, lambda c: phones.parse(c, region) is not None, tr("it holds phones")),
        (ImportField.COUNTRY, lambda c: c.casefold() in _COUNTRIES, tr("it holds countries")),
        (ImportField.VALUE, _is_money, tr("it holds amounts of money")),
    )  # fmt: skip
    for field, test, why in tests:
        if field not in FIELDS[target] or (field in taken and field not in SEVERAL):
            continue
        if sum(map(test, cells)) >= len(cells) * 0.8:
            return field, why
    return "", ""


def _is_tax_number(cell: str) -> bool:
    """Tell an INN of 10 or 12 digits from a mobile number."""
    return bool(_TAX.fullmatch(cell)) and not cell.startswith("9")


def _is_money(cell: str) -> bool:
    found = values.read_money(cell, ",") or values.read_money(cell, ".")
    return bool(found and found[1])
