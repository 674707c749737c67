"""Adds fields of a team's own to clients, and fills them in."""

from collections.abc import Sequence

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import (
    Client,
    ClientId,
    CustomField,
    CustomFieldId,
    CustomValue,
    FieldKind,
    custom_value_id,
)
from deskcrm.domain.clients.rules import canonical, check_choices
from deskcrm.domain.erasures.erased import check_not_erased
from deskcrm.domain.names import fold, one_line
from deskcrm.domain.naming import next_position
from deskcrm.store.commands import command
from deskcrm.store.work import Work


@command("clients.add_custom_field", "Add custom field")
def add_custom_field(
    work: Work,
    *,
    name: str,
    kind: FieldKind = FieldKind.TEXT,
    choices: Sequence[str] = (),
    hint: str = "",
    is_required: bool = False,
) -> CustomFieldId:
    """Add a field to all clients, behind the ones there are."""
    field = CustomField(
        name=_free_name(work, name, None),
        kind=kind,
        choices=check_choices(kind, choices),
        hint=one_line(hint),
        is_required=is_required,
        position=next_position(work, CustomField),
    )
    return CustomFieldId(work.add(field).id)


@command("clients.edit_custom_field", "Edit custom field")
def edit_custom_field(
    work: Work,
    field_id: CustomFieldId,
    *,
    name: str | None = None,
    choices: Sequence[str] | None = None,
    hint: str | None = None,
    is_required: bool | None = None,
) -> None:
    """Change a field; its kind stays, since what is filled in was read by it.

    A choice that is taken away stays where it was chosen, and cannot be chosen again.
    """
    field = work.get(CustomField, field_id)
    if name is not None:
        field.name = _free_name(work, name, field_id)
    if choices is not None:
        field.choices = check_choices(field.kind, choices)
    if hint is not None:
        field.hint = one_line(hint)
    if is_required is not None:
        field.is_required = is_required


@command("clients.order_custom_fields", "Reorder custom fields")
def order_custom_fields(work: Work, field_ids: Sequence[CustomFieldId]) -> None:
    """Put the fields in the order given."""
    for position, field_id in enumerate(field_ids, start=1):
        work.get(CustomField, field_id).position = position


@command("clients.delete_custom_field", "Delete custom field")
def delete_custom_field(work: Work, field_id: CustomFieldId) -> None:
    """Delete a field; what was filled in is hidden with it and comes back with it."""
    work.delete(work.get(CustomField, field_id))


@command("clients.restore_custom_field", "Restore custom field")
def restore_custom_field(work: Work, field_id: CustomFieldId) -> None:
    """Bring a deleted field back, with what was filled in."""
    field = work.find_deleted(CustomField, field_id)
    if field is None:
        raise UserError(tr("This field is not deleted."), tr("Look for it in the list."))
    work.restore(field)


@command("clients.set_custom_value", "Fill in field")
def set_custom_value(
    work: Work, client_id: ClientId, *, field_id: CustomFieldId, text: str
) -> bool:
    """Fill in a custom field of a client, as typed; nothing clears it. Tells whether it differs."""
    client, field = work.get(Client, client_id), work.get(CustomField, field_id)
    check_not_erased(work, client_id)
    kept = canonical(field.kind, text, field.choices)
    if field.is_required and not kept:
        raise UserError(
            tr("“{field}” must be filled in.", field=field.name),
            tr("Enter a value for {client}.", client=client.name),
        )
    value_id = custom_value_id(client_id, field_id)
    value, before = work.find(CustomValue, value_id), ""
    if value is not None:
        before = value.text
    elif (value := work.find_deleted(CustomValue, value_id)) is not None:
        work.restore(value)
    if value is not None:
        value.text = kept
    elif kept:
        work.add(CustomValue(id=value_id, client_id=client_id, field_id=field_id, text=kept))
    return kept != before


def _free_name(work: Work, name: str, field_id: CustomFieldId | None) -> str:
    """Give the name if it is one and no other field has it."""
    name = one_line(name)
    if not name:
        raise UserError(tr("A field needs a name."), tr("Type the name and save again."))
    taken = work.all(select(CustomField.id, CustomField.name).where(~CustomField.is_deleted))
    if any(fold(other) == fold(name) and other_id != field_id for other_id, other in taken):
        raise UserError(
            tr("There is a field “{name}” already.", name=name), tr("Choose another name.")
        )
    return name
