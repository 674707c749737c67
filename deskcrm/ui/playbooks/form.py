"""The form of a playbook: what it begins with, at whom, and its steps; and who would match."""

from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.absences.queries import list_choosable
from deskcrm.domain.clients.filters import list_filter_fields
from deskcrm.domain.playbooks.commands import create_playbook, edit_playbook
from deskcrm.domain.playbooks.model import TriggerKind
from deskcrm.domain.playbooks.queries import PlaybookRow
from deskcrm.domain.playbooks.triggers.all import TRIGGERS
from deskcrm.domain.templates.queries import list_templates
from deskcrm.store.reader import Reader
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Choice, Line, Text
from deskcrm.ui.playbooks.asked import AskedField
from deskcrm.ui.playbooks.dry import DryRunCard, terms_from
from deskcrm.ui.playbooks.step_form import StepChoices
from deskcrm.ui.playbooks.steps_field import StepsField
from deskcrm.ui.views.filtering import get_choices

_OF_PLAYBOOK: Final = (
    "name", "about", "trigger", "conditions", "is_active", "ends_when_gone", "steps",
)  # fmt: skip


def get_step_choices(db: Reader) -> StepChoices:
    """Gather everything that can be chosen in a playbook."""
    asked = get_choices(db, list_filter_fields)
    return StepChoices(list_choosable(db), list_templates(db), asked)


def open_playbook(desk: Desk, over: QWidget, row: PlaybookRow | None) -> None:
    """Ask for a new playbook, or edit one."""
    asked = desk.ask((over, "playbook choices"), get_step_choices)
    asked.then(lambda choices: _open(desk, over, row, choices))


def _open(desk: Desk, over: QWidget, row: PlaybookRow | None, choices: StepChoices) -> FormCard:
    def save(values: dict[str, Any]) -> Any:
        for key in ("days", "rest_days"):
            if key in values:
                values[key] = int(values[key] or 0)
        if row is None:
            return desk.do(create_playbook, **values).tell()
        if "only_new" in values and values["only_new"] == (row.counts_from is not None):
            del values["only_new"]
        return desk.do(edit_playbook, row.id, **values).tell()

    card = FormCard(
        desk,
        over,
        tr("New playbook") if row is None else tr("Edit playbook"),
        _fields(desk, over, choices),
        save,
        place="playbooks.edit",
        subject="" if row is None else row.id.hex,
        values=_values(row),
        changes_only=row is not None,
        width=700,
    )
    preview = parts.button(
        tr("Who would match?"), lambda: _preview(desk, over, card, row), look="quiet", icon="eye"
    )
    card.form.buttons.addWidget(preview)
    card.form.edited.connect(lambda: _show_what_matters(card))
    _show_what_matters(card)
    return card


def _preview(desk: Desk, over: QWidget, card: FormCard, row: PlaybookRow | None) -> None:
    fields = card.form.fields
    terms = terms_from(
        fields["trigger"].value(), fields["days"].value(), fields["conditions"].value(), row
    )
    DryRunCard(desk, over, fields["name"].value() or tr("New playbook"), terms)


def _show_what_matters(card: FormCard) -> None:
    """Ask for days only where the trigger counts by them, and for no more than it needs."""
    fields = card.form.fields
    trigger = TRIGGERS.get(fields["trigger"].value())
    fields["days"].setVisible(trigger is not None and bool(trigger.days))
    for key in ("conditions", "only_new", "rest_days"):
        fields[key].setVisible(trigger is not None)
    fields["ends_when_gone"].setVisible(trigger is not None and trigger.holds)
    card.relayout()


def _number(text: Any) -> str:
    typed = str(text).strip()
    return "" if typed.isdigit() else tr("Write a whole number, like 7.")


def _fields(desk: Desk, over: QWidget, choices: StepChoices) -> list[Any]:
    return [
        (
            Line("name", ptr("thing", "Name"), required=True),
            Check("is_active", tr("In use")),
        ),
        Text("about", tr("What it is for"), lines=2),
        (
            Choice("trigger", tr("Begins with"), [(one, of(one)) for one in TriggerKind]),
            Line("days", tr("Days"), check=_number),
        ),
        AskedField("conditions", tr("Which clients"), over, choices.asked),
        Check("only_new", tr("Only for what comes about from now on")),
        Check("ends_when_gone", tr("Ends by itself when the reason is gone")),
        Line("rest_days", tr("Days of rest before it begins again at a client"), check=_number),
        StepsField("steps", tr("Steps"), desk, over, choices),
    ]


def _values(row: PlaybookRow | None) -> dict[str, Any]:
    if row is None:
        return {
            "is_active": True, "only_new": True, "days": "30", "rest_days": "0",
            "trigger": TriggerKind.BY_HAND,
        }  # fmt: skip
    return {key: getattr(row, key) for key in _OF_PLAYBOOK} | {
        "days": str(row.days),
        "rest_days": str(row.rest_days),
        "only_new": row.counts_from is not None,
    }
