"""How the things of today are said and marked."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.today.queries import TodayAction, TodayItem, TodayKind
from deskcrm.ui.kit.tokens import Tone


@dataclass(frozen=True, slots=True)
class Heading:
    """The line over the things of one kind. ``has_more``: there are more than are listed."""

    kind: TodayKind
    count: int
    has_more: bool

    @property
    def said(self) -> str:
        """The heading with its number, as a screen reader says it."""
        return f"{section_words(self.kind)}: {self.number}"

    @property
    def number(self) -> str:
        """How many there are, with a plus when only the first are listed."""
        return f"{self.count}+" if self.has_more else str(self.count)


KIND_ICONS: Final = {
    TodayKind.VIP_WAITS: "vip",
    TodayKind.TICKET_OVERDUE: "warning",
    TodayKind.TICKET_NEARLY_DUE: "clock",
    TodayKind.PROMISE_OVERDUE: "promise",
    TodayKind.TICKET_UNANSWERED: "tickets",
    TodayKind.TASK_OVERDUE: "warning",
    TodayKind.REMINDER_MISSED: "bell",
    TodayKind.PROMISE_DUE: "promise",
    TodayKind.TASK_DUE: "tasks",
    TodayKind.TICKET_UNOWNED: "inbox",
    TodayKind.CLIENT_AT_RISK: "risk",
    TodayKind.RENEWAL_NEAR: "contract",
    TodayKind.CLIENT_SILENT: "clock",
}

KIND_TONES: Final = {
    TodayKind.VIP_WAITS: Tone.DANGER,
    TodayKind.TICKET_OVERDUE: Tone.DANGER,
    TodayKind.TICKET_NEARLY_DUE: Tone.WARNING,
    TodayKind.PROMISE_OVERDUE: Tone.DANGER,
    TodayKind.TICKET_UNANSWERED: Tone.WARNING,
    TodayKind.TASK_OVERDUE: Tone.DANGER,
    TodayKind.REMINDER_MISSED: Tone.WARNING,
    TodayKind.CLIENT_AT_RISK: Tone.DANGER,
}


def section_words(kind: TodayKind) -> str:
    """Name the section that things of a kind stand in."""
    return {
        TodayKind.VIP_WAITS: tr("Important clients who wait too long"),
        TodayKind.PROMISE_OVERDUE: tr("Overdue promises"),
        TodayKind.TICKET_OVERDUE: tr("Tickets past their deadline"),
        TodayKind.TICKET_NEARLY_DUE: tr("Deadlines that come near"),
        TodayKind.TICKET_UNANSWERED: tr("Clients waiting for your answer"),
        TodayKind.TASK_OVERDUE: tr("Overdue tasks"),
        TodayKind.REMINDER_MISSED: tr("Missed reminders"),
        TodayKind.PROMISE_DUE: tr("Promised for today"),
        TodayKind.TASK_DUE: tr("Due today"),
        TodayKind.TICKET_UNOWNED: tr("Tickets without an owner"),
        TodayKind.CLIENT_AT_RISK: tr("Clients newly at risk"),
        TodayKind.RENEWAL_NEAR: tr("Renewals to decide"),
        TodayKind.CLIENT_SILENT: tr("Clients gone quiet"),
    }[kind]


def action_words(action: TodayAction) -> str:
    """Say what the first key does for a thing."""
    return {
        TodayAction.CALL: tr("Log a call"),
        TodayAction.WRITE: tr("Log an email"),
        TodayAction.COMPLETE_TASK: tr("Done"),
        TodayAction.KEEP_PROMISE: ptr("Promise", "Kept"),
        TodayAction.REPLY: tr("Reply"),
        TodayAction.CLAIM: tr("Take it"),
        TodayAction.OPEN_CLIENT: tr("Open"),
    }[action]


ACTION_IDS: Final = {
    TodayAction.CALL: "today.log",
    TodayAction.WRITE: "today.log",
    TodayAction.COMPLETE_TASK: "today.done",
    TodayAction.KEEP_PROMISE: "today.done",
    TodayAction.REPLY: "today.open",
    TodayAction.CLAIM: "today.take",
    TodayAction.OPEN_CLIENT: "today.open",
}


def what(item: TodayItem) -> str:
    """Say what a thing is about, beside the client's name; "" where the name says it all."""
    if item.ticket_number is not None:
        return f"#{item.ticket_number} {item.title}"
    return item.title if item.title != item.client else ""


def standing(item: TodayItem) -> str:
    """Say why it stands above what is as old; "" where only its age counts."""
    weight = item.weight
    if not weight.is_raised:
        return ""
    return tr("{tier} × {factor}", tier=of(weight.tier), factor=weight.factor)


def why(item: TodayItem) -> str:
    """Say in a line why it is on the list, and why it stands where it stands."""
    return " · ".join(part for part in (item.reason, standing(item)) if part)


def hint(item: TodayItem) -> str:
    """The arithmetic of a line, for its tooltip."""
    return "\n".join((said(item), item.weight.arithmetic()))


def said(item: TodayItem) -> str:
    """A thing as a screen reader says it."""
    return ". ".join(part for part in (item.client, what(item), why(item)) if part)


def greeting(name: str, now: datetime) -> str:
    """Greet a person as the hour has it."""
    first = name.split()[0] if name.strip() else ""
    if not first:
        return tr("Today")
    if 5 <= now.hour < 12:
        return tr("Good morning, {name}", name=first)
    if 12 <= now.hour < 18:
        return tr("Good afternoon, {name}", name=first)
    if now.hour < 5:
        return tr("Hello, {name}", name=first)  # no language has a good wish for one in the morning
    return tr("Good evening, {name}", name=first)
