"""The note field: a call logged with all that comes of it, and nothing lost on the way."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.clients.queries import count_clients
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.drafts.queries import get_draft
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.interactions.model import Outcome, Sentiment
from deskcrm.domain.interactions.queries import page_timeline
from deskcrm.domain.interactions.timeline import EntryKind
from deskcrm.domain.promises.queries import list_open_promises
from deskcrm.domain.tasks.queries import list_client_tasks
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.interactions.composer import Composer
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk, undo
from tests.fixtures_store import MakeStore
from tests.ui.settle import settle


@pytest.fixture
def client(desk: Desk) -> ClientId:
    desk.store.do(create_first_user, name="Ann")
    return desk.store.do(create_company, name="Acme").value


@pytest.fixture
def composer(desk: Desk, client: ClientId, qtbot: QtBot) -> Composer:
    made = Composer(desk)
    qtbot.addWidget(made)
    made.show()
    made.show_client(client)
    settle(desk)
    return made


def entries(desk: Desk, client: ClientId) -> Any:
    kinds = (EntryKind.INTERACTION,)
    return desk.store.ask(page_timeline, client, kinds=kinds).entries


def press(widget: Any, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, key, held))


def test_a_call_is_logged_with_a_promise_and_a_follow_up_and_undone_in_one_step(
    composer: Composer, desk: Desk, client: ClientId
) -> None:
    composer.begin(Channel.CALL, Direction.INCOMING)
    composer.text.setPlainText("She asks for a discount. I'll send the quote tomorrow.")
    composer.offers.look()
    composer.outcome.setCurrentIndex(list(Outcome).index(Outcome.REACHED))
    composer.sentiment.setCurrentIndex(1 + list(Sentiment).index(Sentiment.NEGATIVE))
    composer.minutes.set_draft("15")
    composer.due.set_draft("+3")
    press(composer.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle(desk)
    (entry,) = entries(desk, client)
    assert (entry.direction, entry.outcome) == (Direction.INCOMING, Outcome.REACHED)
    assert (entry.sentiment, entry.duration_seconds) == (Sentiment.NEGATIVE, 900)
    assert len(desk.store.ask(list_open_promises, client)) == 1
    (task,) = desk.store.ask(list_client_tasks, client)
    assert task.due_on is not None and (task.due_on - dates.today()).days == 3
    assert composer.text.toPlainText() == ""
    undo(desk)
    settle(desk)
    assert entries(desk, client) == ()
    assert desk.store.ask(list_client_tasks, client) == []


def test_an_empty_note_is_refused_in_words(composer: Composer, desk: Desk) -> None:
    composer.save()
    assert composer.wrong.isVisible() and composer.wrong.text()


def test_a_duration_that_is_none_is_refused_under_it(
    composer: Composer, desk: Desk, client: ClientId
) -> None:
    composer.text.setPlainText("Talked")
    composer.minutes.set_draft("long")
    composer.save()
    settle(desk)
    assert composer.minutes.stop().property("wrong")
    assert entries(desk, client) == ()


def test_who_was_spoken_to_last_is_chosen(composer: Composer, desk: Desk, client: ClientId) -> None:
    desk.store.do(add_contact, client, name="Anton")
    eva = desk.store.do(add_contact, client, name="Eva").value
    desk.store.do(log_call, client, text="Talked", contact_id=eva)
    composer.show_client(client)
    settle(desk)
    assert composer.contact.currentText() == "Eva"


def test_escape_leaves_and_what_was_typed_stays(desk: Desk, client: ClientId, qtbot: QtBot) -> None:
    left: list[bool] = []
    composer = Composer(desk, lambda: left.append(True))
    qtbot.addWidget(composer)
    composer.show()
    composer.show_client(client)
    settle(desk)
    composer.text.setPlainText("Half a though")
    press(composer.text, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    settle(desk)
    assert left == [True]
    draft = desk.store.ask(get_draft, place="interactions.composer", subject=client.hex)
    assert draft is not None and draft.content["text"] == "Half a though"


@pytest.fixture
def reopened(make_store: MakeStore, desk: Desk) -> Iterator[Desk]:
    """Give a desk on the same file, opened as after the program was killed: nothing was closed."""
    made = Desk(make_store())
    yield made
    made.tasks.wait_idle()
    made.tasks.shutdown()


def test_what_was_typed_is_there_after_the_program_was_killed(
    composer: Composer, desk: Desk, client: ClientId, reopened: Desk, qtbot: QtBot
) -> None:
    contact = desk.store.do(add_contact, client, name="Eva").value
    composer.show_client(client)
    settle(desk)
    composer.way.setCurrentIndex(1)
    composer.text.setPlainText("Она просит скидку")
    composer.minutes.set_draft("15")
    composer.outcome.setCurrentIndex(1)
    qtbot.waitUntil(lambda: not composer._soon.isActive())
    settle(desk)
    again = Composer(reopened)
    qtbot.addWidget(again)
    again.show_client(client)
    settle(reopened)
    assert again.text.toPlainText() == "Она просит скидку"
    assert (again.way.currentIndex(), again.outcome.currentIndex()) == (1, 1)
    assert again.minutes.draft() == "15"
    assert again.contact.currentData() == contact


def test_a_logged_note_leaves_no_draft(composer: Composer, desk: Desk, client: ClientId) -> None:
    composer.begin(Channel.NOTE, Direction.NONE)
    composer.text.setPlainText("They moved")
    composer.save()
    settle(desk)
    draft = desk.store.ask(get_draft, place="interactions.composer", subject=client.hex)
    assert draft is None
    assert entries(desk, client)[0].text == "They moved"


@pytest.mark.parametrize("key", [ord("Z"), ord("Я")])
def test_what_was_just_logged_is_taken_back_from_the_empty_field(
    composer: Composer, desk: Desk, client: ClientId, qtbot: QtBot, key: int
) -> None:
    composer.activateWindow()
    composer.text.setFocus()
    qtbot.waitUntil(composer.text.hasFocus)
    held = Qt.KeyboardModifier.ControlModifier
    composer.text.insertPlainText("Spoke about prices")
    press(composer.text, Qt.Key(key), held)  # the field's own: what is typed comes first
    settle(desk)
    assert desk.store.ask(count_clients) == 1
    composer.text.setPlainText("Spoke about prices")
    press(composer.text, Qt.Key.Key_Return, held)
    settle(desk)
    assert [one.text for one in entries(desk, client)] == ["Spoke about prices"]
    press(composer.text, Qt.Key(key), held)
    settle(desk)
    assert not entries(desk, client)
