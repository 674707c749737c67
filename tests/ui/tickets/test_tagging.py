"""Tags of tickets on the screen: a key sets those of one, several get one more, chips show them."""

import pytest
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.tags.queries import list_worn
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.chips import ChipLabel
from deskcrm.ui.kit.desk import Desk, Told
from deskcrm.ui.tags.card import TagsCard
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
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    made.arrive(ticket=tickets[0])
    settle(desk)
    return made


def worn(desk: Desk, ticket: TicketId) -> list[str]:
    row = desk.store.ask(get_ticket, ticket)
    assert row is not None
    return [tag.name for tag in row.tags]


def save(screen: TicketsScreen, **values: object) -> None:
    run_action("tickets.tags", screen)
    settle(screen.desk)
    card = screen.window().findChildren(FormCard)[-1]
    for name, value in values.items():
        card.form.fields[name].set_value(value)
    card.form.save()
    settle(screen.desk)


def test_a_key_sets_the_tags_of_the_ticket_and_its_head_shows_them(
    screen: TicketsScreen, desk: Desk, tickets: list[TicketId]
) -> None:
    save(screen, names=["VPN", "Month end"])
    assert worn(desk, tickets[0]) == ["Month end", "VPN"]
    chips = [chip.accessibleName() for chip in screen.record.chips.findChildren(ChipLabel)]
    assert chips[-2:] == ["Month end", "VPN"]
    screen.record.tag.click()
    settle(desk)
    card = screen.window().findChildren(FormCard)[-1]
    assert card.form.fields["names"].value() == ["Month end", "VPN"]
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_several_get_some_and_lose_others_with_a_result_for_each(
    screen: TicketsScreen, desk: Desk, tickets: list[TicketId]
) -> None:
    heard: list[Told] = []
    desk.told.connect(heard.append)
    save(screen, names=["VPN"])
    screen.table.selectAll()
    settle(desk)
    save(screen, names=["vpn"])
    assert [worn(desk, one) for one in tickets] == [["VPN"]] * 2
    assert (heard[-1].text, heard[-1].detail) == ("Changed tags: 1 ticket", "1 was so already.")
    assert heard[-1].more is not None
    (vpn,) = desk.store.ask(list_worn, tickets)
    save(screen, names=["Slow"], going=(vpn.id,))
    assert [worn(desk, one) for one in tickets] == [["Slow"]] * 2
    desk.store.undo()
    assert [worn(desk, one) for one in tickets] == [["VPN"]] * 2


def test_all_tags_are_looked_after_from_here_too(
    screen: TicketsScreen, desk: Desk, tickets: list[TicketId]
) -> None:
    save(screen, names=["VPN"])
    assert run_action("tickets.all_tags", screen)
    settle(desk)
    (card,) = screen.window().findChildren(TagsCard)
    assert [(tag.name, tag.clients, tag.tickets) for tag in card.tags] == [("VPN", 0, 1)]
    card.delete(card.tags[0])
    settle(desk)
    assert worn(desk, tickets[0]) == []
