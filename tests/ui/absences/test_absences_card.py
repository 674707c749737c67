"""Absences on the screen: planned on a card, said beside names and on Today, handed over."""

from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.absences.queries import get_away, list_absences
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.domain.users.model import UserId
from deskcrm.ui.absences.card import AbsencesCard
from deskcrm.ui.absences.packet import PacketCard
from deskcrm.ui.absences.words import away_words
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.tickets.screen import TicketsScreen
from deskcrm.ui.today.screen import TodayScreen
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def anna(desk: Desk) -> UserId:
    return desk.store.do(create_first_user, name="Anna").value


@pytest.fixture
def boris(desk: Desk, anna: UserId) -> UserId:
    return desk.store.do(add_user, name="Борис").value


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1024, 720)
    made.show()
    return made


def send_away(desk: Desk, who: UserId, substitute: UserId | None = None) -> None:
    first = dates.today() - timedelta(days=1)
    last = dates.today() + timedelta(days=3)
    desk.store.do(
        plan_absence, who, first_day=first, last_day=last, substitute_id=substitute, note="Sea"
    )


def texts(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel))


def press(card: QWidget, name: str) -> None:
    buttons = (*card.findChildren(QToolButton), *card.findChildren(QPushButton))
    next(one for one in buttons if one.accessibleName().startswith(name)).click()


def test_an_absence_is_planned_changed_and_ended_on_the_card(
    desk: Desk, boris: UserId, window: QWidget
) -> None:
    card = AbsencesCard(desk, window)
    settle(desk)
    assert "Nobody is away" in texts(card)
    press(card, "Plan absence")
    form = window.findChildren(FormCard)[0].form
    form.fill({"substitute_id": boris, "last_day": dates.today() + timedelta(days=2)})
    form.save()
    settle(desk)
    assert "Away now" not in texts(card) and "Anna" in texts(card)
    assert "Substitute: Борис" in texts(card)
    assert unnamed(card) == [] and unreachable(card) == []
    press(card, "Back again")
    settle(desk)
    assert "Nobody is away" in texts(card)
    desk.store.undo()
    assert len(desk.store.ask(list_absences)) == 1


def test_a_refusal_is_said_on_the_form(desk: Desk, boris: UserId, window: QWidget) -> None:
    card = AbsencesCard(desk, window)
    settle(desk)
    card.plan()
    form = window.findChildren(FormCard)[0].form
    form.fill({"last_day": dates.today() - timedelta(days=1)})
    form.save()
    settle(desk)
    assert "The last day is before the first." in texts(form)
    assert desk.store.ask(list_absences) == []


def test_today_says_for_whom_one_stands_in(
    desk: Desk, anna: UserId, boris: UserId, qtbot: QtBot
) -> None:
    send_away(desk, boris, anna)
    screen = TodayScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1024, 720)
    screen.show()
    settle(desk)
    assert screen.standing_in.isVisible()
    assert "You stand in for Борис until" in texts(screen.standing_in)
    press(screen.standing_in, "Hand-over")
    settle(desk)
    assert screen.findChildren(PacketCard)[0].user_id == boris


def test_a_ticket_says_that_its_owner_is_away_and_who_stands_in(
    desk: Desk, anna: UserId, boris: UserId, qtbot: QtBot
) -> None:
    acme = desk.store.do(create_company, name="Acme").value
    desk.store.do(
        open_ticket, acme, subject="Broken", text="Help", channel=Channel.EMAIL, owner_id=boris
    )
    send_away(desk, boris, anna)
    screen = TicketsScreen(desk)
    qtbot.addWidget(screen)
    screen.resize(1180, 760)
    screen.show()
    screen.arrive(shelf="stood_in")
    settle(desk)
    assert screen.table.rows.total == 1
    assert "Anna stands in" in screen.record.away.text()
    offered = [screen.record.owner.itemText(at) for at in range(screen.record.owner.count())]
    assert any(one.startswith("Борис · away until") for one in offered)
    assert "Anna" in offered


def test_a_packet_is_read_and_saved_with_names_as_plain_text(
    desk: Desk, anna: UserId, boris: UserId, window: QWidget, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    acme = desk.store.do(create_company, name="<b>Ёлка</b>").value
    desk.store.do(edit_client, acme, caution="Не обещать сроков.")
    desk.store.do(open_ticket, acme, subject="Не грузится", text="Помогите", owner_id=anna)
    send_away(desk, anna, boris)
    card = PacketCard(desk, window, anna)
    settle(desk)
    shown = card.text.toPlainText()
    for words in ("<b>Ёлка</b>: Не обещать сроков.", "Не грузится", "Помогите", "Борис", "Sea"):
        assert words in shown
    assert "Next: Give the first answer." in shown
    assert unnamed(card) == [] and unreachable(card) == []
    path = tmp_path / "packet.pdf"
    monkeypatch.setattr("deskcrm.ui.absences.packet.choose_where", lambda *_: path)
    card.save_pdf()
    assert path.read_bytes().startswith(b"%PDF")
    card.who.choose(boris)
    settle(desk)
    assert "Hand-over: Борис" in card.text.toPlainText()


def test_an_absence_is_said_in_words(desk: Desk, anna: UserId, boris: UserId) -> None:
    send_away(desk, anna)
    row = desk.store.ask(get_away, anna)
    assert row is not None and away_words(row).endswith("nobody stands in")
