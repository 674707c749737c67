"""Each signal of a client: what it counts, how it fades, and the records behind it."""

import math
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from deskcrm.domain.clients.commands import edit_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact, mark_left
from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.contracts.commands import add_contract, give_notice
from deskcrm.domain.contracts.model import BillingPeriod
from deskcrm.domain.departures.commands import note_departure
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.commands import record_answers
from deskcrm.domain.feedback.forms import create_form
from deskcrm.domain.feedback.model import CaptureWay
from deskcrm.domain.feedback.questions import Question, QuestionKind
from deskcrm.domain.health import Signal
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.commands import log_interaction
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.invoices.commands import InvoiceFigures, record_invoices
from deskcrm.domain.promises.commands import break_promise, make_promise
from deskcrm.domain.risk.reading import Facts
from deskcrm.domain.risk.signals import EXCHANGED_AT, read_signals
from deskcrm.domain.tickets.commands import open_ticket, reply, set_state
from deskcrm.domain.tickets.model import TicketId, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.usage.commands import UsageFigure, record_usage
from deskcrm.store.derived import write_meta
from deskcrm.store.store import Arrived, Store
from tests.watch import START, Watch

TODAY = START.date()


def facts_of(desk: Store, client: ClientId) -> Facts:
    return desk.ask(read_signals, [client])[client]


def value(desk: Store, client: ClientId, signal: Signal) -> float | None:
    return facts_of(desk, client).signals[signal]


def behind(desk: Store, client: ClientId, signal: Signal) -> list[tuple[str, str]]:
    return [(one.table, one.what) for one in facts_of(desk, client).traces.get(signal, ())]


def talk(desk: Store, client: ClientId, days_ago: float, **how: Any) -> None:
    known: dict[str, Any] = {
        "outcome": Outcome.REACHED,
        "channel": Channel.CALL,
        "text": "We spoke",
    } | how
    desk.do(log_interaction, client, started_at=desk.clock() - timedelta(days=days_ago), **known)


def test_of_a_new_client_nothing_is_known_but_that_nothing_happened(
    desk: Store, client: ClientId
) -> None:
    desk.do(edit_client, client, customer_since=None)
    known = {key: one for key, one in facts_of(desk, client).signals.items() if one is not None}
    assert known == dict.fromkeys(
        (
            Signal.OUTREACH_UNANSWERED, Signal.TICKETS_REOPENED, Signal.TICKETS_OVERDUE,
            Signal.SECOND_FAILURE, Signal.PROMISES_BROKEN,
        ),
        0.0,
    )  # fmt: skip


def test_silence_is_told_by_the_clients_own_usual_gap(desk: Store, client: ClientId) -> None:
    for days in (100, 80, 60):
        talk(desk, client, days)
    talk(desk, client, 60.01)  # a second call on one day is no other contact
    assert value(desk, client, Signal.SILENCE) == pytest.approx(math.log2(60 / 20))
    talk(desk, client, 1, channel=Channel.EMAIL, direction=Direction.INCOMING)
    assert value(desk, client, Signal.SILENCE) == 0.0


def test_two_talks_make_no_usual_gap(desk: Store, client: ClientId) -> None:
    for days in (100, 80):
        talk(desk, client, days)
    assert value(desk, client, Signal.SILENCE) is None


def test_silence_is_counted_up_to_the_last_exchange(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    """A network that is silent is not a client who is."""
    for days in (60, 40, 20):
        talk(desk, client, days)
    assert value(desk, client, Signal.SILENCE) == 0.0

    def take(connection: Connection) -> Arrived[None]:
        write_meta(connection, EXCHANGED_AT, START.isoformat())
        return Arrived(None)

    watch.move(days=60)
    assert value(desk, client, Signal.SILENCE) == 2.0
    desk.absorb(take)
    assert value(desk, client, Signal.SILENCE) == 0.0


def test_attempts_count_until_the_client_is_heard(desk: Store, client: ClientId) -> None:
    talk(desk, client, 30)
    for days in (20, 10, 5, 4, 3):
        talk(desk, client, days, outcome=Outcome.NO_ANSWER)
    assert value(desk, client, Signal.OUTREACH_UNANSWERED) == 4.0
    assert behind(desk, client, Signal.OUTREACH_UNANSWERED) == [("interaction", "")] * 5
    talk(desk, client, 0)
    assert value(desk, client, Signal.OUTREACH_UNANSWERED) == 0.0
    assert behind(desk, client, Signal.OUTREACH_UNANSWERED) == []


def ticket(desk: Store, client: ClientId, kind: TicketKind = TicketKind.COMPLAINT) -> TicketId:
    return desk.do(open_ticket, client, subject="It is broken", kind=kind).value


def settle(desk: Store, one: TicketId) -> None:
    desk.do(reply, one, text="Done")
    desk.do(set_state, [one], state=TicketState.RESOLVED)


def test_a_reopened_ticket_fades_by_half_in_six_weeks(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    one = ticket(desk, client, TicketKind.QUESTION)
    settle(desk, one)
    desk.do(set_state, [one], state=TicketState.OPEN)
    settle(desk, one)
    assert value(desk, client, Signal.TICKETS_REOPENED) == 1.0
    assert behind(desk, client, Signal.TICKETS_REOPENED) == [("ticket", "reopened")]
    watch.move(weeks=6)
    assert value(desk, client, Signal.TICKETS_REOPENED) == pytest.approx(0.5)
    watch.move(weeks=24)
    assert value(desk, client, Signal.TICKETS_REOPENED) == 0.0, "forgotten"


def test_an_open_ticket_past_its_deadline_counts(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    one = ticket(desk, client, TicketKind.QUESTION)
    assert value(desk, client, Signal.TICKETS_OVERDUE) == 0.0
    watch.move(days=30)
    assert value(desk, client, Signal.TICKETS_OVERDUE) == 1.0
    assert behind(desk, client, Signal.TICKETS_OVERDUE) == [("ticket", "overdue")]
    settle(desk, one)
    assert value(desk, client, Signal.TICKETS_OVERDUE) == 0.0


def test_two_failures_within_four_weeks_count_and_one_does_not(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    one = ticket(desk, client)
    settle(desk, one)
    desk.do(set_state, [one], state=TicketState.OPEN)
    settle(desk, one)
    desk.do(set_state, [one], state=TicketState.OPEN)
    settle(desk, one)
    assert value(desk, client, Signal.SECOND_FAILURE) == 0.0, "one ticket is one failure"
    ticket(desk, client, TicketKind.QUESTION)  # late, but no failure: a question
    other = ticket(desk, client, TicketKind.INCIDENT)
    watch.move(days=20)
    found = facts_of(desk, client)
    assert found.traces[Signal.SECOND_FAILURE][0].row_id == other
    assert found.traces[Signal.SECOND_FAILURE][0].what == "breached"
    assert found.traces[Signal.SECOND_FAILURE][1].row_id == one
    (later, _) = found.traces[Signal.SECOND_FAILURE]
    days = (watch.at - later.at) / timedelta(days=1)
    assert found.signals[Signal.SECOND_FAILURE] == pytest.approx(2 ** (-days / 42))


def test_failures_far_apart_are_bad_luck(desk: Store, client: ClientId, watch: Watch) -> None:
    for _ in range(2):
        one = ticket(desk, client)
        settle(desk, one)
        desk.do(set_state, [one], state=TicketState.OPEN)
        settle(desk, one)
        watch.move(days=29)
    assert value(desk, client, Signal.SECOND_FAILURE) == 0.0
    assert len(facts_of(desk, client).failures) == 2


def ask(desk: Store, client: ClientId, kind: QuestionKind, *numbers: int) -> None:
    form = desk.do(
        create_form, name=f"Form {numbers}", questions=[Question("q", kind, "How?")]
    ).value
    for number in numbers:
        desk.do(
            record_answers, client, form_id=form, answers=[Given("q", number=number)],
            way=CaptureWay.PAPER,
        )  # fmt: skip


def test_a_rating_is_held_against_the_clients_own_mean(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ask(desk, client, QuestionKind.CSAT, 5)
    assert value(desk, client, Signal.CSAT_BELOW_OWN) is None
    ask(desk, client, QuestionKind.CSAT, 4, 2)
    assert value(desk, client, Signal.CSAT_BELOW_OWN) == 2.5
    assert behind(desk, client, Signal.CSAT_BELOW_OWN) == [("survey_response", "csat 2")]
    watch.move(days=366)
    assert value(desk, client, Signal.CSAT_BELOW_OWN) is None, "that says nothing of today"


def test_a_detractor_fades_and_a_fall_is_told_in_threes(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    assert value(desk, client, Signal.DETRACTOR) is None
    ask(desk, client, QuestionKind.NPS, 9)
    assert value(desk, client, Signal.DETRACTOR) == 0.0
    assert value(desk, client, Signal.NPS_FALL) is None
    ask(desk, client, QuestionKind.NPS, 6)
    assert value(desk, client, Signal.DETRACTOR) == 1.0
    assert value(desk, client, Signal.NPS_FALL) == 1.0
    watch.move(weeks=26)
    assert value(desk, client, Signal.DETRACTOR) == pytest.approx(0.5)
    assert value(desk, client, Signal.NPS_FALL) == pytest.approx(0.5)


def test_a_renewal_is_due_by_the_day_of_decision(desk: Store, client: ClientId) -> None:
    def add(days: int, **more: Any) -> None:
        ends = TODAY + timedelta(days=days)
        desk.do(add_contract, client, title="Support", ends_on=ends, notice_days=30, **more)

    assert value(desk, client, Signal.RENEWAL_DUE) is None
    add(121, value_minor=100_00, currency="EUR", billing_period=BillingPeriod.MONTHLY)
    assert value(desk, client, Signal.RENEWAL_DUE) == 0.0
    add(120)
    found = facts_of(desk, client)
    assert found.signals[Signal.RENEWAL_DUE] == 1.0
    assert found.decision_on == TODAY + timedelta(days=90)
    assert (found.annual_value, found.currency) == (1_200_00, "EUR")


def test_notice_is_told_of_contracts_and_departures(desk: Store, client: ClientId) -> None:
    contract = desk.do(add_contract, client, title="Support").value
    assert facts_of(desk, client).notices == []
    desk.do(give_notice, contract)
    assert [one.table for one in facts_of(desk, client).notices] == ["contract"]
    desk.do(note_departure, client, noticed_on=TODAY)
    assert [one.table for one in facts_of(desk, client).notices] == ["contract", "departure"]


def test_a_champion_who_left_counts_until_there_is_another(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    assert value(desk, client, Signal.CHAMPION_LEFT) is None
    ann = desk.do(add_contact, client, name="Ann", role=ContactRole.CHAMPION).value
    assert value(desk, client, Signal.CHAMPION_LEFT) == 0.0
    desk.do(mark_left, ann, on=TODAY)
    watch.move(weeks=9)
    assert value(desk, client, Signal.CHAMPION_LEFT) == pytest.approx(0.5, abs=0.01)
    assert behind(desk, client, Signal.CHAMPION_LEFT) == [("contact", "left")]
    desk.do(add_contact, client, name="Bob", role=ContactRole.CHAMPION)
    assert value(desk, client, Signal.CHAMPION_LEFT) == 0.0


def test_tenure_begins_to_tell_after_a_year(desk: Store, client: ClientId) -> None:
    desk.do(edit_client, client, customer_since=TODAY - timedelta(days=300))
    assert value(desk, client, Signal.FIRST_YEAR) == 1.0
    assert value(desk, client, Signal.TENURE) == 0.0
    desk.do(edit_client, client, customer_since=TODAY - timedelta(days=3 * 365 + 1))
    assert value(desk, client, Signal.FIRST_YEAR) == 0.0
    assert value(desk, client, Signal.TENURE) == pytest.approx(math.log(3), abs=0.01)


def test_promises_count_when_broken_or_past_their_day(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    first = desk.do(make_promise, client, text="To call").value
    desk.do(make_promise, client, text="To send it", due_on=TODAY + timedelta(days=1))
    assert value(desk, client, Signal.PROMISES_BROKEN) == 0.0
    desk.do(break_promise, first)
    assert value(desk, client, Signal.PROMISES_BROKEN) == 1.0
    watch.move(weeks=6)
    assert value(desk, client, Signal.PROMISES_BROKEN) == pytest.approx(1.0, abs=0.02)
    whats = sorted(what for _, what in behind(desk, client, Signal.PROMISES_BROKEN))
    assert whats == ["broken", "overdue"]


def use(desk: Store, client: ClientId, monday: date, amount: float) -> None:
    days = [monday + timedelta(days=n) for n in range(5)]
    desk.do(record_usage, [UsageFigure(client, "orders", day, amount) for day in days])


def test_usage_is_compared_in_whole_weeks(desk: Store, client: ClientId) -> None:
    this_monday = TODAY - timedelta(days=TODAY.weekday())
    for week in range(5, 17):
        use(desk, client, this_monday - timedelta(weeks=week), 20)
    assert value(desk, client, Signal.USAGE_DROP) is None
    for week in range(1, 5):
        use(desk, client, this_monday - timedelta(weeks=week), 10)
    assert value(desk, client, Signal.USAGE_DROP) == pytest.approx(math.log(2))
    assert len(behind(desk, client, Signal.USAGE_DROP)) == 4
    for week in range(1, 5):
        use(desk, client, this_monday - timedelta(weeks=week), 0)
    assert value(desk, client, Signal.USAGE_DROP) == 1.5


def test_an_invoice_is_late_in_two_steps(desk: Store, client: ClientId, watch: Watch) -> None:
    def late() -> list[float | None]:
        found = facts_of(desk, client).signals
        return [found[Signal.INVOICE_LATE_15], found[Signal.INVOICE_LATE_45]]

    assert late() == [None, None]
    desk.do(record_invoices, [InvoiceFigures(client, "7", TODAY, 100_00, "EUR")])
    assert late() == [0.0, 0.0]
    watch.move(days=15)
    assert late() == [1.0, 0.0]
    watch.move(days=30)
    assert late() == [1.0, 1.0]
    paid = InvoiceFigures(client, "7", TODAY, 100_00, "EUR", paid_on=watch.at.date())
    desk.do(record_invoices, [paid])
    assert late() == [0.0, 0.0]
