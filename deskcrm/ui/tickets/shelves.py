"""The shelves over the list of tickets: which tickets, in which order, and why one is empty."""

from dataclasses import dataclass
from typing import Final

from deskcrm.base.words import ptr, tr
from deskcrm.domain.tickets.alarms import Alarm
from deskcrm.domain.views.filters import Comparison, Filter

STOOD_IN, OPEN, CLOSED, ALL = 5, 6, 7, 8
_STILL: Final = Filter().also("is_open", Comparison.IS, True)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Which tickets stand on a shelf, and in which order until a header is clicked."""

    name: str
    asked: Filter
    sort: str
    descending: bool
    why_empty: str
    alarm: Alarm | None = None
    """Whose counter stands beside the name."""


def shelves() -> list[Shelf]:
    """Name the shelves that tickets stand on, and say what stands on each."""
    return [
        _of_alarm(
            Alarm.UNANSWERED, ptr("Ticket shelf", "To answer"), "waiting_since",
            tr("No client waits for an answer."),
        ),
        Shelf(
            ptr("Ticket shelf", "Mine"), _STILL.also("is_mine", Comparison.IS, True),
            "waiting_since", False, tr("You have no open tickets."),
        ),
        _of_alarm(
            Alarm.UNOWNED, ptr("Ticket shelf", "No owner"), "opened_at",
            tr("Every open ticket has an owner."),
        ),
        _of_alarm(
            Alarm.OVERDUE, ptr("Ticket shelf", "Overdue"), "due_at",
            tr("No deadline has passed."),
        ),
        _of_alarm(
            Alarm.STALE, ptr("Ticket shelf", "Stale"), "opened_at",
            tr("Something happened lately in every open ticket."),
        ),
        Shelf(
            tr("Standing in"), _STILL.also("is_stood_in_for", Comparison.IS, True), "due_at", False,
            tr("You stand in for nobody, or they have no open tickets."),
        ),
        Shelf(ptr("Ticket shelf", "Open"), _STILL, "opened_at", True, tr("No ticket is open.")),
        Shelf(
            ptr("Ticket shelf", "Closed"), Filter().also("is_open", Comparison.IS, False),
            "opened_at", True, tr("No ticket was resolved yet."),
        ),
        Shelf(ptr("Ticket shelf", "All"), Filter(), "opened_at", True, tr("No tickets yet.")),
    ]  # fmt: skip


def _of_alarm(alarm: Alarm, name: str, sort: str, why_empty: str) -> Shelf:
    asked = _STILL.also("alarm", Comparison.IS, alarm.value)
    return Shelf(name, asked, sort, False, why_empty, alarm)
