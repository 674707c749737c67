"""Makes playbooks, changes them from version to version, and takes over those that come along."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack

from sqlalchemy import func, select

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.base.words import tr
from deskcrm.domain.naming import check_name_free
from deskcrm.domain.playbooks.asking import check_asked
from deskcrm.domain.playbooks.model import (
    Playbook,
    PlaybookEdition,
    PlaybookEditionId,
    PlaybookId,
    TriggerKind,
)
from deskcrm.domain.playbooks.shipped import find_shipped
from deskcrm.domain.playbooks.steps import Step, checked_steps, steps_from_json, steps_to_json
from deskcrm.domain.playbooks.triggers.all import SEGMENTS, TRIGGERS
from deskcrm.domain.templates.model import ReplyTemplate
from deskcrm.domain.users.model import User, UserId
from deskcrm.domain.views.filters import Filter, filter_to_json
from deskcrm.store.commands import command
from deskcrm.store.work import Work

MOST_DAYS: Final = 3_650


class PlaybookTerms(TypedDict, total=False):
    """What a playbook begins with, and how; only what is given is written."""

    about: str
    is_active: bool
    days: int
    conditions: Filter
    only_new: bool
    """It begins only for what comes about from now on."""
    rest_days: int
    ends_when_gone: bool


class PlaybookChanges(PlaybookTerms, total=False):
    """What can be edited of a playbook."""

    name: str
    trigger: TriggerKind
    steps: Sequence[Step]


@command("playbooks.create", "Create playbook")
def create_playbook(
    work: Work,
    /,
    *,
    name: str,
    steps: Sequence[Step],
    trigger: TriggerKind = TriggerKind.BY_HAND,
    **terms: Unpack[PlaybookTerms],
) -> PlaybookId:
    """Make a playbook; its steps are its first version."""
    playbook = Playbook(name=name)
    work.add(playbook)
    _change(work, playbook, {**terms, "name": name, "trigger": trigger, "steps": steps})
    return PlaybookId(playbook.id)


@command("playbooks.edit", "Edit playbook")
def edit_playbook(
    work: Work, /, playbook_id: PlaybookId, **changes: Unpack[PlaybookChanges]
) -> None:
    """Change a playbook; other steps are a new version, and what runs keeps the one it has."""
    _change(work, work.get(Playbook, playbook_id), changes)


@command("playbooks.adopt", "Use playbook")
def adopt_playbook(work: Work, key: str, *, only_new: bool = True) -> PlaybookId:
    """Take over one of the playbooks that come with the program, to use and to change it."""
    shipped = find_shipped(key)
    if shipped is None:
        raise UserError(tr("There is no such playbook."), tr("Choose one from the list."))
    playbook_id = meant_id("playbook", key)
    known = work.session.get(Playbook, playbook_id)
    if known is not None and not known.is_deleted:
        raise UserError(
            tr("“{name}” is in use already.", name=known.name), tr("Change it as you like.")
        )
    playbook = known or work.add(Playbook(id=playbook_id, name=shipped.name, origin=key))
    playbook.is_deleted = False
    _change(
        work,
        playbook,
        {
            "name": shipped.name, "about": shipped.about, "trigger": shipped.trigger,
            "days": shipped.days, "rest_days": shipped.rest_days,
            "ends_when_gone": shipped.ends_when_gone, "only_new": only_new, "is_active": True,
            "steps": shipped.steps,
        },
    )  # fmt: skip
    return PlaybookId(playbook_id)


@command("playbooks.delete", "Delete playbook")
def delete_playbook(work: Work, playbook_id: PlaybookId) -> None:
    """Delete a playbook; where it runs it goes on to its end."""
    work.delete(work.get(Playbook, playbook_id))


def _change(work: Work, playbook: Playbook, changes: Mapping[str, Any]) -> None:
    if "name" in changes:
        playbook.rename(changes["name"])
        title = tr("There is a playbook “{name}” already.", name=playbook.name)
        check_name_free(work, playbook, title)
    if "about" in changes:
        playbook.about = changes["about"].strip()
    if "conditions" in changes:
        check_asked(work, changes["conditions"])
        playbook.conditions = filter_to_json(changes["conditions"])
    if "only_new" in changes:
        playbook.counts_from = work.now if changes["only_new"] else None
    for key in ("is_active", "trigger", "days", "rest_days", "ends_when_gone"):
        if key in changes:
            setattr(playbook, key, changes[key])
    _check(playbook)
    if "steps" in changes:
        _publish(work, playbook, checked_steps(changes["steps"]))


def _check(playbook: Playbook) -> None:
    trigger = TRIGGERS.get(playbook.trigger)
    if trigger is None or not trigger.days:
        playbook.days = 0
    elif not 1 <= playbook.days <= MOST_DAYS:
        raise UserError(
            tr("The trigger counts by 1 to {n} days.", n=MOST_DAYS),
            tr("{n} days are usual.", n=trigger.days),
        )
    if not 0 <= playbook.rest_days <= MOST_DAYS:
        raise UserError(
            tr("A playbook rests 0 to {n} days.", n=MOST_DAYS), tr("Enter another number of days.")
        )
    if playbook.trigger in SEGMENTS and not playbook.conditions.get("all"):
        raise UserError(
            tr("The segment is everybody."), tr("Add a condition that tells who belongs to it.")
        )


def _publish(work: Work, playbook: Playbook, steps: tuple[Step, ...]) -> None:
    """Make the steps a new version, unless they are as they were."""
    for step in steps:
        check_asked(work, step.only_if)
        if step.template_id is not None:
            work.get(ReplyTemplate, step.template_id)
        if step.person_id is not None:
            work.get(User, step.person_id)
    written = steps_to_json(steps)
    former = (
        None if playbook.edition_id is None else work.find(PlaybookEdition, playbook.edition_id)
    )
    if former is not None and steps_from_json(former.steps) == steps:
        return
    number = 1 + (
        work.scalar(
            select(func.max(PlaybookEdition.number)).where(
                PlaybookEdition.playbook_id == playbook.id, ~PlaybookEdition.is_deleted
            )
        )
        or 0
    )
    edition = PlaybookEdition(
        id=work.unused_id(PlaybookEdition, playbook.id, number, written),
        playbook_id=PlaybookId(playbook.id), number=number, steps=written,
        published_at=work.now, published_by=UserId(work.actor),
    )  # fmt: skip
    work.add(edition)
    playbook.edition_id = PlaybookEditionId(edition.id)
