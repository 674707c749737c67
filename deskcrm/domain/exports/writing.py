"""Writes a view into a file: every row that the list shows, under the rights of whoever asks."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import msgspec

from deskcrm.base import words
from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.exports import of_clients, of_feedback, of_work, of_worth
from deskcrm.domain.exports.cards import card_of
from deskcrm.domain.exports.views import AT_ONCE, Column, View, ViewName
from deskcrm.domain.metrics.files import write_csv, write_xlsx
from deskcrm.domain.metrics.sheets import Amount, Cell, plain_number
from deskcrm.store.files import written_whole
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store

VIEWS: Final[Mapping[ViewName, View]] = {
    view.name: view
    for view in (*of_clients.VIEWS, *of_work.VIEWS, *of_worth.VIEWS, *of_feedback.VIEWS)
}
_encode: Final = msgspec.json.Encoder().encode


class FileForm(StrEnum):
    """The kinds of files that a view can be written into."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON_LINES = "jsonl"
    VCARD = "vcf"


OF_PEOPLE: Final = (ViewName.CLIENTS, ViewName.CONTACTS)
"""What cards can be made of."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be written, and how. ``filters`` and ``sort`` are those of the list itself."""

    view: ViewName
    form: FileForm = FileForm.CSV
    filters: Mapping[str, Any] = field(default_factory=dict)
    sort: str = ""
    descending: bool = False
    columns: Sequence[str] = ()
    """The keys of the columns that are wanted, in this order; none is all of them."""
    only: Callable[[Hashable], bool] | None = None
    """Whether the row of the list with an id is wanted; without it all are."""
    language: str = ""
    """In which the columns are named and choices said; else as the program speaks."""
    mark: bool = True
    """Whether a CSV begins with the mark by which Excel knows UTF-8."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    path: Path
    rows: int
    size: int


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def export_view(job: Job, store: Store, wanted: Wanted, path: Path) -> Exported:
    """Write a view into a file; UserError in words, and no file, when that does not come about."""
    if wanted.form is FileForm.VCARD and wanted.view not in OF_PEOPLE:
        raise UserError(
            tr("Cards are made of people only."), tr("Choose CSV, a workbook or JSON lines.")
        )
    with words.speaking(wanted.language) if wanted.language else nullcontext():
        rows = store.ask(_write, wanted, path, job)
    return Exported(path, rows, path.stat().st_size)


def columns_of(db: Reader, view: ViewName) -> list[tuple[str, str]]:
    """List the columns of a view: keys, and what they are called."""
    return [(one.key, one.called()) for one in VIEWS[view].columns(db)]


def _write(db: Reader, wanted: Wanted, path: Path, job: Job) -> int:
    job.check_cancelled()
    view = VIEWS[wanted.view]
    told = _Told(job, view.count(db, **wanted.filters))
    if wanted.form is FileForm.VCARD:
        return _write_cards(db, wanted, path, told)
    columns = _chosen(view.columns(db), wanted.columns)
    order = {"sort": wanted.sort, "descending": wanted.descending} if wanted.sort else {}
    items = told.through(_picked(wanted, view.rows(db, **wanted.filters, **order)))
    if wanted.form is FileForm.JSON_LINES:
        with written_whole(path) as file:
            for one in items:
                file.write(_encode({c.key: _plain(c.value(one)) for c in columns}) + b"\n")
        return told.count
    rows = ([c.value(one) for c in columns] for one in items)
    sheet = _Sheet(words.of(wanted.view), [c.called() for c in columns], rows)
    if wanted.form is FileForm.XLSX:
        write_xlsx([sheet], path)
    else:
        write_csv([sheet], path, is_named=False, mark=wanted.mark)
    return told.count


def _write_cards(db: Reader, wanted: Wanted, path: Path, told: "_Told") -> int:
    people = of_clients.people_items(db, with_clients=True, **wanted.filters)
    with written_whole(path) as file:
        for one in told.through(_picked(wanted, people)):
            file.write(card_of(one))
    return told.count


def _picked(wanted: Wanted, items: Iterator[Any]) -> Iterator[Any]:
    only = wanted.only
    return items if only is None else (one for one in items if only(one.id))


class _Told:
    """Tells a job how far it is, and counts."""

    def __init__(self, job: Job, total: int) -> None:
        self._job, self._total = job, total
        self.count = 0

    def through(self, items: Iterable[Any]) -> Iterator[Any]:
        """Let things pass, counting them."""
        for one in items:
            if self.count % AT_ONCE == 0:
                self._job.progress(self.count, max(self._total, self.count), tr("Writing the rows"))
            self.count += 1
            yield one


def _chosen(columns: Sequence[Column], keys: Sequence[str]) -> Sequence[Column]:
    known = {one.key: one for one in columns}
    for key in keys:
        if key not in known:
            raise UserError(
                tr("There is no column “{name}”.", name=key),
                tr("There are: {names}.", names=", ".join(known)),
            )
    return [known[key] for key in keys] if keys else columns


def _plain(cell: Cell) -> Any:
    """Give a cell as JSON holds it: moments with their zone, numbers as numbers."""
    if isinstance(cell, Amount):
        number = round(plain_number(cell), 4)
        return int(number) if number == int(number) else number
    return cell.isoformat() if isinstance(cell, date | datetime) else cell
