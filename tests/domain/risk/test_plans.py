"""How the database reads signals: by the client, however many clients are asked for at once."""

from typing import Any

import pytest
from sqlalchemy import event

from deskcrm.base.ids import new_id
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.risk.scoring import score_clients
from deskcrm.domain.risk.signals import read_signals
from deskcrm.store import raw
from deskcrm.store.store import Store

MANY = [ClientId(new_id()) for _ in range(1_000)]
"""With so many the planner prefers any index that narrows at all, unless it has no choice."""
OF_NO_TABLE = ("SCAN word", "SCAN heard")
BY_WHOM = ("(client_id=?", "(client_id>?", "(id=?", "(id>?", "(ticket_id=?")


def plans(desk: Store, statements: list[tuple[str, Any]]) -> list[str]:
    """Give how the tables of these statements are looked through."""
    with desk.database.readers.connect() as connection:
        return [
            row[3]
            for statement, values in statements
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(values))
            if row[3].startswith(("SEARCH", "SCAN"))
            and "subquery" not in row[3]
            and row[3] not in OF_NO_TABLE
        ]


def by_others(found: list[str]) -> list[str]:
    """Give those that go by another way than from clients to what is theirs."""
    return [one for one in found if not any(way in one for way in BY_WHOM)]


@pytest.fixture
def asked(desk: Store, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Give what is asked of the database from now on."""
    seen: list[tuple[str, Any]] = []
    fetch = raw.fetch

    def note(connection: Any, statement: str, values: Any = ()) -> Any:
        seen.append((statement, values))
        return fetch(connection, statement, values)

    def hear(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and len(parameters) > 100:
            seen.append((statement, parameters))

    monkeypatch.setattr(raw, "fetch", note)
    event.listen(desk.database.readers, "before_cursor_execute", hear)
    return seen


def test_signals_of_many_clients_are_read_by_the_client(
    desk: Store, asked: list[tuple[str, Any]]
) -> None:
    desk.ask(read_signals, MANY)
    desk.ask(score_clients, MANY)
    desk.ask(read_signals, sorted(MANY), is_run=True)
    found = plans(desk, asked)
    assert len(found) > 30
    assert by_others(found) == []


def test_a_plan_by_another_way_would_be_seen(desk: Store) -> None:
    """Control: this is how contracts were asked for, and every client read all of them."""
    marks = ",".join("?" * len(MANY))
    statement = (
        f"SELECT id FROM contract WHERE client_id IN ({marks}) AND is_deleted = 0"
        " AND status IN ('active', 'notice_given')"
    )
    assert by_others(plans(desk, [(statement, [one.bytes for one in MANY])])) != []
