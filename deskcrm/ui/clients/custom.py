"""Fields of a team's own: filled in with the client, and defined on a card."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, Final
from uuid import UUID

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.clients.custom_fields import (
    add_custom_field,
    delete_custom_field,
    edit_custom_field,
    order_custom_fields,
)
from deskcrm.domain.clients.detail import ClientDetail, CustomValueRow, list_custom_values
from deskcrm.domain.clients.model import ClientId, CustomFieldId, FieldKind
from deskcrm.domain.clients.rules import NO, YES, canonical
from deskcrm.store.reader import Reader
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.drafts.refusal import refusal
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Choice, Field, Line, Text
from deskcrm.ui.kit.fields_parsed import Day
from deskcrm.ui.kit.overlay import Overlay

_PREFIX: Final = "custom:"
"""What the name of a custom field begins with in the form; its id follows, in hex."""


def custom_fields(detail: ClientDetail) -> list[Field]:
    """Make the editors of the fields that the team added."""
    return [_editor(value) for value in detail.custom_values]


def custom_values(detail: ClientDetail) -> dict[str, Any]:
    """Give what the editors are filled with."""
    return {_name(value): _shown(value) for value in detail.custom_values}


def take_custom(changes: dict[str, Any], detail: ClientDetail) -> dict[CustomFieldId, str]:
    """Take what was changed in the team's own fields out of all that was changed."""
    found = {}
    for value in detail.custom_values:
        if _name(value) in changes:
            found[value.field_id] = _kept(value, changes.pop(_name(value)))
    return found


def _name(value: CustomValueRow) -> str:
    return _PREFIX + value.field_id.hex


def _editor(value: CustomValueRow) -> Field:
    name, label, needed = _name(value), value.name, value.is_required
    match value.kind:
        case FieldKind.DATE:
            return Day(name, label, required=needed, hint=value.hint)
        case FieldKind.CHECK:
            return Check(name, label, hint=value.hint)
        case FieldKind.CHOICE:
            # What was taken from the choices stays where it was chosen.
            choices = list(dict.fromkeys((*value.choices, *([value.text] if value.text else []))))
            options = [(one, one) for one in choices]
            return Choice(
                name, label, options, none=tr("Not known"), required=needed, hint=value.hint
            )
        case _:
            rule = refusal(lambda typed: canonical(value.kind, typed))
            return Line(name, label, required=needed, hint=value.hint, check=rule)


def _shown(value: CustomValueRow) -> Any:
    if value.kind is FieldKind.CHECK:
        return value.text == YES
    if value.kind is FieldKind.DATE:
        return date.fromisoformat(value.text) if value.text else None
    return value.text or None


def _kept(value: CustomValueRow, typed: Any) -> str:
    if value.kind is FieldKind.CHECK:
        return YES if typed else NO
    if isinstance(typed, date):
        return typed.isoformat()
    return "" if typed is None else str(typed)


def list_definitions(db: Reader) -> list[CustomValueRow]:
    """List the fields that the team added, without anybody's values."""
    return list_custom_values(db, ClientId(UUID(int=0)))


class CustomFieldsCard(Overlay):
    """The fields of the team: added, renamed, put in order, deleted. Opens itself."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__(over.window(), width=560, top=0.08)
        self.desk = desk
        self._over = over
        self._fields: list[CustomValueRow] = []
        self.lines = parts.column(spacing=4)
        self.add = parts.button(
            tr("Add field"), lambda: self.open_field(None), look="primary", icon="plus"
        )
        close = parts.icon_button("close", tr("Close"), self.close_card)
        why = tr("Every client’s form has them, and the list can be filtered by them.")
        self.card.setLayout(
            parts.column(
                parts.row(parts.label(tr("Custom fields"), "heading"), None, close),
                parts.label(why, "muted", wrap=True),
                self.lines,
                parts.row(self.add, None),
                None,
                spacing=12,
                margins=(24, 16, 16, 20),
            )
        )
        self.closed.connect(self.deleteLater)
        self.open_card()
        desk.touched.connect(self._hear)
        self._ask()

    def _hear(self, tables: frozenset[str]) -> None:
        if "custom_field" in tables:
            self._ask()

    def _ask(self) -> None:
        self.desk.ask((self, "fields"), list_definitions).then(self._show)

    def _show(self, fields: list[CustomValueRow]) -> None:
        self._fields = fields
        parts.clear(self.lines)
        for at, field in enumerate(fields):
            self.lines.addWidget(self._line(at, field))
        if not fields:
            self.lines.addWidget(parts.label(tr("There are none yet."), "muted"))
        self.relayout()

    def _line(self, at: int, field: CustomValueRow) -> QWidget:
        line = QWidget()
        row = parts.row(spacing=4)
        row.addWidget(parts.ElidedLabel(field.name, "strong"), 1)
        row.addWidget(parts.label(_kind_words(field.kind), "muted"))
        up = parts.icon_button("chevron-up", tr("Move {name} up", name=field.name))
        up.clicked.connect(partial(self._move_up, at))
        up.setEnabled(at > 0)
        row.addWidget(up)
        change = partial(self.open_field, field)
        row.addWidget(parts.icon_button("edit", tr("Edit {name}", name=field.name), change))
        delete = partial(self._delete, field)
        row.addWidget(parts.icon_button("trash", tr("Delete {name}", name=field.name), delete))
        line.setLayout(row)
        return line

    def _move_up(self, at: int, _checked: bool = False) -> None:
        ids = [field.field_id for field in self._fields]
        ids[at - 1], ids[at] = ids[at], ids[at - 1]
        self.desk.do(order_custom_fields, ids).tell()

    def _delete(self, field: CustomValueRow) -> None:
        self.desk.do(delete_custom_field, field.field_id).tell()

    def open_field(self, field: CustomValueRow | None) -> FormCard:
        """Ask for a new field, or change one; its kind stays."""

        def save(values: dict[str, Any]) -> Any:
            values["choices"] = _lines(values["choices"])
            if field is None:
                return self.desk.do(add_custom_field, **values).tell()
            if field.kind is not FieldKind.CHOICE:
                del values["choices"]
            return self.desk.do(edit_custom_field, field.field_id, **values).tell()

        kinds = [(kind, _kind_words(kind)) for kind in FieldKind]
        kind = [Choice("kind", tr("Kind"), kinds)] if field is None else []
        hint = tr("One on a line; only for a choice.")
        return FormCard(
            self.desk,
            self._over,
            tr("New field") if field is None else tr("Edit field"),
            [
                Line("name", ptr("thing", "Name"), required=True),
                *kind,
                Text("choices", tr("Choices"), hint=hint),
                Line("hint", tr("Hint")),
                Check("is_required", tr("Must be filled in")),
            ],
            save,
            place="clients.custom_field",
            subject="" if field is None else field.field_id.hex,
            values=_defined(field),
            button=tr("Add field") if field is None else "",
            width=440,
        )


def _kind_words(kind: FieldKind) -> str:
    return tr("Yes or no") if kind is FieldKind.CHECK else of(kind)


def _defined(field: CustomValueRow | None) -> dict[str, Any]:
    if field is None:
        return {"kind": FieldKind.TEXT}
    return {
        "name": field.name,
        "choices": "\n".join(field.choices),
        "hint": field.hint,
        "is_required": field.is_required,
    }


def _lines(text: str) -> Sequence[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
