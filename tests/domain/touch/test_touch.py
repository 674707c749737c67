"""Touch policies: the first that matches holds, a word of the client's resets, who goes cold."""

from datetime import date, timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.calendars.commands import create_calendar, set_day, use_calendar
from deskcrm.domain.clients.commands import create_company, delete_clients, set_tier
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.contracts.model import BillingPeriod
from deskcrm.domain.days import day_of
from deskcrm.domain.interactions.channels import Direction
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.tags.commands import tag_clients_by_name
from deskcrm.domain.tags.queries import list_tag_names
from deskcrm.domain.touch.commands import (
    clear_touch_rhythm,
    create_touch_policy,
    delete_touch_policy,
    edit_touch_policy,
    order_touch_policies,
    set_touch_rhythm,
)
from deskcrm.domain.touch.matching import TouchCondition
from deskcrm.domain.touch.model import TouchPolicyId
from deskcrm.domain.touch.queries import (
    count_cold,
    explain_touch,
    get_touch,
    list_cold,
    list_touch_due,
    list_touch_policies,
)
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store
from tests.domain.behind import behind
from tests.watch import Watch


@pytest.fixture
def everybody(desk: Store) -> TouchPolicyId:
    """Give the policy of all: every 30 days, 45 at most."""
    return desk.do(create_touch_policy, name="All", ideal_days=30, max_days=45).value


def test_nobody_is_held_to_anything_without_a_policy(desk: Store, client: ClientId) -> None:
    assert desk.ask(get_touch, client) is None
    assert desk.ask(explain_touch, client).passed_over == ()
    assert desk.ask(count_cold) == 0


def test_a_word_of_the_client_resets_it_and_an_attempt_of_ours_does_not(
    desk: Store, client: ClientId, everybody: TouchPolicyId, watch: Watch
) -> None:
    first = desk.ask(get_touch, client)
    assert first is not None and not first.was_heard
    watch.move(days=46)
    (cold,) = desk.ask(list_cold)
    assert (cold.days_over, cold.days_quiet, cold.policy) == (1, 46, "All")
    desk.do(log_call, client, text="", direction=Direction.OUTGOING, outcome=Outcome.NO_ANSWER)
    assert desk.ask(count_cold) == 1
    desk.do(log_call, client, text="All is well", outcome=Outcome.REACHED)
    assert desk.ask(count_cold) == 0
    row = desk.ask(get_touch, client)
    assert row is not None and row.was_heard
    assert row.cold_on == day_of(watch.at) + timedelta(days=45)
    desk.undo()
    assert desk.ask(count_cold) == 1
    assert behind(desk) == []


def test_the_first_policy_that_matches_holds_and_it_is_said_why_none_before(
    desk: Store, client: ClientId, everybody: TouchPolicyId
) -> None:
    desk.do(tag_clients_by_name, [client], name="pilot")
    (tag,) = desk.ask(list_tag_names)
    vip = desk.do(
        create_touch_policy, name="VIP", ideal_days=7, max_days=14,
        tiers=[Tier.DIAMOND, Tier.GOLD],
    ).value  # fmt: skip
    large = desk.do(
        create_touch_policy, name="Large", ideal_days=10, max_days=20,
        least_value_minor=1_000_00, currency="eur",
    ).value  # fmt: skip
    mine = desk.do(
        create_touch_policy, name="Pilots", ideal_days=3, max_days=5, tags=[tag.id],
        owners=[UserId(desk.actor)],
    ).value  # fmt: skip
    desk.do(order_touch_policies, [vip, large, mine, everybody])
    found = desk.ask(explain_touch, client)
    assert found.row is not None and found.row.policy == "Pilots"
    assert [(one.name, one.condition) for one in found.passed_over] == [
        ("VIP", TouchCondition.TIER),
        ("Large", TouchCondition.VALUE),
    ]
    desk.do(
        add_contract, client, title="Support", value_minor=300_00, currency="EUR",
        billing_period=BillingPeriod.QUARTERLY,
    )  # fmt: skip
    found = desk.ask(explain_touch, client)
    assert found.row is not None and found.row.policy == "Large"
    desk.do(set_tier, [client], tier=Tier.GOLD)
    found = desk.ask(explain_touch, client)
    assert found.row is not None and found.row.policy == "VIP" and found.passed_over == ()
    assert [(one.name, one.clients) for one in desk.ask(list_touch_policies)] == [
        ("VIP", 1), ("Large", 0), ("Pilots", 0), ("All", 0),
    ]  # fmt: skip
    assert behind(desk) == []


def test_a_rhythm_of_its_own_comes_before_every_policy(
    desk: Store, client: ClientId, everybody: TouchPolicyId
) -> None:
    desk.do(set_touch_rhythm, client, ideal_days=2, max_days=3, reason="Asked for it")
    found = desk.ask(explain_touch, client)
    assert found.row is not None
    assert (found.row.policy_id, found.row.max_days, found.reason) == (None, 3, "Asked for it")
    desk.do(clear_touch_rhythm, client)
    row = desk.ask(get_touch, client)
    assert row is not None and row.policy_id == everybody
    with pytest.raises(UserError, match="no rhythm of its own"):
        desk.do(clear_touch_rhythm, client)
    desk.undo()
    row = desk.ask(get_touch, client)
    assert row is not None and row.policy_id is None
    desk.do(set_touch_rhythm, client, ideal_days=4, max_days=4)
    row = desk.ask(get_touch, client)
    assert row is not None and row.ideal_days == 4


def test_who_is_due_comes_before_who_is_cold_and_on_a_working_day(
    desk: Store, client: ClientId, everybody: TouchPolicyId, watch: Watch
) -> None:
    office = desk.do(create_calendar, name="Office", time_zone="UTC").value
    desk.do(use_calendar, office)
    due = day_of(watch.at) + timedelta(days=30)
    row = desk.ask(get_touch, client)
    assert row is not None and row.due_on == next_working(due)
    desk.do(set_day, office, day=row.due_on, name="Holiday")
    moved = desk.ask(get_touch, client)
    assert moved is not None and moved.due_on == next_working(row.due_on + timedelta(days=1))
    assert desk.ask(list_touch_due) == []
    watch.move(days=31)
    assert [one.client for one in desk.ask(list_touch_due)] == ["Acme"]
    watch.move(days=20)
    assert desk.ask(list_touch_due) == []
    assert [one.client for one in desk.ask(list_cold, owner_id=UserId(desk.actor))] == ["Acme"]


def next_working(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def test_a_policy_that_is_changed_off_or_deleted_moves_everybody_at_once(
    desk: Store, client: ClientId, everybody: TouchPolicyId
) -> None:
    desk.do(edit_touch_policy, everybody, max_days=90, ideal_days=60)
    row = desk.ask(get_touch, client)
    assert row is not None and row.max_days == 90
    desk.do(edit_touch_policy, everybody, is_active=False)
    assert desk.ask(get_touch, client) is None
    desk.undo()
    assert desk.ask(get_touch, client) == row
    desk.do(delete_touch_policy, everybody)
    assert desk.ask(get_touch, client) is None
    desk.undo()
    desk.do(delete_clients, [client])
    assert desk.ask(get_touch, client) is None
    assert behind(desk) == []


def test_what_cannot_be_kept_is_refused_in_words(
    desk: Store, client: ClientId, everybody: TouchPolicyId
) -> None:
    for ideal, most, words in ((0, 5, "every day"), (9, 5, "shorter"), (1, 9_000, "ten years")):
        with pytest.raises(UserError, match=words):
            desk.do(create_touch_policy, name="Odd", ideal_days=ideal, max_days=most)
        with pytest.raises(UserError, match=words):
            desk.do(set_touch_rhythm, client, ideal_days=ideal, max_days=most)
    with pytest.raises(UserError, match="needs a name"):
        desk.do(edit_touch_policy, everybody, name=" ")
    with pytest.raises(UserError, match="already"):
        desk.do(create_touch_policy, name="ALL", ideal_days=1, max_days=2)
    with pytest.raises(UserError, match="not a currency"):
        desk.do(edit_touch_policy, everybody, least_value_minor=5)
    with pytest.raises(UserError, match="twice"):
        desk.do(order_touch_policies, [everybody, everybody])


def test_the_longest_cold_comes_first(
    desk: Store, client: ClientId, everybody: TouchPolicyId, watch: Watch
) -> None:
    watch.move(days=2)
    late = desk.do(create_company, name="Beta").value
    desk.do(set_touch_rhythm, late, ideal_days=1, max_days=1)
    watch.move(days=60)
    assert [(one.client, one.days_over) for one in desk.ask(list_cold)] == [
        ("Beta", 59), ("Acme", 17),
    ]  # fmt: skip
