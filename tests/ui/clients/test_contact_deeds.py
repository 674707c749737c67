"""What can be done with the people of a client, from their lines on its page."""

import pytest
from PySide6.QtWidgets import QToolButton

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.queries import ContactRow, list_contacts
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.contacts.deeds import contact_deeds, open_merge, open_move
from deskcrm.ui.kit.desk import Desk, Told
from deskcrm.ui.kit.pick import Option
from tests.ui.clients.conftest import AddClient
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def acme(screen: ClientsScreen, desk: Desk, add: AddClient) -> ClientId:
    client = add("Acme")
    for name, phone in (("Ada Lovelace", "+44 20 7946 0018"), ("Grace", "+44 20 7946 0019")):
        desk.store.do(add_contact, client, name=name, phones=[phone])
    desk.store.do(add_contact, client, name="A. Lovelace", phones=["+44 20 7946 0018"])
    screen.view.show_client(client)
    settle(desk)
    return client


def people(desk: Desk, client: ClientId) -> dict[str, ContactRow]:
    return {one.name: one for one in desk.store.ask(list_contacts, client)}


def test_each_line_has_a_button_for_what_else_can_be_done(
    screen: ClientsScreen, desk: Desk, acme: ClientId
) -> None:
    found = people(desk, acme)
    screen.view.show_contact(found["Grace"].id)
    card = screen.view.identity.cards[found["Grace"].id]
    assert "More about Grace" in {one.accessibleName() for one in card.findChildren(QToolButton)}
    deeds = contact_deeds(screen.view, found["Grace"], list(found.values()))
    words = [deed[0] for deed in deeds]
    assert words == ["Merge with…", "Move to another client…", "Delete contact"]
    deeds[-1][2]()
    settle(desk)
    assert set(people(desk, acme)) == {"Ada Lovelace", "A. Lovelace"}
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_whoever_is_most_alike_is_proposed_and_the_toast_says_who_went_on(
    screen: ClientsScreen, desk: Desk, acme: ClientId
) -> None:
    heard: list[Told] = []
    desk.told.connect(heard.append)
    found = people(desk, acme)
    others = [one for name, one in found.items() if name != "A. Lovelace"]
    card = open_merge(screen.view, found["A. Lovelace"], others)
    settle(desk)
    assert card.form.fields["into_id"].value() == found["Ada Lovelace"].id
    card.form.save()
    settle(desk)
    assert set(people(desk, acme)) == {"Ada Lovelace", "Grace"}
    assert heard[-1].text == "“A. Lovelace” was merged into “Ada Lovelace”."
    desk.store.undo(heard[-1].undo_step)
    assert set(people(desk, acme)) == set(found)


def test_a_person_moves_to_another_client(
    screen: ClientsScreen, desk: Desk, acme: ClientId, add: AddClient
) -> None:
    other = add("Beta")
    card = open_move(screen.view, people(desk, acme)["Grace"])
    settle(desk)
    card.form.fields["client_id"].set_value(Option(other, "Beta"))
    card.form.save()
    settle(desk)
    assert set(people(desk, other)) == {"Grace"}
    assert "Grace" not in people(desk, acme)


def test_alone_nobody_can_be_merged(screen: ClientsScreen, desk: Desk, acme: ClientId) -> None:
    grace = people(desk, acme)["Grace"]
    assert [deed[0] for deed in contact_deeds(screen.view, grace, [grace])] == [
        "Move to another client…", "Delete contact"
    ]  # fmt: skip
