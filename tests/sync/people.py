"""Two people with real profiles who work apart, and what both have in the end."""

from typing import Any

from deskcrm.store.tables import record_models, shape_of
from deskcrm.sync.station.receipt import Receipt
from tests.sync.desks import Desk
from tests.sync.http_world import rows_of


def both(*desks: Desk) -> list[Receipt]:
    """Let everybody exchange everything until nothing is new."""
    receipts = [desk.sync() for _ in range(2) for desk in desks]
    for receipt in receipts:
        assert (receipt.waiting, receipt.agrees, receipt.was_repaired) == (0, True, False)
    return receipts


def tables(desk: Desk) -> dict[str, list[Any]]:
    """Give every row that a workstation shows."""
    names = [shape_of(model).name for model in record_models()]
    return {name: [tuple(row) for row in rows_of(desk.store, name)] for name in names}


def one(desk: Desk, table: str, row_id: Any) -> Any:
    """Give the living row with an id."""
    (found,) = [row for row in rows_of(desk.store, table) if row.id == row_id]
    return found
