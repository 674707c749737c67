"""Lines on the ticket's page: escalated by a form, shown as a strip, handed back with an answer."""

import re

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.promises.queries import list_open_promises
from deskcrm.domain.tickets.alarms import Alarm
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import SupportLine
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.tickets.screen import TicketsScreen
from deskcrm.ui.tickets.shelves import shelves
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


def shown(desk: Desk, qtbot: QtBot) -> TicketsScreen:
    made = TicketsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


def texts(widget: QWidget) -> str:
    return "\n".join(one.text() for one in widget.findChildren(QLabel))


def test_a_ticket_goes_up_and_comes_back_on_its_page(desk: Desk, qtbot: QtBot) -> None:
    anna = desk.store.do(create_first_user, name="Anna").value
    boris = desk.store.do(add_user, name="Борис").value
    acme = desk.store.do(create_company, name="Acme").value
    ticket = desk.store.do(
        open_ticket, acme, subject="Dark", text="Help", channel=Channel.EMAIL, owner_id=anna
    ).value
    screen = shown(desk, qtbot)
    assert not screen.record.lines.isVisible()
    run_action("tickets.escalate", screen)
    settle(desk)
    form = screen.findChildren(FormCard)[0].form
    form.save()
    settle(desk)
    form.fill({"reason": "Needs the database", "tried": "Restart"})
    form.fill({"promised": "To call", "worker_id": boris})
    form.save()
    settle(desk)
    row = desk.store.ask(get_ticket, ticket)
    assert row is not None and (row.line, row.worker_id) == (SupportLine.SECOND, boris)
    assert [one.text for one in desk.store.ask(list_open_promises, acme)] == ["To call"]
    assert screen.record.lines.isVisible()
    assert "Line 2 · Борис" in screen.record.lines.accessibleName()
    assert re.search(
        r"Anna escalated to Line 2 · Борис · \d\d:\d\d\nNeeds the database\nTried: Restart",
        texts(screen.record.talk),
    )
    run_action("tickets.work_on", screen)
    settle(desk)
    run_action("tickets.hand_back", screen)
    settle(desk)
    card = next(one for one in screen.findChildren(FormCard) if one.isVisible())
    assert unnamed(card) == [] and unreachable(card) == []
    card.form.fill({"answer": "Tell them to update."})
    card.form.save()
    settle(desk)
    assert re.search(
        r"Anna handed back to Line 1 · \d\d:\d\d\nTell them to update.", texts(screen.record.talk)
    )
    assert "Time on each line: Line 1:" in screen.record.lines.toolTip()


def test_the_shelves_count_the_alarms_and_say_what_they_count(desk: Desk, qtbot: QtBot) -> None:
    desk.store.do(create_first_user, name="Anna")
    acme = desk.store.do(create_company, name="Acme").value
    screen = shown(desk, qtbot)
    at = next(n for n, one in enumerate(shelves()) if one.alarm is Alarm.UNOWNED)
    assert screen.shelf.tabText(at) == "No owner"
    desk.do(open_ticket, acme, subject="Dark")
    settle(desk)
    assert screen.shelf.tabText(at) == "No owner 1"
    screen.shelf.setCurrentIndex(at)
    settle(desk)
    assert screen.table.rows.total == 1
