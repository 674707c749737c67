"""Next: the one ticket that matters most to a person now, why, and what was skipped."""

from datetime import timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.assignment.commands import create_skill, set_skilled
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.queue.commands import set_points, skip_ticket
from deskcrm.domain.queue.model import MOST_POINTS, USUAL, PointsFor
from deskcrm.domain.queue.next import Factor, NextTicket, get_next, get_points
from deskcrm.domain.queue.queries import list_skips
from deskcrm.domain.queue.settings import SKIPPED_FOR
from deskcrm.domain.queue.words import sum_of
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.tags.commands import create_tag, tag_clients
from deskcrm.domain.tickets.commands import (
    assign_tickets,
    claim_ticket,
    client_wrote,
    open_ticket,
    reply,
    set_state,
)
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketId, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.store.store import Store
from tests.watch import START, Watch


def opened(desk: Store, client: ClientId, subject: str = "Broken", **more: object) -> TicketId:
    given = {"subject": subject, "text": "Help", "channel": Channel.EMAIL, **more}
    return desk.do(open_ticket, client, **given).value  # type: ignore[arg-type]  # each test knows its own


def following(desk: Store) -> NextTicket:
    found = desk.ask(get_next)
    assert found is not None
    # Points are added up twice: over all tickets in the database, and of the winner with words.
    assert sum(one.points for one in found.why) == found.points
    return found


def factors(desk: Store) -> set[Factor]:
    return {one.factor for one in following(desk).why}


def why(desk: Store, watch: Watch) -> list[str]:
    return [words for words, _ in sum_of(following(desk), watch.at)]


def test_nothing_comes_next_where_nothing_is_to_do(desk: Store, client: ClientId) -> None:
    assert desk.ask(get_next) is None
    ticket = opened(desk, client)
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    assert desk.ask(get_next) is None


def test_only_what_is_nobodys_or_ones_own_and_needs_us_is_handed_over(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ticket = opened(desk, client)
    assert following(desk).row.id == ticket
    ivan = desk.do(add_user, name="Ivan").value
    desk.do(assign_tickets, [ticket], owner_id=ivan)
    assert desk.ask(get_next) is None
    desk.do(assign_tickets, [ticket], owner_id=UserId(desk.actor))
    assert factors(desk) == {Factor.PRIORITY, Factor.MINE}
    watch.move(minutes=1)
    desk.do(reply, ticket, text="Which one?", state=TicketState.WAITING_ON_CLIENT)
    assert desk.ask(get_next) is None
    watch.move(minutes=1)
    desk.do(client_wrote, ticket, text="The red one")
    assert following(desk).row.id == ticket


def test_a_stand_in_is_handed_what_is_theirs_who_is_away(desk: Store, client: ClientId) -> None:
    ivan = desk.do(add_user, name="Ivan").value
    opened(desk, client, owner_id=ivan)
    day = START.date()
    desk.do(plan_absence, ivan, first_day=day, last_day=day + timedelta(days=1),
            substitute_id=UserId(desk.actor))  # fmt: skip
    assert sum_of(following(desk), START) == [
        ("Priority: normal", 10), ("You stand in for Ivan", 10),
    ]  # fmt: skip


def test_a_vip_comes_before_an_older_one(desk: Store, client: ClientId, watch: Watch) -> None:
    old = opened(desk, client)
    watch.move(minutes=5)
    gold = desk.do(create_company, name="Gold", tier=Tier.GOLD).value
    ticket = opened(desk, gold)
    assert following(desk).row.id == ticket
    assert why(desk, watch) == ["Gold client", "Priority: normal"]
    assert following(desk).others == 1
    desk.do(edit_client, gold, tier=Tier.STANDARD)
    assert following(desk).row.id == old


def test_what_is_late_or_nearly_comes_before_what_has_time(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ticket = opened(desk, client)
    watch.move(hours=6, minutes=30)
    fresh = opened(desk, client, priority=Priority.HIGH)
    assert why(desk, watch) == [
        "First response is due in 1 hour", "Priority: normal", "The client has waited 6 hours",
    ]  # fmt: skip
    watch.move(hours=2)
    assert why(desk, watch) == [
        "First response is 30 minutes late", "Priority: normal", "The client has waited 8 hours",
    ]  # fmt: skip
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    assert following(desk).row.id == fresh


def test_ones_skill_and_ones_client_count(desk: Store, client: ClientId, watch: Watch) -> None:
    first = opened(desk, client, kind=TicketKind.INCIDENT)
    watch.move(minutes=1)
    other = desk.do(create_company, name="Other").value
    tag = desk.do(create_tag, name="Pilot").value
    desk.do(tag_clients, [other], tag_id=tag)
    second = opened(desk, other, kind=TicketKind.COMPLAINT)
    assert following(desk).row.id == first
    skill = desk.do(create_skill, name="Tact", kinds=[TicketKind.COMPLAINT], tags=[tag]).value
    assert following(desk).row.id == first
    desk.do(set_skilled, skill, user_ids=[UserId(desk.actor)])
    assert following(desk).row.id == second
    assert why(desk, watch) == ["It needs what you are good at: Tact", "Priority: normal"]
    never = desk.do(create_skill, name="Depth", lines=[SupportLine.THIRD]).value
    desk.do(set_skilled, never, user_ids=[UserId(desk.actor)])
    assert following(desk).row.id == second
    desk.do(log_call, client, text="He called")
    desk.do(log_call, client, text="He called again")
    assert following(desk).row.id == first  # as many points, and older
    assert sum_of(following(desk), watch.at) == [
        ("You served this client last", 15), ("Priority: normal", 10),
    ]  # fmt: skip


def test_what_is_skipped_stays_away_for_a_while_and_for_that_person_only(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ticket = opened(desk, client)
    watch.move(minutes=1)
    other = opened(desk, client)
    desk.do(skip_ticket, ticket, reason="  Needs   Ivan ")
    assert following(desk).row.id == other
    desk.undo()
    assert following(desk).row.id == ticket
    desk.redo()
    anna = desk.actor
    desk.sign_in(desk.do(add_user, name="Ivan").value)
    assert following(desk).row.id == ticket
    desk.sign_in(anna)
    watch.move(hours=3)
    assert following(desk).row.id == other
    watch.move(hours=1)
    assert following(desk).row.id == ticket
    desk.do(set_setting, SKIPPED_FOR, value=1)
    desk.do(skip_ticket, ticket, reason="Needs Ivan")
    watch.move(hours=1)
    assert following(desk).row.id == ticket


def test_skipping_without_a_reason_or_what_is_settled_is_refused(
    desk: Store, client: ClientId
) -> None:
    ticket = opened(desk, client)
    with pytest.raises(UserError, match="Why do you skip it"):
        desk.do(skip_ticket, ticket, reason=" ")
    desk.do(set_state, [ticket], state=TicketState.CLOSED)
    with pytest.raises(UserError, match="is settled: nobody is handed it"):
        desk.do(skip_ticket, ticket, reason="Needs Ivan")


def test_skips_can_be_looked_over(desk: Store, client: ClientId, watch: Watch) -> None:
    first, second = opened(desk, client, "First"), opened(desk, client, "Second")
    desk.do(skip_ticket, first, reason="Needs Ivan")
    watch.move(minutes=5)
    desk.do(skip_ticket, second, reason="No time")
    found = desk.ask(list_skips)
    assert [(one.subject, one.who, one.reason, one.client) for one in found] == [
        ("Second", "Anna", "No time", "Acme"), ("First", "Anna", "Needs Ivan", "Acme"),
    ]  # fmt: skip
    assert found[0].comes_back_at - found[0].skipped_at == timedelta(hours=SKIPPED_FOR.default)
    desk.undo()
    assert [one.subject for one in desk.ask(list_skips)] == ["First"]


def test_a_lead_says_what_counts_and_undo_puts_it_back(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    old = opened(desk, client)
    watch.move(minutes=5)
    gold = desk.do(create_company, name="Gold", tier=Tier.GOLD).value
    dear = opened(desk, gold)
    assert following(desk).row.id == dear
    desk.do(set_points, PointsFor.GOLD, points=0)
    assert following(desk).row.id == old, "of equal ones the oldest"
    assert factors(desk) == {Factor.PRIORITY}
    desk.do(set_points, PointsFor.GOLD, points=7)
    found = following(desk)
    assert (found.row.id, found.points) == (dear, 17)
    desk.undo()
    assert following(desk).row.id == old
    desk.undo()
    assert following(desk).points == USUAL[PointsFor.GOLD] + USUAL[PointsFor.NORMAL]


@pytest.mark.parametrize("points", [-1, MOST_POINTS + 1])
def test_points_that_make_no_sense_are_refused(desk: Store, points: int) -> None:
    with pytest.raises(UserError, match="Points are a number from 0 to 1000"):
        desk.do(set_points, PointsFor.GOLD, points=points)
    assert desk.ask(get_points) == USUAL


def test_every_thing_that_counts_can_be_set(desk: Store, client: ClientId) -> None:
    opened(desk, client)
    for what in PointsFor:
        desk.do(set_points, what, points=3)
    assert set(desk.ask(get_points).values()) == {3}
    assert following(desk).points == 3


def test_only_leads_and_administrators_look_over_what_others_skip(
    desk: Store, client: ClientId
) -> None:
    anna, ticket = UserId(desk.actor), opened(desk, client)
    ivan, olga = (desk.do(add_user, name=name).value for name in ("Ivan", "Olga"))
    lead = desk.do(add_user, name="Lena", role=UserRole.LEAD).value
    desk.sign_in(ivan)
    desk.do(skip_ticket, ticket, reason="Needs Olga")
    for person, sees in ((ivan, 1), (olga, 0), (lead, 1), (anna, 1)):
        desk.sign_in(person)
        assert len(desk.ask(list_skips)) == sees


def test_who_takes_it_has_it(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client)
    desk.do(claim_ticket, following(desk).row.id)
    assert following(desk).row.owner_id == desk.actor and following(desk).row.id == ticket
