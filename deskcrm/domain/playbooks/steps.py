"""The steps of a playbook: what is done, when, by whom and if what; read and written as data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.base.words import tr
from deskcrm.domain.names import one_line
from deskcrm.domain.tasks.model import TaskKind
from deskcrm.domain.templates.model import ReplyTemplateId
from deskcrm.domain.templates.variables import parse
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.domain.views.filters import Filter, filter_from_json, filter_to_json

MOST_STEPS: Final = 50
MOST_DAYS: Final = 520
"""Working days: two years."""
LONGEST: Final = 20_000


class Doer(StrEnum):
    """Who does a step."""

    OWNER = "owner"
    ROLE = "role"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. ``key`` stays the same from version to version; empty: it is new."""

    title: str
    key: str = ""
    kind: TaskKind = TaskKind.FOLLOW_UP
    after_days: int = 0
    """Working days after the start."""
    doer: Doer = Doer.OWNER
    role: UserRole | None = None
    person_id: UserId | None = None
    is_required: bool = True
    only_if: Filter = field(default_factory=Filter)
    """Asked of the client when the step's day has come; without a match it is not needed."""
    template_id: ReplyTemplateId | None = None
    message: str = ""
    """What to say or write, with the variables of reply templates."""


def checked_steps(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Give steps that can be done, in the order of their days; UserError, in words, if not."""
    if not steps:
        raise UserError(tr("A playbook needs a step."), tr("Say what is done first."))
    if len(steps) > MOST_STEPS:
        raise UserError(
            tr("A playbook has {n} steps at the most.", n=MOST_STEPS),
            tr("Make two playbooks, or put several things into one step."),
        )
    found = [_checked(step) for step in steps]
    keys = [step.key for step in found]
    if len(set(keys)) != len(keys):
        raise UserError(tr("A step stands twice in this playbook."), tr("Remove one of the two."))
    return tuple(sorted(found, key=lambda step: step.after_days))


def _checked(step: Step) -> Step:
    title = one_line(step.title)
    if not title:
        raise UserError(tr("A step needs a title."), tr("Say in a few words what is to be done."))
    if not 0 <= step.after_days <= MOST_DAYS:
        raise UserError(
            tr("“{step}” is 0 to {n} working days after the start.", step=title, n=MOST_DAYS),
            tr("Enter another number of days."),
        )
    if step.doer is Doer.PERSON and step.person_id is None:
        raise UserError(
            tr("“{step}” does not say who does it.", step=title), tr("Choose the person.")
        )
    if step.doer is Doer.ROLE and step.role is None:
        raise UserError(
            tr("“{step}” does not say who does it.", step=title), tr("Choose the role.")
        )
    if len(step.message) > LONGEST:
        raise UserError(
            tr("The message of “{step}” is too long.", step=title),
            tr("Shorten it, or link a file."),
        )
    parse(step.message)
    return replace(
        step,
        title=title,
        key=step.key or new_id().hex,
        role=step.role if step.doer is Doer.ROLE else None,
        person_id=step.person_id if step.doer is Doer.PERSON else None,
        message=step.message.strip(),
    )


def steps_to_json(steps: Iterable[Step]) -> dict[str, Any]:
    """Write steps as a version keeps them."""
    return {"steps": [_to_json(step) for step in steps]}


def steps_from_json(kept: Mapping[str, Any]) -> tuple[Step, ...]:
    """Read the steps of a version; UserError when a newer program wrote them."""
    try:
        return tuple(_from_json(one) for one in kept.get("steps", ()))
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            tr("This playbook was made by a newer version of DeskCRM."), tr("Update the program.")
        ) from error


def _to_json(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "title": step.title,
        "kind": step.kind.value,
        "after_days": step.after_days,
        "doer": step.doer.value,
        "role": step.role and step.role.value,
        "person": step.person_id and step.person_id.hex,
        "required": step.is_required,
        "only_if": filter_to_json(step.only_if),
        "template": step.template_id and step.template_id.hex,
        "message": step.message,
    }


def _from_json(kept: Mapping[str, Any]) -> Step:
    person, template, role = kept.get("person"), kept.get("template"), kept.get("role")
    return Step(
        title=str(kept["title"]),
        key=str(kept["key"]),
        kind=TaskKind(kept.get("kind", TaskKind.FOLLOW_UP)),
        after_days=int(kept.get("after_days", 0)),
        doer=Doer(kept.get("doer", Doer.OWNER)),
        role=UserRole(role) if role else None,
        person_id=UserId(UUID(hex=person)) if person else None,
        is_required=bool(kept.get("required", True)),
        only_if=filter_from_json(kept.get("only_if") or {}),
        template_id=ReplyTemplateId(UUID(hex=template)) if template else None,
        message=str(kept.get("message", "")),
    )
