"""The head of a ticket: whole where there is room, never painted over itself, short in words."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base import words
from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.tickets.commands import assign_tickets, edit_ticket, open_ticket
from deskcrm.domain.tickets.lines import escalate
from deskcrm.domain.tickets.model import TicketId, TicketKind
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.domain.users.model import UserId
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.chips import ChipLabel
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.tickets.screen import TicketsScreen
from tests.ui.settle import settle

SMALLEST = 835, 617
"""What a window of 1024 by 700 leaves for a screen."""
_SEEN = (QLabel, QAbstractButton, QComboBox, ChipLabel)


@pytest.fixture(params=words.LANGUAGES)
def _language(request: pytest.FixtureRequest) -> None:
    words.set_language(request.param)


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> TicketsScreen:
    """Give a ticket about which there is everything to say: who has it is away, it went up."""
    anna = desk.store.do(create_first_user, name="Anna").value
    owner = desk.store.do(add_user, name="Александр Голофтеев").value
    acme = desk.store.do(create_company, name="Мастерская Горшкова и сыновья").value
    ticket: TicketId = desk.store.do(
        open_ticket, acme, subject="Хорошо бы видеть загрузку ворот в заявке на отгрузку",
        text="Help", channel=Channel.EMAIL, kind=TicketKind.SERVICE_REQUEST, owner_id=owner,
    ).value  # fmt: skip
    first, last = dates.today(), dates.today() + timedelta(days=3)
    desk.store.do(plan_absence, owner, first_day=first, last_day=last, substitute_id=anna)
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(*SMALLEST)
    made.show()
    made.arrive(ticket=ticket)
    settle(desk)
    desk.do(escalate, ticket, reason="Database", tried="Restart")
    settle(desk)
    return made


def boxes(root: QWidget) -> list[tuple[str, QRect]]:
    """Give what is seen of a widget, and where."""
    return [
        (type(one).__name__, QRect(one.mapTo(root, QPoint(0, 0)), one.size()))
        for one in root.findChildren(QWidget)
        if isinstance(one, _SEEN) and one.isVisibleTo(root)
    ]


def overlaps(root: QWidget) -> list[str]:
    """Name what is painted over something else."""
    seen = boxes(root)
    return [
        f"{name} {box} over {other} {beneath}"
        for at, (name, box) in enumerate(seen)
        for other, beneath in seen[at + 1 :]
        if box.intersects(beneath)
    ]


@pytest.mark.usefixtures("_language")
def test_nothing_in_the_head_is_painted_over_anything_else(
    screen: TicketsScreen, desk: Desk
) -> None:
    record = screen.record
    assert record.lines.isVisible() and record.away.isVisible()
    for height in (SMALLEST[1], 480):
        screen.resize(SMALLEST[0], height)
        settle(desk)
        inside = record.head.widget()
        assert inside is not None
        assert overlaps(inside) == [], height
        assert inside.height() >= record.head.heightForWidth(inside.width())


@pytest.mark.usefixtures("_language")
def test_the_head_is_whole_and_leaves_room_for_the_thread(screen: TicketsScreen) -> None:
    record = screen.record
    assert record.head.height() == record.head.heightForWidth(record.head.width())
    assert not record.head.verticalScrollBar().isVisible()
    assert record.talk.height() >= 140


def test_a_short_window_folds_what_can_be_done_elsewhere(screen: TicketsScreen, desk: Desk) -> None:
    record = screen.record
    record.owner.show_value("long", "Александр Александрович Голофтеев-Задунайский")
    for height, is_tall in ((SMALLEST[1], False), (800, True)):
        screen.resize(SMALLEST[0], height)
        settle(desk)
        assert record.kind.isVisible() is is_tall
        assert record.composer.text.height() == (76 if is_tall else 40)
    record.owner.show_value(None)
    screen.resize(*SMALLEST)
    settle(desk)
    assert record.kind.isVisible(), "there is room for it beside the others"


def test_what_stands_in_one_line_is_all_there_from_the_beginning(
    screen: TicketsScreen, desk: Desk, qtbot: QtBot
) -> None:
    row = screen.record.row
    assert row is not None
    desk.store.do(assign_tickets, [row.id], owner_id=UserId(desk.store.actor))
    desk.store.do(edit_ticket, row.id, kind=TicketKind.INCIDENT)
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(SMALLEST[0] + 65, SMALLEST[1])
    made.show()
    settle(desk)
    setters = [made.record.state, made.record.priority, made.record.owner, made.record.kind]
    assert made.record.row is not None and made.record.row.owner == "Anna"
    assert all(one.isVisible() for one in setters)


def test_two_things_at_one_place_are_found(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    QLabel("One", root).setGeometry(0, 0, 50, 20)
    QLabel("Two", root).setGeometry(0, 10, 50, 20)
    root.show()
    assert len(overlaps(root)) == 1


@pytest.mark.usefixtures("_language")
def test_the_shelves_take_two_lines(screen: TicketsScreen) -> None:
    tops = {one.y() for one in screen.shelf.findChildren(QAbstractButton)}
    assert len(tops) == 2


def test_who_has_a_ticket_is_shown_by_the_name_alone(screen: TicketsScreen) -> None:
    owner = screen.record.owner
    assert "away until" in owner.currentText()
    assert owner.sizeHint().width() < owner.fontMetrics().horizontalAdvance(owner.currentText())


def test_the_client_has_so_many_more_tickets_as_are_listed(
    screen: TicketsScreen, desk: Desk
) -> None:
    side, row = screen.record.side, screen.record.row
    assert row is not None
    for subject in ("Two", "Three"):
        desk.do(open_ticket, row.client_id, subject=subject)
    settle(desk)
    assert "2 more open tickets" in [one.text() for one in side.findChildren(QLabel)]
    side.show_client(row.client_id)
    settle(desk)
    assert "3 open tickets" in [one.text() for one in side.findChildren(QLabel)]


def test_a_card_names_the_ticket_that_it_is_about(screen: TicketsScreen, desk: Desk) -> None:
    row = screen.row()
    assert row is not None
    run_action("tickets.priority", screen)
    settle(desk)
    card = next(one for one in screen.window().findChildren(FormCard) if one.isVisible())
    assert card.heading.text() == "Set priority"
    assert card.about.text() == f"#{row.number} {row.subject}"
    card.close_card()
