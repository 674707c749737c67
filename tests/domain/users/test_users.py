"""The people who work here."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.users import commands
from deskcrm.domain.users.model import UserId, UserRole
from deskcrm.domain.users.queries import UserRow, get_me, list_users
from deskcrm.store.store import Store


@pytest.fixture
def me(store: Store) -> UserId:
    return store.do(commands.create_first_user, name="Анна Петрова", email="Anna@Example.org").value


def row(store: Store, user_id: UserId) -> UserRow:
    (found,) = [one for one in store.ask(list_users, with_inactive=True) if one.id == user_id]
    return found


def test_nobody_is_known_before_the_workspace_is_set_up(store: Store) -> None:
    assert store.ask(get_me) is None


def test_the_first_user_is_who_signed_in_and_administers(store: Store, me: UserId) -> None:
    assert me == store.actor
    found = store.ask(get_me)
    assert found is not None
    assert (found.name, found.email) == ("Анна Петрова", "anna@example.org")
    assert (found.role, found.is_me) == (UserRole.ADMINISTRATOR, True)


def test_setting_up_twice_changes_nothing(store: Store, me: UserId) -> None:
    assert store.do(commands.create_first_user, name="Another").step is None
    assert [one.name for one in store.ask(list_users)] == ["Анна Петрова"]


def test_setting_up_stays_when_all_is_undone(store: Store, me: UserId) -> None:
    with pytest.raises(UserError, match="nothing to undo"):
        store.undo()
    assert store.ask(get_me) is not None


def test_people_are_listed_by_name(store: Store, me: UserId) -> None:
    for name in ("Яна", "Ёлкин", "Борис"):
        store.do(commands.add_user, name=name)
    names = [one.name for one in store.ask(list_users)]
    assert names == ["Анна Петрова", "Борис", "Ёлкин", "Яна"]


def test_adding_a_person_is_undone(store: Store, me: UserId) -> None:
    store.do(commands.add_user, name="Борис", role=UserRole.LEAD, position="Lead of support")
    store.undo()
    assert [one.id for one in store.ask(list_users)] == [me]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "needs a name"),
        ({"email": "nobody"}, "is not an email address"),
        ({"time_zone": "Moscow"}, "is not a time zone"),
    ],
)
def test_a_bad_detail_is_refused(
    store: Store, me: UserId, changes: dict[str, str], words: str
) -> None:
    before = row(store, me)
    with pytest.raises(UserError, match=words):
        store.do(commands.edit_user, me, **changes)
    assert row(store, me) == before


def test_editing_a_person_is_undone(store: Store, me: UserId) -> None:
    store.do(commands.edit_user, me, time_zone="Europe/Moscow", language="ru", position="CEO")
    assert (row(store, me).time_zone, row(store, me).position) == ("Europe/Moscow", "CEO")
    store.undo()
    assert (row(store, me).time_zone, row(store, me).position) == ("", "")


def test_the_last_administrator_keeps_the_role(store: Store, me: UserId) -> None:
    with pytest.raises(UserError, match="only administrator"):
        store.do(commands.set_role, me, role=UserRole.AGENT)
    other = store.do(commands.add_user, name="Борис", role=UserRole.ADMINISTRATOR).value
    store.do(commands.set_role, me, role=UserRole.AGENT)
    assert row(store, me).role is UserRole.AGENT
    with pytest.raises(UserError, match="only administrator"):
        store.do(commands.deactivate_user, other)
    store.undo()
    assert row(store, me).role is UserRole.ADMINISTRATOR


def test_who_is_deactivated_leaves_the_choices_and_can_return(store: Store, me: UserId) -> None:
    boris = store.do(commands.add_user, name="Борис").value
    store.do(commands.deactivate_user, boris)
    assert [one.id for one in store.ask(list_users)] == [me]
    store.do(commands.reactivate_user, boris)
    assert row(store, boris).is_active
    store.undo()
    assert not row(store, boris).is_active


def test_nobody_deactivates_themselves(store: Store, me: UserId) -> None:
    with pytest.raises(UserError, match="yourself"):
        store.do(commands.deactivate_user, me)
