"""What the server writes by itself gets its number, whatever the columns are called."""

from uuid import UUID

from deskcrm.base.ids import new_id
from deskcrm.server import fence
from deskcrm.server.place import Place, keeping
from deskcrm.store.ledger import Key, Version
from deskcrm.store.numbering import set_seq
from deskcrm.store.tables import WORKSPACE, record_models, shape_of


def test_rows_of_every_table_can_be_numbered(place: Place) -> None:
    shapes = [shape_of(model) for model in record_models()]
    assert any("number" in shape.columns for shape in shapes)  # it once meant the new value of it
    rows: dict[UUID, str] = {new_id(): str(shape.name) for shape in shapes}
    versions: dict[Key, Version] = {
        (table, row): Version(table, row, WORKSPACE, 7, False, 7, WORKSPACE)
        for row, table in rows.items()
    }
    with keeping(place) as store, fence.as_server(), store.database.writer.begin() as connection:
        set_seq(connection, versions)
