"""Forgets tombstones and exits that every workstation has long had."""

from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Connection, delete, select

from deskcrm.store import ledger
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.ledger import exit_table, version_table
from deskcrm.store.tables import record_models, shape_of
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import recording

KEEP_TOMBSTONES: Final = timedelta(days=90)
_MOMENTS: Final = "moments"


def drop_old(connection: Connection, now: datetime) -> int:
    """Remove what was deleted before the time for which tombstones are kept; gives how many rows.

    Called day by day: how far the order is now is noted, which is how far it was then one day.
    """
    noted = msgspec.json.decode(read_meta(connection, _MOMENTS) or "[]", type=list[_Moment])
    noted.append(_Moment(now, ledger.read_head(connection, lock=True).seq))
    old = [one for one in noted if one.at <= now - KEEP_TOMBSTONES]
    left = [one for one in noted if one not in old]
    write_meta(connection, _MOMENTS, msgspec.json.encode(left).decode())
    return drop_tombstones(connection, max(one.seq for one in old)) if old else 0


class _Moment(msgspec.Struct, array_like=True, frozen=True):
    """How far the order was at some moment."""

    at: datetime
    seq: int


def drop_tombstones(connection: Connection, upto: int) -> int:
    """Remove what was deleted under a number up to ``upto``, for good; gives how many rows.

    A workstation whose cursor is behind is then told what lives instead of what died.
    """
    head = ledger.read_head(connection, lock=True)
    upto = min(upto, head.seq)
    v, count = version_table.c, 0
    for shape in map(shape_of, record_models()):
        dead = (v.table_name == shape.name) & v.is_deleted & (v.seq <= upto)
        ids = connection.execute(select(v.row_id).where(dead)).scalars().all()
        for chunk in in_chunks(ids):
            with recording(connection):
                connection.execute(delete(shape.table).where(shape.table.c.id.in_(chunk)))
            chosen = (v.table_name == shape.name) & v.row_id.in_(chunk)
            connection.execute(delete(version_table).where(chosen))
        count += len(ids)
    connection.execute(delete(exit_table).where(exit_table.c.seq <= upto))
    ledger.set_head(connection, horizon=max(head.horizon, upto))
    return count
