"""Contacts that one merges while another works with them: nothing of either is lost."""

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.contacts.commands import add_contact, rename_contact
from deskcrm.domain.contacts.merging import merge_contacts, merged_into
from deskcrm.domain.contacts.queries import get_contact, list_contacts
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.queries import get_ticket
from tests.sync.conftest import MakeDesk, join
from tests.sync.desks import Desk
from tests.sync.http_world import Site, rows_of
from tests.sync.people import both, tables


@pytest.fixture
def desks(either_site: Site, make_desk: MakeDesk) -> tuple[Desk, Desk]:
    anna, ivan = (join(either_site, make_desk, name) for name in ("anna", "ivan"))
    both(anna, ivan)
    return anna, ivan


def test_what_a_colleague_does_meanwhile_is_there_afterwards(desks: tuple[Desk, Desk]) -> None:
    anna, ivan = desks
    acme = anna.store.do(create_company, name="Acme").value
    gone, into = (
        anna.store.do(add_contact, acme, name=name, phones=["+44 20 7946 0018"]).value
        for name in ("P. Ivanov", "Peter Ivanov")
    )
    before = anna.store.do(open_ticket, acme, subject="Before", contact_id=gone).value
    both(anna, ivan)
    step = anna.store.do(merge_contacts, gone, into_id=into).step
    anna.watch.move(minutes=1)
    ivan.store.do(rename_contact, into, name="Peter I. Ivanov")
    meanwhile = ivan.store.do(open_ticket, acme, subject="Meanwhile", contact_id=gone).value
    both(anna, ivan)
    for desk in (anna, ivan):
        (row,) = desk.store.ask(list_contacts, acme)
        assert (row.id, row.name, len(row.points)) == (into, "Peter I. Ivanov", 1)
        assert desk.store.ask(merged_into, [into]) == {gone}
        named = [desk.store.ask(get_ticket, one) for one in (before, meanwhile)]
        assert [one and one.contact for one in named] == ["Peter I. Ivanov", "P. Ivanov"]
        assert rows_of(desk.store, "conflict") == []
    anna.store.undo(step)
    both(anna, ivan)
    assert tables(anna) == tables(ivan)
    for desk in (anna, ivan):
        assert desk.store.ask(merged_into, [into]) == set()
        found = [desk.store.ask(get_contact, one) for one in (gone, into)]
        assert [one and one.name for one in found] == ["P. Ivanov", "Peter I. Ivanov"]
        assert [one and len(one.points) for one in found] == [1, 1]
