"""Filters of the client list: put together, kept, shown again, given away, forgotten."""

from collections.abc import Callable

import pytest

from deskcrm.base.words import speaking
from deskcrm.domain.clients.custom_fields import add_custom_field, set_custom_value
from deskcrm.domain.clients.filters import list_filter_fields
from deskcrm.domain.clients.model import FieldKind, Tier
from deskcrm.domain.tickets.filters import list_filter_fields as list_ticket_fields
from deskcrm.domain.views.filters import ME, Comparison, Condition, Filter
from deskcrm.domain.views.queries import ViewRow, list_views
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Wrong
from deskcrm.ui.views.conditions import Choices, ConditionRow, Several, condition_words
from deskcrm.ui.views.filtering import FilterCard, get_choices
from tests.ui.clients.conftest import AddClient
from tests.ui.clients.test_clients_screen import shown
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable

Card = Callable[[], FormCard]
GOLD = Condition("tier", Comparison.ANY_OF, ("gold",))


def builder(screen: ClientsScreen, desk: Desk) -> FilterCard:
    assert run_action("clients.filter", screen)
    settle(desk)
    found = screen.window().findChild(FilterCard)
    assert isinstance(found, FilterCard)
    return found


def views(desk: Desk) -> list[ViewRow]:
    return desk.store.ask(list_views, place="clients")


def ask_for_gold(screen: ClientsScreen, desk: Desk) -> None:
    card = builder(screen, desk)
    row = card.rows[0]
    row.field.setCurrentIndex([one.key for one in row._choices.fields].index("tier"))
    row.comparison.setCurrentIndex(row.chosen.comparisons.index(Comparison.ANY_OF))
    assert isinstance(row.editor, Several)
    row.editor.set_value(("gold",))
    card.save()
    settle(desk)


def test_whoever_comes_from_another_place_may_ask_for_some(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    add("Acme")
    add("Birch", tier=Tier.GOLD)
    screen.search.setText("acme")
    screen.arrive(asked=Filter((GOLD,)))
    settle(desk)
    assert shown(screen) == ["Birch"]
    assert screen.bar.said.text() == "Tier is Gold"


def test_a_filter_is_put_together_and_let_go(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    add("Acme")
    add("Birch", tier=Tier.GOLD)
    ask_for_gold(screen, desk)
    assert shown(screen) == ["Birch"]
    assert screen.bar.asked == Filter((GOLD,))
    assert screen.bar.line.isVisible()
    screen.bar.clear_button.click()
    settle(desk)
    assert shown(screen) == ["Acme", "Birch"]


def test_a_condition_without_a_value_is_refused_under_it(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    add("Acme")
    card = builder(screen, desk)
    card.save()
    assert card.isVisible()
    editor = card.rows[0].editor
    assert editor is not None and editor.stop().property("wrong")
    assert unnamed(card) == [] and unreachable(card) == []
    card.close_card()


def test_a_view_is_saved_shown_renamed_shared_and_deleted(
    screen: ClientsScreen, desk: Desk, add: AddClient, card: Card
) -> None:
    add("Acme")
    add("Birch", tier=Tier.GOLD)
    ask_for_gold(screen, desk)
    screen.bar.open_save()
    settle(desk)
    card().form.fields["name"].set_draft("Golden")
    card().form.save()
    settle(desk)
    screen.bar.clear()
    settle(desk)
    (view,) = views(desk)
    assert (view.name, view.is_shared) == ("Golden", False)
    screen.bar.menu([view]).actions()[0].trigger()
    settle(desk)
    assert shown(screen) == ["Birch"]
    assert screen.bar.said.accessibleName() == "Golden"
    screen.bar.open_rename()
    settle(desk)
    card().form.fields["name"].set_draft("Best")
    card().form.save()
    settle(desk)
    screen.bar.share_view()
    settle(desk)
    assert [(one.name, one.is_shared) for one in views(desk)] == [("Best", True)]
    screen.bar.delete_view()
    settle(desk)
    assert views(desk) == []
    assert shown(screen) == ["Acme", "Birch"]


def test_a_second_view_of_the_same_name_is_refused_in_words(
    screen: ClientsScreen, desk: Desk, add: AddClient, card: Card
) -> None:
    add("Acme", tier=Tier.GOLD)
    ask_for_gold(screen, desk)
    for _ in range(2):
        screen.bar.open_save()
        settle(desk)
        card().form.fields["name"].set_draft("Golden")
        card().form.save()
        settle(desk)
    assert card().form.banner.isVisible()
    assert "Golden" in card().form.banner.text()
    card().close_card()


def test_a_team_s_own_field_can_be_filtered_by(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    acme = add("Acme")
    add("Birch")
    field = desk.store.do(add_custom_field, name="Uses API", kind=FieldKind.CHECK).value
    desk.store.do(set_custom_value, acme, field_id=field, text="yes")
    settle(desk)
    card = builder(screen, desk)
    row = card.rows[0]
    row.field.setCurrentIndex(row.field.findText("Uses API"))
    card.save()
    settle(desk)
    assert shown(screen) == ["Acme"]


@pytest.fixture
def choices(screen: ClientsScreen, desk: Desk) -> Choices:
    return desk.store.ask(get_choices, list_filter_fields)


@pytest.mark.parametrize(
    "condition",
    [
        Condition("name", Comparison.CONTAINS, "acme"),
        Condition("owner", Comparison.IS, ME),
        Condition("tier", Comparison.NONE_OF, ("gold", "silver")),
        Condition("last_contact_at", Comparison.MORE_DAYS_AGO_THAN, 45),
        Condition("customer_since", Comparison.BEFORE, "2026-01-01"),
        Condition("open_tickets", Comparison.AT_LEAST, 1),
        Condition("city", Comparison.IS_EMPTY),
        Condition("country", Comparison.IS, "DE"),
        Condition("country", Comparison.NONE_OF, ("DE", "GB")),
        Condition("country", Comparison.CONTAINS, "DE"),
    ],
)
def test_what_was_asked_stands_in_the_builder_again(
    choices: Choices, condition: Condition, desk: Desk
) -> None:
    row = ConditionRow(choices, condition)
    assert row.condition() == condition
    assert condition_words(condition, choices)
    row.deleteLater()


@pytest.mark.parametrize(
    ("condition", "en", "ru"),
    [
        (Condition("tier", Comparison.IS, "gold"), "Tier is Gold", "Уровень: Золото"),
        (
            Condition("tier", Comparison.NONE_OF, ("gold", "silver")),
            "Tier is not Gold or Silver",
            "Уровень: не Золото или Серебро",
        ),
        (
            Condition("last_contact_at", Comparison.MORE_DAYS_AGO_THAN, 21),
            "Last contact more than 21 days ago",
            "Последний контакт: больше 21 дня назад",
        ),
        (
            Condition("last_contact_at", Comparison.WITHIN_PAST_DAYS, 30),
            "Last contact in the last 30 days",
            "Последний контакт: за последние 30 дней",
        ),
        (
            Condition("open_tickets", Comparison.AT_LEAST, 1),
            "Open tickets at least 1",
            "Открытые тикеты: не меньше 1",
        ),
        (Condition("city", Comparison.IS_EMPTY), "City is empty", "Город: не указано"),
        (
            Condition("country", Comparison.ANY_OF, ("DE", "GB")),
            "Country is Germany or United Kingdom",
            "Страна: Германия или Великобритания",
        ),
        (
            Condition("country", Comparison.CONTAINS, "DE"),
            "Country contains “DE”",
            "Страна: есть «DE»",
        ),
    ],
)
def test_a_condition_is_said_as_a_person_would(
    choices: Choices, condition: Condition, en: str, ru: str
) -> None:
    assert condition_words(condition, choices) == en
    with speaking("ru"):
        assert condition_words(condition, choices) == ru


def test_yes_and_no_need_no_comparison(desk: Desk) -> None:
    fields = desk.store.ask(list_ticket_fields)
    choices = Choices(fields, [], [])
    asked = Condition("is_open", Comparison.IS, True)
    assert condition_words(asked, choices) == "Is open: yes"
    with speaking("ru"):
        assert condition_words(asked, choices) == "Открыт: да"
    row = ConditionRow(choices, asked)
    assert row.comparison.isHidden()
    assert row.condition() == asked
    row.field.setCurrentIndex(next(at for at, one in enumerate(fields) if one.key == "state"))
    assert not row.comparison.isHidden()
    row.deleteLater()


def test_a_number_must_be_one(choices: Choices) -> None:
    row = ConditionRow(choices, Condition("open_tickets", Comparison.AT_LEAST, 1))
    assert row.editor is not None
    row.editor.set_draft("many")
    with pytest.raises(Wrong):
        row.condition()
    row.deleteLater()


def save_as(screen: ClientsScreen, desk: Desk, card: Card, name: str) -> ViewRow:
    screen.bar.open_save()
    settle(desk)
    card().form.fields["name"].set_draft(name)
    card().form.save()
    settle(desk)
    return next(view for view in views(desk) if view.name == name)


def columns(screen: ClientsScreen) -> list[str]:
    table = screen.table
    return [c.key for at, c in enumerate(table.rows.columns) if not table.isColumnHidden(at)]


def test_a_view_keeps_its_order_and_its_columns(
    screen: ClientsScreen, desk: Desk, add: AddClient, card: Card
) -> None:
    add("Acme", city="Zagreb")
    add("Birch", city="Aarhus")
    arrangement = screen.bar.arrangement
    assert arrangement is not None
    arrangement.toggle("city")
    screen.table.order_by("city", descending=False)
    settle(desk)
    assert shown(screen) == ["Birch", "Acme"]
    view = save_as(screen, desk, card, "By city")
    assert (view.sort, view.columns) == (
        "city",
        ("name", "last_contact_at", "open_tickets", "city"),
    )
    arrangement.toggle("city")
    arrangement.toggle("open_tickets")
    screen.table.order_by("name", descending=True)
    settle(desk)
    assert shown(screen) == ["Birch", "Acme"] and columns(screen) == ["name", "last_contact_at"]
    screen.bar.show_view(view)
    settle(desk)
    assert arrangement.sort == "city" and "city" in columns(screen)


def test_a_view_that_goes_down_goes_down_again(
    screen: ClientsScreen, desk: Desk, add: AddClient, card: Card
) -> None:
    add("Acme")
    add("Birch")
    screen.table.order_by("name", descending=True)
    settle(desk)
    view = save_as(screen, desk, card, "Backwards")
    screen.table.order_by("name", descending=False)
    settle(desk)
    assert shown(screen) == ["Acme", "Birch"]
    screen.bar.show_view(view)
    settle(desk)
    assert shown(screen) == ["Birch", "Acme"] and screen.bar.said.accessibleName() == "Backwards"
    screen.table.order_by("name", descending=False)
    screen.bar.update_view()
    settle(desk)
    assert views(desk)[0].sort == "name"


def test_columns_are_chosen_on_the_header_and_remembered(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    add("Acme")
    arrangement = screen.bar.arrangement
    assert arrangement is not None
    menu = arrangement.menu(screen)
    ticked = [item.text() for item in menu.actions() if item.isChecked()]
    assert len(ticked) == 3 and not menu.actions()[0].isEnabled()
    next(item for item in menu.actions() if item.text() == "Owner").trigger()
    assert "owner" in columns(screen)
    other = ClientsScreen(desk)
    other.resize(1600, 800)
    assert other.bar.arrangement is not None and "owner" in other.bar.arrangement.columns
    other.deleteLater()


def test_a_narrow_list_shows_as_many_chosen_columns_as_fit(
    screen: ClientsScreen, desk: Desk
) -> None:
    arrangement = screen.bar.arrangement
    assert arrangement is not None
    for key in ("owner", "city", "renewal_decision_on", "tags"):
        arrangement.toggle(key)
    screen.splitter.setSizes([420, 1180])
    settle(desk)
    # What was asked for comes before what stands there unasked.
    assert columns(screen) == ["name", "owner"]
    assert screen.table.columnWidth(0) >= 120


def test_a_view_of_a_newer_version_is_shown_as_far_as_it_is_understood(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    add("Acme")
    arrangement = screen.bar.arrangement
    assert arrangement is not None
    before = columns(screen)
    arrangement.put("-shoe_size", ["shoe_size"])
    settle(desk)
    assert columns(screen) == before and shown(screen) == ["Acme"]
