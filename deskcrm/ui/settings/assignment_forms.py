"""The forms of assignment: a rule, a skill, and who has it."""

from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.assignment.commands import (
    create_rule,
    create_skill,
    edit_rule,
    edit_skill,
    set_skilled,
)
from deskcrm.domain.assignment.model import Way
from deskcrm.domain.assignment.queries import RuleRow, SkillRow
from deskcrm.domain.tags.queries import TagChip, list_tag_names
from deskcrm.domain.teams.queries import TeamRow, list_teams
from deskcrm.domain.tickets.model import SupportLine, TicketKind
from deskcrm.domain.users.queries import UserRow, list_users
from deskcrm.store.reader import Reader
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Choice, Line
from deskcrm.ui.kit.several import Several
from deskcrm.ui.settings.policy_form import condition_fields, tags_field

_OF_RULE = ("name", "way", "is_active", "team_id", "kinds", "priorities", "tiers", "lines",
            "channels", "tags")  # fmt: skip
_OF_SKILL = ("name", "kinds", "lines", "tags")


def open_rule(desk: Desk, over: QWidget, row: RuleRow | None) -> None:
    """Ask for a new rule, or edit one."""
    asked = desk.ask((over, "rule choices"), _choices)
    asked.then(lambda choices: _open_rule(desk, over, row, *choices))


def _choices(db: Reader) -> tuple[list[TeamRow], list[TagChip]]:
    return list_teams(db), list_tag_names(db)


def _open_rule(
    desk: Desk, over: QWidget, row: RuleRow | None, teams: list[TeamRow], tags: list[TagChip]
) -> FormCard:
    def save(values: dict[str, Any]) -> Any:
        if row is None:
            return desk.do(create_rule, **values).tell()
        return desk.do(edit_rule, row.id, **values).tell()

    new = {"way": Way.LEAST_BUSY, "is_active": True}
    return FormCard(
        desk,
        over,
        tr("New rule") if row is None else tr("Edit rule"),
        [
            Line("name", ptr("thing", "Name"), required=True),
            (
                Choice("way", tr("How it chooses"), [(one, of(one)) for one in Way]),
                Choice(
                    "team_id",
                    tr("Among"),
                    [(one.id, one.name) for one in teams],
                    none=tr("All agents"),
                ),
            ),
            *condition_fields(tags),
            Check("is_active", tr("In force")),
        ],
        save,
        place="assignment.rule",
        subject="" if row is None else row.id.hex,
        values=new if row is None else {key: getattr(row, key) for key in _OF_RULE},
        changes_only=row is not None,
        width=640,
    )


def open_skill(desk: Desk, over: QWidget, row: SkillRow | None) -> None:
    """Ask for a new skill, or edit one."""
    asked = desk.ask((over, "tags"), list_tag_names)
    asked.then(lambda tags: _open_skill(desk, over, row, tags))


def _open_skill(desk: Desk, over: QWidget, row: SkillRow | None, tags: list[TagChip]) -> FormCard:
    def save(values: dict[str, Any]) -> Any:
        if row is None:
            return desk.do(create_skill, **values).tell()
        return desk.do(edit_skill, row.id, **values).tell()

    return FormCard(
        desk,
        over,
        tr("New skill") if row is None else tr("Edit skill"),
        [
            Line("name", ptr("thing", "Name"), required=True),
            Several(
                "kinds", tr("Needed by tickets of kind"), [(one, of(one)) for one in TicketKind]
            ),
            Several("lines", tr("Needed on line"), [(one, of(one)) for one in SupportLine]),
            tags_field(tags),
        ],
        save,
        place="assignment.skill",
        subject="" if row is None else row.id.hex,
        values=None if row is None else {key: getattr(row, key) for key in _OF_SKILL},
        changes_only=row is not None,
        width=520,
    )


def open_skilled(desk: Desk, over: QWidget, row: SkillRow) -> None:
    """Ask who has a skill."""
    asked = desk.ask((over, "people"), list_users)
    asked.then(lambda people: _open_skilled(desk, over, row, people))


def _open_skilled(desk: Desk, over: QWidget, row: SkillRow, people: list[UserRow]) -> FormCard:
    return FormCard(
        desk,
        over,
        tr("Who has {name}", name=row.name),
        [Several("user_ids", tr("People"), [(one.id, one.name) for one in people])],
        lambda values: desk.do(set_skilled, row.id, **values).tell(),
        place="assignment.skilled",
        subject=row.id.hex,
        values={"user_ids": tuple(one for one, _ in row.people)},
        width=520,
    )
