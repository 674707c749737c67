"""A plan is written as it was seen while nothing was written meanwhile, and else made again."""

import pytest

from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import Client
from deskcrm.domain.imports import importing, writing
from deskcrm.store.store import Store
from tests.domain.behind import behind
from tests.domain.imports.conftest import Look, living


class PlannedAgain(Exception):
    """The rows were planned once more."""


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> None:
    def plan(*_: object) -> None:
        raise PlannedAgain

    monkeypatch.setattr(writing, "plan_rows", plan)


def test_what_was_seen_is_written_while_nothing_else_was(
    desk: Store, look: Look, planned: None
) -> None:
    seen = look("Name,Phone\nAcme,+7 495 123-45-67\nBeta,\n")
    receipt = importing.apply(Job(), desk, seen)
    assert receipt.added == {"client": 2, "contact_point": 1}
    assert behind(desk) == []
    with pytest.raises(PlannedAgain):  # it is there now
        importing.apply(Job(), desk, seen)


@pytest.mark.parametrize("write", ["do", "undo"])
def test_whatever_is_written_meanwhile_makes_the_plan_anew(
    desk: Store, look: Look, planned: None, write: str
) -> None:
    desk.do(create_company, name="Gamma")
    seen = look("Name\nAcme\nBeta\n")
    if write == "do":
        desk.do(create_company, name="Delta")
    else:
        desk.undo()
    there = living(desk, Client)
    with pytest.raises(PlannedAgain):
        importing.apply(Job(), desk, seen)
    assert living(desk, Client) == there
