"""Calendars and service level policies: lists whose lines are edited, ordered and deleted."""

from collections.abc import Sequence
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from deskcrm.base import places
from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.assignment.queries import RuleRow
from deskcrm.domain.calendars.commands import delete_calendar
from deskcrm.domain.calendars.queries import CalendarRow, list_calendars
from deskcrm.domain.sla.commands import delete_policy, order_policies
from deskcrm.domain.sla.policies import Condition
from deskcrm.domain.sla.queries import PolicyRow, list_policies
from deskcrm.domain.sla.words import minutes_words
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.settings import calendar_forms, policy_form
from deskcrm.ui.settings.lists import LiveCard, another, deeds, move_up
from deskcrm.ui.settings.rows import Card, Row
from deskcrm.ui.settings.special_days import SpecialDays

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window


def cards(desk: Desk, window: "Window") -> list[Card]:
    """Build the section of calendars and promises."""
    return [_calendar_card(desk, window), _policy_card(desk, window)]


def _calendar_card(desk: Desk, window: "Window") -> Card:
    return LiveCard(
        desk,
        tr("Calendars"),
        tr("When there is somebody to answer. Deadlines count working time only."),
        list_calendars,
        frozenset({"calendar", "calendar_day", "calendar_use", "team", "user"}),
        partial(_calendar_row, desk, window),
        another(
            tr("Another calendar"),
            tr("For all, for a team in another time zone, or for one person."),
            tr("New calendar…"),
            partial(calendar_forms.open_calendar, desk, window, None),
        ),
    )


def _calendar_row(desk: Desk, window: "Window", rows: Sequence[CalendarRow], at: int) -> Row:
    row = rows[at]
    days = ntr("{n} special day", "{n} special days", row.days)
    about = "\n".join(
        (
            f"{places.zone_words(row.time_zone)} · {days}",
            week_words(row.week),
            tr("Used by: {who}", who=_users_words(rows, at)),
        )
    )
    return Row(
        row.name,
        about,
        parts.icon_button("team", tr("Who uses {name}", name=row.name),
              partial(calendar_forms.open_use, desk, window, row)),
        parts.icon_button("calendar", tr("Special days of {name}", name=row.name),
              partial(SpecialDays, desk, window, row)),
        parts.icon_button("flag", tr("Public holidays in {name}", name=row.name),
              partial(calendar_forms.open_holidays, desk, window, row)),
        *deeds(
            desk, row, partial(calendar_forms.open_calendar, desk, window, row), delete_calendar
        ),
    )  # fmt: skip


def _users_words(rows: Sequence[CalendarRow], at: int) -> str:
    """Say who goes by a calendar; nobody is "else" where nobody has one of their own."""
    has_others = any(one.name for row in rows for one in row.users)
    everybody = tr("everybody else") if has_others else tr("everybody")
    # A team or a person without a name was deleted.
    said = [one.name or everybody for one in rows[at].users if one.name or one.is_everybody]
    return ", ".join(said) or tr("nobody yet")


def week_words(week: Sequence[str]) -> str:
    """Say the hours of a week, days alike together: "Mon–Fri 09:00–18:00"."""
    names = [dates.locale().dayName(day + 1, dates.locale().FormatType.ShortFormat)
             for day in range(7)]  # fmt: skip
    said: list[str] = []
    first = 0
    for day in range(1, 8):
        if day < 7 and week[day] == week[first]:
            continue
        if week[first]:
            name = names[first] if day - first == 1 else f"{names[first]}–{names[day - 1]}"
            said.append(f"{name} {week[first]}")
        first = day
    return "; ".join(said)


def _policy_card(desk: Desk, window: "Window") -> Card:
    return LiveCard(
        desk,
        tr("What is promised"),
        tr(
            "The first policy that matches a ticket holds."
            " What none of them promises is set under Rules."
        ),
        list_policies,
        frozenset({"sla_policy", "ticket", "calendar", "client"}),
        partial(_policy_row, desk, window),
        another(
            tr("Another policy"),
            tr("It is added after the others."),
            tr("New policy…"),
            partial(policy_form.open_policy, desk, window, None),
        ),
    )


def _policy_row(desk: Desk, window: "Window", rows: Sequence[PolicyRow], at: int) -> Row:
    row = rows[at]
    held = ntr("{n} open ticket", "{n} open tickets", row.open_tickets)
    state = held if row.is_active else tr("switched off")
    return Row(
        f"{at + 1}. {row.name}",
        "\n".join((condition_words(row), target_words(row), state)),
        move_up(desk, rows, at, order_policies),
        *deeds(desk, row, partial(policy_form.open_policy, desk, window, row), delete_policy),
    )


def condition_words(row: PolicyRow | RuleRow) -> str:
    """Say which tickets a policy or a rule asks for."""
    asked: tuple[tuple[Condition, Sequence[Enum]], ...] = (
        (Condition.KIND, row.kinds),
        (Condition.PRIORITY, row.priorities),
        (Condition.TIER, row.tiers),
        (Condition.LINE, row.lines),
        (Condition.CHANNEL, row.channels),
    )
    said = [f"{of(one)}: {listed(some)}" for one, some in asked if some]
    return " · ".join([*said, *tag_words(len(row.tags))]) or tr("Every ticket")


def listed(some: Sequence[Enum]) -> str:
    """Name several values, any of which will do."""
    return ", ".join(of(one) for one in some)


def tag_words(tags: int) -> list[str]:
    """Say how many tags are asked for; nothing where none is."""
    return [ntr("{n} tag", "{n} tags", tags)] if tags else []


def target_words(row: PolicyRow) -> str:
    """Say what a policy promises."""
    targets = (
        (tr("first response"), row.first_response_minutes),
        (tr("next response"), row.next_response_minutes),
        (tr("resolution"), row.resolution_minutes),
    )
    said = [
        # A number and its unit stay in one line.
        f"{name} {minutes_words(one)}".replace(" ", "\N{NO-BREAK SPACE}")
        for name, one in targets
        if one is not None
    ]
    words = ", ".join(said) or tr("the general targets")
    return words[:1].upper() + words[1:]
