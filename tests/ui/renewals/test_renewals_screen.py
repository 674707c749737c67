"""The Renewals screen: what is to be decided, what might grow, and how we keep our word."""

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.commands import add_contract, edit_contract
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.contracts.worth import list_steps
from deskcrm.domain.opportunities.model import Stage
from deskcrm.domain.opportunities.queries import list_opportunities
from deskcrm.domain.promises.commands import make_promise
from deskcrm.domain.renewals.model import ForecastCall
from deskcrm.domain.renewals.queries import RenewalDeal
from deskcrm.domain.usage.commands import UsageFigure, record_usage
from deskcrm.domain.usage.model import week_of
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.desk import Desk, undo
from deskcrm.ui.kit.fields_parsed import Money
from deskcrm.ui.renewals.screen import RenewalsScreen
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> RenewalsScreen:
    """Give the screen with a client that has a contract, grows, and was promised something."""
    desk.store.do(create_first_user, name="Ann")
    acme = desk.store.do(create_company, name="Acme").value
    _fill(desk, acme)
    made = RenewalsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1180, 760)
    made.show()
    settle(desk)
    return made


def _fill(desk: Desk, acme: ClientId) -> None:
    today = dates.today()
    desk.store.do(
        add_contract,
        acme,
        title="Support",
        value_minor=1_000_00,
        currency="EUR",
        starts_on=today - timedelta(days=325),
        ends_on=today + timedelta(days=40),
        notice_days=30,
    )
    grown = week_of(today) - timedelta(weeks=4)  # whole weeks are counted, whatever day it is
    days = [today - timedelta(days=n) for n in range(1, 120)]
    figures = [UsageFigure(acme, "Orders", day, 60.0 if day >= grown else 40.0) for day in days]
    desk.store.do(record_usage, figures)
    desk.store.do(make_promise, acme, text="To call back", due_on=today - timedelta(days=1))


def card_of(screen: RenewalsScreen) -> FormCard:
    cards = screen.window().findChildren(FormCard)
    return next(card for card in cards if card.isVisible())


def save(screen: RenewalsScreen, desk: Desk, **values: Any) -> None:
    card = card_of(screen)
    for name, value in values.items():
        card.form.fields[name].set_value(value)
    card.form.save()
    settle(desk)


def said(screen: RenewalsScreen) -> str:
    return " | ".join(one.text() for one in screen.record.findChildren(QLabel) if one.isVisible())


def look_at(screen: RenewalsScreen, desk: Desk, view: int) -> None:
    screen.views.setCurrentIndex(view)
    settle(desk)


def test_a_manager_calls_and_the_three_stand_side_by_side(
    screen: RenewalsScreen, desk: Desk
) -> None:
    assert "Not called yet" not in said(screen)  # chips are painted, not labels
    assert "€850" in said(screen)
    run_action("renewals.manager_call", screen)
    settle(desk)
    save(screen, desk, call=ForecastCall.GROWS, annual=(1_300_00, "EUR"), note="Two more sites")
    assert "€1,300" in said(screen)
    assert "Two more sites" in said(screen)
    undo(desk)
    settle(desk)
    assert "€1,300" not in said(screen)


def test_a_renewal_is_closed_as_renewed_for_more(screen: RenewalsScreen, desk: Desk) -> None:
    run_action("renewals.renewed", screen)
    settle(desk)
    save(screen, desk, value=(1_200_00, "EUR"))
    (step,) = desk.store.ask(list_steps)
    assert step.expansion_minor == 200_00
    assert screen.table.rows.total == 0


def test_a_lost_renewal_asks_why(screen: RenewalsScreen, desk: Desk) -> None:
    run_action("renewals.lost", screen)
    settle(desk)
    card_of(screen).form.save()
    settle(desk)
    assert desk.store.ask(list_steps) == []
    save(screen, desk, reason=LossReason.PRICE, competitor="Rival")
    (step,) = desk.store.ask(list_steps)
    assert (step.churn_minor, step.reason, step.competitor) == (1_000_00, LossReason.PRICE, "Rival")


def test_a_sign_of_growth_becomes_an_opportunity_that_is_moved_on(
    screen: RenewalsScreen, desk: Desk
) -> None:
    look_at(screen, desk, 2)
    assert "60 a day in the last four weeks, 40 in the twelve before" in said(screen)
    assert said(screen).count("Acme") == 1  # the heading; what leads there does not repeat it
    run_action("renewals.take_up", screen)
    settle(desk)
    save(screen, desk, title="More orders", value=(500_00, "EUR"))
    assert screen.table.rows.total == 0
    look_at(screen, desk, 1)
    assert "More orders" in said(screen)
    run_action("renewals.move", screen)
    settle(desk)
    save(screen, desk, stage=Stage.PROPOSED)
    (row,) = desk.store.ask(list_opportunities)
    assert (row.stage, row.value_minor) == (Stage.PROPOSED, 500_00)


def test_only_signs_are_listed_without_days(screen: RenewalsScreen, desk: Desk) -> None:
    for view in range(4):
        look_at(screen, desk, view)
        screen.resize(1180 + view, 760)  # the columns are fitted anew
        assert screen.table.isColumnHidden(1) == (view == 2)


def test_an_opportunity_is_offered_in_the_currency_the_client_pays_in(
    screen: RenewalsScreen, desk: Desk
) -> None:
    row = screen.row()
    assert row is not None and isinstance(row.about, RenewalDeal)
    currency = dates.currencies()[1]  # the first is what a field offers by itself
    desk.store.do(edit_contract, row.about.id, value_minor=5_000, currency=currency)
    settle(desk)
    run_action("renewals.add", screen)
    settle(desk)
    field = card_of(screen).form.fields["value"]
    assert isinstance(field, Money) and field.is_blank() and field.box.currentText() == currency


def test_a_sign_is_dismissed_with_a_reason(screen: RenewalsScreen, desk: Desk) -> None:
    look_at(screen, desk, 2)
    run_action("renewals.dismiss", screen)
    settle(desk)
    focused = screen.window().focusWidget()
    assert focused is not None and card_of(screen).isAncestorOf(focused)
    save(screen, desk, reason="A test run")
    assert screen.table.rows.total == 0
    undo(desk)
    settle(desk)
    assert screen.table.rows.total == 1


def test_the_ledger_says_how_our_word_was_kept(screen: RenewalsScreen, desk: Desk) -> None:
    look_at(screen, desk, 3)
    sums = " ".join(one.text() for one in screen.sums.findChildren(QLabel))
    assert sums == "0% kept: 1 overdue."
    assert run_action("renewals.kept", screen)
    settle(desk)
    sums = " ".join(one.text() for one in screen.sums.findChildren(QLabel))
    assert sums.startswith("100% kept: 1 kept")
    assert " 0 " not in sums  # what did not happen is not counted out


def test_actions_go_with_what_is_current(screen: RenewalsScreen, desk: Desk) -> None:
    row = screen.row()
    assert row is not None and isinstance(row.about, RenewalDeal)
    assert not run_action("renewals.take_up", screen)
    look_at(screen, desk, 2)
    assert not run_action("renewals.lost", screen)


def test_everything_has_a_name_and_is_reached_by_tab(screen: RenewalsScreen, desk: Desk) -> None:
    for view in range(4):
        look_at(screen, desk, view)
        assert unnamed(screen) == [] and unreachable(screen) == []
