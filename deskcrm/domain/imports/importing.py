"""An import from the file to the receipt: the steps that the window and the command line share."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from deskcrm.base.errors import UserError
from deskcrm.base.garbage import seldom_collected
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import CustomField
from deskcrm.domain.contacts.settings import phone_region
from deskcrm.domain.imports.fields import CUSTOM, ImportField, Target, label_of
from deskcrm.domain.imports.mapping import Mapped, Suggestion, signature, suggest
from deskcrm.domain.imports.plan import Choice, Plan, Wish
from deskcrm.domain.imports.planning import custom_fields, plan_rows
from deskcrm.domain.imports.preparing import Prepared, Question, prepare, questions
from deskcrm.domain.imports.reading.child import read_apart
from deskcrm.domain.imports.reading.sheet import FIND_OUT, Reading, Sheet
from deskcrm.domain.imports.receipts import Receipt, read_receipt
from deskcrm.domain.imports.regions import find_region
from deskcrm.domain.imports.templates import Chosen, template_for
from deskcrm.domain.imports.writing import apply_import
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a file most likely hold, and what they could."""

    target: Target
    suggestions: Sequence[Suggestion]
    custom: Mapping[str, CustomField]
    region: str
    """Our own country, as numbers are written without it."""
    region_said: str = ""
    """The country of the numbers in this file, where a person said it."""

    @property
    def names(self) -> dict[str, str]:
        """Give the names of the custom fields, by key."""
        return {key: one.name for key, one in self.custom.items()}


@dataclass(slots=True)
class Preview:
    """What would come of a file, row by row, and what is to be answered before."""

    sheet: Sheet
    mapped: Mapped
    columns: Columns
    rows: Sequence[Prepared]
    plan: Plan
    as_of: int
    """How often the store had been written to when it was asked."""
    questions: Sequence[Question] = field(default_factory=list)


@seldom_collected()
def read(job: Job, path: Path, how: Reading = FIND_OUT) -> Sheet:
    """Read a file in a process of its own."""
    return read_apart(path, how=how, job=job)


def guess_target(sheet: Sheet) -> Target:
    """Guess what the rows are, from the names of the columns alone."""
    from deskcrm.domain.imports.names import fields_called

    found = {name for header in sheet.headers for name in fields_called(header)[:1]}
    if "metric" in found and {"used", "value", "day"} & found:
        return Target.USAGE
    if {"nps", "csat", "ces"} & found:
        return Target.ANSWERS
    if {"invoice", "due_on"} <= found:
        return Target.INVOICES
    if {"left_on", "noticed_on"} & found and {"left_on", "reason", "competitor"} & found:
        return Target.DEPARTURES
    if {"contract", "ends_on"} & found and {"value", "starts_on", "contract"} & found:
        return Target.CONTRACTS
    if "started_at" in found and {"channel", "direction", "outcome", "minutes"} & found:
        return Target.INTERACTIONS
    if "subject" in found and {"priority", "state", "number", "kind"} & found:
        return Target.TICKETS
    return Target.CONTACTS if sheet.form == "vcard" else Target.CLIENTS


def propose(db: Reader, sheet: Sheet, target: Target) -> Columns:
    """Suggest what the columns hold; as in the last file with the same columns, if there is one."""
    custom, region = custom_fields(db), phone_region(db)
    before = template_for(db, signature(sheet.headers), target)
    names = {key: one.name for key, one in custom.items()}
    found = suggest(sheet, target, custom=names, region=region, before=before)
    return Columns(target, found, custom, region)


@seldom_collected()
def preview(
    job: Job, store: Store, sheet: Sheet, mapped: Mapped, columns: Columns, wish: Wish
) -> Preview:
    """Say what would come of every row; writes nothing."""
    check_mapped(mapped, wish, columns.names)
    found = find_region(sheet, mapped, columns.region, columns.region_said)
    region = columns.region if found is None else found.value
    rows = prepare(sheet, mapped, region=region, custom=columns.custom, job=job)
    as_of = store.writes
    plan = store.ask(plan_rows, rows, wish, columns.custom, job)
    return Preview(sheet, mapped, columns, rows, plan, as_of, questions(sheet, mapped, found))


@seldom_collected()
def reconsider(job: Job, store: Store, seen: Preview, choices: Mapping[int, Choice]) -> Preview:
    """Say what would come of every row, once a person chose for those that are likely known."""
    wish = replace(seen.plan.wish, choices={**seen.plan.wish.choices, **choices})
    as_of = store.writes
    plan = store.ask(plan_rows, seen.rows, wish, seen.columns.custom, job)
    return replace(seen, plan=plan, as_of=as_of)


def check_mapped(mapped: Mapped, wish: Wish, names: Mapping[str, str]) -> None:
    """Refuse a mapping from which nothing can come."""
    given = set(mapped.values())
    who = {ImportField.NAME, ImportField.PERSON, ImportField.FIRST_NAME, ImportField.LAST_NAME}
    if not given & (who | {ImportField.PHONE, ImportField.EMAIL, ImportField.TAX_NUMBER}) and not (
        wish.key.startswith(CUSTOM) and wish.key in given
    ):
        raise UserError(
            tr("No column says who the clients are."),
            tr("Say which column holds their name, phone or email."),
        )
    if wish.key and wish.key not in given:
        raise UserError(
            tr("No column holds what records are found by: {field}.",
               field=label_of(wish.key, names)),
            tr("Choose a column for it, or find records by something else."),
        )  # fmt: skip


@seldom_collected()
def apply(
    job: Job, store: Store, seen: Preview, backup: Callable[[Job], object] | None = None
) -> Receipt:
    """Write what the preview told, after a backup; gives what is in the store because of it."""
    if seen.questions:
        first = seen.questions[0]
        raise UserError(first.text, tr("Answer it before the rows are written."))
    if not seen.plan.written:
        raise UserError(
            tr("There is nothing to write."), tr("No row is new, and none changes anything.")
        )
    if backup is not None:
        job.progress(0, 0, tr("Making a backup"))
        backup(job)
    headers = seen.sheet.headers
    chosen = Chosen(
        signature(headers),
        {name: seen.mapped.get(index, "") for index, name in enumerate(headers)},
    )
    done = store.do(
        apply_import, rows=seen.rows, seen=seen.plan, custom=seen.columns.custom, chosen=chosen,
        is_current=lambda: store.database.is_sqlite and store.writes == seen.as_of, job=job,
    )  # fmt: skip
    assert done.step is not None
    return store.reread(read_receipt, done.step, done.tables)
