"""A bulk edit shows what it would do to each row, does just that, and is undone but for others."""

from typing import Any

import pytest
from sqlalchemy import select

from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company, edit_client, set_tier
from deskcrm.domain.clients.custom_fields import (
    add_custom_field,
    edit_custom_field,
    set_custom_value,
)
from deskcrm.domain.clients.detail import list_custom_values
from deskcrm.domain.clients.model import Client, ClientId, FieldKind, Tier
from deskcrm.domain.clients.moving import move_clients
from deskcrm.domain.edits.fields import ClientField, TaskField, TicketField, Way
from deskcrm.domain.edits.rehearsing import Place, carry_out, page_outcome, rehearse
from deskcrm.domain.tasks.commands import complete_task, create_task
from deskcrm.domain.teams.commands import create_team
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.commands import set_state as move
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserRole
from deskcrm.store.history import list_history
from deskcrm.store.store import Store

JOB = Job()


@pytest.fixture
def clients(desk: Store) -> list[ClientId]:
    """Give three clients; the second is gold already."""
    made = [desk.do(create_company, name=name, about=name).value for name in ("A", "B", "C")]
    desk.do(set_tier, made[1:2], tier=Tier.GOLD)
    return made


def tiers(store: Store) -> list[Tier]:
    return list(store.ask(lambda db: db.scalars(select(Client.tier).order_by(Client.name))))


def test_the_rehearsal_says_of_each_row_what_would_be_and_changes_nothing(
    desk: Store, clients: list[ClientId]
) -> None:
    what = (Place.CLIENTS, clients, ClientField.TIER, Way.SET, "gold")
    before = desk.ask(list_history, clients[0])
    seen = rehearse(JOB, desk, *what)
    said = {row.name: (row.is_changed, row.lines) for row in seen.rows}
    assert said == {
        "A": (True, ("Tier: Standard → Gold",)),
        "B": (False, ()),
        "C": (True, ("Tier: Standard → Gold",)),
    }
    assert tiers(desk) == [Tier.STANDARD, Tier.GOLD, Tier.STANDARD]
    assert desk.ask(list_history, clients[0]) == before
    outcome = carry_out(JOB, desk, *what)
    assert (outcome.changed, outcome.same) == (seen.outcome.changed, seen.outcome.same)
    rows = desk.ask(page_outcome(Place.CLIENTS), outcome, clients)
    assert {row.name: (row.is_changed, row.lines) for row in rows} == said
    assert tiers(desk) == [Tier.GOLD] * 3


def test_undo_puts_back_all_but_what_somebody_changed_since(
    desk: Store, clients: list[ClientId]
) -> None:
    carry_out(JOB, desk, Place.CLIENTS, clients, ClientField.INDUSTRY, Way.SET, "Food")
    step = desk.ask(list_history, clients[0])[0].step
    desk.do(edit_client, clients[2], industry="Steel")
    undone = desk.undo(step)
    assert [one.row_id for one in undone.left_alone] == [clients[2]]
    found = desk.ask(lambda db: db.scalars(select(Client.industry).order_by(Client.name)))
    assert found == ["", "", "Steel"]


@pytest.mark.parametrize(
    ("way", "text", "after"),
    [(Way.SET, "New", "New"), (Way.ADD, "More", "A\nMore"), (Way.CLEAR, "", "")],
)
def test_a_text_is_set_added_to_and_cleared(
    desk: Store, clients: list[ClientId], way: Way, text: str, after: str
) -> None:
    carry_out(JOB, desk, Place.CLIENTS, clients[:1], ClientField.ABOUT, way, text)
    found = desk.ask(lambda db: db.scalar(select(Client.about).where(Client.id == clients[0])))
    assert found == after


def test_a_tag_is_put_on_and_taken_off(desk: Store, clients: list[ClientId]) -> None:
    put = carry_out(JOB, desk, Place.CLIENTS, clients, ClientField.TAG, Way.ADD, "Pilot")
    assert len(put.changed) == 3
    again = rehearse(JOB, desk, Place.CLIENTS, clients, ClientField.TAG, Way.ADD, "pilot")
    assert again.outcome.changed == ()
    off = carry_out(JOB, desk, Place.CLIENTS, clients[:1], ClientField.TAG, Way.REMOVE, "Pilot")
    assert off.changed == (clients[0],)


def test_a_field_that_the_team_added_is_set_and_cleared_by_its_own_rules(
    desk: Store, clients: list[ClientId]
) -> None:
    region = desk.do(
        add_custom_field, name="Region", kind=FieldKind.CHOICE, choices=["North", "South"]
    ).value
    desk.do(set_custom_value, clients[1], field_id=region, text="North")

    def regions() -> list[str]:
        return [desk.ask(list_custom_values, one)[0].text for one in clients]

    what = (Place.CLIENTS, clients, region, Way.SET, "north")
    seen = rehearse(JOB, desk, *what)
    added = ("Added: custom value “Region”",)
    assert {row.name: row.lines for row in seen.rows} == {"A": added, "B": (), "C": added}
    assert regions() == ["", "North", ""]
    assert carry_out(JOB, desk, *what).changed == (clients[0], clients[2])
    assert regions() == ["North"] * 3
    with pytest.raises(UserError, match="East"):
        carry_out(JOB, desk, Place.CLIENTS, clients, region, Way.SET, "East")
    desk.undo()
    assert regions() == ["", "North", ""]
    cleared = carry_out(JOB, desk, Place.CLIENTS, clients, region, Way.CLEAR, "")
    assert cleared.changed == (clients[1],)
    desk.do(edit_custom_field, region, is_required=True)
    with pytest.raises(UserError, match="must be filled in"):
        carry_out(JOB, desk, Place.CLIENTS, clients, region, Way.CLEAR, "")


def test_what_refuses_says_why_and_the_others_are_done(
    desk: Store, clients: list[ClientId]
) -> None:
    one, other = (desk.do(open_ticket, clients[0], subject=s).value for s in ("One", "Other"))
    desk.do(move, [one], state=TicketState.CLOSED)
    what = (Place.TICKETS, [one, other], TicketField.STATE, Way.SET, "waiting_on_client")
    seen = rehearse(JOB, desk, *what)
    refused: Any = {row.id: row.refused for row in seen.rows if row.refused}
    assert list(refused) == [one] and refused[one]
    assert carry_out(JOB, desk, *what).changed == (other,)


def test_tasks_are_moved_unless_they_are_done(desk: Store, clients: list[ClientId]) -> None:
    done, due = (desk.do(create_task, title=t, client_id=clients[0]).value for t in ("D", "E"))
    desk.do(complete_task, done)
    what = (Place.TASKS, [done, due], TaskField.DUE, Way.SET, "2026-12-24")
    seen = rehearse(JOB, desk, *what)
    assert {row.name: bool(row.refused) for row in seen.rows} == {"D": True, "E": False}
    assert carry_out(JOB, desk, *what).changed == (due,)


def test_what_another_team_has_is_refused_before_a_server_refuses_all(
    desk: Store, clients: list[ClientId]
) -> None:
    team = desk.do(create_team, name="North").value
    desk.do(create_company, name="D")
    desk.do(move_clients, clients[:1], team_id=team)
    desk.sign_in(desk.do(add_user, name="Ivan", role=UserRole.MANAGER).value)
    seen = rehearse(JOB, desk, Place.CLIENTS, clients, ClientField.CITY, Way.SET, "Oslo")
    assert {row.name: row.refused for row in seen.rows if row.refused} == {
        "A": "Your role does not allow it."
    }
    assert seen.refused == 1


@pytest.mark.parametrize(
    ("field", "way", "text"),
    [
        (ClientField.TIER, Way.CLEAR, ""),
        (ClientField.TIER, Way.SET, "platinum"),
        (ClientField.OWNER, Way.SET, "Anna"),
        (ClientField.CITY, Way.SET, " "),
        (ClientField.LANGUAGE, Way.SET, "Klingon!"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    desk: Store, clients: list[ClientId], field: ClientField, way: Way, text: str
) -> None:
    with pytest.raises(UserError):
        rehearse(JOB, desk, Place.CLIENTS, clients, field, way, text)
    with pytest.raises(UserError):
        carry_out(JOB, desk, Place.CLIENTS, clients, field, way, text)


def test_a_cancelled_edit_has_changed_nothing(desk: Store, clients: list[ClientId]) -> None:
    job = Job()
    job.cancel()
    with pytest.raises(Cancelled):
        carry_out(job, desk, Place.CLIENTS, clients, ClientField.TIER, Way.SET, "gold")
    assert tiers(desk) == [Tier.STANDARD, Tier.GOLD, Tier.STANDARD]
