"""The duplicates screen: pairs are found, merged, kept apart, and parted again on the page."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.client_merges.commands import merge_clients
from deskcrm.domain.client_merges.queries import has_strays, list_merged
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.detail import get_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.model import Contact, ContactId
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.commands import command
from deskcrm.store.work import Work
from deskcrm.ui.client_merges.merge_card import MergeCard
from deskcrm.ui.client_merges.part_card import MergedList, open_part
from deskcrm.ui.client_merges.rounds import MergeRounds
from deskcrm.ui.clients.forms import open_new
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.duplicates.screen import DuplicatesScreen
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.parts import Page
from deskcrm.ui.kit.pick import Option
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable

Pair = tuple[ClientId, ClientId]


@pytest.fixture
def pair(desk: Desk) -> Pair:
    """Give two clients that share a number and nearly a name."""
    desk.store.do(create_first_user, name="Ann")
    one = desk.store.do(create_company, name="Zorgvliet Bakery", city="Oslo").value
    other = desk.store.do(create_company, name="Zorgvliet Bakery GmbH", industry="Food").value
    for client in (one, other):
        desk.store.do(add_contact, client, name="Jan Zorgvliet", phones=["+7 912 345-67-89"])
    desk.store.do(create_company, name="Something Else")
    return one, other


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot, pair: Pair) -> DuplicatesScreen:
    made = DuplicatesScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


def card_in(widget: Any, kind: type[Any]) -> Any:
    return next(one for one in widget.window().findChildren(kind) if one.isVisible())


def test_pairs_are_found_and_shown_side_by_side(screen: DuplicatesScreen, pair: Pair) -> None:
    assert screen.table.rows.total == 1 and screen.errand is None
    row = screen.row()
    assert row is not None and set(row.id) == set(pair)
    assert "the same phone" in row.reason.lower()
    assert unnamed(screen) == [] and unreachable(screen) == []
    assert "0 decisions" in screen.learned.text()


def test_a_pair_is_merged_field_by_field(
    screen: DuplicatesScreen, desk: Desk, pair: Pair, qtbot: QtBot
) -> None:
    run_action("duplicates.merge", screen)
    settle(desk)
    card: MergeCard = card_in(screen, MergeCard)
    assert unnamed(card) == []
    assert card.found is not None
    goes_on = (card.found.one.id, card.found.other.id).index(pair[0])
    card.stays[goes_on].click()
    # What one lacks is proposed of the other; what both say, of the one that goes on.
    assert card.taken() == ["industry"]
    card.choose("name", 1 - goes_on)
    assert card.taken() == ["name", "industry"] or card.taken() == ["industry", "name"]
    QTest.keyClick(card, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(desk)
    profile = desk.store.ask(get_client, pair[0]).profile
    assert (profile.name, profile.city, profile.industry) == (
        "Zorgvliet Bakery GmbH", "Oslo", "Food"
    )  # fmt: skip
    assert screen.table.rows.total == 0
    (merged,) = desk.store.ask(list_merged, pair[0])
    assert merged.client_id == pair[1]


def test_a_pair_that_is_not_the_same_is_not_proposed_again(
    screen: DuplicatesScreen, desk: Desk
) -> None:
    run_action("duplicates.apart", screen)
    settle(desk)
    assert screen.table.rows.total == 0
    run_action("duplicates.scan", screen)
    settle(desk)
    assert screen.found is not None and screen.found.pairs == ()


def test_a_scan_can_be_stopped(screen: DuplicatesScreen, desk: Desk) -> None:
    screen.scan()
    assert not screen.halt.isHidden() and screen.again.isHidden()
    screen.stop()
    settle(desk)
    assert screen.errand is None and not screen.again.isHidden()
    assert screen.table.rows.total == 1  # what was found before stays


def test_parting_asks_where_what_was_changed_since_goes(
    screen: DuplicatesScreen, desk: Desk, pair: Pair, qtbot: QtBot
) -> None:
    run_action("duplicates.merge", screen)
    settle(desk)
    card: MergeCard = card_in(screen, MergeCard)
    card.stays[card.survivor].setFocus()
    card.merge()
    settle(desk)
    into = pair[0] if desk.store.ask(list_merged, pair[0]) else pair[1]
    (merged,) = desk.store.ask(list_merged, into)
    desk.store.do(edit_client, into, city="Bergen")
    page = Page()
    qtbot.addWidget(page)
    shown = MergedList(desk)
    shown.setParent(page)
    page.show()
    shown.show_client(into)
    settle(desk)
    assert shown.column.count() == 2
    open_part(desk, page, merged)
    settle(desk)
    asked: FormCard = card_in(page, FormCard)
    assert "Address" in asked.form.fields["since"].label
    asked.form.save()
    settle(desk)
    assert desk.store.ask(list_merged, into) == []
    assert desk.store.ask(get_client, into).profile.city == "Bergen"


def test_what_came_late_is_brought_home(desk: Desk, pair: Pair) -> None:
    desk.store.do(merge_clients, pair[1], into_id=pair[0])
    settle(desk)
    rounds = MergeRounds(desk, desk)
    settle(desk)
    was_due = rounds.is_due
    # As a colleague's would arrive who did not know of the merge.
    late = desk.store.do(add_late, pair[1]).value
    assert desk.store.ask(has_strays)
    settle(desk)
    assert (was_due, rounds.is_due) == (False, True)
    rounds.look()
    settle(desk)
    assert not desk.store.ask(has_strays)
    assert late in {one.id for one in desk.store.ask(get_client, pair[0]).contacts}


@command("toy_merges.add_late", "Add late contact")
def add_late(work: Work, client_id: ClientId) -> ContactId:
    """Add a contact at a client that is gone."""
    return ContactId(work.add(Contact(client_id=client_id, name="Late")).id)


def test_two_that_are_picked_are_merged_and_one_asks_with_whom(
    desk: Desk, qtbot: QtBot, pair: Pair
) -> None:
    screen = ClientsScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1180, 760)
    screen.show()
    settle(desk)
    run_action("clients.merge", screen)
    settle(desk)
    asked: FormCard = card_in(screen, FormCard)
    row = screen.row()
    assert row is not None and unnamed(asked) == []
    other = pair[1] if row.id == pair[0] else pair[0]
    asked.form.fill({"other_id": Option(other, "The other")})
    asked.form.save()
    settle(desk)
    card: MergeCard = card_in(screen, MergeCard)
    assert card.found is not None and {card.found.one.id, card.found.other.id} == {row.id, other}
    card.close_card()
    settle(desk)


def test_what_is_typed_is_added_to_the_client_that_it_is(
    desk: Desk, qtbot: QtBot, pair: Pair
) -> None:
    page = Page()
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    went: list[ClientId] = []
    card = open_new(desk, page, went.append)
    card.form.fill({"name": "Zorgvliet Bakery", "city": "Bergen"})
    settle(desk)
    buttons = [one for one in card.findChildren(QToolButton) if one.isVisible()]
    merge = next(one for one in buttons if "Add and merge" in one.accessibleName())
    merge.click()
    settle(desk)
    beside: MergeCard = card_in(page, MergeCard)
    assert beside.found is not None
    assert beside.found.one.id in pair and [beside.found.other.id] == went
    beside.close_card()
    settle(desk)
