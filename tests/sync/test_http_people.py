"""Two people with real profiles and a real server: what becomes of a day's work done apart."""

import pytest

from deskcrm.domain.clients.commands import (
    create_company,
    delete_clients,
    edit_client,
    rename_client,
    set_owner,
    set_tier,
)
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.clients.moving import move_clients
from deskcrm.domain.conflicts.model import ConflictKind
from deskcrm.domain.conflicts.queries import count_conflicts, list_conflicts
from deskcrm.domain.contacts.commands import add_contact, edit_contact
from deskcrm.domain.interactions.commands import add_note, log_call
from deskcrm.domain.tags.commands import create_tag, tag_clients, untag_clients
from deskcrm.domain.tasks.commands import complete_task, create_task
from deskcrm.domain.teams.commands import create_team
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.users.commands import set_role
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.store.history import list_history
from tests.sync.conftest import MakeDesk
from tests.sync.desks import Desk
from tests.sync.http_world import Site, rows_of
from tests.sync.people import both, one, tables


@pytest.fixture
def anna(either_site: Site, make_desk: MakeDesk) -> Desk:
    either_site.add_person("anna")
    desk = make_desk("anna", either_site)
    desk.connect()
    return desk


@pytest.fixture
def ivan(either_site: Site, make_desk: MakeDesk, anna: Desk) -> Desk:
    either_site.add_person("ivan")
    desk = make_desk("ivan", either_site)
    desk.connect()
    anna.sync()
    return desk


@pytest.fixture
def acme(anna: Desk, ivan: Desk) -> ClientId:
    """Give a client that both know."""
    made = anna.store.do(create_company, name="Acme", about="one two three").value
    both(anna, ivan)
    anna.watch.move(minutes=1)
    return made


def test_a_day_of_work_apart_is_the_same_on_both_sides_in_the_end(
    anna: Desk, ivan: Desk, acme: ClientId
) -> None:
    contact = anna.store.do(
        add_contact, acme, name="Maria", phones=["+7 912 345-67-89"], emails=["m@acme.ru"]
    ).value
    anna.store.do(log_call, acme, text="asked for a price", minutes=5)
    tag = anna.store.do(create_tag, name="VIP").value
    anna.store.do(tag_clients, [acme], tag_id=tag)
    task = ivan.store.do(create_task, title="Call back", client_id=acme).value
    ivan.store.do(add_note, acme, text="they moved")
    other = ivan.store.do(create_company, name="Other").value
    ivan.store.do(open_ticket, acme, subject="It does not start", text="Help")
    both(anna, ivan)
    ivan.store.do(edit_contact, contact, position="Boss")
    anna.store.do(complete_task, task, outcome="done")
    anna.store.do(set_owner, [other], owner_id=anna.user)
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    assert one(anna, "contact", contact).position == "Boss"
    assert one(ivan, "client", other).owner_id == anna.user
    assert anna.store.ask(count_conflicts) == 0


def test_different_fields_of_one_client_both_stand(anna: Desk, ivan: Desk, acme: ClientId) -> None:
    anna.store.do(set_tier, [acme], tier=Tier.GOLD)
    ivan.store.do(rename_client, acme, name="Acme Ltd")
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    assert (one(anna, "client", acme).name, one(anna, "client", acme).tier) == (
        "Acme Ltd",
        Tier.GOLD,
    )
    assert anna.store.ask(count_conflicts) == 0


def test_of_one_field_the_later_stands_and_both_are_told(
    anna: Desk, ivan: Desk, acme: ClientId
) -> None:
    anna.store.do(rename_client, acme, name="Annas")
    anna.watch.move(minutes=1)
    ivan.store.do(rename_client, acme, name="Ivans")
    ivan.sync()  # the later one comes first
    both(anna, ivan)
    assert {one(desk, "client", acme).name for desk in (anna, ivan)} == {"Ivans"}
    for desk in (anna, ivan):
        (conflict,) = desk.store.ask(list_conflicts)
        assert conflict.kind is ConflictKind.LATER
        assert (conflict.kept_by, conflict.lost_by) == ("ivan", "anna")
        assert "Annas" in conflict.lost


def test_notes_that_were_written_by_both_are_joined(anna: Desk, ivan: Desk, acme: ClientId) -> None:
    anna.store.do(edit_client, acme, about="zero one two three")
    ivan.store.do(edit_client, acme, about="one two three four")
    both(anna, ivan)
    assert {one(desk, "client", acme).about for desk in (anna, ivan)} == {"zero one two three four"}
    anna.store.do(edit_client, acme, about="zero ONE two three four")
    ivan.store.do(edit_client, acme, about="zero 1 two three four")
    both(anna, ivan)
    about = one(anna, "client", acme).about
    assert "ONE" in about
    assert "1" in about
    assert about == one(ivan, "client", acme).about


def test_a_deletion_loses_to_work_it_had_not_seen(anna: Desk, ivan: Desk, acme: ClientId) -> None:
    ivan.store.do(edit_client, acme, city="Kazan")
    ivan.sync()
    anna.store.do(delete_clients, [acme])
    both(anna, ivan)
    assert {one(desk, "client", acme).city for desk in (anna, ivan)} == {"Kazan"}
    assert [row.kind for row in anna.store.ask(list_conflicts)] == [ConflictKind.DELETED]


def test_an_edit_brings_back_what_another_deleted(anna: Desk, ivan: Desk, acme: ClientId) -> None:
    anna.store.do(delete_clients, [acme])
    anna.sync()
    ivan.store.do(edit_client, acme, city="Kazan")
    both(anna, ivan)
    assert {one(desk, "client", acme).city for desk in (anna, ivan)} == {"Kazan"}


def test_a_call_that_was_logged_with_a_client_deleted_meanwhile_is_kept(
    anna: Desk, ivan: Desk, acme: ClientId
) -> None:
    anna.store.do(delete_clients, [acme])
    anna.sync()
    call = ivan.store.do(log_call, acme, text="they called").value
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    assert one(anna, "interaction", call).text == "they called"


def test_undo_after_the_exchange_reaches_the_other(anna: Desk, ivan: Desk, acme: ClientId) -> None:
    anna.store.do(rename_client, acme, name="New")
    both(anna, ivan)
    anna.store.undo()
    both(anna, ivan)
    assert one(ivan, "client", acme).name == "Acme"
    anna.store.redo()
    both(anna, ivan)
    assert one(ivan, "client", acme).name == "New"


def test_undo_leaves_alone_what_another_changed_since(
    anna: Desk, ivan: Desk, acme: ClientId
) -> None:
    anna.store.do(edit_client, acme, city="Kazan", industry="trade")
    both(anna, ivan)
    ivan.store.do(edit_client, acme, city="Moscow")
    both(anna, ivan)
    undone = anna.store.undo()
    assert undone.left_alone
    both(anna, ivan)
    row = one(ivan, "client", acme)
    assert (row.city, row.industry) == ("Moscow", "")


def test_a_tag_that_was_put_on_again_beats_its_removal(
    anna: Desk, ivan: Desk, acme: ClientId
) -> None:
    tag = anna.store.do(create_tag, name="VIP").value
    anna.store.do(tag_clients, [acme], tag_id=tag)
    both(anna, ivan)
    anna.store.do(untag_clients, [acme], tag_id=tag)
    ivan.store.do(untag_clients, [acme], tag_id=tag)
    ivan.store.do(tag_clients, [acme], tag_id=tag)
    both(anna, ivan)
    assert len(rows_of(anna.store, "client_tag")) == 1
    assert tables(anna) == tables(ivan)


def test_tickets_opened_apart_have_numbers_of_their_own(
    anna: Desk, ivan: Desk, acme: ClientId
) -> None:
    anna.store.do(open_ticket, acme, subject="First")
    both(anna, ivan)
    for desk in (anna, ivan):
        desk.store.do(open_ticket, acme, subject="Apart")
    both(anna, ivan)
    numbers = [row.number for row in rows_of(anna.store, "ticket")]
    assert len(set(numbers)) == 3


def test_a_client_who_changes_team_leaves_one_copy_and_enters_another(
    either_site: Site, make_desk: MakeDesk
) -> None:
    desks = {}
    for name in ("boss", "anna", "ivan"):
        either_site.add_person(name)
        desks[name] = make_desk(name, either_site)
    boss, anna, ivan = desks.values()
    lead = either_site.people["boss"]
    either_site.hub.store.do(set_role, UserId(lead), role=UserRole.LEAD)
    boss.connect()
    north, south = (boss.store.do(create_team, name=name).value for name in ("North", "South"))
    acme = boss.store.do(create_company, name="Acme").value
    boss.store.do(add_contact, acme, name="Maria", phones=["+7 912 345-67-89"], emails=[])
    boss.store.do(add_note, acme, text="they moved")
    seen = either_site.grants
    seen[lead] = {north, south}
    seen[either_site.people["anna"]], seen[either_site.people["ivan"]] = {north}, {south}
    for desk in (anna, ivan):
        desk.connect()
    both(boss, anna, ivan)
    kinds = ("client", "contact", "contact_point", "interaction")

    def shown(desk: Desk) -> list[int]:
        return [len(rows_of(desk.store, kind)) for kind in kinds]

    boss.store.do(move_clients, [acme], team_id=north)
    both(boss, anna, ivan)
    assert (shown(anna), shown(ivan)) == ([1, 1, 1, 1], [0, 0, 0, 0])
    assert anna.store.ask(list_history, acme)[0].label == "Moved to team"
    boss.store.do(move_clients, [acme], team_id=south)
    both(boss, anna, ivan)
    assert (shown(anna), shown(ivan)) == ([0, 0, 0, 0], [1, 1, 1, 1])
    assert anna.store.ask(list_history, acme) == []
    boss.store.undo()
    both(boss, anna, ivan)
    assert (shown(anna), shown(ivan)) == ([1, 1, 1, 1], [0, 0, 0, 0])
