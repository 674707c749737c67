"""Opportunities are made, moved on and closed; signs of growth are found, taken up or put aside."""

from datetime import timedelta
from typing import Any

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, edit_client, set_lifecycle
from deskcrm.domain.clients.model import ClientId, Lifecycle
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.opportunities import commands
from deskcrm.domain.opportunities.model import OpportunityKind, SignalKind, Stage, merge_stages
from deskcrm.domain.opportunities.queries import OpportunityRow, list_opportunities
from deskcrm.domain.opportunities.rules import Measure, growing, near_limit, small
from deskcrm.domain.opportunities.signals import GrowthSignal, list_signals
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import TicketKind
from deskcrm.domain.usage.commands import UsageFigure, record_usage
from deskcrm.domain.usage.model import week_of
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store
from tests.watch import START, Watch

TODAY = START.date()


def only(desk: Store) -> OpportunityRow:
    (found,) = desk.ask(list_opportunities, is_open=None)
    return found


def use(desk: Store, client: ClientId, recent: float, former: float, **more: Any) -> None:
    """Use so much on every day of the last four weeks, and of the twelve before."""
    last = week_of(TODAY)
    days = [last - timedelta(days=n) for n in range(1, 16 * 7 + 1)]
    values = [recent if last - day <= timedelta(weeks=4) else former for day in days]
    figures = [
        UsageFigure(client, "Orders", *one, **more) for one in zip(days, values, strict=True)
    ]
    desk.do(record_usage, figures)


def signals(desk: Store, **asked: Any) -> list[GrowthSignal]:
    return desk.ask(list_signals, **asked)


def test_an_opportunity_is_made_moved_on_and_won(desk: Store, client: ClientId) -> None:
    made = desk.do(
        commands.add_opportunity,
        client,
        title=" More  seats ",
        kind=OpportunityKind.CROSS_SELL,
        value_minor=500_00,
        currency="eur",
        next_step="Call Ann",
        next_on=TODAY,
    ).value
    found = only(desk)
    assert (found.title, found.currency, found.owner) == ("More seats", "EUR", "Anna")
    assert (found.stage, found.next_step) == (Stage.NEW, "Call Ann")
    desk.do(commands.move_opportunity, made, stage=Stage.WON)
    assert (only(desk).stage, only(desk).closed_on) == (Stage.WON, TODAY)
    assert desk.ask(list_opportunities) == []
    with pytest.raises(UserError, match="stands there already"):
        desk.do(commands.move_opportunity, made, stage=Stage.WON)
    desk.do(commands.move_opportunity, made, stage=Stage.PROPOSED)
    assert only(desk).closed_on is None
    desk.undo()
    assert only(desk).stage is Stage.WON
    desk.do(commands.delete_opportunity, made)
    assert desk.ask(list_opportunities, is_open=None) == []
    desk.undo()
    assert only(desk).id == made


def test_what_is_lost_says_why(desk: Store, client: ClientId) -> None:
    made = desk.do(commands.add_opportunity, client, title="Seats").value
    with pytest.raises(UserError, match="Why was it lost"):
        desk.do(commands.move_opportunity, made, stage=Stage.LOST)
    desk.do(commands.move_opportunity, made, stage=Stage.LOST, reason=LossReason.PRICE)
    assert only(desk).reason is LossReason.PRICE
    desk.do(commands.move_opportunity, made, stage=Stage.NEW, reason=LossReason.PRICE)
    assert only(desk).reason is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": " "}, "What might the client take"),
        ({"value_minor": -1}, "less than nothing"),
        ({"currency": "gold"}, "is not a currency"),
    ],
)
def test_a_bad_opportunity_is_refused(
    desk: Store, client: ClientId, changes: dict[str, Any], words: str
) -> None:
    made = desk.do(commands.add_opportunity, client, title="Seats").value
    with pytest.raises(UserError, match=words):
        desk.do(commands.edit_opportunity, made, **changes)
    assert only(desk).title == "Seats"
    desk.do(commands.edit_opportunity, made, notes=" As she said ", title="Two seats")
    assert (only(desk).title, only(desk).notes) == ("Two seats", "As she said")
    desk.undo()
    assert only(desk).title == "Seats"


def test_who_comes_near_the_limit_is_seen(desk: Store, client: ClientId) -> None:
    use(desk, client, recent=47, former=40, ceiling=50)
    (found,) = signals(desk)
    assert (found.kind, found.about, found.measure) == (
        SignalKind.NEAR_LIMIT, "Orders", Measure(47.0, 50.0),
    )  # fmt: skip
    assert (found.client, found.owner) == ("Acme", "Anna")
    assert signals(desk, client_id=desk.do(create_company, name="Other").value) == []


def test_who_uses_more_than_before_is_seen(desk: Store, client: ClientId) -> None:
    use(desk, client, recent=60, former=40)
    (found,) = signals(desk)
    assert (found.kind, found.measure.share) == (SignalKind.GROWING, 1.5)
    desk.do(set_lifecycle, [client], lifecycle=Lifecycle.CHURNED)
    assert signals(desk) == []


def test_new_people_and_wishes_are_seen(desk: Store, client: ClientId) -> None:
    desk.do(edit_client, client, customer_since=TODAY - timedelta(days=400))
    for name in ("Ann", "Ben", "Cy"):
        assert signals(desk) == []
        desk.do(add_contact, client, name=name)
    (team,) = signals(desk)
    assert (team.kind, team.count) == (SignalKind.NEW_TEAM, 3)
    desk.do(open_ticket, client, subject="Broken", text="Help")
    desk.do(open_ticket, client, subject="An app", text="Please", kind=TicketKind.SUGGESTION)
    assert [(one.kind, one.about) for one in signals(desk)] == [
        (SignalKind.NEW_TEAM, ""),
        (SignalKind.ASKED, "An app"),
    ]


def test_a_contract_far_below_those_of_its_like_is_seen(desk: Store, client: ClientId) -> None:
    for n in range(8):
        other = desk.do(create_company, name=f"Other {n}").value
        desk.do(add_contract, other, title="Licence", value_minor=100_00 + n, currency="EUR")
    desk.do(add_contract, client, title="Licence", value_minor=30_00, currency="EUR")
    (found,) = signals(desk)
    assert (found.kind, found.client_id, found.count) == (SignalKind.SMALL_CONTRACT, client, 9)
    assert found.measure == Measure(30_00.0, 100_03.0)
    assert signals(desk, owner_id=UserId(desk.actor)) == [found]
    assert signals(desk, client_id=client) == []


def test_a_sign_is_put_aside_for_half_a_year_with_a_reason(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    use(desk, client, recent=60, former=40)
    asked: dict[str, Any] = {"signal": SignalKind.GROWING, "about": "orders"}
    with pytest.raises(UserError, match="Why is there nothing"):
        desk.do(commands.dismiss_signal, client, reason=" ", **asked)
    desk.do(commands.dismiss_signal, client, reason="A test run", **asked)
    assert signals(desk) == []
    desk.undo()
    assert len(signals(desk)) == 1


def test_a_sign_that_an_opportunity_was_made_of_is_not_shown_again(
    desk: Store, client: ClientId
) -> None:
    use(desk, client, recent=60, former=40)
    desk.do(commands.add_opportunity, client, title="More", source=SignalKind.GROWING)
    assert signals(desk) == []
    desk.undo()
    assert len(signals(desk)) == 1


def test_the_rules_by_hand() -> None:
    days = [40.0] * 5 + [45.0] * 5
    assert near_limit(days, 50.0) == Measure(42.5, 50.0)
    assert near_limit(days, 51.0) is None
    assert near_limit(days[1:], 50.0) is None
    assert near_limit(days, None) is near_limit(days, 0.0) is None
    assert growing((240.0, 20), (400.0, 40)) == Measure(12.0, 10.0)
    assert growing((239.0, 20), (400.0, 40)) is None
    assert growing((240.0, 13), (400.0, 40)) is growing((240.0, 20), (400.0, 39)) is None
    assert growing((240.0, 20), (0.0, 40)) is None
    assert small(49, [100] * 8) == Measure(49.0, 100.0)
    assert small(50, [100] * 8) is small(49, [100] * 7) is small(0, [100] * 8) is None


def test_won_is_won_whoever_says_otherwise() -> None:
    assert merge_stages(Stage.LOST, Stage.WON) is Stage.WON
    assert merge_stages(Stage.NEW, Stage.PROPOSED) is Stage.PROPOSED
