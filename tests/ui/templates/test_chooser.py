"""The chooser of templates: by one key, found by typing, filled in, and never sent with a gap."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.templates.commands import create_template
from deskcrm.domain.templates.queries import list_templates
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import MessageKind, TicketId
from deskcrm.domain.tickets.thread import ThreadMessage, get_thread
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.settings import templates
from deskcrm.ui.settings.lists import LiveCard
from deskcrm.ui.templates.chooser import TemplateChooser
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
def ticket(screen: TicketsScreen, desk: Desk) -> TicketId:
    client = desk.store.do(create_company, name="Acme").value
    made = desk.do(open_ticket, client, subject="No light", text="Help!", channel=Channel.EMAIL)
    settle(desk)
    del made
    row = screen.row()
    assert row is not None
    return row.id


def choose(screen: TicketsScreen, typed: str = "") -> TemplateChooser:
    run_action("tickets.template", screen)
    settle(screen.desk)
    (chooser,) = [one for one in screen.findChildren(TemplateChooser) if one.isVisible()]
    chooser.search.setText(typed)
    settle(screen.desk)
    return chooser


def said(desk: Desk, ticket: TicketId) -> list[str]:
    thread = desk.store.ask(get_thread, ticket)
    return [
        one.text
        for one in thread
        if isinstance(one, ThreadMessage) and one.kind is MessageKind.PUBLIC_REPLY
    ]


def test_a_template_is_found_by_typing_and_put_in_filled(
    screen: TicketsScreen, ticket: TicketId, desk: Desk
) -> None:
    desk.store.do(create_template, name="Greeting", text_en="Hello {contact first name|there}!")
    desk.store.do(create_template, name="Farewell", text_en="Goodbye, {client name}.")
    chooser = choose(screen, "goodb")
    assert chooser.window().focusWidget() is chooser.search
    assert chooser.list.count() == 1
    assert chooser.preview.text() == "Goodbye, Acme."
    assert unnamed(chooser.card) == [] and unreachable(chooser.card) == []
    QTest.keyClick(chooser.search, Qt.Key.Key_Return)
    assert screen.record.composer.text.toPlainText() == "Goodbye, Acme."
    screen.record.composer.save()
    settle(desk)
    assert said(desk, ticket) == ["Goodbye, Acme."]


def test_the_arrows_go_through_the_list_and_ctrl_l_through_the_languages(
    screen: TicketsScreen, ticket: TicketId, desk: Desk
) -> None:
    desk.store.do(create_template, name="A", text_en="Hello", text_ru="Привет")
    desk.store.do(create_template, name="B", text_en="Bye")
    chooser = choose(screen)
    assert chooser.preview.text() == "Hello"
    QTest.keyClick(chooser.search, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    settle(desk)
    assert chooser.preview.text() == "Привет"
    QTest.keyClick(chooser.search, Qt.Key.Key_Down)
    settle(desk)
    assert chooser.preview.text() == "Bye"
    assert not chooser.other.isVisible()


def test_a_gap_is_shown_selected_and_not_sent(
    screen: TicketsScreen, ticket: TicketId, desk: Desk
) -> None:
    desk.store.do(create_template, name="Dear", text_en="Dear {contact name}, it works.")
    chooser = choose(screen)
    assert chooser.gaps.text() == "1 gap to fill in: contact name"
    chooser.choose()
    composer = screen.record.composer
    assert composer.text.textCursor().selectedText() == "[?contact name?]"
    composer.save()
    settle(desk)
    assert said(desk, ticket) == []
    assert "not filled in: contact name" in composer.wrong.text()
    composer.text.insertPlainText("Ann")
    composer.save()
    settle(desk)
    assert said(desk, ticket) == ["Dear Ann, it works."]


def test_without_templates_the_chooser_says_where_to_write_one(
    screen: TicketsScreen, ticket: TicketId
) -> None:
    chooser = choose(screen)
    assert chooser.preview.text() == "There are no templates yet. Write one in the settings."
    assert not chooser.insert.isEnabled()


def test_a_template_is_written_in_the_settings_and_a_wrong_variable_is_said_there(
    screen: TicketsScreen, desk: Desk
) -> None:
    (card,) = templates.cards(desk, screen)  # type: ignore[arg-type]  # any window will do
    assert isinstance(card, LiveCard)
    form = templates.open_template(desk, screen, None)
    assert isinstance(form, FormCard)
    form.form.fill({"name": "Hi", "text_en": "Hi {client nme}"})
    form.form.save()
    settle(desk)
    assert form.isVisible()
    form.form.fill({"name": "Hi", "text_en": "Hi {client name}"})
    form.form.save()
    settle(desk)
    chooser_rows = desk.store.ask(list_templates)
    assert [row.name for row in chooser_rows] == ["Hi"]
    card.deleteLater()
