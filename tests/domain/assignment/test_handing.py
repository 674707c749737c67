"""Whose a ticket becomes: each way of choosing, worked out by hand, and said in words."""

from datetime import timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.base.words import speaking
from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.assignment import commands
from deskcrm.domain.assignment.model import Way
from deskcrm.domain.assignment.queries import list_assignments
from deskcrm.domain.assignment.words import assignment_words
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.clients.moving import move_clients
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.tags.commands import create_tag, tag_clients
from deskcrm.domain.teams.commands import add_member, create_team
from deskcrm.domain.tickets.commands import (
    assign_tickets,
    claim_ticket,
    delete_tickets,
    open_ticket,
    reply,
    route_tickets,
    set_state,
)
from deskcrm.domain.tickets.model import Priority, TicketId, TicketKind
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.tickets.thread import get_thread
from deskcrm.domain.users.commands import add_user, deactivate_user
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.store.store import Store
from tests.watch import START, Watch


@pytest.fixture
def people(desk: Store) -> dict[str, UserId]:
    """Give three agents, in the order of their ids, and somebody who only looks."""
    desk.do(add_user, name="Viewer", role=UserRole.VIEWER)
    return {name: desk.do(add_user, name=name).value for name in ("Boris", "Clara", "Dmitri")}


def opened(desk: Store, client: ClientId, **more: object) -> TicketId:
    return desk.do(open_ticket, client, **{"subject": "No light", **more}).value  # type: ignore[arg-type]  # each test knows its own


def owner(desk: Store, ticket: TicketId) -> str:
    row = desk.ask(get_ticket, ticket)
    assert row is not None
    return row.owner


def owners(desk: Store, client: ClientId, count: int, **more: object) -> list[str]:
    return [owner(desk, opened(desk, client, **more)) for _ in range(count)]


def why(desk: Store, ticket: TicketId) -> str:
    return assignment_words(desk.ask(list_assignments, ticket)[-1])


def let_be_away(desk: Store, user_id: UserId, by: UserId | None = None) -> None:
    today = START.date()
    last = today + timedelta(days=5)
    desk.do(plan_absence, user_id, first_day=today, last_day=last, substitute_id=by)


def test_without_a_rule_a_ticket_is_nobodys(desk: Store, client: ClientId) -> None:
    ticket = opened(desk, client)
    assert owner(desk, ticket) == ""
    assert desk.ask(list_assignments, ticket) == []


def test_the_first_rule_that_matches_chooses(
    desk: Store, client: ClientId, people: dict[str, UserId]
) -> None:
    team = desk.do(create_team, name="Night").value
    desk.do(add_member, team, user_id=people["Dmitri"])
    desk.do(commands.create_rule, name="Off", way=Way.LEAST_BUSY, is_active=False)
    desk.do(commands.create_rule, name="Urgent", way=Way.LEAST_BUSY, team_id=team,
            priorities=[Priority.URGENT])  # fmt: skip
    assert owner(desk, opened(desk, client)) == ""
    urgent = opened(desk, client, priority=Priority.URGENT)
    assert owner(desk, urgent) == "Dmitri"
    assert why(desk, urgent) == "Assigned to Dmitri: rule “Urgent”; least busy: 0 open tickets"


def test_opening_and_handing_over_are_one_step_to_undo(
    desk: Store, client: ClientId, people: dict[str, UserId]
) -> None:
    desk.do(commands.create_rule, name="All", way=Way.ROUND_ROBIN)
    ticket = opened(desk, client)
    desk.undo()
    assert desk.ask(get_ticket, ticket) is None
    assert desk.ask(list_assignments, ticket) == []
    desk.redo()
    assert owner(desk, ticket) == "Boris"


def test_round_robin_goes_round(
    desk: Store, client: ClientId, people: dict[str, UserId], watch: Watch
) -> None:
    desk.do(commands.create_rule, name="All", way=Way.ROUND_ROBIN)
    got = []
    for _ in range(5):
        watch.move(minutes=1)
        got += owners(desk, client, 1)
    assert got == ["Boris", "Clara", "Dmitri", "Boris", "Clara"]
    ticket = opened(desk, client)
    assert why(desk, ticket) == (
        "Assigned to Dmitri: rule “All”; next in turn, the last time was 11 March 2026"
    )


def test_round_robin_goes_round_within_one_moment(
    desk: Store, client: ClientId, people: dict[str, UserId]
) -> None:
    tickets = [opened(desk, client) for _ in range(6)]
    desk.do(commands.create_rule, name="All", way=Way.ROUND_ROBIN)
    assert desk.do(route_tickets, tickets).value == 6
    assert sorted(owner(desk, one) for one in tickets) == sorted(2 * list(people))
    desk.undo()
    assert {owner(desk, one) for one in tickets} == {""}


def test_the_least_busy_is_weighed_by_what_presses(
    desk: Store, client: ClientId, people: dict[str, UserId]
) -> None:
    opened(desk, client, owner_id=people["Boris"], priority=Priority.URGENT)
    for _ in range(2):
        opened(desk, client, owner_id=people["Clara"])
    waiting = [
        opened(desk, client, owner_id=people["Dmitri"], priority=Priority.HIGH) for _ in range(2)
    ]
    desk.do(commands.create_rule, name="All", way=Way.LEAST_BUSY)
    # Boris has one that weighs 3, Clara two that weigh 2, Dmitri two that weigh 4.
    ticket = opened(desk, client)
    assert owner(desk, ticket) == "Clara"
    desk.do(delete_tickets, [ticket])
    desk.do(set_state, waiting, state=TicketState.WAITING_ON_CLIENT)
    desk.do(assign_tickets, [opened(desk, client)], owner_id=people["Clara"])
    ticket = opened(desk, client)
    assert why(desk, ticket) == "Assigned to Dmitri: rule “All”; least busy: 2 open tickets"
    desk.do(set_state, waiting, state=TicketState.RESOLVED)
    assert owner(desk, opened(desk, client)) == "Dmitri"


def test_the_weight_is_said_where_it_is_more_than_the_number(
    desk: Store, client: ClientId, people: dict[str, UserId]
) -> None:
    team = desk.do(create_team, name="Boris alone").value
    desk.do(add_member, team, user_id=people["Boris"])
    opened(desk, client, owner_id=people["Boris"], priority=Priority.URGENT)
    desk.do(commands.create_rule, name="All", way=Way.LEAST_BUSY, team_id=team)
    assert why(desk, opened(desk, client)) == (
        "Assigned to Boris: rule “All”; least busy: 1 open ticket, weighing 3"
    )


def test_the_best_suited_has_most_of_the_skills_and_then_least_to_do(
    desk: Store, client: ClientId, people: dict[str, UserId]
) -> None:
    tag = desk.do(create_tag, name="Printer").value
    desk.do(tag_clients, [client], tag_id=tag)
    printers = desk.do(commands.create_skill, name="Printers", tags=[tag]).value
    outages = desk.do(commands.create_skill, name="Outages", kinds=[TicketKind.INCIDENT]).value
    rare = desk.do(commands.create_skill, name="Praise", kinds=[TicketKind.SUGGESTION]).value
    desk.do(commands.set_skilled, printers, user_ids=[people["Clara"], people["Dmitri"]])
    desk.do(commands.set_skilled, outages, user_ids=[people["Dmitri"], people["Boris"]])
    desk.do(commands.set_skilled, rare, user_ids=[people["Boris"]])
    desk.do(commands.create_rule, name="All", way=Way.BEST_SUITED)
    ticket = opened(desk, client, kind=TicketKind.INCIDENT)
    assert why(desk, ticket) == (
        "Assigned to Dmitri: rule “All”; best suited: Printers, Outages; least busy: 0 open tickets"
    )
    # Of two who know printers the one without a ticket.
    assert owner(desk, opened(desk, client, kind=TicketKind.QUESTION)) == "Clara"
    other = desk.do(create_company, name="Other").value
    ticket = opened(desk, other, kind=TicketKind.COMPLAINT)
    assert why(desk, ticket) == (
        "Assigned to Boris: rule “All”; nobody has a skill that it needs;"
        " least busy: 0 open tickets"
    )


def test_who_served_the_client_last_gets_the_next_one(
    desk: Store, client: ClientId, people: dict[str, UserId], watch: Watch
) -> None:
    desk.do(commands.create_rule, name="All", way=Way.LAST_SERVED)
    first = opened(desk, client)
    assert why(desk, first) == (
        "Assigned to Boris: rule “All”; nobody of those served the client before;"
        " least busy: 0 open tickets"
    )
    anna = desk.actor
    desk.sign_in(people["Clara"])
    desk.do(reply, first, text="We look into it")
    watch.move(hours=1)
    desk.sign_in(people["Dmitri"])
    desk.do(log_call, client, text="He called again")
    desk.sign_in(anna)
    ticket = opened(desk, client)
    assert why(desk, ticket) == (
        "Assigned to Dmitri: rule “All”; served the client last, on 11 March 2026"
    )
    desk.do(deactivate_user, people["Dmitri"])
    assert owner(desk, opened(desk, client)) == "Clara"


def test_nobody_who_is_away_is_chosen(
    desk: Store, client: ClientId, people: dict[str, UserId]
) -> None:
    desk.do(commands.create_rule, name="All", way=Way.LEAST_BUSY)
    let_be_away(desk, people["Boris"])
    let_be_away(desk, people["Clara"])
    ticket = opened(desk, client)
    assert why(desk, ticket) == (
        "Assigned to Dmitri: rule “All”; least busy: 0 open tickets;"
        " Boris is away until 16 March 2026; Clara is away until 16 March 2026"
    )
    let_be_away(desk, people["Dmitri"])
    ticket = opened(desk, client)
    assert owner(desk, ticket) == ""
    assert why(desk, ticket).startswith(
        "Assigned to Nobody: rule “All”; nobody is here whom it may choose; Boris is away"
    )
    with pytest.raises(UserError, match="The rules found nobody who is here"):
        desk.do(route_tickets, [ticket])


def test_a_stand_in_takes_the_client_of_who_is_away(
    desk: Store, client: ClientId, people: dict[str, UserId]
) -> None:
    anna = desk.actor
    desk.sign_in(people["Clara"])
    desk.do(log_call, client, text="He called")
    desk.sign_in(anna)
    desk.do(commands.create_rule, name="All", way=Way.LAST_SERVED)
    let_be_away(desk, people["Clara"], people["Dmitri"])
    assert why(desk, opened(desk, client)) == (
        "Assigned to Dmitri: rule “All”; stands in for Clara, who served the client last, on"
        " 11 March 2026; Clara is away until 16 March 2026"
    )
    desk.undo()
    desk.undo()
    let_be_away(desk, people["Clara"])
    assert owner(desk, opened(desk, client)) == "Boris"


def test_by_hand_nobody_who_is_away_gets_a_ticket(
    desk: Store, client: ClientId, people: dict[str, UserId]
) -> None:
    ticket = opened(desk, client)
    let_be_away(desk, people["Clara"], people["Boris"])
    let_be_away(desk, people["Dmitri"])
    with pytest.raises(UserError, match="Clara is away until 16 March 2026") as refused:
        desk.do(assign_tickets, [ticket], owner_id=people["Clara"])
    assert refused.value.detail == "Choose Boris, who stands in."
    with pytest.raises(UserError, match="Dmitri is away"):
        desk.do(open_ticket, client, subject="No light", owner_id=people["Dmitri"])
    # Who is away and works all the same may take one.
    desk.sign_in(people["Dmitri"])
    desk.do(claim_ticket, ticket)
    assert owner(desk, ticket) == "Dmitri"


def test_changes_of_hands_stand_in_the_thread(
    desk: Store, client: ClientId, people: dict[str, UserId], watch: Watch
) -> None:
    ticket = opened(desk, client)
    desk.do(claim_ticket, ticket)
    assert why(desk, ticket) == "Anna took the ticket"
    watch.move(minutes=1)
    desk.do(assign_tickets, [ticket], owner_id=people["Boris"])
    assert why(desk, ticket) == "Anna assigned it to Boris"
    watch.move(minutes=1)
    desk.do(assign_tickets, [ticket], owner_id=None)
    assert why(desk, ticket) == "Anna: nobody is responsible any more"
    assert desk.ask(get_thread, ticket)[1:] == desk.ask(list_assignments, ticket)
    desk.undo()
    assert why(desk, ticket) == "Anna assigned it to Boris"
    # To whom it belongs already it is not assigned once more.
    assert desk.do(assign_tickets, [ticket], owner_id=people["Boris"]).step is None
    assert len(desk.ask(list_assignments, ticket)) == 2


def test_the_rules_can_be_asked_again(
    desk: Store, client: ClientId, people: dict[str, UserId]
) -> None:
    ticket = opened(desk, client)
    with pytest.raises(UserError, match="No rule of assignment matches"):
        desk.do(route_tickets, [ticket])
    desk.do(commands.create_rule, name="All", way=Way.LEAST_BUSY)
    assert desk.do(route_tickets, [ticket]).value == 1
    assert owner(desk, ticket) == "Boris"
    desk.undo()
    assert owner(desk, ticket) == ""
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    with pytest.raises(UserError, match="Nothing is to be done in these tickets"):
        desk.do(route_tickets, [ticket])


def test_a_rule_of_a_team_chooses_nobody_who_may_not_see_the_ticket(
    desk: Store, people: dict[str, UserId]
) -> None:
    closed = desk.do(create_team, name="Bank").value
    desk.do(add_member, closed, user_id=people["Dmitri"])
    client = desk.do(create_company, name="Bank client").value
    desk.do(move_clients, [client], team_id=closed)
    desk.do(commands.create_rule, name="All", way=Way.LEAST_BUSY)
    assert owner(desk, opened(desk, client)) == "Dmitri"


def test_the_reason_is_said_in_each_ones_language(
    desk: Store, client: ClientId, people: dict[str, UserId]
) -> None:
    desk.do(commands.create_rule, name="Все", way=Way.LEAST_BUSY)
    ticket = opened(desk, client)
    with speaking("ru"):
        assert why(desk, ticket) == (
            "Ответственный — Boris: правило «Все»; наименее загруженный: 0 открытых тикетов"
        )
