"""Contacts: who they are, how to reach them, and where they went."""

from datetime import date

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, delete_clients, restore_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts import commands, points
from deskcrm.domain.contacts.model import (
    Consent,
    ContactId,
    ContactRole,
    ContactStatus,
    PointKind,
)
from deskcrm.domain.contacts.queries import (
    ContactRow,
    get_contact,
    list_contacts,
    list_contacts_and_points,
)
from deskcrm.domain.days import day_of
from deskcrm.store.history import list_history
from deskcrm.store.store import Store


@pytest.fixture
def client(store: Store) -> ClientId:
    return store.do(create_company, name="Ромашка").value


@pytest.fixture
def anna(store: Store, client: ClientId) -> ContactId:
    return store.do(commands.add_contact, client, name="Анна Петрова").value


def contact(store: Store, contact_id: ContactId) -> ContactRow:
    found = store.ask(get_contact, contact_id)
    assert found is not None
    return found


def test_a_contact_is_added_with_numbers_and_addresses(store: Store, client: ClientId) -> None:
    added = store.do(
        commands.add_contact,
        client,
        name="  Анна   Петрова ",
        phones=["8 (916) 123-45-67 доб. 12", ""],
        emails=["Anna@Example.org"],
        role=ContactRole.CHAMPION,
        position="Director",
    ).value
    row = contact(store, added)
    assert (row.name, row.role, row.position) == ("Анна Петрова", ContactRole.CHAMPION, "Director")
    phone, email = row.points
    assert (phone.typed, phone.normal) == ("8 (916) 123-45-67 доб. 12", "+79161234567")
    assert (phone.extension, phone.shown) == ("12", "+7 916 123-45-67")
    assert (email.kind, email.normal) == (PointKind.EMAIL, "anna@example.org")


def test_adding_with_a_bad_number_adds_nothing(store: Store, client: ClientId) -> None:
    with pytest.raises(UserError, match="is not a phone number") as refused:
        store.do(commands.add_contact, client, name="Анна", phones=["12"])
    assert "country code" in refused.value.detail
    assert store.ask(list_contacts, client) == []


def test_a_contact_without_a_name_is_refused(store: Store, client: ClientId) -> None:
    with pytest.raises(UserError, match="needs a name"):
        store.do(commands.add_contact, client, name=" ")


def test_undoing_an_added_contact_takes_it_away(store: Store, client: ClientId) -> None:
    store.do(commands.add_contact, client, name="Анна", phones=["+79161234567"])
    store.undo()
    assert store.ask(list_contacts_and_points, client) == ([], [])


def test_renaming_is_undone(store: Store, anna: ContactId) -> None:
    store.do(commands.rename_contact, anna, name="Анна Иванова")
    assert contact(store, anna).name == "Анна Иванова"
    store.undo()
    assert contact(store, anna).name == "Анна Петрова"


def test_renaming_to_blank_is_refused(store: Store, anna: ContactId) -> None:
    with pytest.raises(UserError, match="needs a name"):
        store.do(commands.rename_contact, anna, name="")


def test_editing_writes_only_what_changed(store: Store, client: ClientId, anna: ContactId) -> None:
    store.do(commands.edit_contact, anna, name="Анна Петрова", position="Lead", notes="Likes tea")
    lines = store.ask(list_history, client)[0].lines
    assert [line.split(":")[0] for line in lines] == [
        "Анна Петрова · Position",
        "Анна Петрова · Notes",
    ]
    store.undo()
    assert contact(store, anna).position == ""


def test_editing_with_a_bad_language_is_refused(store: Store, anna: ContactId) -> None:
    with pytest.raises(UserError, match="is not a language"):
        store.do(commands.edit_contact, anna, language="Russian!")


def test_consent_is_dated(store: Store, anna: ContactId) -> None:
    store.do(commands.edit_contact, anna, consent=Consent.GIVEN)
    assert contact(store, anna).consent_on == day_of(store.clock())
    store.do(commands.edit_contact, anna, consent=Consent.UNKNOWN)
    assert contact(store, anna).consent_on is None


def test_who_left_is_marked_and_can_return(store: Store, anna: ContactId) -> None:
    store.do(commands.mark_left, anna, on=date(2026, 1, 31))
    row = contact(store, anna)
    assert (row.status, row.left_on) == (ContactStatus.LEFT, date(2026, 1, 31))
    with pytest.raises(UserError, match="already marked as left"):
        store.do(commands.mark_left, anna)
    store.do(commands.mark_returned, anna)
    assert contact(store, anna).is_active
    with pytest.raises(UserError, match="has not left"):
        store.do(commands.mark_returned, anna)
    store.undo()
    assert contact(store, anna).left_on == date(2026, 1, 31)


def test_leaving_in_the_future_is_refused(store: Store, anna: ContactId) -> None:
    with pytest.raises(UserError, match="has not come yet"):
        store.do(commands.mark_left, anna, on=date(2999, 1, 1))


def test_active_contacts_and_champions_stand_first(store: Store, client: ClientId) -> None:
    for name, role in (("Ёлкин", ContactRole.USER), ("Жуков", ContactRole.CHAMPION)):
        store.do(commands.add_contact, client, name=name, role=role)
    gone = store.do(commands.add_contact, client, name="Алексеев", role=ContactRole.CHAMPION).value
    store.do(commands.mark_left, gone)
    assert [row.name for row in store.ask(list_contacts, client)] == ["Жуков", "Ёлкин", "Алексеев"]


def test_a_contact_moves_with_the_ways_to_reach_them(
    store: Store, client: ClientId, anna: ContactId
) -> None:
    other = store.do(create_company, name="Василёк").value
    store.do(points.add_point, client, contact_id=anna, kind=PointKind.PHONE, text="+79161234567")
    store.do(commands.move_contact, anna, client_id=other)
    assert store.ask(list_contacts, client) == []
    (row,) = store.ask(list_contacts, other)
    assert [point.normal for point in row.points] == ["+79161234567"]
    store.undo()
    (row,) = store.ask(list_contacts, client)
    assert [point.normal for point in row.points] == ["+79161234567"]


def test_moving_to_the_same_client_is_refused(
    store: Store, client: ClientId, anna: ContactId
) -> None:
    with pytest.raises(UserError, match="already"):
        store.do(commands.move_contact, anna, client_id=client)


def test_a_deleted_contact_is_hidden_and_comes_back_with_its_points(
    store: Store, client: ClientId, anna: ContactId
) -> None:
    store.do(points.add_point, client, contact_id=anna, kind=PointKind.EMAIL, text="a@example.org")
    store.do(commands.delete_contact, anna)
    assert store.ask(get_contact, anna) is None
    assert store.ask(list_contacts, client) == []
    store.do(commands.restore_contact, anna)
    assert [point.typed for point in contact(store, anna).points] == ["a@example.org"]
    with pytest.raises(UserError, match="not deleted"):
        store.do(commands.restore_contact, anna)


def test_a_contact_is_hidden_with_its_client(
    store: Store, client: ClientId, anna: ContactId
) -> None:
    store.do(delete_clients, [client])
    assert store.ask(get_contact, anna) is None
    store.do(restore_client, client)
    assert contact(store, anna).name == "Анна Петрова"


# The ways to reach somebody.


def test_a_switchboard_hangs_on_the_client_itself(store: Store, client: ClientId) -> None:
    store.do(
        points.add_point, client, kind=PointKind.PHONE, text="(495) 123-45-67", label="Switchboard"
    )
    contacts, own = store.ask(list_contacts_and_points, client)
    assert contacts == []
    assert [(p.label, p.normal, p.contact_id) for p in own] == [
        ("Switchboard", "+74951234567", None)
    ]


def test_a_number_that_is_there_is_refused(store: Store, client: ClientId) -> None:
    store.do(points.add_point, client, kind=PointKind.PHONE, text="+7 916 123-45-67")
    with pytest.raises(UserError, match="is there already"):
        store.do(points.add_point, client, kind=PointKind.PHONE, text="8 916 1234567")
    store.do(points.add_point, client, kind=PointKind.PHONE, text="8 916 1234567 доб. 5")


def test_a_number_is_read_by_the_region_given(store: Store, client: ClientId) -> None:
    store.do(points.add_point, client, kind=PointKind.PHONE, text="020 7946 0958", region="GB")
    _, (point,) = store.ask(list_contacts_and_points, client)
    assert point.normal == "+442079460958"


def test_a_number_is_corrected_and_undone(store: Store, client: ClientId) -> None:
    added = store.do(points.add_point, client, kind=PointKind.PHONE, text="+79161234567").value
    store.do(points.edit_point, added, text="+7 916 765-43-21 ext 3", label="Mobile")
    _, (point,) = store.ask(list_contacts_and_points, client)
    assert (point.normal, point.extension, point.label) == ("+79167654321", "3", "Mobile")
    with pytest.raises(UserError, match="is not a phone number"):
        store.do(points.edit_point, added, text="nobody")
    store.undo()
    _, (point,) = store.ask(list_contacts_and_points, client)
    assert (point.normal, point.extension, point.label) == ("+79161234567", "", "")


def test_one_number_is_preferred_of_each_kind(
    store: Store, client: ClientId, anna: ContactId
) -> None:
    first, second = (
        store.do(
            points.add_point,
            client,
            contact_id=anna,
            kind=PointKind.PHONE,
            text=text,
            is_preferred=True,
        ).value
        for text in ("+79161234567", "+79161234568")
    )
    store.do(
        points.add_point,
        client,
        contact_id=anna,
        kind=PointKind.EMAIL,
        text="a@example.org",
        is_preferred=True,
    )
    assert [(p.id, p.is_preferred) for p in contact(store, anna).points[:2]] == [
        (second, True),
        (first, False),
    ]
    store.do(points.prefer_point, first)
    assert [p.is_preferred for p in contact(store, anna).points] == [True, False, True]
    assert contact(store, anna).points[0].id == first


def test_a_point_is_removed_and_undone(store: Store, client: ClientId) -> None:
    added = store.do(points.add_point, client, kind=PointKind.MESSENGER, text="@anna").value
    store.do(points.remove_point, added)
    assert store.ask(list_contacts_and_points, client) == ([], [])
    store.undo()
    _, (point,) = store.ask(list_contacts_and_points, client)
    assert (point.typed, point.normal) == ("@anna", "anna")


@pytest.mark.parametrize(
    ("kind", "text"),
    [(PointKind.EMAIL, "nobody"), (PointKind.EMAIL, ""), (PointKind.MESSENGER, "@")],
)
def test_an_address_that_is_none_is_refused(
    store: Store, client: ClientId, kind: PointKind, text: str
) -> None:
    with pytest.raises(UserError):
        store.do(points.add_point, client, kind=kind, text=text)


def test_a_point_of_a_contact_who_moved_is_refused(
    store: Store, client: ClientId, anna: ContactId
) -> None:
    other = store.do(create_company, name="Василёк").value
    with pytest.raises(UserError, match="not at this client"):
        store.do(
            points.add_point, other, contact_id=anna, kind=PointKind.PHONE, text="+79161234567"
        )
