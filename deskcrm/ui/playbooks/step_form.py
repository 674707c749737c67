"""One step of a playbook as a form: what, when, who, for whom, and what to say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.absences.queries import Choosable
from deskcrm.domain.playbooks.steps import MOST_DAYS, Doer, Step
from deskcrm.domain.tasks.model import TaskKind
from deskcrm.domain.templates.queries import TemplateRow
from deskcrm.domain.users.model import UserRole
from deskcrm.ui.absences.words import person_options
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Choice, Line, Text
from deskcrm.ui.playbooks.asked import AskedField
from deskcrm.ui.settings.templates import variable_names, wrong_text
from deskcrm.ui.views.conditions import Choices


@dataclass(frozen=True, slots=True)
class StepChoices:
    """Everything that can be chosen in a step."""

    people: Sequence[Choosable]
    templates: Sequence[TemplateRow]
    asked: Choices


def open_step(
    desk: Desk,
    over: QWidget,
    choices: StepChoices,
    step: Step | None,
    take: Callable[[Step], object],
) -> FormCard:
    """Ask for a step, or edit one; ``take`` is given what it became."""

    def save(values: dict[str, Any]) -> None:
        take(_step(step.key if step is not None else "", values))

    card = FormCard(
        desk,
        over,
        tr("New step") if step is None else tr("Edit step"),
        _fields(over, choices),
        save,
        place="playbooks.step",
        subject="" if step is None else step.key,
        values=_values(step or Step("")),
        button=tr("Apply"),
        width=620,
    )
    card.form.edited.connect(lambda: _show_what_matters(card))
    _show_what_matters(card)
    return card


def _show_what_matters(card: FormCard) -> None:
    """Ask for the role or the person only where one is wanted."""
    fields = card.form.fields
    doer = fields["doer"].value()
    fields["role"].setVisible(doer is Doer.ROLE)
    fields["person_id"].setVisible(doer is Doer.PERSON)
    card.relayout()


def whole_days(text: Any) -> str:
    """Say what is wrong with a number of working days."""
    typed = str(text).strip()
    is_right = typed.isdigit() and int(typed) <= MOST_DAYS
    return "" if is_right else tr("A whole number from 0 to {n}.", n=MOST_DAYS)


def _fields(over: QWidget, choices: StepChoices) -> list[Any]:
    return [
        Line("title", tr("What is to be done"), required=True),
        (
            Line("after_days", tr("Working days after the start"), required=True, check=whole_days),
            Choice("kind", tr("Kind"), [(one, of(one)) for one in TaskKind]),
        ),
        (
            Choice("doer", tr("Who does it"), [(one, of(one)) for one in Doer]),
            Choice("role", tr("Role"), [(one, of(one)) for one in UserRole]),
            Choice("person_id", tr("Person"), person_options(choices.people)),
        ),
        Check("is_required", tr("Required: the playbook is not finished without it")),
        AskedField("only_if", tr("Which clients"), over, choices.asked),
        Choice(
            "template_id", tr("Reply template"), [(one.id, one.name) for one in choices.templates],
            none=tr("none"),
        ),
        Text("message", tr("What to say or write"), lines=3, check=wrong_text,
             hint=variable_names()),
    ]  # fmt: skip


def _values(step: Step) -> dict[str, Any]:
    values = {
        key: getattr(step, key)
        for key in (
            "title", "kind", "doer", "is_required", "only_if", "template_id", "message",
        )
    }  # fmt: skip
    values["after_days"] = str(step.after_days)
    if step.role is not None:
        values["role"] = step.role
    if step.person_id is not None:
        values["person_id"] = step.person_id
    return values


def _step(key: str, values: dict[str, Any]) -> Step:
    doer = values["doer"]
    return Step(
        title=values["title"],
        key=key,
        kind=values["kind"],
        after_days=int(values["after_days"]),
        doer=doer,
        role=values["role"] if doer is Doer.ROLE else None,
        person_id=values["person_id"] if doer is Doer.PERSON else None,
        is_required=values["is_required"],
        only_if=values["only_if"],
        template_id=values["template_id"],
        message=values["message"],
    )
