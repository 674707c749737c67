"""How the database reads the lists of work: from indexes that hold nothing else."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.tasks.queries import count_tasks, list_due_tasks, page_tasks
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.queries import count_tickets, list_open_tickets, page_tickets
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store
from tests.watch import START

OPEN = Filter().also("is_open", Comparison.IS, True)
MINE = OPEN.also("owner", Comparison.IS, "me")
TODAY = START.date()


def plan(desk: Store, query: Callable[..., Any], *args: Any, **how: Any) -> str:
    """Ask, and give the plans of every statement that it took."""
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(desk.database.readers, "before_cursor_execute", note)
    try:
        desk.ask(query, *args, **how)
    finally:
        event.remove(desk.database.readers, "before_cursor_execute", note)
    with desk.database.readers.connect() as connection:
        return "\n".join(
            row[3]
            for statement, parameters in seen
            if statement.startswith("SELECT")
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        )


@pytest.mark.parametrize(
    ("query", "how", "index"),
    [
        (count_tickets, {"asked": OPEN}, "COVERING INDEX ix_ticket_open_by_"),
        (page_tickets, {"asked": OPEN}, "COVERING INDEX ix_ticket_open_by_arrival"),
        (
            page_tickets,
            {"asked": OPEN, "sort": "priority", "descending": False},
            "COVERING INDEX ix_ticket_open_by_priority",
        ),
        (page_tickets, {"asked": MINE}, "ix_ticket_open_by_owner (owner_id=?)"),
        (page_tickets, {}, "COVERING INDEX ix_ticket_living_by_arrival"),
        (count_tasks, {"asked": OPEN}, "COVERING INDEX ix_task_open_by_"),
        (page_tasks, {"asked": OPEN}, "COVERING INDEX ix_task_open_by_due"),
        (page_tasks, {}, "COVERING INDEX ix_task_living_by_due"),
        (list_due_tasks, {"by": TODAY}, "ix_task_open_by_assignee (assignee_id=? AND due_on<?)"),
    ],
)
def test_a_list_is_read_from_its_own_index(
    desk: Store, client: ClientId, query: Callable[..., Any], how: dict[str, Any], index: str
) -> None:
    desk.do(open_ticket, client, subject="Dark")
    steps = plan(desk, query, **how)
    assert index in steps
    assert "TEMP B-TREE" not in steps


def test_a_clients_open_tickets_are_looked_up(desk: Store, client: ClientId) -> None:
    desk.do(open_ticket, client, subject="Dark")
    steps = plan(desk, list_open_tickets, client)
    assert "(client_id=?)" in steps
    assert "sqlite_autoindex_ticket_1 (id=?)" in steps
