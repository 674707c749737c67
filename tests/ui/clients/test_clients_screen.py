"""The clients screen: found, filtered, picked, changed in bulk, and back again."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from deskcrm.domain.clients.commands import delete_clients
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.clients.outcomes import get_outcome, page_outcome
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.promises.commands import make_promise
from deskcrm.domain.tags.commands import tag_clients_by_name
from deskcrm.domain.tags.model import ClientTag, Tag
from deskcrm.domain.tasks.commands import create_task
from deskcrm.ui.clients.peek import PeekCard
from deskcrm.ui.clients.screen import ClientScreen, ClientsScreen
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.columns import Selection
from deskcrm.ui.kit.desk import Desk, Told, undo
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.outcome_card import OutcomeCard
from deskcrm.ui.kit.scroll import height_at
from tests.ui.clients.conftest import AddClient
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable

Card = Callable[[], FormCard]


def shown(screen: ClientsScreen) -> list[str]:
    return [row.name for n in range(screen.table.rows.total) if (row := screen.table.rows.row(n))]


def press(widget: object, key: Qt.Key, text: str = "") -> None:
    QApplication.sendEvent(
        widget,  # type: ignore[arg-type]  # the stub knows the overload, not the object
        QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text),
    )


def test_search_and_shelf_narrow_the_list(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    add("Acme")
    add("Ромашка", tier=Tier.GOLD)
    assert shown(screen) == ["Acme", "Ромашка"]
    screen.search.setText("ромаш")
    settle(desk)
    assert shown(screen) == ["Ромашка"]
    screen.search.setText("")
    screen.shelf.setCurrentIndex(2)
    settle(desk)
    assert shown(screen) == ["Ромашка"]


def test_a_click_on_a_head_sorts_the_list(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    add("Acme")
    add("Birch")
    screen.table.horizontalHeader().sectionClicked.emit(0)
    settle(desk)
    screen.table.horizontalHeader().sectionClicked.emit(0)
    settle(desk)
    assert shown(screen) == ["Birch", "Acme"]


def test_the_page_shows_who_they_are_and_where_we_stand(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    client = add("Acme", caution="Write first")
    store = desk.store
    store.do(add_contact, client, name="Eva", phones=["+7 495 123-45-67 доб. 12"])
    store.do(make_promise, client, text="Send the price")
    store.do(create_task, title="Call back", client_id=client)
    store.do(add_contract, client, title="Support", value_minor=10_000, currency="EUR")
    settle(desk)
    screen.table.go_to(0)
    settle(desk)
    view = screen.view
    assert view.name.accessibleName() == "Acme"
    assert view.warning.isVisible() and view.caution.text() == "Write first"
    said = {button.words for button in view.findChildren(ElidedButton)}
    assert {"Eva", "Support", "+7 495 123-45-67, ext. 12"} <= said
    texts = " ".join(label.text() for label in view.standing.findChildren(type(view.caution)))
    assert "Send the price" in texts and "Call back" in texts


def test_tiers_change_in_bulk_and_come_back_in_one_step(
    screen: ClientsScreen, desk: Desk, add: AddClient, card: Card
) -> None:
    told: list[Told] = []
    desk.told.connect(told.append)
    add("Acme")
    add("Birch", tier=Tier.GOLD)
    screen.table.pick(Selection(is_everything=True))
    assert run_action("clients.tier", screen)
    settle(desk)
    card().form.fields["tier"].set_value(Tier.GOLD)
    card().form.save()
    settle(desk)
    assert [row.tier for n in (0, 1) if (row := screen.table.rows.row(n))] == [Tier.GOLD] * 2
    assert "1 client" in told[-1].text and "1 was so already" in told[-1].detail
    undo(desk, told[-1].undo_step)
    settle(desk)
    tiers = [row.tier for n in (0, 1) if (row := screen.table.rows.row(n))]
    assert tiers == [Tier.STANDARD, Tier.GOLD]


def test_a_tag_begins_empty_and_is_put_on(
    screen: ClientsScreen, desk: Desk, add: AddClient, card: Card
) -> None:
    acme = add("Acme")
    assert run_action("clients.tag", screen)
    settle(desk)
    field = card().form.fields["tag"]
    assert field.value() == ""
    field.set_value("pilot")
    card().form.save()
    settle(desk)
    tags = select(Tag.name).join(ClientTag, ClientTag.tag_id == Tag.id)
    assert desk.store.ask(lambda db: db.scalars(tags.where(ClientTag.client_id == acme))) == [
        "pilot"
    ]


def test_one_client_s_tier_is_changed_from_what_it_is(
    screen: ClientsScreen, desk: Desk, add: AddClient, card: Card
) -> None:
    add("Acme", tier=Tier.SILVER)
    birch = add("Birch", tier=Tier.GOLD)
    screen.table.go_to(0)
    settle(desk)
    assert run_action("clients.tier", screen)
    assert card().form.fields["tier"].value() is Tier.SILVER
    assert card().about.text() == "Acme"
    card().close_card()
    settle(desk)
    screen.table.pick(Selection(frozenset({birch})))
    assert run_action("clients.tier", screen)
    assert card().form.fields["tier"].value() is not Tier.SILVER
    assert card().about.text() == "1 client"
    card().close_card()
    settle(desk)
    screen.table.pick(Selection(is_everything=True))
    assert run_action("clients.tier", screen)
    assert card().about.text() == "2 clients"
    card().close_card()


def test_a_bulk_edit_says_what_became_of_each_client(
    screen: ClientsScreen, desk: Desk, add: AddClient, card: Card
) -> None:
    told: list[Told] = []
    desk.told.connect(told.append)
    add("Acme")
    add("Birch", tier=Tier.GOLD)
    screen.table.pick(Selection(is_everything=True))
    assert run_action("clients.tier", screen)
    settle(desk)
    card().form.fields["tier"].set_value(Tier.GOLD)
    card().form.save()
    settle(desk)
    assert told[-1].more is not None
    told[-1].more()
    settle(desk)
    outcome = screen.window().findChild(OutcomeCard)
    assert isinstance(outcome, OutcomeCard)
    rows = [row for n in range(2) if (row := outcome.table.rows.row(n))]
    assert [(row.name, row.is_changed) for row in rows] == [("Acme", True), ("Birch", False)]
    assert any("Gold" in line for line in rows[0].lines)
    section = outcome.table.verticalHeader().defaultSectionSize()
    assert outcome.table.viewport().height() % section == 0, "a row is cut in the middle"
    assert unnamed(outcome) == [] and unreachable(outcome) == []
    outcome.shelf.setCurrentIndex(2)
    settle(desk)
    left = outcome.table.rows.row(0)
    assert outcome.table.rows.total == 1 and left is not None and left.name == "Birch"


def test_a_bulk_tag_says_who_wore_it_already_and_a_bulk_deletion_still_names_the_deleted(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    acme, birch = add("Acme"), add("Birch")
    desk.store.do(tag_clients_by_name, [acme], name="pilot")
    done = desk.store.do(tag_clients_by_name, [acme, birch], name="pilot")
    outcome = desk.store.ask(get_outcome, done.step, [birch, acme])
    assert (outcome.changed, outcome.same) == ((birch,), (acme,))
    done_too = desk.store.do(delete_clients, [acme, birch])
    gone = desk.store.ask(get_outcome, done_too.step, [birch, acme])
    rows = desk.store.ask(page_outcome, gone, gone.changed)
    assert [(row.name, row.is_changed) for row in rows] == [("Acme", True), ("Birch", True)]


def test_a_deleted_client_comes_back(screen: ClientsScreen, desk: Desk, add: AddClient) -> None:
    add("Acme")
    screen.table.go_to(0)
    settle(desk)
    assert run_action("clients.delete", screen)
    settle(desk)
    assert shown(screen) == []
    undo(desk)
    settle(desk)
    assert shown(screen) == ["Acme"]


def test_a_new_client_warns_of_its_twin_and_is_shown(
    screen: ClientsScreen, desk: Desk, add: AddClient, card: Card
) -> None:
    add("Grand Otter")
    run_action("clients.new", screen)
    settle(desk)
    card().form.fields["name"].set_draft("Grand Ot")
    settle(desk)
    offered = [button.words for button in card().findChildren(ElidedButton)]
    assert offered == ["Grand Otter"]
    card().form.fields["name"].set_draft("Birch")
    card().form.save()
    settle(desk)
    assert shown(screen) == ["Birch", "Grand Otter"]


def test_arriving_stands_on_the_row_and_lets_go_of_filters_that_hide_it(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    ids = [add(f"Client {n:03}") for n in range(12)]
    screen.search.setText("Client 003")
    settle(desk)
    screen.arrive(client=ids[9])
    settle(desk)
    row = screen.row()
    assert row is not None and row.id == ids[9]
    assert screen.search.text() == ""
    assert screen.view.client == ids[9]


def test_arriving_before_the_list_is_there_still_stands_on_the_row(
    screen: ClientsScreen, desk: Desk, add: AddClient, qtbot: object
) -> None:
    ids = [add(f"Client {n:03}") for n in range(4)]
    other = ClientsScreen(desk)
    other.arrive(client=ids[2])
    other.show()
    settle(desk)
    row = other.row()
    assert row is not None and row.id == ids[2]
    assert other.view.client == ids[2]
    other.close()


def test_arriving_at_who_is_gone_says_so(screen: ClientsScreen, desk: Desk, add: AddClient) -> None:
    told: list[Told] = []
    desk.told.connect(told.append)
    gone = add("Acme")
    desk.store.do(delete_clients, [gone])
    settle(desk)
    screen.arrive(client=gone)
    settle(desk)
    assert any("not there any more" in one.text for one in told)
    screen.arrive(client=ClientId(UUID(int=7)))
    settle(desk)


def test_space_gives_a_glance(screen: ClientsScreen, desk: Desk, add: AddClient) -> None:
    client = add("Acme")
    desk.store.do(add_contact, client, name="Eva")
    settle(desk)
    screen.table.go_to(0)
    screen.table.setFocus()
    press(screen.table, Qt.Key.Key_Space)
    settle(desk)
    glance = screen.window().findChild(PeekCard)
    assert glance is not None
    assert "Eva" in [button.words for button in glance.findChildren(ElidedButton)]
    press(glance, Qt.Key.Key_Space)
    settle(desk)
    assert screen.window().findChild(PeekCard) is None


@pytest.mark.parametrize("action", ["clients.log", "clients.note", "clients.find"])
@pytest.mark.parametrize("tab", [0, 1, 2])
def test_what_is_written_is_seen_whatever_part_of_the_page_was_open(
    screen: ClientsScreen, desk: Desk, add: AddClient, action: str, tab: int
) -> None:
    screen.resize(1100, 800)
    add("Alder")
    screen.view.tabs.setCurrentIndex(tab)
    assert run_action(action, screen)
    settle(desk)
    focused = QApplication.focusWidget()
    assert focused is not None and screen.view.stream.isAncestorOf(focused)
    assert focused.isVisible() and not focused.visibleRegion().isEmpty()


@pytest.mark.parametrize("width", [1024, 1600])
def test_every_control_has_a_name_and_tab_reaches_it(
    screen: ClientsScreen, desk: Desk, add: AddClient, width: int
) -> None:
    client = add("Acme")
    store = desk.store
    store.do(add_contact, client, name="Eva", phones=["+7 916 123-45-67"])
    store.do(make_promise, client, text="Send the price")
    store.do(create_task, title="Call back", client_id=client)
    store.do(add_contract, client, title="Support")
    store.do(log_call, client, text="Talked")
    screen.resize(width, 760)
    settle(desk)
    screen.table.go_to(0)
    settle(desk)
    assert unnamed(screen) == []
    assert unreachable(screen) == []


def test_a_tab_shows_one_client_and_can_do_the_same_with_it(
    screen: ClientsScreen, desk: Desk, add: AddClient, qtbot: object
) -> None:
    client = add("Acme")
    page = ClientScreen(desk)
    page.resize(1200, 700)
    page.show()
    page.arrive(client=client)
    settle(desk)
    assert page.windowTitle() == "Acme"
    assert run_action("clients.delete", page)
    settle(desk)
    assert shown(screen) == []
    assert not run_action("clients.open", page)
    page.close()


def test_where_we_stand_is_scrolled_only_where_there_is_no_room(
    screen: ClientsScreen, desk: Desk, add: AddClient
) -> None:
    client = add("Acme")
    for title in ("Support", "Training"):
        desk.store.do(
            add_contract, client, title=title, value_minor=10_000, currency="EUR",
            ends_on=dates.today() + timedelta(days=200), notice_days=30,
        )  # fmt: skip
    screen.resize(836, 620)
    screen.view.tabs.setCurrentIndex(1)
    settle(desk)
    pane = screen.view.right
    needed = height_at(screen.view.standing, pane.viewport().width())
    screen.resize(836, 620 + needed - pane.viewport().height())
    settle(desk)
    assert pane.verticalScrollBar().maximum() == 0
    screen.resize(836, screen.height() - 20)
    settle(desk)
    assert pane.verticalScrollBar().maximum() > 0
