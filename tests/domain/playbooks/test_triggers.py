"""Triggers: each finds whom it holds for and no other, now and over the last 90 days."""

from datetime import timedelta
from typing import Unpack

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, set_lifecycle, set_tier
from deskcrm.domain.clients.model import ClientId, Lifecycle, Tier
from deskcrm.domain.contacts.commands import add_contact, mark_left
from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.contracts.commands import add_contract, give_notice
from deskcrm.domain.days import day_of
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.playbooks.commands import (
    PlaybookTerms,
    create_playbook,
    edit_playbook,
)
from deskcrm.domain.playbooks.matching import Terms, dry_run, due_starts
from deskcrm.domain.playbooks.model import PlaybookId, TriggerKind
from deskcrm.domain.playbooks.queries import list_client_plays
from deskcrm.domain.playbooks.rounds import go_round
from deskcrm.domain.playbooks.steps import Step
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.touch.commands import create_touch_policy, set_touch_rhythm
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import ME, Comparison, Filter
from deskcrm.store.store import Store
from tests.watch import Watch

CALL = Step("Call")
EVERYBODY = Filter()
GOLD = Filter().also("tier", Comparison.IS, Tier.GOLD.value)


def names(desk: Store, trigger: TriggerKind, days: int = 0, asked: Filter = EVERYBODY) -> list[str]:
    """Name the clients for whom a playbook like this would begin now."""
    return [row.client for row in desk.ask(dry_run, Terms(trigger, days, asked)).now]


def make(
    desk: Store, trigger: TriggerKind, silent: int = 0, /, **terms: Unpack[PlaybookTerms]
) -> PlaybookId:
    terms["days"] = silent
    return desk.do(
        create_playbook, name=trigger.value, trigger=trigger, steps=[CALL], **terms
    ).value


def test_silence_begins_when_nobody_was_heard_for_so_long(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(create_company, name="Prospect", lifecycle=Lifecycle.PROSPECT)
    watch.move(days=29)
    assert names(desk, TriggerKind.SILENCE, 30) == []
    watch.move(days=2)
    assert names(desk, TriggerKind.SILENCE, 30) == ["Acme"]
    assert names(desk, TriggerKind.SILENCE, 30, GOLD) == []
    desk.do(open_ticket, client, subject="Dark", text="Help")
    assert names(desk, TriggerKind.SILENCE, 30) == []
    watch.move(days=40)
    desk.do(log_call, client, text="All is well")
    ran = desk.ask(dry_run, Terms(TriggerKind.SILENCE, 30))
    assert (ran.now, ran.past_count, ran.past_clients) == ((), 2, 1)
    assert {row.reason for row in ran.past} == {"No word for 30 days"}


def test_going_cold_goes_by_the_touch_policy_or_the_rhythm(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    own = desk.do(create_company, name="Own").value
    desk.do(set_touch_rhythm, own, ideal_days=1, max_days=5)
    desk.do(create_touch_policy, name="All", ideal_days=10, max_days=20)
    watch.move(days=6)
    assert names(desk, TriggerKind.GOING_COLD) == ["Own"]
    watch.move(days=15)
    ran = desk.ask(dry_run, Terms(TriggerKind.GOING_COLD))
    assert [(row.client, row.reason) for row in ran.now] == [
        ("Own", "No word for 5 days, the client’s own maximum"),
        ("Acme", "No word for 20 days, the maximum of “All”"),
    ]
    assert ran.past_count == 2


@pytest.mark.parametrize("days", [180, 90, 60])
def test_a_renewal_begins_so_long_before_it_is_decided(
    desk: Store, client: ClientId, watch: Watch, days: int
) -> None:
    today = day_of(watch.at)
    ends = today + timedelta(days=days + 31)
    title = desk.do(add_contract, client, title="Support", ends_on=ends, notice_days=30).value
    assert names(desk, TriggerKind.RENEWAL, days) == []
    watch.move(days=1)
    ran = desk.ask(dry_run, Terms(TriggerKind.RENEWAL, days))
    assert [row.client for row in ran.now] == ["Acme"]
    assert ran.now[0].reason.startswith("“Support”: the renewal is decided by")
    watch.move(days=days + 1)
    assert names(desk, TriggerKind.RENEWAL, days) == []
    assert desk.ask(dry_run, Terms(TriggerKind.RENEWAL, days)).past_count == (days < 90)
    watch.move(days=-1)
    desk.do(give_notice, title)
    assert names(desk, TriggerKind.RENEWAL, days) == []


def test_a_contract_that_renews_itself_comes_up_every_year(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    today = day_of(watch.at)
    desk.do(
        add_contract, client, title="Support", starts_on=today - timedelta(days=300),
        ends_on=today + timedelta(days=64), auto_renews=True,
    )  # fmt: skip
    playbook = make(desk, TriggerKind.RENEWAL, 60)
    watch.move(days=5)
    go_round(desk)
    assert [play.playbook_id for play in desk.ask(list_client_plays, client)] == [playbook]
    watch.move(days=300)
    assert names(desk, TriggerKind.RENEWAL, 60) == []
    watch.move(days=65)
    assert names(desk, TriggerKind.RENEWAL, 60) == ["Acme"]


def test_a_new_client_and_a_new_contract_begin_something(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    assert names(desk, TriggerKind.NEW_CLIENT, 14) == ["Acme"]
    desk.do(set_lifecycle, [client], lifecycle=Lifecycle.PROSPECT)
    assert names(desk, TriggerKind.NEW_CLIENT, 14) == []
    new = desk.do(create_company, name="New", customer_since=day_of(watch.at)).value
    assert names(desk, TriggerKind.NEW_CLIENT, 14) == ["New"]
    watch.move(days=15)
    assert names(desk, TriggerKind.NEW_CLIENT, 14) == []
    assert desk.ask(dry_run, Terms(TriggerKind.NEW_CLIENT, 14)).past_count == 1
    desk.do(add_contract, new, title="Second", starts_on=day_of(watch.at))
    ran = desk.ask(dry_run, Terms(TriggerKind.NEW_CONTRACT, 14))
    assert [row.reason for row in ran.now] == ["“Second” begins on 26 March 2026"]
    desk.do(set_lifecycle, [new], lifecycle=Lifecycle.CHURNED)
    assert names(desk, TriggerKind.NEW_CONTRACT, 14) == []


def test_a_champion_that_left_counts_until_there_is_another(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ann = desk.do(add_contact, client, name="Ann", role=ContactRole.CHAMPION).value
    user = desk.do(add_contact, client, name="Bob").value
    desk.do(mark_left, user)
    assert names(desk, TriggerKind.CHAMPION_LEFT, 90) == []
    desk.do(mark_left, ann)
    ran = desk.ask(dry_run, Terms(TriggerKind.CHAMPION_LEFT, 90))
    assert [row.reason for row in ran.now] == ["The champion Ann left on 11 March 2026"]
    desk.do(add_contact, client, name="Cid", role=ContactRole.CHAMPION)
    assert names(desk, TriggerKind.CHAMPION_LEFT, 90) == []
    assert desk.ask(dry_run, Terms(TriggerKind.CHAMPION_LEFT, 90)).past_count == 1


def test_who_comes_into_a_segment_begins_something_and_who_was_in_it_does_not(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    old = desk.do(create_company, name="Old", tier=Tier.GOLD).value
    watch.move(minutes=1)
    enters = make(desk, TriggerKind.SEGMENT_ENTERED, conditions=GOLD, only_new=True)
    leaves = make(desk, TriggerKind.SEGMENT_LEFT, conditions=GOLD, only_new=True)
    watch.move(minutes=1)
    assert go_round(desk).begun == 0
    ran = desk.ask(dry_run, Terms(TriggerKind.SEGMENT_ENTERED, 0, GOLD))
    assert [row.client for row in ran.now] == ["Old"] and not ran.knows_past
    desk.do(set_tier, [client], tier=Tier.GOLD)
    desk.do(set_tier, [old], tier=Tier.SILVER)
    watch.move(hours=1)
    assert go_round(desk).begun == 2
    assert [play.playbook_id for play in desk.ask(list_client_plays, client)] == [enters]
    assert [play.playbook_id for play in desk.ask(list_client_plays, old)] == [leaves]
    assert go_round(desk).begun == 0


def test_a_segment_that_asks_something_else_is_looked_at_anew(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    playbook = make(desk, TriggerKind.SEGMENT_ENTERED, conditions=GOLD, only_new=True)
    go_round(desk)
    standard = Filter().also("tier", Comparison.IS, Tier.STANDARD.value)
    desk.do(edit_playbook, playbook, conditions=standard)
    watch.move(hours=1)
    assert go_round(desk).begun == 0
    desk.do(create_company, name="New")
    watch.move(hours=1)
    assert go_round(desk).begun == 1


def test_a_round_over_ones_own_book_leaves_those_of_others(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ivan = desk.do(add_user, name="Ivan").value
    desk.do(create_company, name="His", owner_id=ivan)
    make(desk, TriggerKind.SILENCE, 3)
    watch.move(days=4)
    assert len(desk.ask(due_starts)) == 2
    assert go_round(desk, owner_id=UserId(desk.actor)).begun == 1


def test_what_cannot_be_asked_is_refused_in_words(desk: Store) -> None:
    me = Filter().also("owner", Comparison.IS, ME)
    odd = Filter().also("shoe size", Comparison.IS, "42")
    with pytest.raises(UserError, match="segment is everybody"):
        make(desk, TriggerKind.SEGMENT_ENTERED)
    with pytest.raises(UserError, match="counts by 1 to"):
        make(desk, TriggerKind.SILENCE)
    with pytest.raises(UserError, match="rests 0 to"):
        make(desk, TriggerKind.SILENCE, 5, rest_days=-1)
    with pytest.raises(UserError, match="same for everybody"):
        make(desk, TriggerKind.SILENCE, 5, conditions=me)
    with pytest.raises(UserError, match="not there"):
        make(desk, TriggerKind.SILENCE, 5, conditions=odd)
