"""Usage, invoices, answers and departures come in from a table as they do from their feeds."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.departures.model import Departure
from deskcrm.domain.feedback.forms import add_shipped_forms
from deskcrm.domain.feedback.model import SurveyAnswer
from deskcrm.domain.imports import importing
from deskcrm.domain.imports.fields import Target
from deskcrm.domain.imports.importing import Preview
from deskcrm.domain.imports.plan import Fate
from deskcrm.domain.invoices.model import Invoice, InvoiceState
from deskcrm.domain.tasks.model import Task
from deskcrm.domain.usage.model import UsageWeek
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from tests.domain.imports.conftest import Look
from tests.watch import Watch

USAGE = "Client;Metric;Date;Value;Limit\n"
INVOICES = "Клиент;Счёт;Сумма;Оплатить до;Оплачен;Статус\n"


@pytest.fixture(autouse=True)
def acme(desk: Store) -> None:
    desk.do(create_company, name="Acme")


def told(seen: Preview) -> list[tuple[str, str]]:
    return [(row.fate.value, row.why) for row in seen.plan.rows]


def rows(desk: Store, model: Any, *columns: Any) -> list[tuple[Any, ...]]:
    def ask(db: Reader) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in db.all(select(*columns).where(~model.is_deleted))]

    return sorted(desk.ask(ask), key=str)


def test_usage_comes_in_by_day_and_a_day_that_differs_is_a_change(desk: Store, look: Look) -> None:
    first = look(f"{USAGE}Acme;Orders;21.07.2025;1 200,5;2000\nAcme;Orders;22.07.2025;7;\n"
                 "Acme;orders;22.07.2025;8;\nAcme;Orders;21.07.2126;8;\nAcme;Orders;;8;\n"
                 "Nobody;Orders;22.07.2025;8;\nAcme;Orders;23.07.2025;-1;\n",
                 Target.USAGE)  # fmt: skip
    assert [fate for fate, _ in told(first)] == [
        "new", "new", "conflict", "rejected", "rejected", "rejected", "rejected",
    ]  # fmt: skip
    assert told(first)[4][1] == "“Day” is empty"
    receipt = importing.apply(Job(), desk, first)
    assert receipt.added == {"usage_week": 1}
    columns = (UsageWeek.metric, UsageWeek.monday, UsageWeek.tuesday, UsageWeek.ceiling)
    assert rows(desk, UsageWeek, *columns) == [("Orders", 1200.5, 7.0, 2000.0)]
    more = f"{USAGE}Acme;Orders;21.07.2025;1 200,5;\nAcme;Orders;22.07.2025;9;\n"
    seen = look(more, Target.USAGE, key="name")
    assert told(seen)[0] == ("duplicate", "it is there already")
    [change] = seen.plan.rows[1].changes
    assert (change.key, change.before, change.after) == ("used", "7", "9")
    importing.apply(Job(), desk, seen)
    assert rows(desk, UsageWeek, UsageWeek.tuesday) == [(9.0,)]
    desk.undo()
    desk.undo()
    assert rows(desk, UsageWeek, UsageWeek.id) == []


def test_invoices_come_in_and_are_paid_by_the_next_file(desk: Store, look: Look) -> None:
    first = look(f"{INVOICES}Acme;17;1 200,50 ₽;31.07.2025;;\nAcme;18;5 €;31.07.2025;;отменён\n"
                 "Acme;19;5;;;\nAcme;20;5;31.07.2025;;оплачен\n", Target.INVOICES)  # fmt: skip
    assert [fate for fate, _ in told(first)] == ["new", "new", "rejected", "rejected"]
    importing.apply(Job(), desk, first)
    columns = (Invoice.number, Invoice.amount_minor, Invoice.currency, Invoice.state)
    assert rows(desk, Invoice, *columns) == [
        ("17", 120_050, "RUB", InvoiceState.OPEN), ("18", 500, "EUR", InvoiceState.CANCELLED),
    ]  # fmt: skip
    paid = f"{INVOICES}Acme;17;1 200,50;31.07.2025;15.07.2025;оплачен\n"
    seen = look(paid, Target.INVOICES, key="name")
    assert [(change.key, change.after) for change in seen.plan.rows[0].changes] == [
        ("paid_on", "2025-07-15")
    ]
    importing.apply(Job(), desk, seen)
    assert rows(desk, Invoice, *columns)[0][3] is InvoiceState.PAID


def test_answers_come_in_once_and_old_ones_call_nobody(
    desk: Store, look: Look, watch: Watch
) -> None:
    desk.do(add_shipped_forms)
    lately, long_ago = (f"{watch.at - timedelta(days=n):%Y-%m-%d} 10:00" for n in (3, 300))
    text = (
        "Client,Date,NPS,Comment\n"
        f"Acme,{lately},3,too slow\nAcme,{long_ago},2,\nAcme,{long_ago},2,\n"
        f"Acme,{lately},11,\nAcme,,9,\nAcme,2020-05-05,,\n"
    )
    seen = look(text, Target.ANSWERS)
    assert [fate for fate, _ in told(seen)] == [
        "new", "new", "duplicate", "rejected", "rejected", "rejected",
    ]  # fmt: skip
    assert "from 0 to 10" in told(seen)[3][1]
    receipt = importing.apply(Job(), desk, seen)
    assert receipt.added["survey_response"] == 2
    columns = (SurveyAnswer.question_key, SurveyAnswer.number, SurveyAnswer.text)
    assert rows(desk, SurveyAnswer, *columns) == [
        ("nps", 2, ""), ("nps", 3, ""), ("nps_reason", None, "too slow"),
    ]  # fmt: skip
    assert len(rows(desk, Task, Task.id)) == 1
    assert [fate for fate, _ in told(look(text, Target.ANSWERS))][:2] == ["duplicate", "duplicate"]
    desk.undo(receipt.step)
    assert rows(desk, SurveyAnswer, SurveyAnswer.id) == []


def test_departures_come_in_with_their_reason(desk: Store, look: Look) -> None:
    text = "Client;Left on;Notice given;Reason\nAcme;01.07.2025;01.05.2025;Price\nAcme;;;Price\n"
    seen = look(text, Target.DEPARTURES)
    assert [row.fate for row in seen.plan.rows] == [Fate.NEW, Fate.REJECTED]
    importing.apply(Job(), desk, seen)
    assert rows(desk, Departure, Departure.reason) == [(LossReason.PRICE,)]
    earlier = "Client;Left on;Reason\nAcme;01.04.2025;Price\n"
    assert told(look(earlier, Target.DEPARTURES, key="name")) == [
        ("rejected", "The client left before it gave notice.")
    ]


def test_what_the_rows_are_is_seen_by_the_names_of_the_columns(look: Look) -> None:
    heads = {
        USAGE: Target.USAGE, INVOICES: Target.INVOICES, "Client;Date;NPS;Comment\n": Target.ANSWERS,
        "Client;Left on;Reason\n": Target.DEPARTURES, "Client;Phone;Comment\n": Target.CLIENTS,
    }  # fmt: skip
    for head, target in heads.items():
        sheet = look(
            head + "Acme" + ";1" * head.count(";") + "\n", Target.CLIENTS, key="name"
        ).sheet
        assert importing.guess_target(sheet) is target
