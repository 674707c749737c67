"""The files of a ticket: chosen, dropped or pasted, they stand in its thread where they came."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QImage,
    QKeyEvent,
)
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.attachments.queries import AttachmentRow, list_ticket_attachments
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.interactions.files import Files
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.tickets.screen import TicketsScreen
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def ticket(desk: Desk) -> TicketId:
    desk.store.do(create_first_user, name="Ann")
    client = desk.store.do(create_company, name="Acme").value
    return desk.store.do(
        open_ticket, client, subject="Dark", text="Help!", channel=Channel.EMAIL
    ).value


@pytest.fixture
def screen(desk: Desk, ticket: TicketId, qtbot: QtBot) -> TicketsScreen:
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "server.log"
    path.write_text("It is dark.")
    return path


def files_of(desk: Desk, ticket: TicketId) -> list[AttachmentRow]:
    settle(desk)
    return desk.store.ask(list_ticket_attachments, ticket)


def shown(screen: TicketsScreen) -> list[Files]:
    settle(screen.desk)
    return [one for one in screen.record.talk.findChildren(Files) if one.isVisible()]


def local(path: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    return mime


def drop(widget: QWidget, mime: QMimeData) -> bool:
    actions, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    held = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), actions, mime, button, held)
    QApplication.sendEvent(widget, enter)
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), actions, mime, button, held))
    return enter.isAccepted()


def paste(widget: QWidget, letter: str = "v") -> None:
    control = Qt.KeyboardModifier.ControlModifier
    key = QKeyEvent(QEvent.Type.KeyPress, Qt.Key(ord(letter.upper())), control)
    QApplication.sendEvent(widget, key)


def picture() -> QMimeData:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    mime = QMimeData()
    mime.setImageData(image)
    return mime


def test_a_chosen_file_stands_in_the_thread_and_can_be_saved(
    screen: TicketsScreen,
    desk: Desk,
    ticket: TicketId,
    log: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("deskcrm.ui.interactions.files.choose_files", lambda _over: [log])
    assert run_action("tickets.attach", screen)
    (file,) = files_of(desk, ticket)
    (line,) = shown(screen)
    target = tmp_path / "copy.log"
    monkeypatch.setattr("deskcrm.ui.interactions.files.choose_where", lambda *_: target)
    line._save(file)
    settle(desk)
    assert target.read_text() == "It is dark."
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_a_detached_file_comes_back_with_undo(
    screen: TicketsScreen, desk: Desk, ticket: TicketId, log: Path
) -> None:
    drop(screen.record.composer, local(log))
    (file,) = files_of(desk, ticket)
    shown(screen)[0]._detach(file)
    assert files_of(desk, ticket) == [] and shown(screen) == []
    undo(desk)
    assert len(files_of(desk, ticket)) == 1 and len(shown(screen)) == 1


def test_a_file_can_be_dropped_on_the_thread_and_on_what_is_being_typed(
    screen: TicketsScreen, desk: Desk, ticket: TicketId, log: Path
) -> None:
    page = screen.record.talk.parentWidget()
    assert page is not None
    assert drop(page, local(log))
    assert drop(screen.record.composer.text.viewport(), local(log))
    assert [one.name for one in files_of(desk, ticket)] == ["server.log", "server.log"]
    assert screen.record.composer.text.toPlainText() == ""


def test_words_that_are_dropped_or_pasted_are_words(
    screen: TicketsScreen, desk: Desk, ticket: TicketId
) -> None:
    mime = QMimeData()
    mime.setText("Hello")
    page = screen.record.talk.parentWidget()
    assert page is not None
    assert not drop(page, mime)
    QGuiApplication.clipboard().setText("Hello")
    paste(screen.record.composer.text)
    assert screen.record.composer.text.toPlainText() == "Hello"
    assert files_of(desk, ticket) == []


@pytest.mark.parametrize("letter", ["v", "м"])
def test_a_picture_is_pasted_in_either_layout_and_gets_a_name(
    screen: TicketsScreen, desk: Desk, ticket: TicketId, letter: str
) -> None:
    QGuiApplication.clipboard().setMimeData(picture())
    paste(screen.record.composer.text, letter)
    (file,) = files_of(desk, ticket)
    assert file.name.startswith("Picture 20") and file.name.endswith(".png")
    assert file.media_type == "image/png" and file.can_open
    QGuiApplication.clipboard().clear()


def test_the_page_says_what_a_drop_will_do_until_it_is_done(
    screen: TicketsScreen, ticket: TicketId, log: Path
) -> None:
    page = screen.record.incoming
    actions, held = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    mime = local(log)
    enter = QDragEnterEvent(QPoint(5, 5), actions, mime, Qt.MouseButton.LeftButton, held)
    QApplication.sendEvent(screen.record.composer.text.viewport(), enter)
    assert page.veil.isVisible()
    drop(screen.record.composer.text.viewport(), mime)
    assert not page.veil.isVisible()
