"""Several clients are edited from the list: chosen, previewed, done, and taken back."""

from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company, set_tier
from deskcrm.domain.clients.custom_fields import add_custom_field
from deskcrm.domain.clients.detail import list_custom_values
from deskcrm.domain.clients.model import Client, FieldKind, Tier
from deskcrm.domain.edits.fields import ClientField, TaskField, TicketField, Way
from deskcrm.domain.edits.rehearsing import Place
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.edits.card import EditCard, open_edit
from deskcrm.ui.edits.preview import PreviewCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.columns import Selection
from deskcrm.ui.kit.desk import Desk
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture(autouse=True)
def clients(desk: Desk) -> list[Any]:
    desk.store.do(create_first_user, name="Ann")
    made = [desk.store.do(create_company, name=name).value for name in ("A", "B", "C")]
    desk.store.do(set_tier, made[1:2], tier=Tier.GOLD)
    return made


def shown(kind: type[Any], desk: Desk, qtbot: QtBot) -> Any:
    screen = kind(desk)
    qtbot.addWidget(screen)
    screen.resize(1180, 760)
    screen.show()
    settle(desk)
    return screen


def card_in(widget: Any, kind: type[Any]) -> Any:
    return next(one for one in widget.window().findChildren(kind) if one.isVisible())


def test_all_that_match_are_previewed_and_changed(desk: Desk, qtbot: QtBot) -> None:
    screen = shown(ClientsScreen, desk, qtbot)
    screen.table.selectAll()
    told: list[Any] = []
    desk.told.connect(told.append)
    run_action("clients.edit_several", screen)
    settle(desk)
    card = card_in(screen, EditCard)
    card.field.set_value(ClientField.TIER)
    card.choice.set_value(Tier.GOLD)
    assert unnamed(card) == [] and unreachable(card) == []
    card.form.save()
    settle(desk)
    seen = card_in(screen, PreviewCard)
    assert unnamed(seen) == [] and unreachable(seen) == []
    assert seen.button.text().strip() == "Change 2"
    assert seen.table.rows.total == 3
    seen.shelf.setCurrentIndex(3)
    settle(desk)
    assert seen.table.rows.total == 1
    seen.button.click()
    settle(desk)
    found = desk.store.ask(lambda db: db.scalars(select(Client.tier)))
    assert list(found) == [Tier.GOLD] * 3
    assert told[-1].text == "Tier changed: 2 clients"
    told[-1].more()
    settle(desk)
    desk.store.undo(told[-1].undo_step)
    found = desk.store.ask(lambda db: db.scalars(select(Client.tier).order_by(Client.name)))
    assert list(found) == [Tier.STANDARD, Tier.GOLD, Tier.STANDARD]


def test_what_is_wrong_is_said_in_the_form(desk: Desk, qtbot: QtBot) -> None:
    screen = shown(ClientsScreen, desk, qtbot)
    screen.table.pick(Selection())
    run_action("clients.edit_several", screen)
    settle(desk)
    card = card_in(screen, EditCard)
    card.field.set_value(ClientField.LANGUAGE)
    card.line.set_value("Klingon!")
    card.form.save()
    settle(desk)
    assert "is not a language" in card.form.banner.text()
    card.way.set_value(Way.CLEAR)
    assert not card.line.isVisible()


def test_a_field_that_the_team_added_has_the_editor_of_its_kind(
    desk: Desk, qtbot: QtBot, clients: list[Any]
) -> None:
    kinds = {"Club": FieldKind.TEXT, "Since": FieldKind.DATE, "Paid": FieldKind.CHECK}
    added = {
        name: desk.store.do(add_custom_field, name=name, kind=kind).value
        for name, kind in kinds.items()
    }
    screen = shown(ClientsScreen, desk, qtbot)
    open_edit(desk, screen, Place.CLIENTS, clients)
    settle(desk)
    card = card_in(screen, EditCard)
    editors = {"Club": card.line, "Since": card.day, "Paid": card.choice}
    for name, editor in editors.items():
        card.field.set_value(added[name])
        assert [e for e in (card.line, card.day, card.choice) if e.isVisible()] == [editor]
    card.choice.set_value("yes")
    told: list[Any] = []
    desk.told.connect(told.append)
    card.form.save()
    settle(desk)
    card_in(screen, PreviewCard).button.click()
    settle(desk)
    assert told[-1].text == "Paid changed: 3 clients"
    assert [one.text for one in desk.store.ask(list_custom_values, clients[0])] == ["", "", "yes"]


def test_tickets_and_tasks_have_their_own_fields(
    desk: Desk, qtbot: QtBot, clients: list[Any]
) -> None:
    ticket = desk.store.do(open_ticket, clients[0], subject="Dark").value
    task = desk.store.do(create_task, title="Call", client_id=clients[0]).value
    screen = shown(ClientsScreen, desk, qtbot)
    for place, row, fields in (
        (Place.TICKETS, ticket, TicketField),
        (Place.TASKS, task, TaskField),
    ):
        open_edit(desk, screen, place, [row])
        settle(desk)
        card = card_in(screen, EditCard)
        for one in fields:
            card.field.set_value(one)
            assert card.wish().field is one
        card.close_card()
        settle(desk)
