"""Contracts: what they are worth, when they end, and by when that is decided."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, delete_clients
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts import commands
from deskcrm.domain.contracts.model import (
    BillingPeriod,
    ContractId,
    ContractStatus,
    Term,
    annual_value,
    current_term,
    merge_statuses,
)
from deskcrm.domain.contracts.queries import ContractRow, list_contracts, list_renewals
from deskcrm.store.store import Store
from tests.fixtures_store import MakeStore

TODAY = date(2026, 6, 15)


@pytest.fixture
def store(make_store: MakeStore) -> Store:
    return make_store(clock=lambda: datetime(2026, 6, 15, 12, tzinfo=UTC))


@pytest.fixture
def client(store: Store) -> ClientId:
    return store.do(create_company, name="Ромашка").value


@pytest.fixture
def contract(store: Store, client: ClientId) -> ContractId:
    return store.do(
        commands.add_contract,
        client,
        title=" Support  2026 ",
        value_minor=1_000_00,
        currency="eur",
        billing_period=BillingPeriod.MONTHLY,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        notice_days=30,
    ).value


def row(store: Store, client_id: ClientId) -> ContractRow:
    (found,) = store.ask(list_contracts, client_id)
    return found


def test_a_contract_knows_its_worth_and_its_day_of_decision(
    store: Store, client: ClientId, contract: ContractId
) -> None:
    found = row(store, client)
    assert (found.id, found.title, found.currency) == (contract, "Support 2026", "EUR")
    assert found.annual_value_minor == 12_000_00
    assert found.decision_on == date(2026, 12, 1)
    assert found.is_in_force
    store.undo()
    assert store.ask(list_contracts, client) == []


@pytest.mark.parametrize(
    ("period", "year"),
    [
        (BillingPeriod.MONTHLY, 1200),
        (BillingPeriod.QUARTERLY, 400),
        (BillingPeriod.HALF_YEARLY, 200),
        (BillingPeriod.YEARLY, 100),
        (BillingPeriod.ONE_TIME, 0),
    ],
)
def test_the_annual_value_follows_the_billing_period(period: BillingPeriod, year: int) -> None:
    assert annual_value(100, period) == year


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"title": " "}, "needs a title"),
        ({"value_minor": -1}, "less than nothing"),
        ({"currency": "рубли"}, "is not a currency"),
        ({"ends_on": date(2025, 12, 31)}, "ends before it starts"),
        ({"notice_days": -5}, "notice"),
    ],
)
def test_a_bad_contract_is_refused(
    store: Store, client: ClientId, contract: ContractId, details: dict[str, Any], words: str
) -> None:
    before = row(store, client)
    with pytest.raises(UserError, match=words):
        store.do(commands.edit_contract, contract, **details)
    assert row(store, client) == before


def test_a_new_contract_is_a_draft_or_in_force(store: Store, client: ClientId) -> None:
    with pytest.raises(UserError, match="draft or in force"):
        store.do(commands.add_contract, client, title="Old", status=ContractStatus.ENDED)
    added = store.do(commands.add_contract, client, title="New", status=ContractStatus.DRAFT).value
    assert not row(store, client).is_in_force
    store.do(commands.activate_contract, added)
    assert row(store, client).is_in_force
    with pytest.raises(UserError, match="Only a draft"):
        store.do(commands.activate_contract, added)


def test_editing_the_end_moves_the_decision_and_is_undone(
    store: Store, client: ClientId, contract: ContractId
) -> None:
    store.do(commands.edit_contract, contract, ends_on=date(2027, 6, 30))
    assert row(store, client).decision_on == date(2027, 5, 31)
    store.undo()
    assert row(store, client).decision_on == date(2026, 12, 1)


def test_notice_is_given_and_withdrawn(
    store: Store, client: ClientId, contract: ContractId
) -> None:
    store.do(commands.give_notice, contract, on=date(2026, 6, 1))
    found = row(store, client)
    assert (found.status, found.notice_given_on) == (
        ContractStatus.NOTICE_GIVEN,
        date(2026, 6, 1),
    )
    with pytest.raises(UserError, match="already been given"):
        store.do(commands.give_notice, contract)
    store.do(commands.withdraw_notice, contract)
    assert row(store, client).notice_given_on is None
    with pytest.raises(UserError, match="No notice"):
        store.do(commands.withdraw_notice, contract)
    store.undo()
    assert row(store, client).status is ContractStatus.NOTICE_GIVEN


def test_notice_on_a_day_to_come_is_refused(store: Store, contract: ContractId) -> None:
    with pytest.raises(UserError, match="has not come yet"):
        store.do(commands.give_notice, contract, on=date(2026, 6, 16))


def test_a_contract_ends_once(store: Store, client: ClientId, contract: ContractId) -> None:
    store.do(commands.end_contract, contract)
    assert row(store, client).ended_on == TODAY
    with pytest.raises(UserError, match="already ended"):
        store.do(commands.end_contract, contract)
    store.undo()
    assert row(store, client).status is ContractStatus.ACTIVE


def test_a_renewal_runs_on_at_its_new_value(
    store: Store, client: ClientId, contract: ContractId
) -> None:
    store.do(commands.give_notice, contract)
    store.do(commands.renew_contract, contract, until=date(2027, 12, 31), value_minor=2_000_00)
    found = row(store, client)
    assert (found.ends_on, found.status) == (date(2027, 12, 31), ContractStatus.ACTIVE)
    assert (found.annual_value_minor, found.notice_given_on) == (24_000_00, None)
    with pytest.raises(UserError, match="runs until 31 December 2027 already"):
        store.do(commands.renew_contract, contract, until=date(2027, 12, 31))
    store.undo()
    assert row(store, client).status is ContractStatus.NOTICE_GIVEN


def test_a_deleted_contract_comes_back(
    store: Store, client: ClientId, contract: ContractId
) -> None:
    store.do(commands.delete_contract, contract)
    assert store.ask(list_contracts, client) == []
    store.do(commands.restore_contract, contract)
    assert row(store, client).id == contract
    with pytest.raises(UserError, match="not deleted"):
        store.do(commands.restore_contract, contract)


START, END = date(2024, 1, 1), date(2024, 12, 31)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "notice_days", "auto_renews", "on", "term"),
    [
        (START, END, 30, False, date(2026, 6, 15), Term(END, date(2024, 12, 1))),
        (START, END, 30, True, date(2024, 6, 1), Term(END, date(2024, 12, 1))),
        (START, END, 30, True, date(2026, 6, 15), Term(date(2026, 12, 31), date(2026, 12, 1))),
        # The day of decision has passed without notice: the next one counts.
        (START, END, 30, True, date(2024, 12, 15), Term(END, date(2025, 12, 1))),
        (
            date(2024, 3, 1),
            date(2024, 5, 31),
            0,
            True,
            date(2024, 9, 1),
            Term(date(2024, 11, 30), date(2024, 11, 30)),
        ),
        (
            None,
            date(2024, 2, 29),
            0,
            True,
            date(2025, 1, 1),
            Term(date(2025, 2, 28), date(2025, 2, 28)),
        ),
        (
            date(2024, 1, 15),
            date(2024, 2, 14),
            0,
            True,
            date(2024, 4, 1),
            Term(date(2024, 4, 14), date(2024, 4, 14)),
        ),
        (
            date(2024, 1, 31),
            date(2024, 1, 31),
            0,
            True,
            date(2024, 3, 10),
            Term(date(2024, 3, 31), date(2024, 3, 31)),
        ),
        (START, None, 30, True, date(2026, 6, 15), Term(None, None)),
    ],
)
def test_a_contract_that_renews_itself_rolls_on(
    starts_on: date | None,
    ends_on: date | None,
    notice_days: int,
    auto_renews: bool,
    on: date,
    term: Term,
) -> None:
    assert current_term(starts_on, ends_on, notice_days, auto_renews, on) == term


def test_a_row_shows_the_term_that_runs_today(store: Store, client: ClientId) -> None:
    store.do(
        commands.add_contract,
        client,
        title="Old",
        starts_on=START,
        ends_on=END,
        notice_days=30,
        auto_renews=True,
    )
    found = row(store, client)
    assert (found.ends_on, found.decision_on) == (date(2026, 12, 31), date(2026, 12, 1))
    assert found.has_rolled_on


def test_renewals_are_listed_by_the_day_of_decision(
    store: Store, client: ClientId, contract: ContractId
) -> None:
    near = store.do(
        commands.add_contract, client, title="Near", ends_on=date(2026, 7, 15), notice_days=60
    ).value
    draft = ContractStatus.DRAFT
    store.do(commands.add_contract, client, title="Draft", ends_on=TODAY, status=draft)
    other = store.do(create_company, name="Маяк").value
    store.do(commands.add_contract, other, title="Gone", ends_on=TODAY)
    store.do(delete_clients, [other])
    found = store.ask(list_renewals, days=200)
    assert [(one.contract.id, one.days_left) for one in found] == [(near, -30), (contract, 169)]
    assert [one.contract.id for one in store.ask(list_renewals, days=90)] == [near]
    assert found[0].client_name == "Ромашка"


def test_of_two_statuses_the_one_further_towards_the_end_is_kept() -> None:
    assert (
        merge_statuses(ContractStatus.NOTICE_GIVEN, ContractStatus.ACTIVE)
        is ContractStatus.NOTICE_GIVEN
    )
    assert merge_statuses(ContractStatus.ACTIVE, ContractStatus.ENDED) is ContractStatus.ENDED
