"""Writes a plan as one step: all of it or nothing, and undone with one word."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.clients.commands import ClientChanges, edit_client
from deskcrm.domain.clients.custom_fields import set_custom_value
from deskcrm.domain.clients.model import (
    Client,
    ClientId,
    ClientKind,
    CustomField,
    CustomFieldId,
    CustomValue,
    Lifecycle,
    custom_value_id,
)
from deskcrm.domain.contacts.commands import ContactChanges, edit_contact
from deskcrm.domain.contacts.model import Contact, ContactId, ContactPoint
from deskcrm.domain.days import day_of
from deskcrm.domain.imports.answers import write_answers
from deskcrm.domain.imports.fields import CUSTOM, ImportField, Target
from deskcrm.domain.imports.figures import FEEDS, write_figures
from deskcrm.domain.imports.happenings import write_happenings
from deskcrm.domain.imports.people import OF_CLIENT, OF_CONTACT
from deskcrm.domain.imports.plan import Fate, Plan, RowPlan, summary
from deskcrm.domain.imports.planning import plan_rows
from deskcrm.domain.imports.preparing import Prepared, is_of_people
from deskcrm.domain.imports.templates import Chosen, keep_template
from deskcrm.domain.tags.commands import tag_clients_by_name
from deskcrm.domain.users.model import User
from deskcrm.store.commands import command
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

F = ImportField
Values = dict[str, Any]
_AT_ONCE: Final = 5_000


@command("imports.apply", "Import file")
def apply_import(
    work: Work,
    *,
    rows: Sequence[Prepared],
    seen: Plan,
    custom: Mapping[str, CustomField],
    chosen: Chosen,
    is_current: Callable[[], bool],
    job: Job,
) -> Plan:
    """Write what comes of the rows now; UserError if that is not what the preview had told.

    Unless the plan is current, it is made again within the transaction: somebody changed the
    workspace since.
    """
    wish, expected = seen.wish, summary(seen)
    plan = seen if is_current() else plan_rows(work, rows, wish, custom, job, seen.rows)
    if summary(plan) != expected:
        raise UserError(
            tr("The workspace has changed since the preview."),
            tr("Nothing was written. Look at the preview again, then import."),
        )
    keep_template(work, wish.target, chosen)
    if is_of_people(wish.target):
        _write_people(work, plan, custom, job)
    elif wish.target in FEEDS:
        write_figures(work, plan, job)
    elif wish.target is Target.ANSWERS:
        write_answers(work, plan, job)
    else:
        write_happenings(work, plan, job)
    return plan


def _write_people(work: Work, plan: Plan, custom: Mapping[str, CustomField], job: Job) -> None:
    new = [row for row in plan.rows if row.fate is Fate.NEW]
    changed = [row for row in plan.rows if row.fate is Fate.CHANGED]
    total, owner = len(new) + len(changed), _self_if_active(work)
    done = 0
    for some in in_chunks(new, _AT_ONCE):
        job.progress(done, total, tr("Writing"))
        made = [row for row in some if row.makes_client]
        work.insert_many(Client, (_client(work, row, owner) for row in made))
        work.insert_many(Contact, (_contact(row) for row in some if row.makes_contact))
        work.insert_many(ContactPoint, sorted(_points(work, some), key=itemgetter("id")))
        work.insert_many(CustomValue, _customs(made, custom))
        work.settle()
        done += len(some)
    for some in in_chunks(changed, _AT_ONCE):
        job.progress(done, total, tr("Writing"))
        _change(work, some)
        work.insert_many(Contact, (_contact(row) for row in some if row.makes_contact))
        work.insert_many(ContactPoint, sorted(_points(work, some), key=itemgetter("id")))
        work.settle()
        done += len(some)
    tagged = [row for row in changed if any(change.key == F.TAGS for change in row.changes)]
    _tag(work, [*(row for row in new if row.makes_client), *tagged])
    job.progress(total, total, tr("Making the search index"))


def _self_if_active(work: Work) -> UUID | None:
    user = work.find(User, work.actor)
    return user.id if user is not None and user.is_active else None


def _client(work: Work, plan: RowPlan, owner: UUID | None) -> Values:
    """Give the columns of a new client; what the file does not say is not made up."""
    row = plan.row
    assert row is not None
    name = row.name
    values: Values = {"id": plan.client, "name": name, "sort_name": row.name_key}
    values["kind"] = ClientKind.COMPANY if row.company else ClientKind.PERSON
    if owner is not None:
        values["owner_id"] = owner
    for key, column in OF_CLIENT.items():
        if key in row.values:
            values[column] = row.values[key]
    if values.get("lifecycle") is Lifecycle.CHURNED:
        values["churned_on"] = day_of(work.now)
    return values


def _contact(plan: RowPlan) -> Values:
    row = plan.row
    assert row is not None
    values: Values = {
        "id": plan.contact, "client_id": plan.client, "name": row.person,
    }  # fmt: skip
    for key, column in OF_CONTACT.items():
        if key in row.values:
            values[column] = row.values[key]
    return values


def _points(work: Work, rows: Sequence[RowPlan]) -> Iterator[Values]:
    for plan in rows:
        owner = plan.contact or plan.client
        is_new = plan.makes_contact or (plan.makes_client and plan.contact is None)
        seen: set[tuple[object, ...]] = set()
        for kind, address in plan.points:
            meaning = (owner, kind, address.normal, address.extension)
            if meaning in seen:
                continue
            seen.add(meaning)
            # What is reached for the first time can have had no such address before.
            values: Values = {
                "id": meant_id("contact_point", *meaning, 1)
                if is_new
                else work.unused_id(ContactPoint, *meaning),
                "client_id": plan.client,
                "kind": kind,
                "typed": address.typed,
                "normal": address.normal,
            }
            if plan.contact is not None:
                values["contact_id"] = plan.contact
            if address.extension:
                values["extension"] = address.extension
            yield values


def _customs(rows: Sequence[RowPlan], custom: Mapping[str, CustomField]) -> Iterator[Values]:
    for plan in rows:
        assert plan.row is not None
        assert plan.client is not None
        for key, text in plan.row.values.items():
            if key.startswith(CUSTOM) and text:
                client_id, field_id = ClientId(plan.client), CustomFieldId(custom[key].id)
                row_id = custom_value_id(client_id, field_id)
                yield {"id": row_id, "client_id": client_id, "field_id": field_id, "text": text}


def _change(work: Work, rows: Sequence[RowPlan]) -> None:
    """Change clients and contacts through the commands that a person would use."""
    held = _loaded(work, rows)
    for plan in rows:
        row = plan.row
        assert row is not None
        assert plan.client is not None
        client_id, keys = ClientId(plan.client), {change.key for change in plan.changes}
        changes: Values = {
            column: row.values[key] for key, column in OF_CLIENT.items() if key in keys
        }
        if F.NAME in keys:
            changes["name"] = row.company
        if changes:
            edit_client(work, client_id, **cast(ClientChanges, changes))
        for_contact: Values = {
            column: row.values[key] for key, column in OF_CONTACT.items() if key in keys
        }
        if for_contact and plan.contact is not None:
            edit_contact(work, ContactId(plan.contact), **cast(ContactChanges, for_contact))
        for key in keys:
            if key.startswith(CUSTOM):
                field_id = CustomFieldId(UUID(key.removeprefix(CUSTOM)))
                set_custom_value(work, client_id, field_id=field_id, text=row.values[key])
    del held


def _loaded(work: Work, rows: Sequence[RowPlan]) -> list[Any]:
    """Load what is changed, a thousand at a time; it stays loaded while it is held."""
    held: list[Any] = []
    for clients in in_chunks({row.client for row in rows}):
        held += work.records(select(Client).where(Client.id.in_(clients)))
    for contacts in in_chunks({row.contact for row in rows if row.contact}):
        held += work.records(select(Contact).where(Contact.id.in_(contacts)))
    return held


def _tag(work: Work, rows: Sequence[RowPlan]) -> None:
    wearers: dict[str, list[ClientId]] = defaultdict(list)
    for plan in rows:
        assert plan.row is not None
        for tag in plan.row.values.get(F.TAGS, ()):
            assert plan.client is not None
            wearers[tag].append(ClientId(plan.client))
    for tag, clients in wearers.items():
        tag_clients_by_name(work, clients, name=tag)
