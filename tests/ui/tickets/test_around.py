"""Around a ticket on its page: it is watched with a key, linked by a form, and parted again."""

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.links.commands import link_tickets
from deskcrm.domain.links.model import LinkKind
from deskcrm.domain.links.queries import list_links
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.domain.watchers.commands import set_watchers, watch_ticket
from deskcrm.domain.watchers.queries import list_watchers
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pick import Option, Pick
from deskcrm.ui.tickets.screen import TicketsScreen
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def tickets(desk: Desk) -> list[TicketId]:
    desk.store.do(create_first_user, name="Anna")
    acme = desk.store.do(create_company, name="Acme").value
    return [desk.store.do(open_ticket, acme, subject=one).value for one in ("Dark", "Cold")]


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot, tickets: list[TicketId]) -> TicketsScreen:
    return show(desk, qtbot, tickets[0])


def show(desk: Desk, qtbot: QtBot, ticket: TicketId) -> TicketsScreen:
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    made.arrive(ticket=ticket)
    settle(desk)
    return made


def said(screen: TicketsScreen) -> list[str]:
    """Give what stands around the ticket: the words of every button there."""
    return [one.accessibleName() for one in buttons(screen)]


def buttons(screen: TicketsScreen) -> list[QAbstractButton]:
    around = screen.record.around
    found = [around.watch, around.add, *around.findChildren(QAbstractButton)]
    return [one for one in found if one.isVisible()]


def press(screen: TicketsScreen, name: str) -> None:
    (button,) = [one for one in buttons(screen) if one.accessibleName() == name]
    button.click()
    settle(screen.desk)


def form(screen: TicketsScreen) -> FormCard:
    settle(screen.desk)
    return screen.window().findChildren(FormCard)[-1]


def test_a_key_watches_the_ticket_and_lets_go_of_it(
    screen: TicketsScreen, tickets: list[TicketId]
) -> None:
    desk = screen.desk
    assert said(screen) == ["Watch it", "Link ticket…"]
    run_action("tickets.watch", screen)
    settle(desk)
    assert [one.name for one in desk.store.ask(list_watchers, tickets[0])] == ["Anna"]
    assert said(screen)[::2] == ["You watch it. Stop watching", "Watched by Anna"]
    press(screen, "You watch it. Stop watching")
    assert said(screen) == ["Watch it", "Link ticket…"]


def test_colleagues_are_chosen_to_watch(screen: TicketsScreen, tickets: list[TicketId]) -> None:
    desk = screen.desk
    boris = desk.store.do(add_user, name="Борис").value
    run_action("tickets.watchers", screen)
    card = form(screen)
    card.form.fill({"user_ids": (boris,)})
    card.form.save()
    settle(desk)
    assert "Watched by Борис" in said(screen)
    desk.store.undo()
    assert desk.store.ask(list_watchers, tickets[0]) == []


def test_a_linked_ticket_keeps_its_number_however_many_watch(
    screen: TicketsScreen, tickets: list[TicketId]
) -> None:
    desk = screen.desk
    names = [desk.store.do(add_user, name=f"Alexander the {n}th").value for n in range(4, 9)]
    desk.do(set_watchers, tickets[0], user_ids=tuple(names))
    desk.do(link_tickets, tickets[0], kind=LinkKind.BLOCKS, number=1001)
    settle(desk)
    texts = [one.text().strip() for one in buttons(screen)]
    assert "Blocks #1001" in texts
    assert any(text.startswith("Watched by") and text.endswith("…") for text in texts)


def offered(card: FormCard, typed: str) -> list[Option]:
    """Give what is offered for what is typed into the field of the other ticket."""
    field = card.form.fields["other_id"]
    assert isinstance(field, Pick)
    field.line.setText(typed)
    field.line.textEdited.emit(typed)
    settle(card.desk)
    return field.offered()


def test_a_link_is_made_by_searching_gone_along_and_removed(
    screen: TicketsScreen, tickets: list[TicketId]
) -> None:
    desk, (dark, cold) = screen.desk, tickets
    run_action("tickets.link", screen)
    card = form(screen)
    (option,) = offered(card, "#1001")
    assert option.value == cold
    assert [one.text for one in offered(card, "col")] == ["#1001 Cold"]
    assert [one.value for one in offered(card, "")] == [cold]  # the client's others
    assert offered(card, "1000") == offered(card, "nothing like it") == []
    card.form.save()
    assert card.isVisible()
    card.form.fill({"kind": LinkKind.BLOCKS, "other_id": option})
    card.form.save()
    settle(desk)
    (row,) = desk.store.ask(list_links, dark)
    assert (row.words, row.ticket_id) == ("Blocks", cold)
    assert "Blocks #1001: Cold · New" in said(screen)
    screen.arrive(ticket=cold)
    settle(desk)
    assert "Blocked by #1000: Dark · New" in said(screen)
    press(screen, "Remove link to #1000")
    assert desk.store.ask(list_links, dark) == []


def test_all_of_it_is_named_and_reached_by_tab(
    desk: Desk, qtbot: QtBot, tickets: list[TicketId]
) -> None:
    desk.store.do(link_tickets, tickets[0], number=1001)
    desk.store.do(watch_ticket, tickets[0])
    made = show(desk, qtbot, tickets[0])
    assert len(said(made)) == 5
    assert unnamed(made) == [] and unreachable(made) == []
