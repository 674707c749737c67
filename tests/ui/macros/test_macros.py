"""Macros on the screen: found by typing, shown before they are done, done with one key."""

from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.macros.commands import create_macro
from deskcrm.domain.macros.model import Handing
from deskcrm.domain.macros.queries import list_macros
from deskcrm.domain.templates.commands import create_template
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketId
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.tickets.thread import ThreadMessage, get_thread
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk, Told, undo
from deskcrm.ui.kit.outcome_card import OutcomeCard
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.palette import Hit
from deskcrm.ui.macros.chooser import MacroChooser
from deskcrm.ui.macros.palette_hits import MacroHits
from deskcrm.ui.settings import macros
from deskcrm.ui.settings.lists import LiveCard
from deskcrm.ui.tickets.screen import TicketsScreen
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> TicketsScreen:
    desk.store.do(create_first_user, name="Ann")
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


@pytest.fixture
def heard(desk: Desk) -> list[Told]:
    told: list[Told] = []
    desk.told.connect(told.append)
    return told


def add(desk: Desk, contact: str = "Bo Lee") -> TicketId:
    client = desk.store.do(create_company, name="Acme").value
    who = desk.store.do(add_contact, client, name=contact).value if contact else None
    return desk.store.do(
        open_ticket, client, subject="No light", text="Help!", channel=Channel.EMAIL,
        contact_id=who,
    ).value  # fmt: skip


def macro(desk: Desk, name: str, **terms: Any) -> None:
    desk.store.do(create_macro, name=name, **terms)


def answering(desk: Desk) -> None:
    greeting = desk.store.do(
        create_template, name="Greeting", text_en="Hello {contact first name}."
    ).value
    macro(desk, "Solved", template_id=greeting, state=TicketState.RESOLVED, handing=Handing.ME)


def opened(screen: Any, kind: type[Overlay]) -> Any:
    settle(screen.desk)
    (card,) = [one for one in screen.window().findChildren(kind) if one.isVisible()]
    assert unnamed(card) == [] and unreachable(card) == []
    return card


def choose(screen: TicketsScreen, typed: str = "") -> MacroChooser:
    run_action("tickets.macro", screen)
    settle(screen.desk)
    (chooser,) = [one for one in screen.findChildren(MacroChooser) if one.isVisible()]
    chooser.search.setText(typed)
    settle(screen.desk)
    return chooser


def words(card: Overlay) -> str:
    return "\n".join(one.text() for one in card.findChildren(QLabel) if not one.isHidden())


def last_said(desk: Desk, ticket: TicketId) -> str:
    thread = desk.store.ask(get_thread, ticket)
    return [one.text for one in thread if isinstance(one, ThreadMessage)][-1]


def state(desk: Desk, ticket: TicketId) -> TicketState:
    row = desk.store.ask(get_ticket, ticket)
    assert row is not None
    return row.state


def test_one_key_types_shows_and_does_and_undo_takes_it_back(
    screen: TicketsScreen, desk: Desk, heard: list[Told]
) -> None:
    ticket = add(desk)
    answering(desk)
    macro(desk, "Other", priority=Priority.LOW)
    settle(desk)
    chooser = choose(screen, "solv")
    assert unnamed(chooser.card) == [] and unreachable(chooser.card) == []
    assert chooser.list.count() == 1 and chooser.search.hasFocus()
    assert "State: Resolved" in words(chooser) and "Assigned to Ann" in words(chooser)
    assert chooser.answer.toPlainText() == "Hello Bo."
    QTest.keyClick(chooser.search, Qt.Key.Key_Return)
    settle(desk)
    assert not [one for one in screen.findChildren(MacroChooser) if one.isVisible()]
    assert (state(desk, ticket), last_said(desk, ticket)) == (TicketState.RESOLVED, "Hello Bo.")
    assert heard[-1].text == "Applied “Solved”"
    undo(desk, heard[-1].undo_step)
    settle(desk)
    assert (state(desk, ticket), last_said(desk, ticket)) == (TicketState.NEW, "Help!")


def test_a_gap_is_filled_in_before_anything_is_done(screen: TicketsScreen, desk: Desk) -> None:
    ticket = add(desk, contact="")
    answering(desk)
    settle(desk)
    chooser = choose(screen)
    assert not chooser.apply.isEnabled()
    assert chooser.obstacle.text() == "1 gap to fill in: contact first name"
    QTest.keyClick(chooser.search, Qt.Key.Key_Return)
    settle(desk)
    assert state(desk, ticket) is TicketState.NEW
    chooser.answer.setPlainText("Hello there.")
    assert chooser.apply.isEnabled() and chooser.obstacle.isHidden()
    chooser.answer.setFocus()
    QTest.keyClick(chooser.answer, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(desk)
    assert (state(desk, ticket), last_said(desk, ticket)) == (
        TicketState.RESOLVED, "Hello there.",
    )  # fmt: skip


def test_what_does_not_apply_is_said_and_what_does_nothing_is_not_offered(
    screen: TicketsScreen, desk: Desk
) -> None:
    add(desk)
    macro(desk, "Normal", priority=Priority.NORMAL)
    settle(desk)
    chooser = choose(screen)
    assert "It is so already." in words(chooser)
    assert not chooser.apply.isEnabled()


def test_without_macros_it_says_where_they_are_made(screen: TicketsScreen, desk: Desk) -> None:
    went: list[Any] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    add(desk)
    settle(desk)
    chooser = choose(screen)
    assert chooser.said.text() == "There are no macros yet. Make one in the settings."
    chooser._edit()
    assert went == [("settings", {"section": "macros"})]


def test_of_several_tickets_each_gets_its_own_and_what_is_left_is_shown(
    screen: TicketsScreen, desk: Desk, heard: list[Told]
) -> None:
    known, unknown = add(desk), add(desk, contact="")
    answering(desk)
    settle(desk)
    screen.table.selectAll()
    chooser = choose(screen)
    assert chooser.answer.isReadOnly() and "1 more that is picked" in words(chooser)
    chooser.choose()
    settle(desk)
    assert (state(desk, known), state(desk, unknown)) == (TicketState.RESOLVED, TicketState.NEW)
    assert heard[-1].text == "Applied “Solved” to 1 ticket"
    assert (heard[-1].detail, heard[-1].more is not None) == ("1 was refused.", True)
    assert heard[-1].more is not None
    heard[-1].more()
    card: OutcomeCard = opened(screen, OutcomeCard)
    settle(desk)
    done, left = (card.table.rows.row(at) for at in (0, 1))
    assert done is not None and done.id == known and "Added: ticket message" in done.lines
    assert left is not None and left.refused == "1 gap is not filled in: contact first name."
    undo(desk, heard[-1].undo_step)
    settle(desk)
    assert state(desk, known) is TicketState.NEW


def test_the_palette_finds_a_macro_by_its_name_where_there_is_a_ticket(
    screen: TicketsScreen, desk: Desk
) -> None:
    answering(desk)
    pages: list[TicketsScreen | None] = [screen]
    source = MacroHits(desk, screen, lambda: pages[0])
    brought: list[list[str]] = []
    hits: list[Hit] = []

    def bring(found: Sequence[Hit]) -> None:
        hits[:] = found
        brought.append([one.text for one in found])

    source("solv", bring)
    settle(desk)
    assert brought == [[]], "there is no ticket to apply it to"
    add(desk)
    settle(desk)
    for typed in ("solv", "lved", ""):
        source(typed, bring)
        settle(desk)
    assert brought[1:] == [["Solved"], [], []]
    source("solved", bring)
    settle(desk)
    hits[0].run()
    settle(desk)
    (chooser,) = [one for one in screen.findChildren(MacroChooser) if one.isVisible()]
    assert chooser.search.text() == "Solved" and chooser.apply.isEnabled()
    pages[0] = None
    source("solved", bring)
    assert brought[-1] == []


def test_the_settings_make_edit_and_delete_one(screen: TicketsScreen, desk: Desk) -> None:
    (card,) = macros.cards(desk, screen)  # type: ignore[arg-type]  # any widget of a window will do
    assert isinstance(card, LiveCard)
    macros.open_macro(desk, screen, None)
    form: FormCard = opened(screen, FormCard)
    form.form.fields["name"].set_value("Up")
    form.form.save()
    settle(desk)
    assert form.form.banner.text().startswith("The macro does nothing.")
    form.form.fields["line"].set_value(SupportLine.SECOND)
    form.form.fields["line_reason"].set_value("Odd")
    form.form.fields["line_tried"].set_value("Nothing")
    form.form.fields["is_shared"].set_value(True)
    form.form.save()
    settle(desk)
    (row,) = desk.store.ask(list_macros)
    assert (row.name, row.line, row.is_shared) == ("Up", SupportLine.SECOND, True)
    assert macros.does_words(row) == "moves it to line 2"
    macros.open_macro(desk, screen, row)
    form = opened(screen, FormCard)
    form.form.fields["handing"].set_value(Handing.ME)
    form.form.save()
    settle(desk)
    (row,) = desk.store.ask(list_macros)
    assert macros.does_words(row) == "assigns to whoever applies it, moves it to line 2"
    card.deleteLater()


def test_only_what_goes_with_a_choice_is_asked(
    screen: TicketsScreen, desk: Desk, qtbot: QtBot
) -> None:
    macros.open_macro(desk, screen, None)
    form: FormCard = opened(screen, FormCard)
    fields = form.form.fields
    assert not any(fields[name].isVisible() for name in ("owner_id", "line_reason", "line_tried"))
    settle(desk)
    short = form.card.height()
    fields["handing"].set_value(Handing.PERSON)
    fields["line"].set_value(SupportLine.SECOND)
    assert all(fields[name].isVisible() for name in ("owner_id", "line_reason", "line_tried"))
    fields["handing"].set_value(Handing.RULES)
    fields["line"].set_value(None)
    assert not fields["owner_id"].isVisible() and not fields["line_reason"].isVisible()
    qtbot.waitUntil(lambda: form.card.height() == form.height_wanted() == short)
