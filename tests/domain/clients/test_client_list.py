"""The list of clients: filtered, sorted, counted and paged."""

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients import commands, custom_fields
from deskcrm.domain.clients.filters import custom_key, list_filter_fields
from deskcrm.domain.clients.model import ClientId, FieldKind, Lifecycle, Tier
from deskcrm.domain.clients.queries import (
    ClientRow,
    count_clients,
    list_client_ids,
    list_client_rows,
    page_clients,
)
from deskcrm.domain.tags.commands import create_tag, delete_tag, tag_clients
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.domain.views.filters import ME, Comparison, Condition, Filter, Value, ValueKind
from deskcrm.store.store import Store

C = Comparison
Add = Callable[..., ClientId]


@pytest.fixture
def add(store: Store) -> Add:
    store.do(create_first_user, name="Мила")

    def one(name: str, **details: object) -> ClientId:
        return store.do(commands.create_company, name=name, **details).value  # type: ignore[arg-type]  # columns by name

    return one


def names(
    store: Store, *asked: Condition, sort: str = "name", descending: bool = False
) -> list[str]:
    """Give the names of the clients that match; counting must agree."""
    wanted = Filter(asked)
    rows = store.ask(page_clients, asked=wanted, sort=sort, descending=descending)
    assert store.ask(count_clients, asked=wanted) == len(rows)
    ids = store.ask(list_client_ids, asked=wanted, sort=sort, descending=descending)
    assert ids == [row.id for row in rows]
    return [row.name for row in rows]


def asked(field: str, comparison: Comparison, value: Value = None) -> Condition:
    return Condition(field, comparison, value)


def test_an_empty_workspace_has_no_clients(store: Store) -> None:
    assert names(store) == []


def test_a_row_says_what_the_list_shows(store: Store, add: Add) -> None:
    one = add("Ромашка", tier=Tier.GOLD, city="Тверь")
    tag = store.do(create_tag, name="Выставка").value
    store.do(tag_clients, [one], tag_id=tag)
    (row,) = store.ask(page_clients)
    assert isinstance(row, ClientRow)
    assert (row.name, row.tier, row.city, row.owner) == ("Ромашка", Tier.GOLD, "Тверь", "Мила")
    assert [chip.name for chip in row.tags] == ["Выставка"]
    assert (row.last_contact_at, row.open_tickets, row.next_due) == (None, 0, None)


def test_names_sort_as_in_a_phone_book_both_ways(store: Store, add: Add) -> None:
    for name in ("Яна", "ООО «Ёлка»", "ель", "ЗАО Бета"):
        add(name)
    ordered = ["ЗАО Бета", "ООО «Ёлка»", "ель", "Яна"]
    assert names(store) == ordered
    assert names(store, descending=True) == ordered[::-1]


def test_pages_join_without_gaps_or_doubles(store: Store, add: Add) -> None:
    for n in range(25):
        add("Same" if n % 2 else f"Client {n:02}", tier=list(Tier)[n % 4])
    for sort in ("name", "tier", "lifecycle", "city", "created_at", "owner"):
        whole = store.ask(list_client_ids, sort=sort)
        paged = [
            row.id
            for offset in range(0, 30, 7)
            for row in store.ask(page_clients, sort=sort, offset=offset, limit=7)
        ]
        assert paged == whole, sort
        assert len(set(whole)) == 25
        backwards = store.ask(list_client_ids, sort=sort, descending=True)
        assert sorted(backwards) == sorted(whole), sort


def test_tiers_sort_by_importance(store: Store, add: Add) -> None:
    for tier in (Tier.STANDARD, Tier.DIAMOND, Tier.SILVER, Tier.GOLD):
        add(tier.value, tier=tier)
    assert names(store, sort="tier") == ["diamond", "gold", "silver", "standard"]


def test_owners_sort_by_name_and_nobody_last(store: Store, add: Add) -> None:
    anna, yana = (store.do(add_user, name=name).value for name in ("Анна", "Яна"))
    add("Г", owner_id=yana)
    add("Б", owner_id=anna)
    add("В")
    add("Д", owner_id=None)
    add("А", owner_id=yana)
    assert names(store, sort="owner") == ["Б", "В", "А", "Г", "Д"]
    assert names(store, sort="owner", descending=True) == ["Д", "Г", "А", "В", "Б"]


def test_an_unknown_sort_is_by_name(store: Store, add: Add) -> None:
    add("Б")
    add("А")
    assert names(store, sort="no such column") == ["А", "Б"]


@pytest.mark.parametrize("text", ["ёлк", "ЕЛК", "«Елка", "елка-2"])
def test_a_name_is_found_by_a_part_in_any_case(store: Store, add: Add, text: str) -> None:
    add("Кафе «Ёлка 2»")
    add("Палка")
    assert names(store, asked("name", C.CONTAINS, text)) == ["Кафе «Ёлка 2»"]


def test_signs_of_patterns_mean_themselves(store: Store, add: Add) -> None:
    add("Alpha", city="50% off")
    add("Beta", city="500 off")
    assert names(store, asked("city", C.CONTAINS, "0%")) == ["Alpha"]


def test_conditions_are_joined_by_and(store: Store, add: Add) -> None:
    add("А", tier=Tier.GOLD, city="Москва")
    add("Б", tier=Tier.GOLD, city="Тверь")
    add("В", city="Москва")
    assert names(store, asked("tier", C.IS, "gold"), asked("city", C.CONTAINS, "москва")) == ["А"]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (asked("lifecycle", C.IS, "churned"), ["В"]),
        (asked("lifecycle", C.IS_NOT, "churned"), ["А", "Б"]),
        (asked("tier", C.ANY_OF, ("gold", "diamond")), ["А", "Б"]),
        (asked("tier", C.NONE_OF, ("gold", "diamond")), ["В"]),
        (asked("tier", C.ANY_OF, ()), []),
        (asked("city", C.IS, "Москва"), ["А"]),
        (asked("city", C.CONTAINS, "МОСК"), ["А"]),
        (asked("city", C.IS_NOT, "Москва"), ["Б", "В"]),
        (asked("city", C.IS_EMPTY), ["В"]),
        (asked("city", C.IS_NOT_EMPTY), ["А", "Б"]),
        (asked("name", C.IS, "б"), ["Б"]),
        (asked("kind", C.IS, "person"), []),
        (asked("customer_since", C.BEFORE, "2020-01-01"), ["А"]),
        (asked("customer_since", C.AFTER, "2020-01-01"), ["Б", "В"]),
        (asked("customer_since", C.IS, "2019-05-05"), ["А"]),
        (asked("customer_since", C.WITHIN_PAST_DAYS, 0), ["Б", "В"]),
        (asked("customer_since", C.MORE_DAYS_AGO_THAN, 30), ["А"]),
        (asked("churned_on", C.IS_NOT_EMPTY), ["В"]),
        (asked("created_at", C.WITHIN_PAST_DAYS, 1), ["А", "Б", "В"]),
        (asked("created_at", C.WITHIN_NEXT_DAYS, 1), ["А", "Б", "В"]),
        (asked("open_tickets", C.AT_LEAST, 1), []),
        (asked("renewal_decision_on", C.WITHIN_NEXT_DAYS, 90), []),
    ],
)
def test_each_comparison_finds_its_clients(
    store: Store, add: Add, condition: Condition, found: list[str]
) -> None:
    add("А", tier=Tier.GOLD, city="Москва", customer_since=date(2019, 5, 5))
    add("Б", tier=Tier.DIAMOND, city="Тверь")
    gone = add("В")
    store.do(commands.set_lifecycle, [gone], lifecycle=Lifecycle.CHURNED)
    assert names(store, condition) == found


def test_a_country_is_one_or_several_and_as_it_was_written(store: Store, add: Add) -> None:
    for name, country in (("А", "DE"), ("Б", "GB"), ("В", "Deutschland"), ("Г", "")):
        add(name, country=country)
    for condition, found in (
        (asked("country", C.IS, "DE"), ["А"]),
        (asked("country", C.IS_NOT, "DE"), ["Б", "В", "Г"]),
        (asked("country", C.ANY_OF, ("DE", "GB")), ["А", "Б"]),
        (asked("country", C.NONE_OF, ("DE", "GB")), ["В", "Г"]),
        (asked("country", C.CONTAINS, "Deutsch"), ["В"]),
        (asked("country", C.IS_EMPTY), ["Г"]),
    ):
        assert names(store, condition) == found


def test_me_is_whoever_looks(store: Store, add: Add) -> None:
    boris = store.do(add_user, name="Борис").value
    add("А")
    add("Б", owner_id=boris)
    add("В", owner_id=None)
    mine = asked("owner", C.IS, ME)
    assert names(store, mine) == ["А"]
    assert names(store, asked("owner", C.IS_NOT, ME)) == ["Б", "В"]
    assert names(store, asked("owner", C.IS_EMPTY)) == ["В"]
    assert names(store, asked("owner", C.ANY_OF, (ME, boris.hex))) == ["А", "Б"]
    store.sign_in(boris)
    assert names(store, mine) == ["Б"]


def test_tags_filter_and_deleted_ones_count_as_none(store: Store, add: Add) -> None:
    first, second = add("А"), add("Б")
    add("В")
    warm, cold = (store.do(create_tag, name=name).value for name in ("Warm", "Cold"))
    store.do(tag_clients, [first, second], tag_id=warm)
    store.do(tag_clients, [second], tag_id=cold)
    assert names(store, asked("tag", C.IS, warm.hex)) == ["А", "Б"]
    assert names(store, asked("tag", C.IS, warm.hex), asked("tag", C.IS, cold.hex)) == ["Б"]
    assert names(store, asked("tag", C.NONE_OF, (cold.hex,))) == ["А", "В"]
    assert names(store, asked("tag", C.IS_EMPTY)) == ["В"]
    store.do(delete_tag, warm)
    assert names(store, asked("tag", C.IS_EMPTY)) == ["А", "В"]


def test_custom_fields_filter_by_their_kind(store: Store, add: Add) -> None:
    first, second = add("А"), add("Б")
    add("В")
    keys = {}
    for kind, values in {
        FieldKind.NUMBER: ("9", "10.5"),
        FieldKind.DATE: ("2026-01-31", "2027-01-31"),
        FieldKind.CHECK: ("yes", "no"),
        FieldKind.CHOICE: ("Basic", "Team"),
        FieldKind.TEXT: ("Первый", "Второй"),
    }.items():
        field = store.do(
            custom_fields.add_custom_field, name=kind, kind=kind, choices=["Basic", "Team"]
        ).value
        keys[kind] = custom_key(field)
        for client, text in zip((first, second), values, strict=True):
            store.do(custom_fields.set_custom_value, client, field_id=field, text=text)
    number, day, check, choice, text = keys.values()
    assert names(store, asked(number, C.AT_LEAST, 10)) == ["Б"]
    assert names(store, asked(number, C.IS, 9)) == ["А"]
    assert names(store, asked(number, C.IS_NOT, 9)) == ["Б", "В"]
    assert names(store, asked(day, C.BEFORE, "2026-06-01")) == ["А"]
    assert names(store, asked(check, C.IS, True)) == ["А"]
    assert names(store, asked(check, C.IS, False)) == ["Б", "В"]
    assert names(store, asked(choice, C.NONE_OF, ("Basic",))) == ["Б", "В"]
    assert names(store, asked(text, C.CONTAINS, "перв")) == ["А"]
    assert names(store, asked(text, C.IS_EMPTY)) == ["В"]


def test_custom_fields_are_listed_behind_the_own_ones(store: Store) -> None:
    field = store.do(
        custom_fields.add_custom_field, name="Plan", kind=FieldKind.CHOICE, choices=["A", "B"]
    ).value
    fields = store.ask(list_filter_fields)
    assert fields[0].key == "name"
    assert (fields[-1].key, fields[-1].kind) == (custom_key(field), ValueKind.CHOICE)
    assert fields[-1].choices == ("A", "B")


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (asked("shoe_size", C.IS, 42), "not there"),
        (asked("custom:" + uuid4().hex, C.IS, 42), "not there"),
        (asked("tier", C.BEFORE, "2026-01-01"), "cannot be compared"),
        (asked("name", C.CONTAINS, ""), "cannot be compared"),
        (asked("tier", C.IS), "cannot be compared"),
        (asked("customer_since", C.WITHIN_PAST_DAYS, -1), "cannot be compared"),
        (asked("customer_since", C.WITHIN_PAST_DAYS, 10**9), "cannot be compared"),
        (asked("customer_since", C.WITHIN_PAST_DAYS, True), "cannot be compared"),
        (asked("customer_since", C.BEFORE, "soon"), "is not a date"),
        (asked("tier", C.IS, "platinum"), "not there any more"),
        (asked("owner", C.IS, "somebody"), "not there any more"),
    ],
)
def test_a_filter_that_cannot_be_answered_is_refused_in_words(
    store: Store, condition: Condition, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        store.ask(count_clients, asked=Filter((condition,)))


def test_rows_are_given_in_the_order_asked_without_the_deleted(store: Store, add: Add) -> None:
    first, second, third = add("А"), add("Б"), add("В")
    store.do(commands.delete_clients, [second])
    rows = store.ask(list_client_rows, [third, second, first])
    assert [row.name for row in rows] == ["В", "А"]
