"""Fields of a team's own, typed, on every client."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients import custom_fields
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.detail import CustomValueRow, get_client
from deskcrm.domain.clients.model import ClientId, CustomFieldId, FieldKind
from deskcrm.domain.clients.rules import canonical
from deskcrm.store.history import list_history
from deskcrm.store.store import Store


@pytest.fixture
def client(store: Store) -> ClientId:
    return store.do(create_company, name="Ромашка").value


@pytest.fixture
def seats(store: Store) -> CustomFieldId:
    return store.do(
        custom_fields.add_custom_field, name="Seats", kind=FieldKind.NUMBER, hint="Licences"
    ).value


def values(store: Store, client_id: ClientId) -> tuple[CustomValueRow, ...]:
    return store.ask(get_client, client_id).custom_values


def fill(store: Store, client_id: ClientId, field_id: CustomFieldId, text: str) -> None:
    store.do(custom_fields.set_custom_value, client_id, field_id=field_id, text=text)


def test_a_new_field_stands_empty_on_every_client(
    store: Store, client: ClientId, seats: CustomFieldId
) -> None:
    (row,) = values(store, client)
    assert (row.name, row.kind, row.hint, row.text) == ("Seats", FieldKind.NUMBER, "Licences", "")


def test_a_field_is_filled_in_changed_and_cleared(
    store: Store, client: ClientId, seats: CustomFieldId
) -> None:
    for typed, kept in (("1 200,50", "1200.50"), ("7", "7"), ("", "")):
        fill(store, client, seats, typed)
        assert values(store, client)[0].text == kept
    store.undo()
    assert values(store, client)[0].text == "7"
    store.undo()
    store.undo()
    assert values(store, client)[0].text == ""
    fill(store, client, seats, "3")
    assert values(store, client)[0].text == "3"


def test_the_history_says_which_field_was_filled_in(
    store: Store, client: ClientId, seats: CustomFieldId
) -> None:
    fill(store, client, seats, "7")
    newest, *_ = store.ask(list_history, subject=client)
    assert newest.lines == ("Added: custom value “Seats”",)


def test_clearing_what_was_never_filled_in_leaves_no_step(
    store: Store, client: ClientId, seats: CustomFieldId
) -> None:
    done = store.do(custom_fields.set_custom_value, client, field_id=seats, text=" ")
    assert done.step is None


def test_a_required_field_is_not_cleared(
    store: Store, client: ClientId, seats: CustomFieldId
) -> None:
    fill(store, client, seats, "3")
    store.do(custom_fields.edit_custom_field, seats, is_required=True)
    with pytest.raises(UserError, match="must be filled in"):
        fill(store, client, seats, "")
    assert values(store, client)[0].text == "3"


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (FieldKind.TEXT, " any\ntext ", "any\ntext"),
        (FieldKind.NUMBER, "-3", "-3"),
        (FieldKind.NUMBER, "1\u00a0000", "1000"),
        (FieldKind.DATE, "2026-01-31", "2026-01-31"),
        (FieldKind.DATE, "31.01.2026", "2026-01-31"),
        (FieldKind.CHECK, "Да", "yes"),
        (FieldKind.CHECK, "false", "no"),
        (FieldKind.CHOICE, "ёлка", "Елка"),
        (FieldKind.LINK, "example.org/a?b=1", "https://example.org/a?b=1"),
        (FieldKind.LINK, "http://пример.рф", "http://пример.рф"),
    ],
)
def test_what_is_typed_is_kept_in_one_form(kind: FieldKind, typed: str, kept: str) -> None:
    assert canonical(kind, typed, ["Елка", "Палка"]) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (FieldKind.NUMBER, "many"),
        (FieldKind.NUMBER, "1e5"),
        (FieldKind.NUMBER, "nan"),
        (FieldKind.DATE, "31.02.2026"),
        (FieldKind.DATE, "tomorrow"),
        (FieldKind.CHECK, "maybe"),
        (FieldKind.CHOICE, "Камень"),
        (FieldKind.LINK, "javascript:alert(1)"),
        (FieldKind.LINK, "two words"),
    ],
)
def test_what_is_not_of_the_kind_is_refused(kind: FieldKind, typed: str) -> None:
    with pytest.raises(UserError) as refused:
        canonical(kind, typed, ["Елка", "Палка"])
    assert refused.value.detail


def test_a_choice_needs_two_choices(store: Store) -> None:
    with pytest.raises(UserError, match="nothing to choose"):
        store.do(
            custom_fields.add_custom_field,
            name="Plan",
            kind=FieldKind.CHOICE,
            choices=["Basic", " basic "],
        )


def test_a_choice_that_was_taken_away_stays_where_it_was(store: Store, client: ClientId) -> None:
    plan = store.do(
        custom_fields.add_custom_field,
        name="Plan",
        kind=FieldKind.CHOICE,
        choices=["Basic", "Team", "Plus"],
    ).value
    fill(store, client, plan, "Plus")
    store.do(custom_fields.edit_custom_field, plan, choices=["Basic", "Team"])
    assert values(store, client)[0].text == "Plus"
    with pytest.raises(UserError, match="not one of the choices"):
        fill(store, client, plan, "Plus")
    store.undo()
    assert values(store, client)[0].choices == ("Basic", "Team", "Plus")


def test_two_fields_of_one_name_are_refused(store: Store, seats: CustomFieldId) -> None:
    with pytest.raises(UserError, match="already"):
        store.do(custom_fields.add_custom_field, name=" SEATS ")
    other = store.do(custom_fields.add_custom_field, name="Plan").value
    with pytest.raises(UserError, match="already"):
        store.do(custom_fields.edit_custom_field, other, name="seats")
    with pytest.raises(UserError, match="needs a name"):
        store.do(custom_fields.edit_custom_field, other, name="")
    store.do(custom_fields.edit_custom_field, seats, name="SEATS")


def test_fields_stand_in_the_order_given(
    store: Store, client: ClientId, seats: CustomFieldId
) -> None:
    plan = store.do(custom_fields.add_custom_field, name="Plan").value
    assert [row.name for row in values(store, client)] == ["Seats", "Plan"]
    store.do(custom_fields.order_custom_fields, [plan, seats])
    assert [row.name for row in values(store, client)] == ["Plan", "Seats"]
    store.undo()
    assert [row.name for row in values(store, client)] == ["Seats", "Plan"]


def test_a_deleted_field_comes_back_with_what_was_filled_in(
    store: Store, client: ClientId, seats: CustomFieldId
) -> None:
    fill(store, client, seats, "3")
    store.do(custom_fields.delete_custom_field, seats)
    assert values(store, client) == ()
    store.do(custom_fields.restore_custom_field, seats)
    assert values(store, client)[0].text == "3"
    with pytest.raises(UserError, match="not deleted"):
        store.do(custom_fields.restore_custom_field, seats)


def test_history_names_the_field_that_was_changed(
    store: Store, client: ClientId, seats: CustomFieldId
) -> None:
    fill(store, client, seats, "7")
    fill(store, client, seats, "8")
    (line,) = store.ask(list_history, client)[0].lines
    assert line == "Seats · Text: 7 → 8"
