"""An entry of the timeline: read, corrected, deleted and back; files; where it leads to."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base import clock
from deskcrm.domain.attachments.queries import list_client_attachments
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.interactions.queries import get_interaction
from deskcrm.domain.tasks.commands import complete_task, create_task
from deskcrm.domain.tickets.commands import client_wrote, open_ticket
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.interactions.entry import as_entry
from deskcrm.ui.interactions.files import Files, what_happens
from deskcrm.ui.interactions.item import ItemCard
from deskcrm.ui.interactions.stream import Stream
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk, Told, undo
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def client(desk: Desk) -> ClientId:
    desk.store.do(create_first_user, name="Ann")
    return desk.store.do(create_company, name="Acme").value


@pytest.fixture
def stream(desk: Desk, client: ClientId, qtbot: QtBot) -> Stream:
    made = Stream(desk)
    qtbot.addWidget(made)
    made.resize(700, 700)
    made.show()
    made.show_client(client)
    desk.touched.connect(lambda _tables: made.reload())
    settle(desk)
    return made


def logged(desk: Desk, client: ClientId, text: str, **details: Any) -> InteractionId:
    made = desk.store.do(log_call, client, text=text, **details).value
    settle(desk)
    return made


def shown(stream: Stream) -> list[str]:
    rows = stream.timeline.rows
    return [row.text or row.title for n in range(rows.total) if (row := rows.loaded_row(n))]


def item_of(stream: Stream, desk: Desk) -> ItemCard:
    stream.timeline.go_to(0)
    assert run_action("timeline.open", stream)
    settle(desk)
    found = stream.window().findChild(ItemCard)
    assert isinstance(found, ItemCard)
    return found


def form_of(stream: Stream) -> FormCard:
    return next(c for c in stream.window().findChildren(FormCard) if c.isVisible())


def test_an_entry_is_read_in_full_and_its_wording_changed(
    stream: Stream, desk: Desk, client: ClientId
) -> None:
    interaction = logged(desk, client, "She asks for a discunt")
    card = item_of(stream, desk)
    assert card.text.text() == "She asks for a discunt"
    assert unnamed(card) == [] and unreachable(card) == []
    card.correct()
    settle(desk)
    form_of(stream).form.fields["text"].set_draft("She asks for a discount")
    form_of(stream).form.save()
    settle(desk)
    assert card.text.text() == "She asks for a discount"
    found = desk.store.ask(get_interaction, interaction)
    assert found is not None and found.former == ()
    card.close_card()


def test_a_settled_wording_is_corrected_and_the_former_one_stays_to_be_read(
    stream: Stream, desk: Desk, client: ClientId, monkeypatch: pytest.MonkeyPatch
) -> None:
    logged(desk, client, "Ten seats")
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(desk.store, "clock", lambda: later)
    card = item_of(stream, desk)
    assert card.detail is not None and not card.detail.is_editable
    card.correct()
    settle(desk)
    form_of(stream).form.fields["text"].set_draft("Twelve seats")
    form_of(stream).form.fields["reason"].set_draft("Misheard")
    form_of(stream).form.save()
    settle(desk)
    assert card.text.text() == "Twelve seats"
    said = [label.text() for label in card.findChildren(type(card.text))]
    assert "Ten seats" in said and "Misheard" in said
    card.close_card()


def test_details_are_changed_without_touching_the_wording(
    stream: Stream, desk: Desk, client: ClientId
) -> None:
    interaction = logged(desk, client, "Talked")
    stream.timeline.go_to(0)
    run_action("timeline.details", stream)
    settle(desk)
    form_of(stream).form.fields["duration_seconds"].set_draft("20")
    form_of(stream).form.fields["subject"].set_draft("Renewal")
    form_of(stream).form.save()
    settle(desk)
    found = desk.store.ask(get_interaction, interaction)
    assert found is not None
    assert (found.entry.title, found.entry.duration_seconds) == ("Renewal", 1200)


def test_a_deleted_entry_comes_back(stream: Stream, desk: Desk, client: ClientId) -> None:
    logged(desk, client, "Talked")
    card = item_of(stream, desk)
    card.delete()
    settle(desk)
    assert shown(stream) == []
    undo(desk)
    settle(desk)
    assert shown(stream) == ["Talked"]


def test_del_on_what_was_not_logged_here_deletes_nothing(
    stream: Stream, desk: Desk, client: ClientId
) -> None:
    told: list[Told] = []
    desk.told.connect(told.append)
    task = desk.store.do(create_task, title="Call back", client_id=client).value
    desk.store.do(complete_task, task)
    settle(desk)
    stream.timeline.go_to(0)
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(stream.timeline, event)
    settle(desk)
    assert event.isAccepted()
    assert len(shown(stream)) == 1 and told


def test_an_entry_leads_to_its_ticket_and_its_task(
    stream: Stream, desk: Desk, client: ClientId
) -> None:
    went: list[tuple[str, dict[str, Any]]] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    task = desk.store.do(create_task, title="Call back", client_id=client).value
    desk.store.do(complete_task, task)
    settle(desk)
    stream.timeline.go_to(0)
    run_action("timeline.go", stream)
    ticket = desk.store.do(open_ticket, client, subject="No sound").value
    settle(desk)
    stream.timeline.go_to(0)
    run_action("timeline.go", stream)
    assert went == [("tasks", {"task": task}), ("tickets", {"ticket": ticket})]


def test_files_are_attached_saved_and_detached(
    stream: Stream,
    desk: Desk,
    client: ClientId,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture, program = tmp_path / "screen.png", tmp_path / "setup.exe"
    picture.write_bytes(b"picture")
    program.write_bytes(b"program")
    monkeypatch.setattr(
        "deskcrm.ui.interactions.files.choose_files", lambda _over: [picture, program]
    )
    logged(desk, client, "Talked")
    card = item_of(stream, desk)
    card.attach()
    settle(desk)
    files = {one.name: one for one in desk.store.ask(list_client_attachments, client)}
    assert set(files) == {"screen.png", "setup.exe"}
    assert what_happens(files["setup.exe"]) and not what_happens(files["screen.png"])
    assert card.files.isVisible()
    target = tmp_path / "copy.png"
    monkeypatch.setattr("deskcrm.ui.interactions.files.choose_where", lambda *_: target)
    card.files._save(files["screen.png"])
    settle(desk)
    assert target.read_bytes() == b"picture"
    opened: list[str] = []
    monkeypatch.setattr(
        "deskcrm.ui.interactions.files.QDesktopServices.openUrl",
        lambda url: opened.append(url.toLocalFile()),
    )
    card.files._open(files["screen.png"])
    settle(desk)
    assert Path(opened[0]).read_bytes() == b"picture"
    card.files._detach(files["setup.exe"])
    settle(desk)
    assert [one.name for one in desk.store.ask(list_client_attachments, client)] == ["screen.png"]
    assert isinstance(card.files, Files) and unnamed(card) == []
    card.close_card()


def test_a_picture_is_pasted_into_the_card_of_an_entry(
    stream: Stream, desk: Desk, client: ClientId
) -> None:
    logged(desk, client, "Talked")
    card = item_of(stream, desk)
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    QGuiApplication.clipboard().setImage(image)
    QTest.keyClick(card.card, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    settle(desk)
    QGuiApplication.clipboard().clear()
    (file,) = desk.store.ask(list_client_attachments, client)
    assert file.interaction_id == card.entry.id and file.media_type == "image/png"
    card.close_card()


def test_a_year_is_gone_to(stream: Stream, desk: Desk, client: ClientId) -> None:
    for year in (2023, 2024, 2025):
        for day in (1, 2):
            at = datetime(year, 6, day, 12, tzinfo=UTC)
            logged(desk, client, f"{year}-{day}", started_at=at)
    stream.reload()
    settle(desk)
    words = [stream.years.itemText(n) for n in range(stream.years.count())]
    assert words[1:] == ["2025 · 2 items", "2024 · 2 items", "2023 · 2 items"]
    stream.years.setCurrentIndex(2)
    stream.years.activated.emit(2)
    assert stream.years.currentIndex() == 0
    current = stream.timeline.current()
    assert current is not None and current.text == "2024-2"
    stream.go_to_moment(datetime(2023, 6, 1, 12, tzinfo=UTC))
    settle(desk)
    current = stream.timeline.current()
    assert current is not None and current.text == "2023-1"


def test_a_channel_without_entries_offers_all_of_them(
    stream: Stream, desk: Desk, client: ClientId
) -> None:
    logged(desk, client, "Talked")
    stream.shelf.setCurrentIndex(2)
    settle(desk)
    assert not stream.pane.is_showing_content
    stream.show_all()
    settle(desk)
    assert shown(stream) == ["Talked"]


def test_words_are_found_within_the_story_and_let_go_again(
    stream: Stream, desk: Desk, client: ClientId
) -> None:
    logged(desk, client, "Asked for the invoice")
    logged(desk, client, "Angry about the delay")
    stream.begin_finding()
    assert stream.finding.isVisible() and stream.search.hasFocus()
    stream.search.setText("invoices")
    settle(desk)
    assert shown(stream) == ["Asked for the invoice"]
    stream.search.setText("zebra")
    settle(desk)
    assert not stream.pane.is_showing_content
    assert unnamed(stream) == [] and unreachable(stream) == []
    stream.stop_finding()
    settle(desk)
    assert shown(stream) == ["Angry about the delay", "Asked for the invoice"]
    assert not stream.finding.isVisible()


def test_another_client_s_story_is_not_narrowed_by_the_words_of_this_one(
    stream: Stream, desk: Desk, client: ClientId
) -> None:
    other = desk.store.do(create_company, name="Birch").value
    logged(desk, other, "They moved")
    stream.begin_finding()
    stream.search.setText("zebra")
    stream.show_client(other)
    settle(desk)
    assert shown(stream) == ["They moved"]


def test_what_a_client_wrote_in_a_ticket_is_called_as_the_ticket_calls_it(
    stream: Stream, desk: Desk, client: ClientId
) -> None:
    ticket = desk.store.do(open_ticket, client, subject="No light").value
    desk.store.do(client_wrote, ticket, text="Still dark")
    settle(desk)
    rows = stream.timeline.rows
    said = {
        as_entry(row).meta for n in range(rows.total) if (row := rows.loaded_row(n)) and row.text
    }
    assert {one.partition(" · ")[0] for one in said} == {"Client wrote"}
