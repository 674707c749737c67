"""Nothing that tells of a person is added to somebody who was erased."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, create_person, edit_client
from deskcrm.domain.clients.custom_fields import add_custom_field, set_custom_value
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.model import PointKind
from deskcrm.domain.contacts.points import add_point
from deskcrm.domain.erasures.commands import erase_person
from deskcrm.domain.erasures.late import erase_late, find_late
from deskcrm.domain.erasures.model import PersonKind
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.store import Store


@pytest.fixture
def store(store: Store) -> Store:
    store.sign_in(store.device)
    store.do(create_first_user, name="Anna")
    return store


def test_adding_to_an_erased_client_is_refused_in_words(store: Store) -> None:
    marfa = store.do(create_person, name="Marfa").value
    field = store.do(add_custom_field, name="Club").value
    store.do(add_contact, marfa, name="Marfa at home")
    store.do(erase_person, PersonKind.CLIENT, marfa, typed_name="Marfa")
    with pytest.raises(UserError, match="erased on request"):
        store.do(add_contact, marfa, name="Marfusha")
    with pytest.raises(UserError, match="erased on request"):
        store.do(add_point, marfa, kind=PointKind.EMAIL, text="marfa@example.com")
    with pytest.raises(UserError, match="erased on request"):
        store.do(set_custom_value, marfa, field_id=field, text="Bees")
    assert not store.ask(find_late)
    assert store.do(erase_late).step is None


def test_adding_to_an_erased_contact_is_refused_and_to_their_company_not(store: Store) -> None:
    acme = store.do(create_company, name="Marfa & Co", about="Marfa is kind").value
    marfa = store.do(add_contact, acme, name="Marfa").value
    store.do(
        erase_person, PersonKind.CONTACT, marfa, typed_name="Marfa",
        mentions=[("client", acme, "about"), ("client", acme, "name")],
    )  # fmt: skip
    with pytest.raises(UserError, match="erased on request"):
        store.do(add_point, acme, contact_id=marfa, kind=PointKind.EMAIL, text="m@example.com")
    # Of the company only texts that spoke of her were erased, its name among them.
    store.do(add_contact, acme, name="Pavel", emails=["pavel@example.com"])
    store.do(edit_client, acme, about="Pavel is kind")
    assert not store.ask(find_late)
