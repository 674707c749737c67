"""``import``: a table from outside becomes records, after a preview of every row."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from deskcrm.base import clock, words
from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.cli import exporting
from deskcrm.cli.rows import write_json, write_line
from deskcrm.cli.workspace import need

if TYPE_CHECKING:
    from deskcrm.domain.imports.importing import Columns, Preview
    from deskcrm.domain.imports.mapping import Mapped
    from deskcrm.domain.imports.plan import RowPlan, Wish
    from deskcrm.domain.imports.reading.sheet import Sheet
    from deskcrm.store.opening import Opened

_TARGETS: Final = (
    "clients", "contacts", "interactions", "tickets", "contracts", "usage", "invoices", "answers",
    "departures",
)  # fmt: skip
_SHOWN: Final = 20
"""So many rows of each fate are written for a person to read; --json has all."""


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", type=Path, metavar="FILE",
                        help=tr("CSV, XLSX, XLS, ODS, vCard or JSON lines; or an archive of"
                                " “export --all”, into an empty workspace"))  # fmt: skip
    parser.add_argument("--as", choices=_TARGETS, dest="target", help=tr("what the rows are"))
    parser.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD",
                        help=tr("what a column holds; “COLUMN=-” leaves it out"))  # fmt: skip
    parser.add_argument("--preview", action="store_true", help=tr("only say what would come of it"))
    parser.add_argument("--update-by", metavar="FIELD", default="",
                        help=tr("change what is there already, found by this field"))  # fmt: skip
    parser.add_argument("--only-update", action="store_true", help=tr("add nothing new"))
    parser.add_argument("--alike", choices=("skip", "update", "new"), default="skip",
                        help=tr("what comes of rows that are likely known already"))  # fmt: skip
    parser.add_argument("--rejects", type=Path, metavar="FILE",
                        help=tr("write the rejected rows there, to be mended"))  # fmt: skip
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))
    answers = parser.add_argument_group(tr("what is asked when the file does not say it clearly"))
    answers.add_argument("--encoding", default="", metavar="NAME")
    answers.add_argument("--delimiter", default="", metavar="SIGN")
    answers.add_argument("--sheet", default="", metavar="NAME")
    answers.add_argument("--header", type=int, metavar="LINE", help=tr("0: no line names them"))
    answers.add_argument("--dates", default="", choices=("", "dmy", "mdy", "ymd"))
    answers.add_argument("--decimal", default="", choices=("", ",", "."))
    answers.add_argument("--region", metavar="COUNTRY", type=_region,
                         help=tr("of phone numbers without a country code: RU, US"))  # fmt: skip
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Read, say what would come of every row, and write it unless only a preview is wanted."""
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.domain.exports.opening import looks_like_archive
    from deskcrm.domain.imports.importing import preview
    from deskcrm.store.opening import open_profile
    from deskcrm.sync.station import lease

    need(options.profile)
    if looks_like_archive(options.file):
        return exporting.bring_in(options)
    job = exporting.teller()
    sheet = _read(options, job)
    with open_profile(options.profile) as opened:
        lease.check(opened.store)
        columns, mapped, wish = _columns(options, sheet, opened)
        seen = preview(job, opened.store, sheet, mapped, columns, wish)
        written = None if options.preview else _write(seen, opened, job)
    if options.rejects is not None:
        _write_rejects(options.rejects, seen)
    if options.json:
        write_json(_as_json(seen, written))
    else:
        _tell(seen, written)
    return 0


def _region(text: str) -> str:
    from deskcrm.domain.contacts.phones import is_region

    if not is_region(text):
        raise argparse.ArgumentTypeError(tr("two letters, such as RU or US"))
    return text.upper()


def _read(options: argparse.Namespace, job: Job) -> "Sheet":
    from deskcrm.domain.imports.importing import read
    from deskcrm.domain.imports.reading.sheet import Reading

    how = Reading(
        encoding=options.encoding,
        delimiter=options.delimiter.replace("\\t", "\t"),
        sheet=options.sheet,
        header=options.header,
        dates=options.dates,
        decimal=options.decimal,
    )
    return read(job, options.file, how)


def _columns(
    options: argparse.Namespace, sheet: "Sheet", opened: "Opened"
) -> tuple["Columns", "Mapped", "Wish"]:
    from deskcrm.domain.imports.fields import Target
    from deskcrm.domain.imports.importing import guess_target, propose
    from deskcrm.domain.imports.mapping import mapped
    from deskcrm.domain.imports.plan import Choice, Mode, Wish

    target = Target(options.target) if options.target else guess_target(sheet)
    columns = replace(opened.store.ask(propose, sheet, target), region_said=options.region or "")
    held = mapped(columns.suggestions)
    for pair in options.map:
        header, sign, name = pair.rpartition("=")
        if not sign or header not in sheet.headers:
            raise UserError(
                tr("There is no column “{name}” in the file.", name=header or pair),
                tr("Its columns are: {names}.", names=", ".join(sheet.headers)),
            )
        index = sheet.headers.index(header)
        held.pop(index, None)
        if name != "-":
            held[index] = _field(name, columns)
    key = _field(options.update_by, columns) if options.update_by else ""
    mode = Mode.UPDATE if options.only_update else Mode.BOTH if key else Mode.CREATE
    return columns, held, Wish(target, mode, key, Choice(options.alike))


def _field(name: str, columns: "Columns") -> str:
    """Find a field by its key, by what it is called in either language, or a custom one."""
    from deskcrm.domain.imports.fields import FIELDS
    from deskcrm.domain.names import fold

    wanted = fold(name)
    for key, called in columns.names.items():
        if wanted in (fold(called), fold(key)):
            return key
    for field in FIELDS[columns.target]:
        for code in words.LANGUAGES:
            with words.speaking(code):
                if wanted in (fold(words.of(field)), fold(field.value)):
                    return field
    raise UserError(
        tr("There is no field “{name}”.", name=name),
        tr("The fields are: {names}.", names=", ".join(FIELDS[columns.target])),
    )


def _write(seen: "Preview", opened: "Opened", job: Job) -> int | None:
    """Write what the preview told; gives the step, None where there was nothing to write."""
    from deskcrm.domain.imports.importing import apply
    from deskcrm.store.backup import Reason, make_backup

    if seen.questions:
        first = seen.questions[0]
        raise UserError(
            first.text,
            tr("Say it with --{option}; most likely it is “{value}”: {why}.",
               option=first.about, value=first.guess.value, why=first.guess.why),
        )  # fmt: skip
    if not seen.plan.written:
        return None
    receipt = apply(
        job,
        opened.store,
        seen,
        backup=lambda job: make_backup(
            opened.profile, opened.key, Reason.IMPORT, now=clock.now(), job=job
        ),
    )
    return receipt.step


def _write_rejects(path: Path, seen: "Preview") -> None:
    from deskcrm.domain.imports.receipts import write_rejects

    delimiter = seen.sheet.delimiter.value if seen.sheet.delimiter is not None else ","
    try:
        path.write_text(write_rejects(seen.sheet, seen.plan, delimiter), "utf-8-sig", newline="")
    except OSError as error:
        raise UserError(
            tr("“{name}” cannot be written.", name=path.name), str(error.strerror or error)
        ) from error


def _as_json(seen: "Preview", step: int | None) -> dict[str, Any]:
    from deskcrm.domain.imports.plan import Fate, summary

    sheet, found = seen.sheet, {}
    for name, guess in (("encoding", sheet.encoding), ("delimiter", sheet.delimiter),
                        ("sheet", sheet.page), ("header", sheet.header)):  # fmt: skip
        if guess is not None:
            found[name] = {"value": guess.value, "confidence": guess.confidence}
    return summary(seen.plan) | {
        "conflict": seen.plan.counts[Fate.CONFLICT],
        "as": seen.plan.wish.target,
        "step": step,
        "found": found,
        "columns": {sheet.headers[index]: key for index, key in sorted(seen.mapped.items())},
        "questions": [{"about": one.about, "text": one.text} for one in seen.questions],
        "left_out": [{"row": one.number, "text": one.text} for one in sheet.left_out],
        "rows": [_row_as_json(row) for row in seen.plan.rows],
    }


def _row_as_json(row: "RowPlan") -> dict[str, Any]:
    return {
        "row": row.number,
        "outcome": row.fate,
        "title": row.title,
        "why": row.why,
        "of": row.of,
        "of_row": row.twin or None,
        "is_likely": row.is_likely,
        "changes": [{"field": c.key, "from": c.before, "to": c.after} for c in row.changes],
    }


def _tell(seen: "Preview", step: int | None) -> None:
    """Write what was found, what comes of the rows, and what is to be answered."""
    from deskcrm.domain.imports.fields import label_of
    from deskcrm.domain.imports.plan import Fate, summary

    names = seen.columns.names
    for index, key in sorted(seen.mapped.items()):
        write_line(f"{seen.sheet.headers[index]} → {label_of(key, names)}")
    for left in seen.sheet.left_out:
        write_line(tr("line {n} is no row: {text}", n=left.number, text=left.text))
    for question in seen.questions:
        guess = question.guess
        write_line(f"? {question.text} --{question.about} {guess.value}: {guess.why}.")
    for fate in (Fate.REJECTED, Fate.CONFLICT, Fate.CHANGED, Fate.DUPLICATE, Fate.NEW):
        for row in seen.plan.page(0, _SHOWN, fate):
            told = row.why or "; ".join(
                f"{label_of(c.key, names)}: {c.before} → {c.after}" for c in row.changes
            )
            write_line(f"{row.number:>6}  {words.of(fate)}: {row.title}  {told}".rstrip())
    counts = summary(seen.plan)
    write_line(
        tr(
            "{read} rows: {new} new, {changed} changed, {duplicate} there already,"
            " {rejected} rejected.",
            **counts,
        )
    )
    if step is not None:
        write_line(tr("Written as step {step}; “deskcrm undo {step}” takes it back.", step=step))
