"""What the import says of modes, guesses and counts."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Final
from uuid import UUID

from deskcrm.base import places
from deskcrm.base.words import ntr, of, ptr, tr
from deskcrm.domain.contacts import phones
from deskcrm.domain.imports.fields import ImportField, label_of
from deskcrm.domain.imports.people import OF_CONTACT
from deskcrm.domain.imports.plan import Fate, Mode, Plan, RowPlan
from deskcrm.domain.imports.preparing import Prepared
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.tokens import Tone

_NAMES: Final = frozenset(
    {
        ImportField.NAME,
        ImportField.PERSON,
        ImportField.FIRST_NAME,
        ImportField.MIDDLE_NAME,
        ImportField.LAST_NAME,
    }
)
FATES: Final = (None, Fate.NEW, Fate.CHANGED, Fate.DUPLICATE, Fate.CONFLICT, Fate.REJECTED)
"""What the preview can be narrowed to; None is all rows."""
TONES: Final = {
    Fate.NEW: (Tone.OK, "plus"),
    Fate.CHANGED: (Tone.INFO, "edit"),
    Fate.DUPLICATE: (Tone.NEUTRAL, "copy"),
    Fate.CONFLICT: (Tone.WARNING, "warning"),
    Fate.REJECTED: (Tone.DANGER, "close"),
}


def steps() -> tuple[str, ...]:
    """Name the steps of an import."""
    return tr("File"), tr("Columns"), tr("Preview"), tr("Receipt")


def segment(plan: Plan, fate: Fate | None) -> str:
    """Name a view over the rows, with how many there are."""
    count = plan.read if fate is None else plan.counts[fate]
    name = tr("All rows") if fate is None else of(fate)
    return f"{name}  {dates.number(count)}"


def said_of(row: RowPlan, names: Mapping[str, str]) -> str:
    """Say what a row changes, from what to what, or why it comes to what it does."""
    if row.fate is Fate.NEW and row.row is not None:
        only = OF_CONTACT if row.makes_contact and not row.makes_client else None
        said = "; ".join(_held(row.row, names, only))
    else:
        changes = (
            f"{label_of(one.key, names)}: {one.before or '—'} → {one.after}" for one in row.changes
        )
        said = row.why or "; ".join(changes)
    return said[:1].upper() + said[1:]  # a cell of its own, though elsewhere it ends a sentence


def _held(row: Prepared, names: Mapping[str, str], only: Collection[str] | None) -> Iterator[str]:
    """Say what a new record would hold, besides the names that stand beside it.

    ``only``: where just a contact is new, what a contact holds; the client is as it is.
    """
    if only is not None:
        yield tr("only the contact is new")
    for kind, address in row.points:
        shown = phones.display(address.normal)
        if address.extension:
            shown = tr("{number}, ext. {extension}", number=shown, extension=address.extension)
        yield f"{label_of(kind.value, names)}: {shown}"
    for key, value in row.values.items():
        if key in _NAMES or isinstance(value, UUID) or (only is not None and key not in only):
            continue
        if key == ImportField.VALUE:
            yield f"{label_of(key, names)}: {dates.money(value[0], value[1])}".rstrip()
            continue
        if isinstance(value, Enum):
            value = of(value)
        elif isinstance(value, datetime):
            value = f"{dates.typed_day(value.astimezone().date())}, {dates.clock_time(value)}"
        elif isinstance(value, date):
            value = dates.typed_day(value)
        elif isinstance(value, list):
            value = ", ".join(value)
        yield f"{label_of(key, names)}: {value}"


def modes() -> tuple[tuple[Mode, str], ...]:
    """Say what may become of those who are there already."""
    return (
        (Mode.CREATE, tr("Leave them as they are")),
        (Mode.BOTH, tr("Change them, and add the others")),
        (Mode.UPDATE, tr("Change them, and add nobody")),
    )


def value_of(about: str, value: str) -> str:
    """Say a finding about a file as a person would."""
    said = {
        ("delimiter", ","): tr("Comma"),
        ("delimiter", ";"): tr("Semicolon"),
        ("delimiter", "\t"): tr("Tab"),
        ("delimiter", "|"): tr("Vertical bar"),
        ("dates", "dmy"): tr("Day, month, year"),
        ("dates", "mdy"): tr("Month, day, year"),
        ("dates", "ymd"): tr("Year, month, day"),
        ("dates", "mixed"): tr("Not clear"),
        ("decimal", ","): tr("A comma: 1 234,50"),
        ("decimal", "."): tr("A point: 1,234.50"),
        ("decimal", "mixed"): tr("Not clear"),
        ("header", "0"): tr("No line names them"),
    }
    if about == "region":
        return places.country(value)
    if about == "header" and value != "0":
        return ptr("of a file", "Line {n}", n=value)
    return said.get((about, value), value)


def left_out(fate: Fate, n: int) -> str:
    """Say how many rows were not written, and why."""
    match fate:
        case Fate.DUPLICATE:
            return ntr(
                "{n} row that is there already, or was in the file before",
                "{n} rows that are there already, or were in the file before",
                n,
            )
        case Fate.CONFLICT:
            return ntr("{n} row contradicts what is there", "{n} rows contradict what is there", n)
        case _:
            return ntr("{n} row was rejected", "{n} rows were rejected", n)


def added(table: str, n: int) -> str:
    """Say how many records of a kind are there now."""
    match table:
        case "client":
            return ntr("{n} client", "{n} clients", n)
        case "contact":
            return ntr("{n} contact", "{n} contacts", n)
        case "contact_point":
            return ntr("{n} phone or address", "{n} phones and addresses", n)
        case "ticket":
            return ntr("{n} ticket", "{n} tickets", n)
        case "interaction":
            return ntr("{n} interaction", "{n} interactions", n)
        case "contract":
            return ntr("{n} contract", "{n} contracts", n)
        case "usage_week":
            return ntr("{n} week of usage", "{n} weeks of usage", n)
        case "invoice":
            return ntr("{n} invoice", "{n} invoices", n)
        case "departure":
            return ntr("{n} departure", "{n} departures", n)
        case "survey_response":
            return ntr("{n} questionnaire", "{n} questionnaires", n)
        case "survey_answer":
            return ntr("{n} answer", "{n} answers", n)
        case "client_tag" | "tag":
            return ntr("{n} tag", "{n} tags", n)
        case "custom_value":
            return ntr("{n} value of own fields", "{n} values of own fields", n)
        case _:
            return ntr("{n} record around them", "{n} records around them", n)
