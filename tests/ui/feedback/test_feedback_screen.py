"""Feedback in the window: asked by the keyboard, followed up, sorted into suggestions and told."""

from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.commands import record_answers, send_form
from deskcrm.domain.feedback.forms import add_shipped_forms, shipped_form_id
from deskcrm.domain.feedback.model import CaptureWay
from deskcrm.domain.feedback.queries import list_forms, list_ratings
from deskcrm.domain.feedback.responses import ResponseRow
from deskcrm.domain.feedback.settings import LINK_ADDRESS
from deskcrm.domain.suggestions.commands import add_suggestion
from deskcrm.domain.suggestions.queries import SuggestionRow, list_suggestions
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.users.model import UserId
from deskcrm.sync.credentials import Credentials, Login
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.feedback.address import Address, address_of
from deskcrm.ui.feedback.ask_card import AskCard, open_ask
from deskcrm.ui.feedback.form_editor import EditorCard
from deskcrm.ui.feedback.lines import FeedbackShelf
from deskcrm.ui.feedback.screen import SHELVES, FeedbackScreen
from deskcrm.ui.feedback.sending import InvitationCard, open_sending
from deskcrm.ui.feedback.writing import AnswersCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable

STANDARD = shipped_form_id("standard")
LOW = [Given("nps", number=2), Given("improvements", text="A dark theme")]


@pytest.fixture
def client(desk: Desk) -> ClientId:
    desk.store.do(create_first_user, name="Ann")
    desk.store.do(add_shipped_forms)
    return desk.store.do(create_company, name="Acme").value


@pytest.fixture
def screen(desk: Desk, client: ClientId, qtbot: QtBot) -> FeedbackScreen:
    made = FeedbackScreen(desk)
    qtbot.addWidget(made)
    made.resize(1100, 720)
    made.show()
    settle(desk)
    return made


def answer(desk: Desk, client: ClientId) -> None:
    desk.store.do(
        record_answers, client, form_id=STANDARD, answers=LOW, way=CaptureWay.PHONE, reason="Test"
    )
    settle(desk)


def show(screen: FeedbackScreen, shelf: FeedbackShelf) -> Any:
    screen.shelf.setCurrentIndex(SHELVES.index(shelf))
    settle(screen.desk)
    return screen.row()


def act(screen: FeedbackScreen, name: str) -> None:
    run_action(f"feedback.{name}", screen)
    settle(screen.desk)


def card(over: QWidget, kind: type[Any]) -> Any:
    return next(one for one in over.window().findChildren(kind) if one.isVisible())


def offered(screen: FeedbackScreen) -> list[str]:
    return [one.text().strip() for one in screen.record.findChildren(QPushButton)]


def press(widget: QWidget, key: Qt.Key, text: str = "", *, ctrl: bool = False) -> None:
    held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, held, text))


def digit(widget: QWidget, number: int) -> None:
    press(widget, Qt.Key(Qt.Key.Key_0.value + number), str(number))


def test_a_form_is_read_out_and_written_down_by_the_keyboard_alone(
    desk: Desk, client: ClientId, screen: FeedbackScreen
) -> None:
    open_ask(desk, screen, client)
    settle(desk)
    asked = card(screen, AskCard)
    assert unnamed(asked) == [] and unreachable(asked) == []
    digit(asked, 1)
    digit(asked, 0)
    assert asked.view.progress.text().startswith("Question 2 of 7")
    asked.asking.put(text="Quick")
    press(asked, Qt.Key.Key_Down, ctrl=True)
    digit(asked, 5)
    press(asked, Qt.Key.Key_Right)
    digit(asked, 1)
    assert "How well did we handle" in asked.view.asked.text()
    press(asked, Qt.Key.Key_Left)
    digit(asked, 2)
    press(asked, Qt.Key.Key_Return, ctrl=True)
    settle(desk)
    assert [one.number for one in desk.store.ask(list_ratings)] == [10]
    row = show(screen, FeedbackShelf.ANSWERS)
    assert isinstance(row, ResponseRow)
    assert [one.question.key for one in row.answers] == [
        "nps", "nps_reason", "product", "had_complaint",
    ]  # fmt: skip


def test_what_was_answered_is_there_again_after_the_card_was_left(
    desk: Desk, client: ClientId, screen: FeedbackScreen
) -> None:
    open_ask(desk, screen, client)
    settle(desk)
    digit(card(screen, AskCard), 4)
    card(screen, AskCard).close_card()
    settle(desk)
    open_ask(desk, screen, client)
    settle(desk)
    again = card(screen, AskCard)
    assert again.asking.answers() == [Given("nps", number=4)] and again.asking.at == 1
    assert again.restored.isVisible()


def test_what_speaks_against_asking_is_said_and_a_reason_lets_one_ask(
    desk: Desk, client: ClientId, screen: FeedbackScreen
) -> None:
    answer(desk, client)
    open_ask(desk, screen, client)
    settle(desk)
    asked = card(screen, AskCard)
    assert asked.against.isVisible() and "asked already" in asked.against.text()
    digit(asked, 9)
    asked.save()
    settle(desk)
    assert "asked already" in asked.refusal.text()
    asked.reason.set_value("They rang")
    asked.save()
    settle(desk)
    assert len(desk.store.ask(list_ratings)) == 2


def test_a_low_answer_waits_until_somebody_says_what_was_done(
    desk: Desk, client: ClientId, screen: FeedbackScreen
) -> None:
    answer(desk, client)
    assert screen.shelf.tabText(0) == "To follow up 1"
    assert unnamed(screen) == [] and unreachable(screen) == []
    act(screen, "close")
    form = card(screen, FormCard).form
    form.fill({"outcome": "Called them", "is_client_told": True})
    form.save()
    settle(desk)
    assert screen.row() is None and screen.shelf.tabText(0) == "To follow up"
    row = show(screen, FeedbackShelf.ANSWERS)
    assert row.low[0].outcome == "Called them"
    act(screen, "reopen")
    assert show(screen, FeedbackShelf.TO_FOLLOW_UP) is not None


def test_what_was_sent_is_answered_and_what_was_answered_corrected(
    desk: Desk, client: ClientId, screen: FeedbackScreen
) -> None:
    desk.store.do(send_form, client, form_id=STANDARD)
    settle(desk)
    show(screen, FeedbackShelf.SENT)
    act(screen, "edit")
    digit(card(screen, AnswersCard), 3)
    card(screen, AnswersCard).end()
    settle(desk)
    assert [one.number for one in desk.store.ask(list_ratings)] == [3]
    show(screen, FeedbackShelf.ANSWERS)
    act(screen, "edit")
    digit(card(screen, AnswersCard), 8)
    card(screen, AnswersCard).end()
    settle(desk)
    assert [one.number for one in desk.store.ask(list_ratings)] == [8]


def test_a_wish_becomes_a_suggestion_that_is_decided_and_told(
    desk: Desk, client: ClientId, screen: FeedbackScreen
) -> None:
    answer(desk, client)
    show(screen, FeedbackShelf.WISHES)
    act(screen, "suggest")
    form = card(screen, FormCard).form
    form.fill({"title": "Dark theme"})
    form.save()
    settle(desk)
    assert screen.row() is None
    row = show(screen, FeedbackShelf.SUGGESTIONS)
    assert isinstance(row, SuggestionRow) and (row.title, row.clients) == ("Dark theme", 1)
    assert "All were told" not in offered(screen), "nobody waits to hear of it"
    act(screen, "decide")
    form = card(screen, FormCard).form
    form.fill({"state": "planned", "reply": "In spring"})
    form.save()
    settle(desk)
    assert desk.store.ask(list_suggestions)[0].to_tell == 1
    assert "All were told" in offered(screen)
    act(screen, "told")
    assert desk.store.ask(list_suggestions)[0].to_tell == 0


def test_suggestions_are_merged_and_parted(
    desk: Desk, client: ClientId, screen: FeedbackScreen
) -> None:
    for title in ("Dark", "Night"):
        desk.store.do(add_suggestion, title=title, client_id=client)
    settle(desk)
    show(screen, FeedbackShelf.SUGGESTIONS)
    assert unnamed(screen) == [] and unreachable(screen) == []
    act(screen, "merge")
    card(screen, FormCard).form.save()
    settle(desk)
    (left,) = desk.store.ask(list_suggestions)
    assert left.merged == 1


def test_a_form_is_changed_and_published_as_a_new_version(
    desk: Desk, client: ClientId, screen: FeedbackScreen
) -> None:
    show(screen, FeedbackShelf.FORMS)
    act(screen, "edit")
    editor = card(screen, EditorCard)
    assert unnamed(editor) == [] and unreachable(editor) == []
    editor.list.setCurrentRow(1)
    assert editor.view.progress.text().startswith("Question 2 of 3")
    editor.add()
    form = card(screen, FormCard).form
    form.save()
    assert form.banner.text() and len(editor.questions) == 3, "a question needs words"
    form.fill({"text_en": "Would you call again?", "kind": "scale", "key": "again"})
    form.save()
    settle(desk)
    editor.move_question(-1)
    editor.publish()
    settle(desk)
    newest = next(one for one in desk.store.ask(list_forms) if one.version == 2)
    assert [one.key for one in newest.questions] == ["csat", "ces", "again", "comment"]


def cards(screen: QWidget, kind: type[Any]) -> Any:
    return next(one for one in reversed(screen.window().findChildren(kind)) if one.isVisible())


def test_a_form_is_sent_as_a_message_and_answered_by_its_code(
    screen: FeedbackScreen, desk: Desk, client: ClientId
) -> None:
    desk.store.do(edit_client, client, owner_id=None)
    open_sending(desk, screen, client)
    settle(desk)
    card = cards(screen, FormCard)
    # Nobody here would act on it: the card says so at once, and asks why to send it all the same.
    said = [one.text() for one in card.findChildren(QLabel)]
    assert any("nobody here who would act" in one for one in said)
    card.form.fields["reason"].set_draft("They asked for it")
    card.form.save()
    settle(desk)
    message = cards(screen, InvitationCard)
    said = [one.text() for one in message.findChildren(QLabel)]
    assert any("no server that opens forms" in one for one in said)
    text = message.text.toPlainText()
    message.copy()
    assert QGuiApplication.clipboard().text() == text
    row = show(screen, FeedbackShelf.SENT)
    assert isinstance(row, ResponseRow) and not row.answers
    code = text.rstrip().rpartition(" ")[2]
    act(screen, "code")
    form = cards(screen, FormCard)
    form.form.fields["code"].set_draft("ZZZZ-ZZZZ")
    form.form.save()
    settle(desk)
    assert "No form was sent" in form.form.banner.text()
    form.form.fields["code"].set_draft(code.lower())
    form.form.save()
    settle(desk)
    assert cards(screen, AnswersCard).row.id == row.id
    act(screen, "message")
    assert cards(screen, InvitationCard).text.toPlainText() == text
    assert unnamed(screen.window()) == []


def test_where_there_is_a_server_a_form_is_sent_as_a_link(
    screen: FeedbackScreen, desk: Desk, client: ClientId
) -> None:
    def connect(url: str) -> Address:
        login = Login(url, "anna", desk.store.actor, desk.store.device)
        Credentials(desk.store).sign_in(login, "a token", "a seal")
        return address_of(desk)

    here = connect("http://127.0.0.1:8480")
    assert not here.begins and "on this computer" in here.why_none
    assert connect("https://desk.example.com") == Address("https://desk.example.com")
    desk.setting(LINK_ADDRESS, "https://forms.example.com")
    desk.store.do(edit_client, client, owner_id=UserId(desk.store.actor))
    open_sending(desk, screen, client)
    settle(desk)
    cards(screen, FormCard).form.save()
    settle(desk)
    message = cards(screen, InvitationCard)
    assert message.link.startswith("https://forms.example.com/f/")
    assert message.link in message.text.toPlainText()
    assert unnamed(screen.window()) == []
    message.copy_link()
    assert QGuiApplication.clipboard().text() == message.link
    row = show(screen, FeedbackShelf.SENT)
    assert isinstance(row, ResponseRow) and row.way is CaptureWay.LINK


def test_who_is_never_to_be_asked_again_is_marked_and_may_change_their_mind(
    screen: FeedbackScreen, desk: Desk, client: ClientId
) -> None:
    answer(desk, client)
    show(screen, FeedbackShelf.ANSWERS)
    act(screen, "never")
    row = screen.row()
    assert isinstance(row, ResponseRow) and row.never_again
    open_ask(desk, screen, client)
    settle(desk)
    card = cards(screen, AskCard)
    assert "never to be asked again" in card.against.text()
    card.decline(never_again=True)
    settle(desk)
    declined = show(screen, FeedbackShelf.SENT)
    assert isinstance(declined, ResponseRow) and declined.never_again
    act(screen, "never")
    again = screen.row()
    assert isinstance(again, ResponseRow) and not again.never_again
