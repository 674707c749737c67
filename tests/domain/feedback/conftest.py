"""Forms that are there to ask with, and what is written down and read again."""

from typing import Any

import pytest
from sqlalchemy import select

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.feedback.answers import Given
from deskcrm.domain.feedback.commands import (
    record_answers,
)
from deskcrm.domain.feedback.forms import (
    add_shipped_forms,
    shipped_form_id,
)
from deskcrm.domain.feedback.model import (
    CaptureWay,
    SurveyResponseId,
)
from deskcrm.domain.tasks.model import Task
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store

STANDARD = shipped_form_id("standard")
LOW = [
    Given("nps", number=3),
    Given("nps_reason", text="Nobody calls back"),
    Given("delivery", number=5),
]


@pytest.fixture(autouse=True)
def forms(desk: Store, client: ClientId) -> None:
    desk.do(add_shipped_forms)


def answer(desk: Store, client: ClientId, given: Any = LOW, **more: Any) -> SurveyResponseId:
    values: dict[str, Any] = {"form_id": STANDARD, "way": CaptureWay.PHONE, **more}
    response: SurveyResponseId = desk.do(record_answers, client, answers=given, **values).value
    return response


def rows(db: Reader, model: Any) -> list[Any]:
    return list(db.all(select(model.__table__).where(~model.is_deleted).order_by(model.id)))


def tasks(desk: Store) -> list[Any]:
    return desk.ask(rows, Task)
