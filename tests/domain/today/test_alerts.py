"""What must not wait: a VIP who waits too long, and deadlines that come near, on today's list."""

import pytest

from deskcrm.domain.clients.commands import create_company, set_tier
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.queue.settings import VIP_WAITS
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.sla.commands import create_policy, edit_policy
from deskcrm.domain.tickets.commands import (
    assign_tickets,
    client_wrote,
    open_ticket,
    reply,
    set_state,
)
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.today.queries import TodayAction, TodayItem, TodayKind, get_today
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.store.store import Store
from tests.watch import Watch


@pytest.fixture
def gold(desk: Store) -> ClientId:
    return desk.do(create_company, name="Gold", tier=Tier.GOLD).value


def opened(desk: Store, client: ClientId) -> TicketId:
    given = {"subject": "Broken", "text": "Help", "channel": Channel.EMAIL}
    return desk.do(open_ticket, client, **given).value  # type: ignore[arg-type]  # a dict of several types


def of(desk: Store, kind: TodayKind) -> list[TodayItem]:
    return list(desk.ask(get_today).of(kind))


def kinds(desk: Store) -> list[TodayKind]:
    return [item.kind for item in desk.ask(get_today).items]


def test_a_vip_who_waits_too_long_comes_first_and_only_once(
    desk: Store, client: ClientId, gold: ClientId, watch: Watch
) -> None:
    opened(desk, client)
    ticket = opened(desk, gold)
    watch.move(minutes=29)
    assert kinds(desk) == 2 * [TodayKind.TICKET_UNOWNED]
    watch.move(minutes=1)
    assert kinds(desk) == [TodayKind.VIP_WAITS, TodayKind.TICKET_UNOWNED]
    (item,) = of(desk, TodayKind.VIP_WAITS)
    assert (item.ticket_id, item.action) == (ticket, TodayAction.CLAIM)
    assert item.reason == "Gold client has waited 30 min of working time, 30 min is the limit"
    desk.do(reply, ticket, text="We look into it")
    assert of(desk, TodayKind.VIP_WAITS) == []
    watch.move(minutes=5)
    desk.do(client_wrote, ticket, text="And now?")
    assert of(desk, TodayKind.VIP_WAITS) == []
    watch.move(minutes=31)
    assert len(of(desk, TodayKind.VIP_WAITS)) == 1


def test_a_vip_waits_in_working_time_only(desk: Store, gold: ClientId, watch: Watch) -> None:
    watch.move(hours=8, minutes=50)  # ten minutes before the day ends
    opened(desk, gold)
    watch.move(hours=10)
    assert of(desk, TodayKind.VIP_WAITS) == []
    watch.move(hours=5, minutes=30)  # at 9:20 of the next day
    (item,) = of(desk, TodayKind.VIP_WAITS)
    assert item.reason.startswith("Gold client has waited 30 min")


def test_how_long_a_vip_may_wait_is_a_setting(
    desk: Store, client: ClientId, gold: ClientId, watch: Watch
) -> None:
    opened(desk, gold)
    watch.move(minutes=10)
    assert of(desk, TodayKind.VIP_WAITS) == []
    desk.do(set_setting, VIP_WAITS, value=10)
    assert len(of(desk, TodayKind.VIP_WAITS)) == 1
    desk.do(set_tier, [gold], tier=Tier.STANDARD)
    assert of(desk, TodayKind.VIP_WAITS) == []


def test_a_lead_hears_of_every_vip_and_an_agent_of_what_is_theirs(
    desk: Store, gold: ClientId, watch: Watch
) -> None:
    ticket = opened(desk, gold)
    ivan, olga = (desk.do(add_user, name=name).value for name in ("Ivan", "Olga"))
    desk.do(assign_tickets, [ticket], owner_id=ivan)
    watch.move(hours=1)
    assert [one.action for one in of(desk, TodayKind.VIP_WAITS)] == [TodayAction.REPLY]
    lead = desk.do(add_user, name="Lena", role=UserRole.LEAD).value
    for person, hears in ((lead, 1), (ivan, 1), (olga, 0)):
        desk.sign_in(person)
        assert len(of(desk, TodayKind.VIP_WAITS)) == hears


def test_a_deadline_that_comes_near_is_on_the_list_until_it_passes(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    policy = desk.do(create_policy, name="All", first_response_minutes=60).value
    opened(desk, client)
    watch.move(minutes=44)
    assert of(desk, TodayKind.TICKET_NEARLY_DUE) == []
    watch.move(minutes=1)
    (item,) = of(desk, TodayKind.TICKET_NEARLY_DUE)
    assert item.reason == "First response is due in 15 minutes"
    assert kinds(desk) == [TodayKind.TICKET_NEARLY_DUE]
    desk.do(edit_policy, policy, warn_percent=90)
    assert of(desk, TodayKind.TICKET_NEARLY_DUE) == []
    watch.move(minutes=9)
    assert len(of(desk, TodayKind.TICKET_NEARLY_DUE)) == 1
    watch.move(minutes=7)
    assert of(desk, TodayKind.TICKET_NEARLY_DUE) == []


def test_what_is_late_stays_on_the_list_of_whose_it_is_until_it_is_settled(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(create_policy, name="All", first_response_minutes=60, resolution_minutes=120)
    me = UserId(desk.actor)
    ticket = opened(desk, client)
    desk.do(assign_tickets, [ticket], owner_id=me)
    watch.move(hours=1, minutes=10)
    # Unanswered and late: it stands once, where the client's waiting is said.
    assert kinds(desk) == [TodayKind.TICKET_UNANSWERED]
    desk.do(reply, ticket, text="We look")
    watch.move(minutes=55)
    (item,) = of(desk, TodayKind.TICKET_OVERDUE)
    assert (item.reason, item.ticket_id) == ("Resolution is 5 minutes late", ticket)
    assert kinds(desk) == [TodayKind.TICKET_OVERDUE]
    watch.move(days=2)
    assert kinds(desk) == [TodayKind.TICKET_OVERDUE]
    other = desk.do(add_user, name="Olga").value
    desk.do(assign_tickets, [ticket], owner_id=other)
    assert of(desk, TodayKind.TICKET_OVERDUE) == []
    desk.sign_in(other)
    assert len(of(desk, TodayKind.TICKET_OVERDUE)) == 1
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    assert of(desk, TodayKind.TICKET_OVERDUE) == []


def test_somebody_elses_deadline_is_not_on_ones_list(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(create_policy, name="All", first_response_minutes=60)
    ticket = opened(desk, client)
    ivan = desk.do(add_user, name="Ivan").value
    desk.do(assign_tickets, [ticket], owner_id=ivan)
    watch.move(minutes=50)
    assert kinds(desk) == []
    desk.sign_in(ivan)
    assert kinds(desk) == [TodayKind.TICKET_NEARLY_DUE]
