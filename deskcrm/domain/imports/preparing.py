"""Turns rows of text into values, each by its field; asks no database and decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import CustomField
from deskcrm.domain.clients.rules import canonical
from deskcrm.domain.contacts.model import PointKind
from deskcrm.domain.contacts.phones import find_numbers
from deskcrm.domain.contacts.points import LONGEST, Address, read_address
from deskcrm.domain.imports.fields import (
    CUSTOM,
    DAYS,
    NUMBERS,
    SEVERAL,
    ImportField,
    Manner,
    Target,
    label_of,
    read_value,
)
from deskcrm.domain.imports.mapping import Mapped
from deskcrm.domain.imports.reading.columns import DECIMALS, MIXED, ORDERS
from deskcrm.domain.imports.reading.sheet import Guess, Line, Sheet
from deskcrm.domain.names import one_line, sort_key

F = ImportField
POINTS: Final = {
    F.PHONE: PointKind.PHONE,
    F.EMAIL: PointKind.EMAIL,
    F.MESSENGER: PointKind.MESSENGER,
}
_JOINED: Final = {F.ABOUT: "\n", F.TEXT: "\n", F.IN_THEIR_WORDS: "\n"}


@dataclass(slots=True)
class Prepared:
    """A row as values; ``trouble`` says why it cannot be taken, in words."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    points: list[tuple[PointKind, Address]] = field(default_factory=list)
    trouble: str = ""
    company: str = ""
    person: str = ""
    """First, middle and last name, or as one."""
    name: str = ""
    """The client's name; a person without a company is the client."""
    name_key: str = ""
    person_key: str = ""

    def work_out_names(self) -> None:
        """Put the names together, and fold them, once for all that ask."""
        self.company = self.text(F.NAME)
        self.person = self.text(F.FIRST_NAME, F.MIDDLE_NAME, F.LAST_NAME) or self.text(F.PERSON)
        self.name = self.company or self.person
        self.name_key = sort_key(self.name)
        self.person_key = sort_key(self.person) if self.person else ""

    def text(self, *keys: str) -> str:
        """Give the texts of some fields, joined."""
        return one_line(" ".join(self.values.get(key, "") for key in keys))


@dataclass(frozen=True, slots=True)
class Question:
    """Something about the file that was not certain, and has to be answered before it is written.

    ``about`` is encoding, delimiter, sheet, header, region, dates or decimal.
    """

    about: str
    text: str
    guess: Guess


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about a file, or about one of its columns."""

    about: str
    guess: Guess
    column: str = ""

    @property
    def question(self) -> str:
        """Ask a person whether it is so."""
        match self.about:
            case "encoding":
                return tr("In which encoding is the file?")
            case "delimiter":
                return tr("What separates the cells?")
            case "sheet":
                return tr("Which sheet is it?")
            case "header":
                return tr("Which line names the columns?")
            case "region":
                return tr("Of which country are numbers without a country code?")
            case "dates":
                return tr("How are the dates of “{column}” written?", column=self.column)
        return tr("What stands before fractions in “{column}”?", column=self.column)


def findings(sheet: Sheet, mapped: Mapped, region: Guess | None = None) -> list[Finding]:
    """List what was found out about a file; of a column, what its field has to know."""
    found = [
        ("encoding", sheet.encoding, ""),
        ("delimiter", sheet.delimiter, ""),
        ("sheet", sheet.page, ""),
        ("header", sheet.header, ""),
        ("region", region, ""),
    ]
    for index, key in mapped.items():
        name = sheet.headers[index]
        if key in DAYS:
            found.append(("dates", sheet.dates.get(index), name))
        if key in NUMBERS:
            found.append(("decimal", sheet.decimals.get(index), name))
    return [Finding(about, guess, column) for about, guess, column in found if guess is not None]


def questions(sheet: Sheet, mapped: Mapped, region: Guess | None = None) -> list[Question]:
    """List what a person has to decide about a file before its rows can be trusted."""
    return [
        Question(one.about, one.question, one.guess)
        for one in findings(sheet, mapped, region)
        if not one.guess.is_sure
    ]


def prepare(
    sheet: Sheet, mapped: Mapped, *, region: str, custom: Mapping[str, CustomField], job: Job
) -> list[Prepared]:
    """Read every row by the fields of its columns."""
    columns = [(index, key, _manner(sheet, index)) for index, key in mapped.items()]
    rows = []
    for place, line in enumerate(sheet.lines):
        if place % 2_000 == 0:
            job.progress(place, len(sheet.lines), tr("Reading the values"))
        rows.append(_row(line, columns, region, custom))
    return rows


def _manner(sheet: Sheet, index: int) -> Manner:
    dates, decimal = sheet.dates.get(index), sheet.decimals.get(index)
    return Manner(
        dates.value if dates and dates.value in ORDERS else MIXED if dates else "dmy",
        decimal.value if decimal and decimal.value in DECIMALS else ".",
    )


def _row(
    line: Line,
    columns: Sequence[tuple[int, str, Manner]],
    region: str,
    custom: Mapping[str, CustomField],
) -> Prepared:
    row = Prepared(line.number, trouble=line.trouble)
    for index, key, manner in columns:
        text = line.cells[index]
        if not text or row.trouble:
            continue
        try:
            _take(row, key, text, manner, region, custom)
        except UserError as error:
            names = {one: found.name for one, found in custom.items()}
            row.trouble = f"{label_of(key, names)}: {error.title}"
    row.work_out_names()
    return row


def _take(
    row: Prepared,
    key: str,
    text: str,
    manner: Manner,
    region: str,
    custom: Mapping[str, CustomField],
) -> None:
    if key.startswith(CUSTOM):
        found = custom[key]
        row.values[key] = canonical(found.kind, text, found.choices)
        return
    if key in POINTS:
        for address in _addresses(POINTS[ImportField(key)], text, region):
            if (POINTS[ImportField(key)], address) not in row.points:
                row.points.append((POINTS[ImportField(key)], address))
        return
    value = read_value(ImportField(key), text, manner)
    if key == F.TAGS:
        row.values.setdefault(key, []).extend(_tags(text))
    elif key in row.values and key in SEVERAL:
        row.values[key] += _JOINED[ImportField(key)] + value
    else:
        row.values[key] = value


def _addresses(kind: PointKind, text: str, region: str) -> Iterable[Address]:
    """Read the addresses of a cell; several numbers in one are told apart."""
    if kind is PointKind.PHONE:
        numbers = find_numbers(text, region)
        if len(numbers) == 1:
            return [Address(one_line(text)[:LONGEST], numbers[0].e164, numbers[0].extension)]
        found = [Address(n.e164, n.e164, n.extension) for n in numbers]
        return found or [read_address(kind, text, region)]
    parts = [part for part in text.replace("\n", ";").replace(",", ";").split(";") if part.strip()]
    return [read_address(kind, part, region) for part in parts]


def _tags(text: str) -> list[str]:
    return [tag for part in text.replace(";", ",").split(",") if (tag := one_line(part))]


def is_of_people(target: Target) -> bool:
    """Tell whether rows become clients and contacts, rather than what happened with them."""
    return target in (Target.CLIENTS, Target.CONTACTS)
