"""Merging clients: all that hangs on one goes to the other, and comes back when they are parted."""

import pytest
from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.domain.client_merges.commands import (
    follow_merges,
    merge_clients,
    part_clients,
    set_apart,
)
from deskcrm.domain.client_merges.joining import Since
from deskcrm.domain.client_merges.model import OF_MERGES, ClientBefore, ClientMerge
from deskcrm.domain.client_merges.moving import moved_models
from deskcrm.domain.client_merges.queries import has_strays, list_story
from deskcrm.domain.client_merges.states import kept_by_key
from deskcrm.domain.clients.commands import (
    create_company,
    create_person,
    edit_client,
    restore_client,
    set_owner,
    set_parent,
)
from deskcrm.domain.clients.custom_fields import add_custom_field, set_custom_value
from deskcrm.domain.clients.detail import get_client, list_custom_values
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.commands import add_contact, edit_contact
from deskcrm.domain.contacts.model import Contact, ContactPoint
from deskcrm.domain.erasures.commands import erase_person
from deskcrm.domain.erasures.model import PersonKind
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.lookup.queries import search_everything
from deskcrm.domain.tags.commands import tag_clients_by_name
from deskcrm.domain.tags.queries import tags_of
from deskcrm.domain.tickets.commands import open_ticket, reply
from deskcrm.domain.tickets.model import Ticket, TicketMessage
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserRole
from deskcrm.store.history import list_history
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import Record, change_table, record_models, shape_of
from deskcrm.store.work import Missing
from tests.domain.behind import behind
from tests.watch import Watch


@pytest.fixture
def twin(desk: Store) -> ClientId:
    """Give a client that is Acme too."""
    return desk.do(
        create_company, name="ACME Ltd", city="Oslo", street="Main 1", industry="Steel"
    ).value


def placed(desk: Store, model: type[Record]) -> dict[str, list[ClientId]]:
    """Give the clients on which living rows hang, by what the rows are called."""

    def read(db: Reader) -> dict[str, list[ClientId]]:
        shape = shape_of(model)
        title = shape.table.c[model.__title__ or "id"]
        living = select(title, shape.table.c.client_id).where(~shape.table.c.is_deleted)
        rows = db.all(living.order_by(shape.table.c.id))
        found: dict[str, list[ClientId]] = {}
        for name, client in rows:
            found.setdefault(str(name), []).append(client)
        return found

    return desk.ask(read)


def clients_of(desk: Store, model: type[Record]) -> list[ClientId]:
    """Give the clients on which living rows hang, in order."""
    return sorted(client for some in placed(desk, model).values() for client in some)


def city(desk: Store, client: ClientId) -> str:
    return desk.ask(get_client, client).profile.city


def test_what_hangs_on_one_goes_to_the_other_and_back(
    desk: Store, client: ClientId, twin: ClientId
) -> None:
    desk.do(add_contact, twin, name="Ann", phones=["+7 912 345-67-89"], emails=["a@acme.com"])
    desk.do(add_contact, client, name="Bob")
    desk.do(open_ticket, twin, subject="Broken", text="It broke")
    desk.do(log_call, twin, subject="Hello")
    merge = desk.do(merge_clients, twin, into_id=client).value
    assert placed(desk, Contact) == {"Ann": [client], "Bob": [client]}
    assert clients_of(desk, ContactPoint) == [client, client]
    assert placed(desk, Ticket) == {"Broken": [client]}
    assert clients_of(desk, TicketMessage) == [client]
    with pytest.raises(Missing, match="merged into “Acme”"):
        desk.ask(get_client, twin)
    assert city(desk, client) == "Oslo"  # Acme had none
    told = desk.ask(list_history, client)[0].lines
    assert told[0] == "Added: client merge “ACME Ltd”"
    assert not any("client before" in line or "Taken" in line for line in told)
    labels = [entry.label for entry in desk.ask(list_story, client)]
    assert labels[0] == "Merged clients" and labels.count("Added company") == 2
    assert behind(desk) == []
    desk.do(part_clients, merge)
    assert placed(desk, Contact) == {"Ann": [twin], "Bob": [client]}
    assert placed(desk, Ticket) == {"Broken": [twin]}
    assert (city(desk, client), city(desk, twin)) == ("", "Oslo")
    assert behind(desk) == []
    desk.undo()
    assert placed(desk, Ticket) == {"Broken": [client]}
    desk.undo()
    assert placed(desk, Ticket) == {"Broken": [twin]}
    assert (city(desk, client), city(desk, twin)) == ("", "Oslo")


def test_a_client_is_found_by_the_names_of_what_went_into_it(
    desk: Store, client: ClientId, twin: ClientId
) -> None:
    last = desk.do(create_company, name="Umbra").value

    def found(text: str) -> list[ClientId]:
        return [hit.client for hit in desk.ask(search_everything, text, kinds=(Kind.CLIENT,))]

    desk.do(edit_client, twin, name="Zorgvliet")
    first = desk.do(merge_clients, twin, into_id=client).value
    assert found("Zorgvliet") == [client]
    second = desk.do(merge_clients, client, into_id=last).value
    assert found("Zorgvliet") == found("Acme") == [last]
    assert behind(desk) == []
    desk.do(part_clients, first)
    assert (found("Zorgvliet"), found("Acme")) == ([twin], [last])
    desk.do(part_clients, second)
    assert (found("Acme"), found("Umbra")) == ([client], [last])
    assert behind(desk) == []


def test_a_field_is_taken_from_whichever_is_chosen(
    desk: Store, client: ClientId, twin: ClientId
) -> None:
    desk.do(edit_client, client, city="Bergen", street="Side 2", industry="Iron")
    desk.do(merge_clients, twin, into_id=client, taken=["address", "name"])
    profile = desk.ask(get_client, client).profile
    assert (profile.name, profile.city, profile.industry) == ("ACME Ltd", "Oslo", "Iron")


def test_what_both_have_once_is_kept_for_each(
    desk: Store, client: ClientId, twin: ClientId
) -> None:
    field = desk.do(add_custom_field, name="Region").value
    for one, region, tags in ((client, "North", "vip"), (twin, "South", "vip late")):
        desk.do(set_custom_value, one, field_id=field, text=region)
        for tag in tags.split():
            desk.do(tag_clients_by_name, [one], name=tag)

    def seen(one: ClientId) -> tuple[list[str], list[str]]:
        values = desk.ask(list_custom_values, one)
        tags = desk.ask(tags_of, [one]).get(one, ())
        return [each.text for each in values], sorted(each.name for each in tags)

    merge = desk.do(merge_clients, twin, into_id=client).value
    assert seen(client) == (["North"], ["late", "vip"])
    desk.do(part_clients, merge)
    assert (seen(client), seen(twin)) == ((["North"], ["vip"]), (["South"], ["late", "vip"]))


@pytest.mark.parametrize("since", Since)
def test_what_was_changed_since_goes_where_it_was_said(
    desk: Store, client: ClientId, twin: ClientId, since: Since
) -> None:
    ann = desk.do(add_contact, twin, name="Ann").value
    merge = desk.do(merge_clients, twin, into_id=client).value
    desk.do(edit_client, client, city="Bergen")
    desk.do(edit_contact, ann, name="Anna")
    desk.do(part_clients, merge, since=since)
    wanted = ("Bergen", "Oslo") if since is Since.STAYS else ("", "Bergen")
    assert (city(desk, client), city(desk, twin)) == wanted
    assert placed(desk, Contact) == {"Anna": [twin]}  # what is hers goes with her


def test_what_was_said_since_goes_with_its_ticket(
    desk: Store, watch: Watch, client: ClientId, twin: ClientId
) -> None:
    ticket = desk.do(open_ticket, twin, subject="Broken", text="It broke").value
    watch.move(minutes=1)
    merge = desk.do(merge_clients, twin, into_id=client).value
    watch.move(minutes=1)
    desk.do(reply, ticket, text="We look")
    desk.do(open_ticket, client, subject="New", text="New")
    desk.do(part_clients, merge)
    assert placed(desk, Ticket) == {"Broken": [twin], "New": [client]}
    assert clients_of(desk, TicketMessage) == sorted([twin, twin, client])


def test_clients_below_come_along_and_none_stands_under_itself(
    desk: Store, client: ClientId, twin: ClientId
) -> None:
    below = desk.do(create_company, name="Below", parent_id=twin).value
    desk.do(set_parent, client, parent_id=below)
    merge = desk.do(merge_clients, twin, into_id=client).value

    def parents(db: Reader) -> dict[ClientId, ClientId | None]:
        c = shape_of(Client).table.c
        return {row[0]: row[1] for row in db.all(select(c.id, c.parent_id))}

    found = desk.ask(parents)
    assert (found[below], found[client]) == (client, None)
    desk.do(part_clients, merge)
    found = desk.ask(parents)
    assert (found[below], found[client], found[twin]) == (twin, below, None)


def test_what_cannot_be_merged_is_refused_in_words(
    desk: Store, client: ClientId, twin: ClientId
) -> None:
    with pytest.raises(UserError, match="with itself"):
        desk.do(merge_clients, client, into_id=client)
    desk.do(merge_clients, twin, into_id=client)
    with pytest.raises(UserError, match="merged into “Acme”"):
        desk.do(restore_client, twin)


def test_an_agent_merges_away_clients_of_their_own(
    desk: Store, client: ClientId, twin: ClientId
) -> None:
    agent = desk.do(add_user, name="Ivan", role=UserRole.AGENT).value
    desk.do(set_owner, [twin], owner_id=agent)
    desk.actor = agent
    with pytest.raises(UserError, match="may not merge"):
        desk.do(merge_clients, client, into_id=twin)
    desk.do(merge_clients, twin, into_id=client)


def test_nothing_is_left_to_follow_after_a_merge(
    desk: Store, client: ClientId, twin: ClientId
) -> None:
    desk.do(add_contact, twin, name="Ann")
    desk.do(tag_clients_by_name, [twin], name="vip")
    assert not desk.ask(has_strays)
    desk.do(merge_clients, twin, into_id=client)
    assert not desk.ask(has_strays)
    assert desk.do(follow_merges).step is None


def test_a_pair_is_set_apart_once_whichever_comes_first(
    desk: Store, client: ClientId, twin: ClientId
) -> None:
    assert desk.do(set_apart, client, other_id=twin).step is not None
    assert desk.do(set_apart, twin, other_id=client).step is None
    with pytest.raises(UserError, match="same as itself"):
        desk.do(set_apart, twin, other_id=twin)


def test_whatever_hangs_on_a_client_is_moved_or_kept_by_key() -> None:
    """Of a record that can be neither, merging would lose the rows out of sight."""
    moved = {str(model.__tablename__) for model, _ in moved_models()}
    of_merges = {str(model.__tablename__) for model in OF_MERGES}
    naming = {
        shape_of(model).name
        for model in record_models()
        if model.__module__.startswith("deskcrm.")
        for column in shape_of(model).columns.values()
        if column.info.get("refers") == "client"
    }
    # That a person was erased is told of the client that it was at the time.
    assert naming - moved - kept_by_key().keys() - of_merges == {"erasure"}
    assert {"contact", "ticket"} <= moved and {"client_tag", "invoice"} <= kept_by_key().keys()


def test_a_person_who_is_erased_is_in_no_merge_either(desk: Store) -> None:
    marfa = desk.do(create_person, name="Marfa Petrova", about="Likes tea").value
    twin = desk.do(create_person, name="M. Petrova", about="Likes coffee").value
    desk.do(merge_clients, twin, into_id=marfa)
    desk.do(erase_person, PersonKind.CLIENT, marfa, typed_name="Marfa Petrova")

    def kept(db: Reader) -> str:
        told = [select(ClientBefore.state), select(ClientMerge.seen), select(Client.name)]
        rows = [row[0] for one in told for row in db.all(one)]
        return str([*rows, *db.scalars(select(change_table.c.after))])

    said = desk.ask(kept)
    assert "Petrova" not in said and "Likes" not in said
