"""The clients and contacts of a workspace that are likely one."""

from deskcrm.domain.clients.commands import create_company, create_person, delete_clients
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.duplicates.queries import Alike, list_duplicates, list_namesakes
from deskcrm.store.store import Store


def test_clients_and_contacts_that_are_likely_one_are_listed_until_one_is_gone(
    desk: Store,
) -> None:
    acme = desk.do(create_company, name="Acme Widgets LLC").value
    again = desk.do(create_company, name="Widgets Acme").value
    desk.do(create_person, name="Ann Lee")
    for client, name in ((acme, "Boris Orlov"), (again, "Орлов Борис")):
        desk.do(add_contact, client, name=name, emails=["orlov@acme.example"])
    desk.do(add_contact, acme, name="Cid Poe", emails=["poe@acme.example"])
    clients, contacts = desk.ask(list_duplicates)
    assert clients.kind is Alike.CLIENT
    assert {clients.one.id, clients.other.id} == {acme, again}
    assert contacts.kind is Alike.CONTACT
    assert {contacts.one.name, contacts.other.name} == {"Boris Orlov", "Орлов Борис"}
    assert {contacts.one.client, contacts.other.client} == {"Acme Widgets LLC", "Widgets Acme"}
    assert min(one.probability for one in (clients, contacts)) >= 0.85
    assert desk.ask(list_duplicates, threshold=1) == []
    desk.do(delete_clients, [again])
    assert desk.ask(list_duplicates) == []


def test_while_a_name_is_typed_who_it_may_be_already_is_said(desk: Store) -> None:
    flower = desk.do(create_company, name="Ромашка").value
    desk.do(add_contact, flower, name="Иван Петров")
    field = desk.do(create_company, name="Ромашковое поле").value
    (first, *others) = desk.ask(list_namesakes, "ООО «Ромашка»")
    assert (first.id, first.name, first.is_likely) == (flower, "Ромашка", True)
    assert not any(one.is_likely for one in others)
    assert {one.id for one in desk.ask(list_namesakes, "Ромаш")} == {flower, field}
    (person,) = desk.ask(list_namesakes, "Petrov Ivan")
    assert (person.id, person.is_likely) == (flower, True)
    assert desk.ask(list_namesakes, "Nobody of that name") == []
