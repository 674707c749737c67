"""The knowledge base in the window: written, published, rated, and put into an answer by a key."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication, QTextCursor, QTextDocument
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base import clock
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.knowledge.commands import (
    create_article,
    edit_article,
    publish_article,
    retire_article,
    translate_article,
)
from deskcrm.domain.knowledge.model import ArticleId, ArticleState, Audience
from deskcrm.domain.knowledge.queries import (
    ArticleDetail,
    ArticleShelf,
    count_stale,
    get_article,
)
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import MessageKind, TicketId
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import ALL_ACTIONS, run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice
from deskcrm.ui.knowledge.record import PUBLISHED
from deskcrm.ui.knowledge.screen import SHELVES, KnowledgeScreen
from deskcrm.ui.tickets.screen import TicketsScreen
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> KnowledgeScreen:
    desk.store.do(create_first_user, name="Ann")
    made = KnowledgeScreen(desk)
    qtbot.addWidget(made)
    made.resize(1100, 720)
    made.show()
    settle(desk)
    return made


def add(desk: Desk, title: str, body: str = "Clean the **head**.", **more: Any) -> ArticleId:
    article = desk.store.do(create_article, title=title, body=body, **more).value
    desk.store.do(publish_article, article)
    return article


def detail(desk: Desk, article: ArticleId) -> ArticleDetail:
    found = desk.store.ask(get_article, article)
    assert found is not None
    return found


def card(screen: KnowledgeScreen) -> FormCard:
    cards = screen.window().findChildren(FormCard)
    return next(one for one in cards if one.isVisible())


def titles(screen: KnowledgeScreen) -> list[str]:
    settle(screen.desk)
    rows = screen.table.rows
    return [row.title for at in range(rows.total) if (row := rows.row(at)) is not None]


def test_an_article_is_written_and_published_in_two_steps(
    screen: KnowledgeScreen, desk: Desk
) -> None:
    run_action("knowledge.new", screen)
    form = card(screen).form
    form.fields["title"].set_value("Blank labels")
    form.fields["body"].set_value("Clean the head.")
    form.save()
    settle(desk)
    assert titles(screen) == ["Blank labels"]
    assert screen.shelf.currentIndex() == SHELVES.index(ArticleShelf.DRAFTS)
    run_action("knowledge.publish", screen)
    card(screen).form.save()
    assert titles(screen) == ["Blank labels"]
    row = screen.row()
    assert row is not None
    assert row.state is ArticleState.PUBLISHED
    assert screen.record.text.toPlainText() == "Clean the head."


def test_what_is_published_is_read_beside_what_is_being_written(
    screen: KnowledgeScreen, desk: Desk
) -> None:
    article = add(desk, "Blank labels")
    assert titles(screen) == ["Blank labels"]
    assert not screen.record.which.isVisible()
    desk.do(edit_article, article, body="Call us.")
    settle(desk)
    assert screen.record.text.toPlainText() == "Call us."
    screen.record.which.setCurrentIndex(PUBLISHED)
    assert screen.record.text.toPlainText() == "Clean the head."


def test_only_what_would_change_the_text_is_offered_to_go_back_to(
    screen: KnowledgeScreen, desk: Desk
) -> None:
    article = add(desk, "Blank labels")
    settle(desk)
    button = screen.record._buttons["editions"]
    assert len(detail(desk, article).editions) == 1 and not button.isVisible()
    assert not ALL_ACTIONS["knowledge.editions"].can_run(screen)
    assert not ALL_ACTIONS["knowledge.publish"].can_run(screen)
    desk.do(edit_article, article, body="Call us.")
    settle(desk)
    assert button.isVisible()
    assert ALL_ACTIONS["knowledge.publish"].can_run(screen)
    desk.do(publish_article, article, note="Shorter")
    settle(desk)
    assert [one.note for one in detail(desk, article).earlier] == [""]
    button.click()
    box = card(screen).form.fields["edition"]
    assert isinstance(box, Choice) and box.box.count() == 1
    card(screen).form.save()
    settle(desk)
    assert screen.record.text.toPlainText() == "Clean the head."


def test_a_word_on_an_article_is_said_and_seen(screen: KnowledgeScreen, desk: Desk) -> None:
    article = add(desk, "Blank labels")
    settle(desk)
    screen.record.helped.click()
    settle(desk)
    assert detail(desk, article).my_vote is True
    assert screen.record.helped.isChecked()
    run_action("knowledge.unhelpful", screen)
    card(screen).form.fields["comment"].set_value("Which head?")
    card(screen).form.save()
    settle(desk)
    assert detail(desk, article).my_vote is False
    assert screen.record.failed.isChecked()
    assert not screen.record.helped.isChecked()


def test_arriving_shows_an_article_on_whichever_shelf_it_stands(
    screen: KnowledgeScreen, desk: Desk
) -> None:
    add(desk, "Another")
    article = add(desk, "Blank labels")
    desk.store.do(retire_article, article)
    screen.arrive(article=article)
    settle(desk)
    row = screen.row()
    assert row is not None
    assert row.id == article
    assert screen.shelf.currentIndex() == SHELVES.index(ArticleShelf.RETIRED)


def test_the_same_article_in_the_other_language_is_one_click_away(
    screen: KnowledgeScreen, desk: Desk
) -> None:
    article = add(desk, "Blank labels")
    russian = desk.do(translate_article, article)
    settle(desk)
    assert not screen.record.other.isHidden()
    screen.record.other.click()
    settle(desk)
    row = screen.row()
    assert row is not None
    assert row.language == "ru"
    del russian


def test_the_shelf_says_how_many_are_to_be_looked_over_as_the_rail_does(
    screen: KnowledgeScreen, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = SHELVES.index(ArticleShelf.STALE)
    add(desk, "Printer")
    settle(desk)
    assert screen.shelf.tabText(at) == "Stale"
    later = clock.now() + timedelta(days=400)
    monkeypatch.setattr(desk.store, "clock", lambda: later)
    screen.load()
    settle(desk)
    assert desk.store.ask(count_stale) == 1 and screen.shelf.tabText(at) == "Stale 1"


def test_tab_reaches_every_control_and_each_has_a_name(screen: KnowledgeScreen, desk: Desk) -> None:
    add(desk, "Blank labels")
    settle(desk)
    assert unnamed(screen) == []
    assert unreachable(screen) == []


@pytest.fixture
def tickets(screen: KnowledgeScreen, desk: Desk, qtbot: QtBot) -> TicketsScreen:
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


def open_one(desk: Desk, subject: str) -> TicketId:
    acme = desk.store.do(create_company, name="Acme").value
    return desk.store.do(open_ticket, acme, subject=subject, text="Help!").value


def test_one_key_answers_a_ticket_with_the_article_and_counts_it(
    tickets: TicketsScreen, desk: Desk
) -> None:
    text = "Clean the **head**:\n\n1. Open\n2. Wipe"
    article = add(desk, "Blank labels", text, audience=Audience.PUBLIC)
    tickets.arrive(ticket=open_one(desk, "Labels come out blank"))
    settle(desk)
    assert tickets.record.suggested.isVisible()
    run_action("tickets.answer", tickets)
    composer = tickets.record.composer
    assert composer.kind is MessageKind.PUBLIC_REPLY
    assert composer.text.toPlainText() == "Clean the head:\n\n1. Open\n2. Wipe"
    assert detail(desk, article).row.tickets == 0  # nothing is said yet
    composer.save()
    settle(desk)
    assert detail(desk, article).row.tickets == 1


def test_what_is_internal_goes_into_a_note(tickets: TicketsScreen, desk: Desk) -> None:
    desk.store.do(edit_article, add(desk, "Blank labels"), audience=Audience.INTERNAL)
    tickets.arrive(ticket=open_one(desk, "Labels come out blank"))
    settle(desk)
    run_action("tickets.answer", tickets)
    assert tickets.record.composer.kind is MessageKind.INTERNAL_NOTE


def test_what_is_begun_stays_what_it_is(tickets: TicketsScreen, desk: Desk) -> None:
    article = add(desk, "Blank labels", audience=Audience.PUBLIC)
    tickets.arrive(ticket=open_one(desk, "Labels come out blank"))
    settle(desk)
    composer = tickets.record.composer
    composer.begin(MessageKind.INTERNAL_NOTE)
    composer.text.setPlainText("He is angry. ")
    composer.text.moveCursor(QTextCursor.MoveOperation.End)
    run_action("tickets.answer", tickets)
    assert composer.kind is MessageKind.INTERNAL_NOTE  # a note for colleagues becomes no reply
    assert composer.text.toPlainText() == "He is angry. Clean the head."
    desk.do(edit_article, article, audience=Audience.INTERNAL)
    tickets.load()
    settle(desk)
    for kind, said in (
        (MessageKind.PUBLIC_REPLY, "internal"),
        (MessageKind.CLIENT_WORD, "what the client said"),
    ):
        composer.begin(kind)
        composer.text.setPlainText("Hello")
        for action in ("tickets.answer", "tickets.answer_link"):
            run_action(action, tickets)
            settle(desk)
            assert composer.kind is kind
            assert composer.text.toPlainText() == "Hello"
            assert said in composer.wrong.text()


def test_one_key_gives_the_client_the_address_of_the_article_and_counts_it(
    tickets: TicketsScreen, desk: Desk
) -> None:
    article = add(desk, "Blank labels", audience=Audience.PUBLIC, address="example.com/blank")
    tickets.arrive(ticket=open_one(desk, "Labels come out blank"))
    settle(desk)
    run_action("tickets.answer_link", tickets)
    settle(desk)
    composer = tickets.record.composer
    assert composer.kind is MessageKind.PUBLIC_REPLY
    assert composer.text.toPlainText() == "Blank labels: https://example.com/blank"
    composer.save()
    settle(desk)
    assert detail(desk, article).row.tickets == 1


def test_without_an_address_the_link_is_a_colleagues_and_opens_the_article(
    tickets: TicketsScreen, desk: Desk
) -> None:
    article = add(desk, "Blank <b>labels</b>", audience=Audience.PUBLIC)
    tickets.arrive(ticket=open_one(desk, "Labels come out blank"))
    settle(desk)
    tickets.record.suggested.link.click()
    settle(desk)
    composer = tickets.record.composer
    assert composer.kind is MessageKind.INTERNAL_NOTE
    composer.text.insertPlainText(" & so on")
    composer.save()
    settle(desk)
    assert detail(desk, article).row.tickets == 1
    (_, note) = tickets.record.talk.bubbles()
    assert note.text.accessibleName() == "Blank <b>labels</b> & so on"
    with_link = QTextDocument()
    with_link.setHtml(note.text.text())
    assert with_link.toPlainText() == "Blank <b>labels</b> & so on"  # no markup of theirs is read
    went: list[Any] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    note.text.linkActivated.emit("0")
    assert went == [("knowledge", {"article": article})]


def test_the_link_to_an_article_is_copied(screen: KnowledgeScreen, desk: Desk) -> None:
    article = add(desk, "Blank labels", audience=Audience.PUBLIC)
    assert titles(screen) == ["Blank labels"]
    run_action("knowledge.copy_link", screen)
    settle(desk)
    copied = QGuiApplication.clipboard().text()
    assert copied == f"Blank labels: deskcrm:article/{article.hex}"


def test_another_article_is_chosen_from_the_menu(tickets: TicketsScreen, desk: Desk) -> None:
    for title in ("Blank labels", "Blank labels of another printer"):
        add(desk, title, audience=Audience.PUBLIC)
    tickets.arrive(ticket=open_one(desk, "Labels come out blank"))
    settle(desk)
    suggested = tickets.record.suggested
    first, second = suggested.found
    (other,) = suggested.menu().actions()
    assert other.text() == second.title
    other.trigger()
    assert [one.id for one in suggested.found] == [second.id, first.id]


def test_a_ticket_that_nothing_fits_shows_no_suggestion(tickets: TicketsScreen, desk: Desk) -> None:
    add(desk, "Blank labels")
    tickets.arrive(ticket=open_one(desk, "The contract ends in May"))
    settle(desk)
    assert not tickets.record.suggested.isVisible()
    assert not any(
        action.id == "tickets.answer" and action.can_run(tickets)
        for action in tickets.bound.actions
    )
