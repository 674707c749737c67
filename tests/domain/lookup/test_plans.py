"""How the database finds the addresses of whoever is filed: by whose they are, not through all."""

from typing import Any

from sqlalchemy import event

from deskcrm.domain.clients.commands import rename_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.store.store import Store


def ways(desk: Store, client: ClientId) -> set[str]:
    """Give how addresses are found while a client is renamed."""
    asked: list[tuple[str, Any]] = []

    def hear(_c: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and "FROM contact_point" in statement:
            asked.append((statement, values))

    event.listen(desk.database.writer, "before_cursor_execute", hear)
    desk.do(rename_client, client, name="Apex")
    event.remove(desk.database.writer, "before_cursor_execute", hear)
    assert asked
    with desk.database.readers.connect() as connection:
        return {
            row[3]
            for statement, values in asked
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            if "contact_point" in row[3]
        }


def test_the_addresses_of_a_client_are_found_by_the_client(desk: Store, client: ClientId) -> None:
    assert ways(desk, client) == {
        "SEARCH contact_point USING INDEX ix_contact_point_client_id (client_id=?)"
    }


def test_an_index_of_all_contacts_would_be_taken_for_it(desk: Store, client: ClientId) -> None:
    with desk.database.writer.begin() as connection:
        connection.exec_driver_sql("CREATE INDEX of_all ON contact_point (contact_id)")
    assert any("of_all" in way for way in ways(desk, client))
