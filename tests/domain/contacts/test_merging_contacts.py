"""Two contacts of a client who are one person become one, and two again when it is undone."""

import pytest
from sqlalchemy import select

import deskcrm.domain.all  # noqa: F401 - every record that can name a contact
from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact, edit_contact
from deskcrm.domain.contacts.merging import merge_contacts, merged_into
from deskcrm.domain.contacts.model import (
    Consent,
    Contact,
    ContactId,
    ContactPoint,
    ContactPointId,
    ContactRole,
    PreferredChannel,
)
from deskcrm.domain.contacts.points import prefer_point
from deskcrm.domain.contacts.queries import ContactRow, get_contact, list_contacts
from deskcrm.domain.erasures.commands import erase_person
from deskcrm.domain.erasures.model import PersonKind
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tasks.model import Task
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import Ticket
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.store import Store
from deskcrm.store.tables import Record, change_table

SHARED = "+7 916 123-45-67"


@pytest.fixture
def client(store: Store) -> ClientId:
    store.do(create_first_user, name="Anna")
    return store.do(create_company, name="Ромашка").value


@pytest.fixture
def pair(store: Store, client: ClientId) -> tuple[ContactId, ContactId]:
    """Give the one who goes, and as whom."""
    gone = store.do(
        add_contact, client, name="П. Иванов", phones=[SHARED, "+7 916 123-45-68"],
        emails=["ivanov@example.org"], position="Director", role=ContactRole.CHAMPION,
        notes="Likes tea.", preferred_channel=PreferredChannel.EMAIL, greeting="Пётр",
    ).value  # fmt: skip
    into = store.do(
        add_contact, client, name="Пётр Иванов", phones=[SHARED], position="Head", notes="Plays go."
    ).value
    return gone, into


def one(store: Store, contact: ContactId) -> ContactRow:
    found = store.ask(get_contact, contact)
    assert found is not None
    return found


def point_of(store: Store, contact: ContactId, typed: str) -> ContactPointId:
    return next(point.id for point in one(store, contact).points if point.typed == typed)


def named(store: Store, model: type[Record]) -> list[object]:
    table = model.__table__
    return list(store.ask(lambda db: db.scalars(select(table.c.contact_id))))


def test_what_names_the_one_names_the_other_then(
    store: Store, client: ClientId, pair: tuple[ContactId, ContactId]
) -> None:
    gone, into = pair
    store.do(open_ticket, client, subject="Dark", contact_id=gone)
    store.do(create_task, title="Call", client_id=client, contact_id=gone)
    store.do(log_call, client, subject="Hello", contact_id=gone)
    step = store.do(merge_contacts, gone, into_id=into).step
    for model in (Ticket, Task, Interaction):
        assert named(store, model) == [into]
    assert [row.id for row in store.ask(list_contacts, client)] == [into]
    store.undo(step)
    for model in (Ticket, Task, Interaction):
        assert named(store, model) == [gone]
    assert {row.id for row in store.ask(list_contacts, client)} == {gone, into}


def test_every_number_is_there_once_and_what_was_lacking_comes_along(
    store: Store, pair: tuple[ContactId, ContactId]
) -> None:
    gone, into = pair
    before = (one(store, gone), one(store, into))
    store.do(merge_contacts, gone, into_id=into)
    row = one(store, into)
    assert sorted(point.typed for point in row.points) == [
        SHARED, "+7 916 123-45-68", "ivanov@example.org"
    ]  # fmt: skip
    assert (row.name, row.position, row.greeting) == ("Пётр Иванов", "Head", "Пётр")
    assert (row.role, row.preferred_channel) == (ContactRole.CHAMPION, PreferredChannel.EMAIL)
    assert row.notes == "Plays go.\n\nLikes tea."
    store.undo()
    assert (one(store, gone), one(store, into)) == before


def test_of_two_preferred_numbers_the_one_that_goes_on_keeps_its_own(
    store: Store, pair: tuple[ContactId, ContactId]
) -> None:
    gone, into = pair
    for contact, typed in ((gone, "+7 916 123-45-68"), (into, SHARED)):
        store.do(prefer_point, point_of(store, contact, typed))
    store.do(merge_contacts, gone, into_id=into)
    preferred = [point.typed for point in one(store, into).points if point.is_preferred]
    assert preferred == [SHARED]


@pytest.mark.parametrize(
    ("theirs", "own", "comes"),
    [
        (Consent.WITHDRAWN, Consent.GIVEN, Consent.WITHDRAWN),
        (Consent.GIVEN, Consent.UNKNOWN, Consent.GIVEN),
        (Consent.GIVEN, Consent.WITHDRAWN, Consent.WITHDRAWN),
        (Consent.UNKNOWN, Consent.GIVEN, Consent.GIVEN),
    ],
)
def test_who_wants_no_letters_gets_none_afterwards(
    store: Store, pair: tuple[ContactId, ContactId], theirs: Consent, own: Consent, comes: Consent
) -> None:
    for contact, consent in zip(pair, (theirs, own), strict=True):
        store.do(edit_contact, contact, consent=consent)
    store.do(merge_contacts, pair[0], into_id=pair[1])
    row = one(store, pair[1])
    assert row.consent is comes


def test_what_was_changed_since_stays_when_it_is_undone(
    store: Store, pair: tuple[ContactId, ContactId]
) -> None:
    gone, into = pair
    step = store.do(merge_contacts, gone, into_id=into).step
    store.do(edit_contact, into, notes="Moved to York.")
    store.undo(step)
    assert one(store, into).notes == "Moved to York."
    assert one(store, gone).notes == "Likes tea."
    assert [point.typed for point in one(store, into).points] == [SHARED]


def test_who_cannot_be_merged_is_told_so(
    store: Store, client: ClientId, pair: tuple[ContactId, ContactId]
) -> None:
    other = store.do(create_company, name="Other").value
    far = store.do(add_contact, other, name="Far").value
    with pytest.raises(UserError, match="with itself"):
        store.do(merge_contacts, pair[0], into_id=pair[0])
    with pytest.raises(UserError, match="at two clients"):
        store.do(merge_contacts, pair[0], into_id=far)
    store.do(erase_person, PersonKind.CONTACT, pair[1], typed_name="Пётр Иванов")
    with pytest.raises(UserError, match="was erased"):
        store.do(merge_contacts, pair[0], into_id=pair[1])
    assert {row.id for row in store.ask(list_contacts, client)} == set(pair)


def test_a_point_of_a_vanished_contact_is_no_longer_theirs(
    store: Store, pair: tuple[ContactId, ContactId]
) -> None:
    shared = point_of(store, pair[0], SHARED)
    store.do(merge_contacts, pair[0], into_id=pair[1])
    points = ContactPoint.__table__.c
    query = select(points.is_deleted).where(points.id == shared)
    assert store.ask(lambda db: db.scalar(query)) is True


def test_who_is_erased_is_erased_under_the_name_that_went_on_as_theirs_too(
    store: Store, client: ClientId, pair: tuple[ContactId, ContactId]
) -> None:
    third = store.do(add_contact, client, name="Третий", notes="Quiet.").value
    apart = store.do(add_contact, client, name="Другой", notes="Loud.").value
    store.do(merge_contacts, apart, into_id=pair[1])
    store.undo()
    store.do(merge_contacts, third, into_id=pair[0])
    store.do(merge_contacts, pair[0], into_id=pair[1])
    assert store.ask(merged_into, [pair[1]]) == {third, pair[0]}
    store.do(erase_person, PersonKind.CONTACT, pair[1], typed_name="Пётр Иванов")
    for words in ("Третий", "П. Иванов", "Quiet.", "Likes tea.", SHARED):
        assert words not in everything(store)
    assert "Другой" in everything(store) and "Loud." in everything(store)


def everything(store: Store) -> str:
    """Give all that contacts, their numbers and the log of both say."""
    tables = (Contact.__table__, ContactPoint.__table__, change_table)
    rows = store.ask(lambda db: [row for t in tables for row in db.all(select(t))])
    return "\n".join(str(tuple(row)) for row in rows)
