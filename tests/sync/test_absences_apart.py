"""Absences and lines that two people wrote apart: no circle goes round, nothing is lost."""

from datetime import timedelta

from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.absences.queries import list_away
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.days import day_of
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.line_times import list_line_steps, list_stays, time_per_line
from deskcrm.domain.tickets.lines import escalate, work_on
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.domain.users.model import UserId
from tests.sync.desks import Desk
from tests.sync.people import both


def send_away(desk: Desk, substitute: UserId) -> None:
    first = day_of(desk.watch.at)
    desk.store.do(
        plan_absence, desk.user, first_day=first, last_day=first + timedelta(days=3),
        substitute_id=substitute,
    )  # fmt: skip


def test_a_circle_that_was_planned_apart_leaves_nobody_on_both_sides(
    anna: Desk, ivan: Desk
) -> None:
    send_away(anna, ivan.user)
    send_away(ivan, anna.user)
    assert anna.store.ask(list_away)[anna.user].acting_id == ivan.user
    both(anna, ivan)
    for desk in (anna, ivan):
        away = desk.store.ask(list_away)
        assert {row.user_id for row in away.values()} == {anna.user, ivan.user}
        assert all(row.is_circle and row.acting_id is None for row in away.values())
    anna.store.undo()
    both(anna, ivan)
    for desk in (anna, ivan):
        assert desk.store.ask(list_away)[ivan.user].acting_id == anna.user


def test_moves_between_lines_made_apart_all_stand_in_the_log(anna: Desk, ivan: Desk) -> None:
    acme = anna.store.do(create_company, name="Acme").value
    ticket = anna.store.do(open_ticket, acme, subject="Dark", owner_id=anna.user).value
    anna.watch.move(minutes=10)
    anna.store.do(escalate, ticket, reason="Odd", tried="Restart")
    both(anna, ivan)
    anna.watch.move(minutes=5)
    ivan.store.do(work_on, ticket)
    anna.watch.move(minutes=1)
    anna.store.do(escalate, ticket, reason="Urgent", tried="Waited")
    both(anna, ivan)
    seen = []
    for desk in (anna, ivan):
        row = desk.store.ask(get_ticket, ticket)
        assert row is not None
        steps = desk.store.ask(list_line_steps, ticket)
        assert [step.reason for step in steps] == ["Odd", "", "Urgent"]
        spent = time_per_line(desk.store.ask(list_stays, ticket))
        seen.append((row.line, row.worker_id, steps, spent))
    assert seen[0] == seen[1]
