"""The four alarms: exactly when each rings, and that its counter is the rows of its view."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from deskcrm.base.settings import Setting
from deskcrm.domain.clients.commands import create_company, delete_clients
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.sla.queries import scan_deadlines
from deskcrm.domain.tickets.alarms import (
    OVERDUE_AFTER,
    STALE_AFTER,
    UNANSWERED_AFTER,
    UNOWNED_AFTER,
    Alarm,
    alarm_words,
    get_thresholds,
)
from deskcrm.domain.tickets.commands import (
    add_note,
    assign_tickets,
    client_wrote,
    open_ticket,
    reply,
    set_state,
)
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import count_tickets, get_ticket_counts, list_ticket_ids
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store
from tests.watch import Watch


def view(alarm: Alarm) -> Filter:
    return Filter().also("is_open", Comparison.IS, True).also("alarm", Comparison.IS, alarm.value)


def ringing(desk: Store, alarm: Alarm) -> Sequence[TicketId]:
    """Give the tickets of an alarm's view, which are as many as its counter says."""
    ids = desk.ask(list_ticket_ids, asked=view(alarm))
    assert desk.ask(get_ticket_counts).alarms[alarm] == len(ids)
    assert desk.ask(count_tickets, asked=view(alarm)) == len(ids)
    return ids


def opened(desk: Store, client: ClientId, **more: Any) -> TicketId:
    given: dict[str, Any] = {"text": "Help", "channel": Channel.EMAIL}
    given |= {"owner_id": UserId(desk.actor)} | more
    return desk.do(open_ticket, client, subject="Dark", **given).value


def set_to(desk: Store, setting: Setting[int], value: int) -> None:
    desk.do(set_setting, setting, value=value)


def test_unowned_rings_until_somebody_is_responsible(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ticket = opened(desk, client, owner_id=None)
    assert ringing(desk, Alarm.UNOWNED) == [ticket]
    set_to(desk, UNOWNED_AFTER, 30)
    watch.move(minutes=29)
    assert ringing(desk, Alarm.UNOWNED) == []
    watch.move(minutes=1)
    assert ringing(desk, Alarm.UNOWNED) == [ticket]
    desk.do(assign_tickets, [ticket], owner_id=UserId(desk.actor))
    assert ringing(desk, Alarm.UNOWNED) == []
    desk.undo()
    assert ringing(desk, Alarm.UNOWNED) == [ticket]


def test_unanswered_rings_until_we_reply_and_again_when_the_client_writes(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ticket = opened(desk, client)
    assert ringing(desk, Alarm.UNANSWERED) == [ticket]
    watch.move(minutes=1)
    desk.do(add_note, ticket, text="Only for us")
    assert ringing(desk, Alarm.UNANSWERED) == [ticket]
    desk.do(reply, ticket, text="We look into it.")
    assert ringing(desk, Alarm.UNANSWERED) == []
    set_to(desk, UNANSWERED_AFTER, 15)
    watch.move(minutes=1)
    desk.do(client_wrote, ticket, text="And now?")
    assert ringing(desk, Alarm.UNANSWERED) == []
    watch.move(minutes=15)
    assert ringing(desk, Alarm.UNANSWERED) == [ticket]


def test_overdue_rings_when_the_deadline_has_passed(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ticket = opened(desk, client)
    watch.move(days=5)
    (late,) = desk.ask(scan_deadlines)
    watch.at = late.due_at
    assert ringing(desk, Alarm.OVERDUE) == []
    watch.move(minutes=1)
    assert ringing(desk, Alarm.OVERDUE) == [ticket]
    set_to(desk, OVERDUE_AFTER, 60)
    assert ringing(desk, Alarm.OVERDUE) == []
    watch.move(hours=1)
    assert ringing(desk, Alarm.OVERDUE) == [ticket]
    desk.do(reply, ticket, text="We look into it.")
    assert ringing(desk, Alarm.OVERDUE) == []


@pytest.mark.parametrize("is_note", [True, False])
def test_stale_rings_when_nothing_happened_for_days(
    desk: Store, client: ClientId, watch: Watch, is_note: bool
) -> None:
    ticket = opened(desk, client)
    watch.move(days=2, hours=23)
    assert ringing(desk, Alarm.STALE) == []
    watch.move(hours=1)
    assert ringing(desk, Alarm.STALE) == [ticket]
    if is_note:
        desk.do(add_note, ticket, text="Asked the vendor.")
    else:
        desk.do(set_state, [ticket], state=TicketState.WAITING_ON_THIRD_PARTY)
    assert ringing(desk, Alarm.STALE) == []
    set_to(desk, STALE_AFTER, 1)
    watch.move(days=1)
    assert ringing(desk, Alarm.STALE) == [ticket]
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    watch.move(days=9)
    assert ringing(desk, Alarm.STALE) == []


def test_settled_tickets_and_those_of_deleted_clients_ring_nothing(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    other = desk.do(create_company, name="Other").value
    settled, hidden, kept = (opened(desk, c, owner_id=None) for c in (client, other, client))
    desk.do(set_state, [settled], state=TicketState.CLOSED)
    desk.do(delete_clients, [other])
    watch.move(days=30)
    for alarm in Alarm:
        assert ringing(desk, alarm) == [kept]
    desk.undo()
    assert set(ringing(desk, Alarm.STALE)) == {hidden, kept}
    asked = Filter().also("alarm", Comparison.NONE_OF, tuple(one.value for one in Alarm))
    assert desk.ask(list_ticket_ids, asked=asked) == [settled]


def test_every_alarm_says_what_it_counts(desk: Store) -> None:
    limits = desk.ask(get_thresholds)
    assert limits.stale == timedelta(days=3)
    assert alarm_words(Alarm.UNOWNED, limits) == "Open, and nobody is responsible."
    assert "for 3 days nobody wrote" in alarm_words(Alarm.STALE, limits)
    set_to(desk, UNOWNED_AFTER, 30)
    set_to(desk, OVERDUE_AFTER, -5)
    limits = desk.ask(get_thresholds)
    assert alarm_words(Alarm.UNOWNED, limits).endswith("for at least 30 minutes.")
    assert alarm_words(Alarm.OVERDUE, limits) == "Open, and its next deadline has passed."
    assert "written word" in alarm_words(Alarm.UNANSWERED, limits)
