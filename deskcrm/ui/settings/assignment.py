"""Assignment: the rules that choose whose a ticket becomes, skills, and what counts for Next."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from deskcrm.base.words import tr
from deskcrm.domain.assignment.commands import delete_rule, delete_skill, order_rules
from deskcrm.domain.assignment.model import Way
from deskcrm.domain.assignment.queries import RuleRow, SkillRow, list_rules, list_skills
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.settings import assignment_forms
from deskcrm.ui.settings.levels import condition_words, listed, tag_words
from deskcrm.ui.settings.lists import LiveCard, another, deeds, move_up
from deskcrm.ui.settings.next_points import PointsCard
from deskcrm.ui.settings.rows import Card, Row

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window


def way_words(way: Way) -> str:
    """Say how a rule chooses, in a sentence."""
    return {
        Way.ROUND_ROBIN: tr("In turn: whoever’s last ticket by this rule is longest ago"),
        Way.LEAST_BUSY: tr(
            "The least busy: an urgent open ticket counts as three, one of high priority as two"
        ),
        Way.BEST_SUITED: tr("The best suited: most of the skills needed, then the least busy"),
        Way.LAST_SERVED: tr("Whoever served the client last, or stands in for them"),
    }[way]


def cards(desk: Desk, window: "Window") -> list[Card]:
    """Build the section of assignment."""
    return [_rule_card(desk, window), _skill_card(desk, window), PointsCard(desk)]


def _rule_card(desk: Desk, window: "Window") -> Card:
    return LiveCard(
        desk,
        tr("Who gets a new ticket"),
        tr(
            "The first rule that matches decides, and never picks somebody who is away."
            " If none matches, the ticket waits until somebody takes it."
        ),
        list_rules,
        frozenset({"assignment_rule", "team"}),
        partial(_rule_row, desk, window),
        another(
            tr("Another rule"),
            tr("It is added after the others."),
            tr("New rule…"),
            partial(assignment_forms.open_rule, desk, window, None),
        ),
    )


def _rule_row(desk: Desk, window: "Window", rows: Sequence[RuleRow], at: int) -> Row:
    row = rows[at]
    among = tr("Among team {name}", name=row.team) if row.team else tr("Among all agents")
    about = [condition_words(row), way_words(row.way), among]
    if not row.is_active:
        about.append(tr("switched off"))
    return Row(
        f"{at + 1}. {row.name}",
        "\n".join(about),
        move_up(desk, rows, at, order_rules),
        *deeds(desk, row, partial(assignment_forms.open_rule, desk, window, row), delete_rule),
    )


def _skill_card(desk: Desk, window: "Window") -> Card:
    return LiveCard(
        desk,
        tr("Skills"),
        tr("What people are good at, and which tickets need it."),
        list_skills,
        frozenset({"skill", "user_skill", "user"}),
        lambda rows, at: _skill_row(desk, window, rows[at]),
        another(
            tr("Another skill"),
            tr("Such as a product, a language, or complaints."),
            tr("New skill…"),
            partial(assignment_forms.open_skill, desk, window, None),
        ),
    )


def _skill_row(desk: Desk, window: "Window", row: SkillRow) -> Row:
    wanted = (listed(some) for some in (row.kinds, row.lines) if some)
    asked = " · ".join([*wanted, *tag_words(len(row.tags))])
    people = ", ".join(name for _, name in row.people) or tr("nobody yet")
    return Row(
        row.name,
        "\n".join((tr("Needed by: {what}", what=asked), tr("Has it: {who}", who=people))),
        parts.icon_button(
            "team",
            tr("Who has {name}", name=row.name),
            partial(assignment_forms.open_skilled, desk, window, row),
        ),
        *deeds(desk, row, partial(assignment_forms.open_skill, desk, window, row), delete_skill),
    )
