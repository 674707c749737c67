"""What the list of clients shows of each, column by column."""

from collections.abc import Sequence
from datetime import date

from deskcrm.base import clock
from deskcrm.base.words import ntr, ptr, tr
from deskcrm.domain.clients.model import Lifecycle
from deskcrm.domain.clients.queries import ClientRow
from deskcrm.ui.clients.words import lifecycle_chip, tier_chip
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.risk.words import standing_chip


def client_columns() -> Sequence[Column[ClientRow]]:
    """Give the columns: those of every list first, then those that can be chosen."""
    return [
        Column(
            tr("Client"),
            lambda row: row.name,
            under=lambda row: " · ".join(x for x in (row.city, row.owner) if x),
            avatar=lambda row: row.name,
            chips=_chips,
            sort="name",
            stretch=True,
            strong=True,
            key="name",
        ),
        Column(
            ptr("Client list", "Last contact"), _last, sort="last_contact_at", width=118,
            muted=True, hide_below=400, key="last_contact_at",
        ),
        Column(
            tr("Open work"), lambda row: "", chips=_work, sort="open_tickets", width=96,
            hide_below=560, key="open_tickets",
        ),
        *_extra_columns(),
    ]  # fmt: skip


def _extra_columns() -> list[Column[ClientRow]]:
    return [
        Column(
            tr("Health"), lambda row: "", chips=_health, sort="health", width=156, key="health",
            is_extra=True,
        ),
        Column(
            tr("Owner"), lambda row: row.owner, sort="owner", width=130, muted=True,
            key="owner", is_extra=True,
        ),
        Column(
            tr("City"), lambda row: row.city, sort="city", width=120, muted=True,
            key="city", is_extra=True,
        ),
        Column(
            tr("Next task"), lambda row: _day(row.next_task_due), sort="next_task_due", width=116,
            muted=True, key="next_task_due", is_extra=True,
        ),
        Column(
            tr("Next touch"), _touch, width=116, muted=True,
            key="next_touch", is_extra=True,
        ),
        Column(
            tr("Renewal"), lambda row: _day(row.renewal_decision_on), sort="renewal_decision_on",
            width=116, muted=True, key="renewal_decision_on", is_extra=True,
        ),
        Column(
            tr("Tags"), lambda row: ", ".join(tag.name for tag in row.tags), width=150, muted=True,
            key="tags", is_extra=True,
        ),
    ]  # fmt: skip


def _chips(row: ClientRow) -> list[Chip]:
    chips = [chip for chip in (tier_chip(row.tier),) if chip]
    if row.lifecycle is not Lifecycle.ACTIVE:
        chips.append(lifecycle_chip(row.lifecycle))
    if row.standing is not None and row.standing.is_flagged:
        chips.insert(0, standing_chip(row.standing.band, is_flagged=True))
    return chips + _cold(row)


def _touch(row: ClientRow) -> str:
    if row.next_touch_at is None:
        return ""
    return dates.due(dates.local(row.next_touch_at).date())


def _cold(row: ClientRow) -> list[Chip]:
    """Say for how long a client is going cold."""
    if row.cold_at is None or row.cold_at > clock.now():
        return []
    days = max((clock.now() - row.cold_at).days, 1)
    return [Chip(ntr("Cold for {n} day", "Cold for {n} days", days), Tone.DANGER, "snooze")]


def _work(row: ClientRow) -> list[Chip]:
    chips = []
    if row.open_tickets:
        chips.append(Chip(dates.number(row.open_tickets), Tone.INFO, "tickets"))
    if row.open_promises:
        chips.append(Chip(dates.number(row.open_promises), Tone.WARNING, "promise"))
    return chips


def _health(row: ClientRow) -> list[Chip]:
    if row.standing is None:
        return []
    return [standing_chip(row.standing.band, is_flagged=row.standing.is_flagged)]


def _last(row: ClientRow) -> str:
    return dates.ago(row.last_contact_at) if row.last_contact_at else tr("never")


def _day(day: date | None) -> str:
    return dates.day(day) if day is not None else ""
