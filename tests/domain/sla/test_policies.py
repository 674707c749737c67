"""Service level policies as records, and the deadlines that lists and scans read."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from deskcrm.base.errors import UserError
from deskcrm.cli.rows import plain
from deskcrm.domain.calendars.book import Whose
from deskcrm.domain.calendars.commands import (
    create_calendar,
    delete_calendar,
    set_day,
    use_calendar,
)
from deskcrm.domain.calendars.model import CalendarId
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.sla import commands
from deskcrm.domain.sla.clocks import ClockKind, ClockState
from deskcrm.domain.sla.deadlines import ticket_deadline
from deskcrm.domain.sla.explain import SlaExplained, Step, StepKind, explain_sla
from deskcrm.domain.sla.model import LONGEST_TARGET, PolicyId
from deskcrm.domain.sla.queries import get_fallback, list_policies, scan_deadlines
from deskcrm.domain.sla.settings import FIRST_RESPONSE
from deskcrm.domain.sla.words import lines_of, step_words
from deskcrm.domain.tags.commands import create_tag, tag_clients
from deskcrm.domain.teams.commands import add_member, create_team
from deskcrm.domain.tickets.commands import (
    assign_tickets,
    client_wrote,
    delete_tickets,
    edit_ticket,
    open_ticket,
    reply,
    set_priority,
    set_state,
)
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketId, TicketKind
from deskcrm.domain.tickets.queries import TicketRow, get_ticket, page_tickets
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store import derived
from deskcrm.store.store import Store
from deskcrm.store.work import Missing
from tests.domain.behind import behind
from tests.domain.tickets.test_plans import plan
from tests.watch import Watch

OPEN = Filter().also("is_open", Comparison.IS, True)


@pytest.fixture
def ticket(desk: Store, client: ClientId) -> TicketId:
    """Open a ticket by mail, at nine on a Wednesday by the clock of the test."""
    return desk.do(open_ticket, client, subject="Broken", text="Help", channel=Channel.EMAIL).value


@pytest.fixture
def urgent(desk: Store) -> PolicyId:
    return desk.do(
        commands.create_policy,
        name=" Urgent ",
        priorities=[Priority.URGENT, Priority.HIGH],
        first_response_minutes=30,
        resolution_minutes=240,
    ).value


def row(desk: Store, ticket_id: TicketId) -> TicketRow:
    found = desk.ask(get_ticket, ticket_id)
    assert found is not None
    return found


def explained(desk: Store, ticket_id: TicketId) -> SlaExplained:
    found = desk.ask(explain_sla, ticket_id)
    assert found is not None
    return found


def due(desk: Store, ticket_id: TicketId) -> str:
    found = row(desk, ticket_id).due_at
    return "-" if found is None else f"{found:%d %H:%M}"


def test_nothing_is_without_a_clock(desk: Store, ticket: TicketId) -> None:
    # Eight hours from nine o'clock, by the calendar that the program begins with.
    assert (due(desk, ticket), row(desk, ticket).clock) == ("11 17:00", ClockKind.FIRST_RESPONSE)
    found = explained(desk, ticket)
    assert (found.policy_id, found.whose) == (None, Whose.NOBODY)
    assert [one.due_at for one in found.clocks if one.is_next] == [row(desk, ticket).due_at]


def test_the_general_targets_are_a_setting(desk: Store, ticket: TicketId) -> None:
    desk.do(set_setting, FIRST_RESPONSE, value=2)
    assert due(desk, ticket) == "11 11:00"
    assert desk.ask(get_fallback)[ClockKind.FIRST_RESPONSE] == timedelta(hours=2)
    desk.undo()
    assert due(desk, ticket) == "11 17:00"


def test_the_first_policy_that_matches_holds(
    desk: Store, client: ClientId, ticket: TicketId, urgent: PolicyId
) -> None:
    assert due(desk, ticket) == "11 17:00"
    desk.do(set_priority, [ticket], priority=Priority.URGENT)
    assert due(desk, ticket) == "11 09:30"
    vip = desk.do(
        commands.create_policy, name="VIP", tiers=[Tier.GOLD], first_response_minutes=10
    ).value
    desk.do(edit_client, client, tier=Tier.GOLD)
    assert due(desk, ticket) == "11 09:30"
    desk.do(commands.order_policies, [vip, urgent])
    assert due(desk, ticket) == "11 09:10"
    assert [one.id for one in desk.ask(list_policies)] == [vip, urgent]
    desk.undo()
    assert due(desk, ticket) == "11 09:30"
    assert not behind(desk)


def test_every_condition_can_fail_and_says_so(
    desk: Store, client: ClientId, ticket: TicketId
) -> None:
    tag = desk.do(create_tag, name="Pilot").value
    asked: list[dict[str, Any]] = [
        {"kinds": [TicketKind.COMPLAINT]},
        {"priorities": [Priority.URGENT]},
        {"tiers": [Tier.GOLD]},
        {"lines": [SupportLine.SECOND, SupportLine.THIRD]},
        {"channels": [Channel.CHAT]},
        {"tags": [tag]},
    ]
    for number, terms in enumerate(asked):
        desk.do(commands.create_policy, name=str(number), **terms, first_response_minutes=60)
    found = explained(desk, ticket)
    assert [one.condition.value for one in found.passed_over] == [
        "kind", "priority", "tier", "line", "channel", "tag",
    ]  # fmt: skip
    assert found.passed_over[3].wanted == (SupportLine.SECOND, SupportLine.THIRD)
    assert found.passed_over[5].wanted == ("Pilot",)
    assert plain(found)["passed_over"][0]["found"] == ["incident"]
    said = "\n".join(lines_of(found, lambda moment: f"{moment:%d %H:%M}"))
    assert "“5” does not match: it asks for the tag Pilot, and neither the ticket nor its" in said
    # And each of them holds as soon as the ticket is so.
    steps: list[tuple[Callable[[], Any], str]] = [
        (lambda: desk.do(tag_clients, [client], tag_id=tag), "5"),
        (lambda: desk.do(edit_ticket, ticket, channel=Channel.CHAT), "4"),
        (lambda: desk.do(edit_ticket, ticket, line=SupportLine.THIRD), "3"),
        (lambda: desk.do(edit_client, client, tier=Tier.GOLD), "2"),
        (lambda: desk.do(set_priority, [ticket], priority=Priority.URGENT), "1"),
        (lambda: desk.do(edit_ticket, ticket, kind=TicketKind.COMPLAINT), "0"),
    ]
    for do, name in steps:
        do()
        assert explained(desk, ticket).policy == name
        assert due(desk, ticket) == "11 10:00"
    assert not behind(desk)


def test_a_policy_is_edited_switched_off_and_deleted(
    desk: Store, ticket: TicketId, urgent: PolicyId
) -> None:
    desk.do(set_priority, [ticket], priority=Priority.HIGH)
    desk.do(commands.edit_policy, urgent, first_response_minutes=60, warn_percent=50, name="Fast")
    assert (due(desk, ticket), row(desk, ticket).warn_at) == (
        "11 10:00", datetime(2026, 3, 11, 9, 30, tzinfo=UTC),
    )  # fmt: skip
    desk.do(commands.edit_policy, urgent, is_active=False)
    assert due(desk, ticket) == "11 17:00"
    desk.undo()
    assert due(desk, ticket) == "11 10:00"
    desk.do(commands.delete_policy, urgent)
    assert (due(desk, ticket), desk.ask(list_policies)) == ("11 17:00", [])
    desk.undo()
    assert due(desk, ticket) == "11 10:00"
    assert [one.open_tickets for one in desk.ask(list_policies)] == [1]


def test_what_is_no_policy_is_refused(desk: Store, urgent: PolicyId) -> None:
    def refused(said: str, /, **terms: Any) -> None:
        with pytest.raises(UserError, match=said):
            desk.do(commands.edit_policy, urgent, **terms)

    refused("needs a name", name=" ")
    refused("a minute at least", resolution_minutes=0)
    refused("a year at most", resolution_minutes=LONGEST_TARGET + 1)
    refused("1 to 99 percent", warn_percent=100)
    refused("not there any more", calendar_id=CalendarId(uuid4()))
    refused("not there any more", tags=[uuid4()])
    with pytest.raises(UserError, match="There is a policy “urgent” already"):
        desk.do(commands.create_policy, name="urgent")
    with pytest.raises(UserError, match="stands twice"):
        desk.do(commands.order_policies, [urgent, urgent])
    with pytest.raises(Missing):
        desk.do(commands.delete_policy, PolicyId(uuid4()))
    (kept,) = desk.ask(list_policies)
    assert (kept.name, kept.first_response_minutes, kept.warn_percent) == ("Urgent", 30, 75)
    desk.undo()
    assert desk.ask(list_policies) == []


def test_the_deadline_follows_the_thread_and_the_states(
    desk: Store, watch: Watch, ticket: TicketId
) -> None:
    watch.move(hours=1)
    desk.do(reply, ticket, text="We look into it")
    assert (due(desk, ticket), row(desk, ticket).clock) == ("17 13:00", ClockKind.RESOLUTION)
    watch.move(hours=1)
    desk.do(client_wrote, ticket, text="And?", channel=Channel.EMAIL)
    # Seven hours are left of the day, and one of the next is needed.
    assert (due(desk, ticket), row(desk, ticket).clock) == ("12 10:00", ClockKind.NEXT_RESPONSE)
    desk.undo()
    desk.do(set_state, [ticket], state=TicketState.WAITING_ON_CLIENT)
    assert (due(desk, ticket), row(desk, ticket).is_paused) == ("-", True)
    watch.move(hours=24)
    desk.do(client_wrote, ticket, text="Here", channel=Channel.EMAIL)
    assert row(desk, ticket).clock is ClockKind.NEXT_RESPONSE
    resolution = explained(desk, ticket).clocks[-1]
    assert resolution.spent == timedelta(hours=2)
    assert resolution.state is ClockState.RUNNING
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    assert (row(desk, ticket).clock, due(desk, ticket)) == (None, "-")
    desk.undo()
    assert row(desk, ticket).clock is ClockKind.NEXT_RESPONSE
    assert not behind(desk)
    desk.do(delete_tickets, [ticket])
    assert desk.ask(lambda db: db.all(ticket_deadline.select())) == []
    assert not behind(desk)


def test_the_calendar_is_the_policys_the_teams_or_everybodys(desk: Store, ticket: TicketId) -> None:
    def made(name: str, hours: str) -> CalendarId:
        return desk.do(create_calendar, name=name, time_zone="UTC", wednesday=hours).value

    def whose() -> str:
        return f"{explained(desk, ticket).calendar} {due(desk, ticket)}"

    ivan = desk.do(add_user, name="Ivan").value
    team = desk.do(create_team, name="Support").value
    desk.do(add_member, team, user_id=ivan)
    everybody = made("All", "10-20")
    desk.do(use_calendar, everybody)
    assert whose() == "All 11 18:00"
    desk.do(use_calendar, made("Team", "11-20"), team_id=team)
    assert whose() == "All 11 18:00"
    desk.do(assign_tickets, [ticket], owner_id=ivan)
    assert whose() == "Team 11 19:00"
    # When Ivan himself works moves no promise.
    desk.do(use_calendar, made("Ivan", "15-18"), user_id=ivan)
    assert whose() == "Team 11 19:00"
    named = made("Named", "12-24")
    desk.do(commands.create_policy, name="By it", calendar_id=named)
    assert whose() == "Named 11 20:00"
    desk.do(delete_calendar, named)
    assert whose() == "Team 11 19:00"
    desk.undo()
    desk.do(set_day, named, day=datetime(2026, 3, 11, tzinfo=UTC).date(), name="Day off")
    assert whose() == "Named 18 20:00"
    assert not behind(desk)


def test_tickets_are_sorted_by_their_deadline(
    desk: Store, watch: Watch, client: ClientId, ticket: TicketId, urgent: PolicyId
) -> None:
    watch.move(minutes=5)
    first = desk.do(
        open_ticket, client, subject="A", text="!", channel=Channel.EMAIL, priority=Priority.URGENT
    ).value
    paused = desk.do(open_ticket, client, subject="B").value
    desk.do(set_state, [paused], state=TicketState.WAITING_ON_CLIENT)
    settled = desk.do(open_ticket, client, subject="C").value
    desk.do(set_state, [settled], state=TicketState.RESOLVED)

    def ids(asked: Filter, *, descending: bool = False) -> list[TicketId]:
        rows = desk.ask(page_tickets, sort="due_at", descending=descending, asked=asked)
        return [one.id for one in rows]

    assert ids(OPEN) == [first, ticket, paused]
    assert ids(OPEN, descending=True) == [paused, ticket, first]
    assert ids(Filter()) == [first, ticket, paused, settled]


def test_the_scan_finds_what_is_late_or_nearly(
    desk: Store, watch: Watch, client: ClientId, ticket: TicketId
) -> None:
    other = desk.do(create_company, name="Other").value
    waiting = desk.do(open_ticket, other, subject="B", text="?", channel=Channel.EMAIL).value
    assert desk.ask(scan_deadlines) == []
    watch.move(hours=6)
    assert [one.ticket_id for one in desk.ask(scan_deadlines)] == [ticket, waiting]
    desk.do(reply, ticket, text="Yes")
    watch.move(hours=3)
    (late,) = desk.ask(scan_deadlines)
    assert (late.ticket_id, late.clock) == (waiting, ClockKind.FIRST_RESPONSE)
    assert late.due_at < watch.at


def test_the_lists_are_read_by_their_indexes(desk: Store, ticket: TicketId) -> None:
    index = "ix_ticket_deadline_due_at_ticket_id_warn_at"
    by_deadline = plan(desk, page_tickets, sort="due_at", descending=False, asked=OPEN)
    assert f"SCAN ticket_deadline USING COVERING INDEX {index}" in by_deadline
    scanned = plan(desk, scan_deadlines)
    assert index in scanned
    assert "TEMP B-TREE" not in (by_deadline + scanned).upper()


def test_a_ticket_that_is_not_there_has_no_arithmetic(desk: Store) -> None:
    assert desk.ask(explain_sla, TicketId(uuid4())) is None


def test_the_minutes_of_the_lines_add_up_to_the_minutes_of_the_sum() -> None:
    at, total, said = datetime(2026, 11, 17, 15, tzinfo=UTC), timedelta(), []
    for spent in (timedelta(minutes=34, seconds=50), timedelta(minutes=21, seconds=40)):
        total += spent
        step = Step(StepKind.COUNTED, at, at + spent, spent, total)
        said.append(step_words(step, lambda moment: f"{moment:%H:%M}")[1:])
    assert said == [("+ 34 min", "= 34 min"), ("+ 22 min", "= 56 min")]


def test_a_target_beyond_the_end_of_time_is_as_long_as_the_longest(
    desk: Store, urgent: PolicyId, ticket: TicketId
) -> None:
    desk.do(commands.edit_policy, urgent, priorities=[], first_response_minutes=LONGEST_TARGET)
    longest = row(desk, ticket).due_at
    with desk.database.writer.begin() as connection:  # as what another program wrote comes here
        connection.exec_driver_sql("UPDATE sla_policy SET first_response_minutes = 1 << 62")
        derived.refresh(connection, everything=True)
    assert longest is not None
    assert row(desk, ticket).due_at == longest
