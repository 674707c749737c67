"""The figures of clients: who stayed and what with, what they answered, and what they are worth."""

from datetime import date, timedelta
from random import Random

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId, Lifecycle
from deskcrm.domain.contracts.commands import add_contract, revalue_contract
from deskcrm.domain.contracts.model import BillingPeriod
from deskcrm.domain.departures.commands import note_departure, note_return
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.commands import record_answers
from deskcrm.domain.feedback.forms import add_shipped_forms, shipped_form_id
from deskcrm.domain.feedback.model import CaptureWay, SurveyFormId
from deskcrm.domain.invoices.commands import InvoiceFigures, record_invoices
from deskcrm.domain.metrics.catalogue import MEANINGS, Metric, formula_of
from deskcrm.domain.metrics.customers import Stay, years_of
from deskcrm.domain.metrics.figures import Period
from deskcrm.domain.metrics.narrowing import AnswerWay, Narrowing
from deskcrm.domain.metrics.report import Measured, get_report
from deskcrm.domain.metrics.rows import FigureRow, RowMark, list_rows
from deskcrm.store.commands import command
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests.domain.metrics.world import at

M = Metric
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))


def measured(
    desk: Store,
    period: Period = FEBRUARY,
    narrowing: Narrowing = Narrowing(),  # noqa: B008
) -> dict[tuple[Metric, str], Measured]:
    report = desk.ask(get_report, period, narrowing)
    return {(one.metric, one.figure.currency): one for one in report.measured}


def rows(desk: Store, metric: Metric, currency: str = "") -> list[FigureRow]:
    found = desk.ask(list_rows, metric, FEBRUARY, Narrowing(), currency=currency)
    assert found.total == len(found.rows)
    return list(found.rows)


@command("tests.add_customers", "Add customers")
def add_customers(work: Work) -> dict[str, ClientId]:
    """Five clients: one stays, one grows, one shrinks, one leaves, one comes; and a prospect."""
    begins = {
        "Stays": date(2024, 3, 1),
        "Grows": date(2025, 1, 1),
        "Shrinks": date(2023, 1, 1),
        "Leaves": date(2024, 6, 1),
        "Comes": date(2026, 2, 10),
    }
    found = {}
    for name, since in begins.items():
        found[name] = create_company(work, name=name, customer_since=since)
        contract = add_contract(
            work,
            found[name],
            title=name,
            value_minor=100_00,
            currency="EUR",
            billing_period=BillingPeriod.MONTHLY,
            starts_on=since,
        )
        after = {"Grows": 150_00, "Shrinks": 40_00}.get(name)
        if after is not None:
            revalue_contract(work, contract, value_minor=after, on=date(2026, 2, 15))
    note_departure(work, found["Leaves"], left_on=date(2026, 2, 20))
    create_company(work, name="Prospect", lifecycle=Lifecycle.PROSPECT)
    return found  # fmt: skip


def test_a_month_of_clients_and_contracts_worked_out_by_hand(desk: Store) -> None:
    clients = desk.do(add_customers).value
    found = measured(desk)

    def value(metric: Metric, currency: str = "") -> float | None:
        return found[metric, currency].figure.value

    # Four at the start, four at the end of whom one is new: (4 − 1)/4
    assert (value(M.CUSTOMER_RETENTION), value(M.LOGO_CHURN)) == (75, 25)
    marks = {row.client: row.mark for row in rows(desk, M.LOGO_CHURN)}
    assert marks == {
        "Leaves": RowMark.LEFT, "Stays": RowMark.STAYED, "Grows": RowMark.STAYED,
        "Shrinks": RowMark.STAYED,
    }  # fmt: skip
    assert rows(desk, M.CUSTOMER_RETENTION)[0].at == date(2026, 2, 20)
    # 1,200 each at the start; then 1,200, 1,800, 480 and nothing: 2,880 and 3,480 of 4,800
    assert value(M.GROSS_REVENUE_RETENTION, "EUR") == pytest.approx(60)
    assert value(M.NET_REVENUE_RETENTION, "EUR") == pytest.approx(72.5)
    lost = [
        (row.client, row.before, row.value) for row in rows(desk, M.NET_REVENUE_RETENTION, "EUR")
    ]
    assert lost == [
        ("Leaves", 1_200_00, 0), ("Shrinks", 1_200_00, 480_00), ("Stays", 1_200_00, 1_200_00),
        ("Grows", 1_200_00, 1_800_00),
    ]  # fmt: skip
    # ARPA (1,200 + 1,800 + 480 + 1,200)/4 = 1,170; of the four a year ago one left: 25 %
    assert value(M.LIFETIME_VALUE, "EUR") == pytest.approx(1_170_00 * 0.8 / 0.25)
    discounted = value(M.DISCOUNTED_LIFETIME_VALUE, "EUR")
    assert discounted == pytest.approx(1_170_00 * 0.8 * 0.75 / (1.1 - 0.75))
    assert value(M.PROJECTED_LIFETIME_VALUE, "EUR") is not None
    assert rows(desk, M.LIFETIME_VALUE, "EUR")[0].value == 1_800_00
    before = found[M.LOGO_CHURN, ""].before
    assert before is not None and before.value == 0

    desk.do(note_return, clients["Leaves"], on=date(2026, 3, 5))
    again = measured(desk, Period(date(2026, 3, 1), date(2026, 3, 10)))
    assert again[M.CUSTOMER_RETENTION, ""].figure.n == 4
    assert measured(desk)[M.LOGO_CHURN, ""].figure.value == 25


def test_without_clients_there_is_no_data(desk: Store) -> None:
    found = measured(desk)
    assert {one.figure.value for (metric, _), one in found.items() if metric not in _COUNTS} == {
        None
    }
    assert rows(desk, M.CUSTOMER_RETENTION) == [] and rows(desk, M.NET_PROMOTER_SCORE) == []


_COUNTS = (M.OPENED_TICKETS, M.SOLVED_TICKETS, M.BACKLOG)


def test_years_are_counted_from_renewal_to_renewal() -> None:
    began = date(2022, 1, 1)
    stays = {
        Stay(began): 2,  # four years and two months: four renewals
        Stay(None): 9,  # nobody knows since when
        Stay(date(2026, 5, 1)): 9,  # not yet
        Stay(began, ((date(2022, 6, 1), None),)): 1,
        Stay(began, ((date(2023, 1, 20), None),)): 1,  # at the first, three weeks late
        Stay(began, ((date(2023, 6, 1), None),)): 1,
        Stay(began, ((date(2023, 6, 1), date(2023, 9, 1)),)): 1,  # came back
        Stay(began, ((date(2026, 4, 1), None),)): 1,  # leaves later
    }
    lost, staying = years_of(stays, date(2026, 3, 1))
    assert dict(lost) == {1: 2, 2: 1} and dict(staying) == {4: 4}


@command("tests.answer", "Answer")
def answer(work: Work, clients: list[ClientId]) -> None:
    """Five answers in writing and two on the phone, and two to the questions of the index."""
    add_shipped_forms(work)

    def give(client: ClientId, form: SurveyFormId, way: CaptureWay, **numbers: int) -> None:
        given = [Given(key, number=number) for key, number in numbers.items()]
        record_answers(
            work, client, form_id=form, answers=given, way=way, answered_at=at(10, 12, month=2),
            reason="They rang",
        )  # fmt: skip

    standard, after, index = map(shipped_form_id, ("standard", "after_ticket", "csi"))
    first, second = clients
    for score in (10, 9, 6):
        give(first, standard, CaptureWay.PAPER, nps=score)
    give(first, standard, CaptureWay.PHONE, nps=10)
    give(first, after, CaptureWay.PAPER, csat=5, ces=7)
    give(second, after, CaptureWay.PAPER, csat=3, ces=4)
    give(second, after, CaptureWay.PHONE, csat=5, ces=7)
    give(first, index, CaptureWay.PAPER, satisfaction=8, expectation=7, ideal=6)
    give(second, index, CaptureWay.PHONE, satisfaction=10, expectation=10, ideal=10)


def test_answers_on_the_phone_can_be_told_from_those_in_writing(
    desk: Store, client: ClientId
) -> None:
    other = desk.do(create_company, name="Other").value
    desk.do(answer, [client, other])
    metrics = (
        M.NET_PROMOTER_SCORE, M.CUSTOMER_SATISFACTION, M.EFFORT_SCORE, M.FOUND_IT_EASY,
        M.SATISFACTION_INDEX,
    )  # fmt: skip

    def values(way: AnswerWay) -> list[float | None]:
        found = measured(desk, narrowing=Narrowing(answers=way))
        return [found[metric, ""].figure.value for metric in metrics]

    assert values(AnswerWay.ALL) == pytest.approx([50, 200 / 3, 6, 200 / 3, 83.333], abs=0.01)
    written = values(AnswerWay.WITHOUT_PHONE)
    assert written == pytest.approx([100 / 3, 50, 5.5, 50, 66.667], abs=0.01)
    assert values(AnswerWay.BY_PHONE) == pytest.approx([100, 100, 7, 100, 100])
    marks = [(row.value, row.mark, row.is_by_phone) for row in rows(desk, M.NET_PROMOTER_SCORE)]
    promoter = RowMark.PROMOTER
    assert marks[0][1] is RowMark.DETRACTOR and (10, promoter, True) in marks
    index = rows(desk, M.SATISFACTION_INDEX)
    assert [row.client for row in index] == ["Acme", "Other"]
    assert [row.value for row in index] == pytest.approx([66.667, 100], abs=0.01)
    march = measured(desk, Period(date(2026, 3, 1), date(2026, 3, 31)))
    assert march[M.NET_PROMOTER_SCORE, ""].figure.n == 0
    before = march[M.NET_PROMOTER_SCORE, ""].before
    assert before is not None and before.value == 50


@command("tests.invoice", "Invoice")
def invoice(work: Work) -> None:
    """Twenty clients who buy now and then, and one with a contract besides."""
    chance, bills = Random(7), []
    for number in range(21):
        client = create_company(work, name=f"Buyer {number}", customer_since=date(2025, 1, 1))
        day = date(2025, 1, 1) + timedelta(days=chance.randrange(60))
        for bill in range(chance.randrange(1, 16)):
            bills.append(
                InvoiceFigures(
                    client,
                    number=f"{number}-{bill}",
                    due_on=day,
                    amount_minor=chance.randrange(50_00, 150_00),
                    currency="EUR",
                )
            )
            day += timedelta(days=chance.randrange(10, 60))
    add_contract(
        work,
        client,
        title="Support",
        value_minor=100_00,
        currency="EUR",
        starts_on=date(2025, 1, 1),
    )
    record_invoices(work, bills)  # fmt: skip


def test_clients_with_invoices_alone_are_worth_what_they_are_likely_to_buy(desk: Store) -> None:
    assert (M.INVOICED_LIFETIME_VALUE, "EUR") not in measured(desk)
    desk.do(invoice)
    one = measured(desk)[M.INVOICED_LIFETIME_VALUE, "EUR"]
    assert one.figure.n == 20 and one.before is None
    assert one.figure.value is not None and 50_00 < one.figure.value < 5_000_00
    names = {row.client for row in rows(desk, M.INVOICED_LIFETIME_VALUE, "EUR")}
    assert len(names) == 20 and "Buyer 20" not in names


def test_every_metric_has_its_meaning_and_says_its_formula() -> None:
    assert set(MEANINGS) == set(M)
    for metric in M:
        assert len(formula_of(metric)) > 20
