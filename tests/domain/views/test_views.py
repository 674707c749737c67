"""Saved views, personal and shared."""

from uuid import uuid4

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.views import commands
from deskcrm.domain.views.filters import (
    Comparison,
    Condition,
    Filter,
    filter_from_json,
    filter_to_json,
)
from deskcrm.domain.views.model import ViewId
from deskcrm.domain.views.queries import ViewRow, list_views
from deskcrm.store.store import Store

GOLD = Filter().also("tier", Comparison.ANY_OF, ("gold", "diamond"))


@pytest.fixture
def view(store: Store) -> ViewId:
    return store.do(
        commands.save_view,
        place="clients",
        name=" My  best ",
        asked=GOLD,
        sort="-last_contact_at",
        columns=["name", "tier"],
    ).value


def rows(store: Store) -> list[ViewRow]:
    return store.ask(list_views, place="clients")


def test_a_view_keeps_filter_order_and_columns(store: Store, view: ViewId) -> None:
    (row,) = rows(store)
    assert (row.id, row.name, row.sort) == (view, "My best", "-last_contact_at")
    assert (row.read_filter(), row.columns) == (GOLD, ("name", "tier"))
    assert not row.is_shared
    store.undo()
    assert rows(store) == []


def test_a_personal_view_is_nobody_elses_until_it_is_shared(store: Store, view: ViewId) -> None:
    me = store.actor
    store.sign_in(uuid4())
    assert rows(store) == []
    store.sign_in(me)
    store.do(commands.share_view, view, is_shared=True)
    store.sign_in(uuid4())
    assert [row.is_shared for row in rows(store)] == [True]
    store.sign_in(me)
    store.undo()
    store.sign_in(uuid4())
    assert rows(store) == []


def test_a_view_of_one_name_is_refused_in_one_place(store: Store, view: ViewId) -> None:
    with pytest.raises(UserError, match="already"):
        store.do(commands.save_view, place="clients", name="MY BEST", asked=GOLD)
    store.do(commands.save_view, place="tasks", name="My best", asked=Filter())
    shared = store.do(
        commands.save_view, place="clients", name="My best", asked=GOLD, is_shared=True
    ).value
    with pytest.raises(UserError, match="already"):
        store.do(commands.share_view, shared, is_shared=False)
    with pytest.raises(UserError, match="needs a name"):
        store.do(commands.rename_view, view, name=" ")


def test_a_view_is_updated_renamed_and_undone(store: Store, view: ViewId) -> None:
    store.do(commands.update_view, view, asked=Filter(), sort="name", columns=["name"])
    store.do(commands.rename_view, view, name="All")
    (row,) = rows(store)
    assert (row.name, row.read_filter(), row.sort, row.columns) == (
        "All",
        Filter(),
        "name",
        ("name",),
    )
    store.undo()
    store.undo()
    (row,) = rows(store)
    assert (row.name, row.read_filter()) == ("My best", GOLD)


def test_pinned_views_stand_first_and_the_rest_in_their_order(store: Store, view: ViewId) -> None:
    second, third = (
        store.do(commands.save_view, place="clients", name=name, asked=Filter()).value
        for name in ("B", "C")
    )
    store.do(commands.pin_view, third, is_pinned=True)
    assert [row.id for row in rows(store)] == [third, view, second]
    store.do(commands.order_views, [second, view])
    assert [row.id for row in rows(store)] == [third, second, view]
    store.undo()
    store.undo()
    assert [row.id for row in rows(store)] == [view, second, third]


def test_a_deleted_view_comes_back_by_undo(store: Store, view: ViewId) -> None:
    store.do(commands.delete_view, view)
    assert rows(store) == []
    store.undo()
    assert [row.id for row in rows(store)] == [view]


def test_too_many_conditions_are_refused(store: Store) -> None:
    many = Filter(tuple(Condition("name", Comparison.IS, str(n)) for n in range(31)))
    with pytest.raises(UserError, match="at most 30"):
        store.do(commands.save_view, place="clients", name="Many", asked=many)
    view = store.do(commands.save_view, place="clients", name="Few", asked=GOLD).value
    with pytest.raises(UserError, match="at most 30"):
        store.do(commands.update_view, view, asked=many)


@pytest.mark.parametrize(
    "asked",
    [
        Filter(),
        GOLD,
        Filter().also("name", Comparison.CONTAINS, "ёлка").also("owner", Comparison.IS, "me"),
        Filter().also("unanswered", Comparison.AT_LEAST, 3),
        Filter().also("custom:ab", Comparison.IS, True),
        Filter().also("owner", Comparison.IS_EMPTY),
    ],
)
def test_a_filter_survives_being_kept(asked: Filter) -> None:
    assert filter_from_json(filter_to_json(asked)) == asked


@pytest.mark.parametrize(
    "kept",
    [
        {"all": [["tier", "resembles", "gold"]]},
        {"all": [["tier", "is"]]},
        {"all": [["tier", "is", {"deep": 1}]]},
        {"all": 7},
    ],
)
def test_a_filter_of_a_newer_version_is_refused_in_words(kept: dict[str, object]) -> None:
    with pytest.raises(UserError, match="newer version"):
        filter_from_json(kept)
