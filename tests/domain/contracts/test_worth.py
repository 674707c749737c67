"""What contracts brought in a year on any day, and what of it came and went: worked by hand."""

from datetime import date, timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts import commands
from deskcrm.domain.contracts.model import BillingPeriod, ContractId, ContractStatus
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.contracts.steps import ContractStepKind
from deskcrm.domain.contracts.worth import StepRow, Turn, list_steps, list_worth, worth_on
from deskcrm.domain.renewals.queries import list_deals
from deskcrm.store.store import Store
from tests.watch import START, Watch

TODAY = START.date()
STARTS, ENDS = TODAY - timedelta(days=300), TODAY + timedelta(days=64)


@pytest.fixture
def contract(desk: Store, client: ClientId) -> ContractId:
    return desk.do(
        commands.add_contract,
        client,
        title="Support",
        value_minor=100_00,
        currency="EUR",
        billing_period=BillingPeriod.MONTHLY,
        starts_on=STARTS,
        ends_on=ENDS,
    ).value


def step(desk: Store) -> StepRow:
    (found,) = desk.ask(list_steps)
    return found


def worth(desk: Store, day: date) -> int:
    return sum(one.annual_minor for one in desk.ask(list_worth, day))


def test_a_renewal_for_more_expands_from_the_first_day_of_the_new_term(
    desk: Store, contract: ContractId
) -> None:
    until = ENDS + timedelta(days=365)
    desk.do(commands.renew_contract, contract, until=until, value_minor=120_00)
    found = step(desk)
    assert (found.kind, found.until) == (ContractStepKind.RENEWED, until)
    assert (found.effective_on, found.decided_on) == (ENDS + timedelta(days=1), TODAY)
    assert (found.before_minor, found.after_minor) == (1_200_00, 1_440_00)
    assert (found.expansion_minor, found.contraction_minor, found.churn_minor) == (240_00, 0, 0)
    assert [worth(desk, day) for day in (ENDS, ENDS + timedelta(days=1))] == [1_200_00, 1_440_00]
    assert worth(desk, STARTS - timedelta(days=1)) == 0
    desk.undo()
    assert (desk.ask(list_steps), worth(desk, TODAY)) == ([], 1_200_00)


def test_a_downgrade_contracts_and_says_why(desk: Store, contract: ContractId) -> None:
    day = TODAY - timedelta(days=10)
    desk.do(
        commands.revalue_contract,
        contract,
        value_minor=50_00,
        on=day,
        reason=LossReason.BUDGET_CUT,
        words=" Half the seats ",
    )
    found = step(desk)
    assert (found.contraction_minor, found.expansion_minor, found.churn_minor) == (600_00, 0, 0)
    assert (found.reason, found.words) == (LossReason.BUDGET_CUT, "Half the seats")
    assert [worth(desk, day - timedelta(days=n)) for n in (1, 0)] == [1_200_00, 600_00]
    with pytest.raises(UserError, match="as much already"):
        desk.do(commands.revalue_contract, contract, value_minor=50_00)


def test_a_contract_that_ended_is_churn(desk: Store, contract: ContractId) -> None:
    desk.do(commands.end_contract, contract, reason=LossReason.COMPETITOR, competitor=" Rival ")
    found = step(desk)
    assert (found.churn_minor, found.contraction_minor, found.competitor) == (1_200_00, 0, "Rival")
    assert [worth(desk, TODAY - timedelta(days=n)) for n in (1, 0)] == [1_200_00, 0]
    with pytest.raises(UserError, match="in force"):
        desk.do(commands.revalue_contract, contract, value_minor=1)
    desk.undo()
    assert (desk.ask(list_steps), worth(desk, TODAY)) == ([], 1_200_00)


def test_a_lost_renewal_is_known_before_the_contract_ends(
    desk: Store, contract: ContractId
) -> None:
    desk.do(commands.lose_contract, contract, reason=LossReason.PRICE, words="Too dear")
    found = step(desk)
    assert (found.effective_on, found.decided_on) == (ENDS + timedelta(days=1), TODAY)
    assert (found.churn_minor, worth(desk, ENDS)) == (1_200_00, 1_200_00)
    assert worth(desk, ENDS + timedelta(days=1)) == 0
    assert desk.ask(list_deals) == []
    desk.do(commands.withdraw_notice, contract)
    assert (desk.ask(list_steps), len(desk.ask(list_deals))) == ([], 1)
    desk.undo()
    # It ended earlier than noted, and why is not forgotten.
    desk.do(commands.end_contract, contract)
    assert (step(desk).effective_on, step(desk).reason) == (TODAY, LossReason.PRICE)
    desk.undo()
    desk.do(commands.renew_contract, contract, until=ENDS + timedelta(days=365))
    assert step(desk).kind is ContractStepKind.RENEWED


def test_a_contract_that_ran_out_is_lost_on_its_last_day(
    desk: Store, contract: ContractId, watch: Watch
) -> None:
    watch.move(days=100)
    desk.do(commands.lose_contract, contract, reason=LossReason.CLOSED_DOWN)
    assert (step(desk).effective_on, step(desk).reason) == (ENDS, LossReason.CLOSED_DOWN)
    desk.undo()
    assert desk.ask(list_steps) == []


def test_who_is_won_back_begins_at_nothing(desk: Store, contract: ContractId) -> None:
    desk.do(commands.end_contract, contract)
    desk.do(commands.renew_contract, contract, until=ENDS + timedelta(days=365))
    latest = desk.ask(list_steps)[0]
    assert (latest.before_minor, latest.after_minor) == (0, 1_200_00)


def test_a_typing_error_that_is_mended_was_never_worth_anything(
    desk: Store, contract: ContractId
) -> None:
    desk.do(commands.renew_contract, contract, until=ENDS + timedelta(days=365), value_minor=9_00)
    desk.do(commands.edit_contract, contract, value_minor=90_00)
    assert (step(desk).before_minor, step(desk).after_minor) == (1_200_00, 1_080_00)
    desk.do(commands.edit_contract, contract, title="Other")
    assert step(desk).title == "Other"


def test_two_turns_on_one_day_are_one(desk: Store, contract: ContractId) -> None:
    for value in (110_00, 130_00):
        desk.do(commands.revalue_contract, contract, value_minor=value)
    assert (step(desk).before_minor, step(desk).after_minor) == (1_200_00, 1_560_00)
    desk.undo()
    assert step(desk).after_minor == 1_320_00


def test_a_draft_and_a_deleted_contract_are_worth_nothing(
    desk: Store, client: ClientId, contract: ContractId
) -> None:
    desk.do(
        commands.add_contract, client, title="Draft", value_minor=1, status=ContractStatus.DRAFT
    )
    desk.do(commands.delete_contract, contract)
    assert desk.ask(list_worth, TODAY) == []


def test_worth_on_any_day_by_hand() -> None:
    day = date(2026, 6, 1)
    turns = [Turn(date(2026, 3, 1), 100, 120), Turn(date(2026, 9, 1), 120, 60)]

    def on(when: date, ended_on: date | None = None, of: list[Turn] = turns) -> int:
        return worth_on(when, begins_on=date(2026, 1, 1), ended_on=ended_on, minor=60, turns=of)

    assert [on(date(2025, 12, 31)), on(date(2026, 1, 1)), on(date(2026, 2, 28))] == [0, 100, 100]
    assert [on(date(2026, 3, 1)), on(day), on(date(2026, 9, 1))] == [120, 120, 60]
    assert [on(day, date(2026, 6, 1)), on(day, date(2026, 6, 2)), on(day, of=[])] == [0, 120, 60]
