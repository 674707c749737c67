"""Renewals: what is to be decided by when, three calls side by side, and how they add up."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.commands import (
    add_contract,
    end_contract,
    give_notice,
    lose_contract,
    renew_contract,
)
from deskcrm.domain.contracts.model import ContractId
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.renewals.commands import Caller, call_renewal, take_back_call
from deskcrm.domain.renewals.forecast import BaseRate, Expected, Total, add_up
from deskcrm.domain.renewals.model import ForecastCall
from deskcrm.domain.renewals.queries import (
    Basis,
    Call,
    Horizon,
    RenewalDeal,
    count_deals,
    get_base_rate,
    horizon_of,
    list_deals,
)
from deskcrm.domain.risk.model import ClientHealth
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store
from deskcrm.store.types import Json
from tests.watch import START

TODAY = START.date()


def add(desk: Store, client: ClientId, in_days: int, **details: Any) -> ContractId:
    plain: dict[str, Any] = {"title": f"In {in_days}", "value_minor": 1_000_00, "currency": "EUR"}
    ends_on = TODAY + timedelta(days=in_days)
    return desk.do(add_contract, client, **(plain | {"ends_on": ends_on} | details)).value


def deal(desk: Store) -> RenewalDeal:
    (found,) = desk.ask(list_deals)
    return found


@pytest.mark.parametrize(
    ("days", "horizon"),
    [
        (-1, Horizon.OVERDUE),
        (0, Horizon.WITHIN_30_DAYS),
        (30, Horizon.WITHIN_30_DAYS),
        (31, Horizon.WITHIN_60_DAYS),
        (61, Horizon.WITHIN_90_DAYS),
        (91, Horizon.WITHIN_180_DAYS),
    ],
)
def test_the_horizon_goes_by_the_day_of_decision(days: int, horizon: Horizon) -> None:
    assert horizon_of(days) is horizon


def test_contracts_stand_in_the_order_of_their_decisions(desk: Store, client: ClientId) -> None:
    for days in (200, 100, 20, -3, 181):
        add(desk, client, days, notice_days=10)
    found = desk.ask(list_deals)
    assert [(one.contract.title, one.days_left) for one in found] == [
        ("In -3", -13), ("In 20", 10), ("In 100", 90), ("In 181", 171),
    ]  # fmt: skip
    assert found[0].owner == "Anna"
    assert desk.ask(list_deals, owner_id=UserId(client)) == []
    assert len(desk.ask(list_deals, owner_id=UserId(desk.actor))) == 4
    assert desk.ask(count_deals, days=30, owner_id=UserId(desk.actor)) == 2
    desk.do(lose_contract, found[1].id, reason=LossReason.PRICE)
    assert desk.ask(count_deals, days=30, owner_id=UserId(desk.actor)) == 1


def test_three_calls_stand_side_by_side(desk: Store, client: ClientId) -> None:
    contract = add(desk, client, 40)
    desk.do(
        call_renewal,
        contract,
        caller=Caller.MANAGER,
        call=ForecastCall.GROWS,
        annual_minor=1_500_00,
        note=" Two more sites ",
    )
    desk.do(call_renewal, contract, caller=Caller.FINAL, call=ForecastCall.RENEWS)
    found = deal(desk)
    assert found.manager == Call(ForecastCall.GROWS, 1_500_00, "Two more sites")
    assert found.final == Call(ForecastCall.RENEWS, 1_000_00)
    assert found.automated.basis is Basis.BASE_RATE
    assert found.automated.annual_minor == 850_00
    desk.do(take_back_call, contract, caller=Caller.FINAL)
    assert deal(desk).final is None
    with pytest.raises(UserError, match="Nobody has made"):
        desk.do(take_back_call, contract, caller=Caller.FINAL)
    desk.undo()
    assert deal(desk).final is not None
    desk.undo()
    desk.undo()
    assert deal(desk).manager is None


@pytest.mark.parametrize(
    ("call", "minor", "words"),
    [
        (ForecastCall.GROWS, None, "For how much"),
        (ForecastCall.GROWS, 1_000_00, "not more than now"),
        (ForecastCall.SHRINKS, 1_000_00, "not less than now"),
        (ForecastCall.SHRINKS, 0, "not less than now"),
    ],
)
def test_a_call_that_its_value_contradicts_is_refused(
    desk: Store, client: ClientId, call: ForecastCall, minor: int | None, words: str
) -> None:
    contract = add(desk, client, 40)
    with pytest.raises(UserError, match=words):
        desk.do(call_renewal, contract, caller=Caller.MANAGER, call=call, annual_minor=minor)
    assert deal(desk).manager is None


def test_only_a_contract_with_an_end_and_in_force_is_called(desk: Store, client: ClientId) -> None:
    calls: dict[str, Any] = {"caller": Caller.MANAGER, "call": ForecastCall.LEAVES}
    endless = add(desk, client, 1, ends_on=None)
    with pytest.raises(UserError, match="no end"):
        desk.do(call_renewal, endless, **calls)
    desk.do(end_contract, endless)
    with pytest.raises(UserError, match="in force"):
        desk.do(call_renewal, endless, **calls)


def test_the_calls_of_one_term_are_not_those_of_the_next(desk: Store, client: ClientId) -> None:
    contract = add(desk, client, 40)
    desk.do(call_renewal, contract, caller=Caller.MANAGER, call=ForecastCall.LEAVES)
    desk.do(renew_contract, contract, until=TODAY + timedelta(days=150))
    assert deal(desk).manager is None


def test_what_is_worked_out_rests_on_notice_then_score_then_what_happened_so_far(
    desk: Store, client: ClientId
) -> None:
    contract = add(desk, client, 40)
    desk.do(renew_contract, add(desk, client, 10), until=TODAY + timedelta(days=300))
    desk.do(end_contract, add(desk, client, 50))
    assert desk.ask(get_base_rate) == BaseRate(renewed=1, ended=1)
    # 2.5 of 12: one of two, and ten imagined.
    assert deal(desk).automated.annual_minor == round(1_000_00 * (1 - 2.5 / 12))
    _score(desk, client, probability=0.4, coverage=0.3)
    assert deal(desk).automated.basis is Basis.BASE_RATE
    _score(desk, client, probability=0.4, coverage=0.9)
    assert (deal(desk).automated.basis, deal(desk).automated.annual_minor) == (
        Basis.SCORE,
        600_00,
    )
    desk.do(give_notice, contract)
    assert (deal(desk).automated.basis, deal(desk).automated.annual_minor) == (Basis.NOTICE, 0)


def _score(desk: Store, client: ClientId, *, probability: float, coverage: float) -> None:
    known = {"client_id": client, "scored_at": START, "probability": probability}
    blanks = {
        column.key: {} if isinstance(column.type, Json) else column.type.python_type()
        for column in ClientHealth.__table__.columns
        if not column.nullable and column.key not in known
    }
    with desk.database.writer.begin() as connection:
        connection.execute(delete(ClientHealth))
        connection.execute(insert(ClientHealth).values(blanks | known | {"coverage": coverage}))


def test_the_forecast_adds_up_by_hand() -> None:
    expected = [
        Expected("EUR", 1_000, 900, 1_200, 1_100),
        Expected("EUR", 500, 400, 0, None),
        Expected("EUR", 200, 150, None, None),
        Expected("RUB", 70, 60, None, 50),
    ]
    assert add_up(expected) == [
        Total("EUR", 3, 1_700, 1_450, 1_350, 1_250, called=2, decided=1),
        Total("RUB", 1, 70, 60, 60, 50, called=0, decided=1),
    ]
    assert add_up([]) == []


def test_with_no_decisions_yet_85_in_100_go_on() -> None:
    assert BaseRate(0, 0).leaving == pytest.approx(0.15)
    assert BaseRate(0, 90).leaving == pytest.approx(0.915)
