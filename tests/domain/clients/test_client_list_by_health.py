"""The list of clients by their risk: whom too little is known of comes last, up and down."""

from typing import Any

import pytest
from sqlalchemy import event

import deskcrm.domain.all  # noqa: F401 - a deleted client's score goes with it
from deskcrm.domain.clients import order
from deskcrm.domain.clients.commands import create_company, delete_clients, edit_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.clients.queries import list_client_ids, page_clients
from deskcrm.domain.risk.scoring import Scored, keep_scores
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.commands import command
from deskcrm.store.store import Store
from deskcrm.store.work import Work

EVERYBODY = Filter()
OMSK = Filter().also("city", Comparison.IS, "Omsk")
BUSY = Filter().also("open_tickets", Comparison.AT_LEAST, 1)
CALM = Filter().also("open_tickets", Comparison.IS, 0)


@command("test.score", "Score")
def score(work: Work, scores: list[Scored]) -> None:
    """Keep scores as a round would."""
    keep_scores(work, scores)


@pytest.fixture
def clients(desk: Store) -> list[ClientId]:
    """Give six clients: of Б and Д too little is known, and Е has no score."""
    made = [desk.do(create_company, name=name).value for name in "АБВГДЕ"]
    risks = ((0.2, 0.9), (0.9, 0.4), (0.6, 0.5), (0.1, 0.7), (0.3, 0.0))
    at = desk.clock()
    scores = [
        Scored(one, at, 0.0, risk, coverage, "v")
        for one, (risk, coverage) in zip(made, risks, strict=False)
    ]
    desk.do(score, scores)
    for one in made[1:3]:
        desk.do(edit_client, one, city="Omsk")
    return made


def names(desk: Store, asked: Filter = EVERYBODY, **how: Any) -> str:
    rows = desk.ask(page_clients, asked=asked, sort="health", **how)
    return "".join(row.name for row in rows)


def test_whom_too_little_is_known_of_comes_last_up_and_down(
    desk: Store, clients: list[ClientId]
) -> None:
    assert names(desk) == "ГАВ" + "БДЕ"
    assert names(desk, descending=True) == "ВАГ" + "БДЕ"


@pytest.mark.parametrize("few", [5_000, 0])
def test_some_clients_are_sorted_as_all_are(
    desk: Store, clients: list[ClientId], monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(order, "FEW", few)
    assert names(desk, OMSK) == names(desk, OMSK, descending=True) == "ВБ"
    assert names(desk, BUSY) == ""
    assert names(desk, CALM, descending=True) == "ВАГБДЕ"


@pytest.mark.parametrize("asked", [EVERYBODY, CALM])
@pytest.mark.parametrize("few", [5_000, 0])
def test_pages_join_across_the_edge_of_what_is_known(
    desk: Store, clients: list[ClientId], monkeypatch: pytest.MonkeyPatch, asked: Filter, few: int
) -> None:
    monkeypatch.setattr(order, "FEW", few)  # 0: far pages are walked from the end
    whole = names(desk, asked, descending=True)
    for size in (1, 2, 4):
        pages = [
            names(desk, asked, descending=True, offset=at, limit=size) for at in range(0, 6, size)
        ]
        assert "".join(pages) == whole
        assert names(desk, asked, offset=6, limit=size) == ""
    assert len(desk.ask(list_client_ids, asked=asked, sort="health")) == 6


def test_a_deleted_client_leaves_at_once(desk: Store, clients: list[ClientId]) -> None:
    desk.do(delete_clients, clients[2:3])
    assert names(desk) == "ГА" + "БДЕ"


def test_a_page_is_read_from_an_index_that_holds_no_other(
    desk: Store, clients: list[ClientId]
) -> None:
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(desk.database.readers, "before_cursor_execute", note)
    desk.ask(list_client_ids, sort="health", descending=True)
    statement, values = next(one for one in seen if "ORDER BY client_health" in one[0])
    with desk.database.readers.connect() as connection:
        (plan,) = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    assert plan[3] == "SCAN client_health USING INDEX ix_client_health_known"
