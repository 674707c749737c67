"""Forgets tombstones and exits that every workstation has long had."""

from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import Connection, bindparam, delete, select

from deskcrm.store import ledger
from deskcrm.store.derived import read_meta, write_meta
from deskcrm.store.ledger import exit_table, version_table
from deskcrm.store.tables import record_models, shape_of
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import recording

KEEP_TOMBSTONES: Final = timedelta(days=90)
_MOMENTS: Final = "moments"

_v: Final = version_table.c
_DEAD: Final = (
    select(_v.row_id)
    .where(_v.table_name == bindparam("named"), _v.is_deleted, _v.seq <= bindparam("horizon"))
    .limit(bindparam("most"))
)


def move_on(connection: Connection, now: datetime) -> None:
    """Move the horizon to what is older than the time for which tombstones are kept.

    Called day by day: how far the order is now is noted, which is how far it was then one day.
    """
    noted = msgspec.json.decode(read_meta(connection, _MOMENTS) or "[]", type=list[_Moment])
    noted.append(_Moment(now, ledger.read_head(connection, lock=True).seq))
    old = [one for one in noted if one.at <= now - KEEP_TOMBSTONES]
    left = [one for one in noted if one not in old]
    write_meta(connection, _MOMENTS, msgspec.json.encode(left).decode())
    if old:
        move_to(connection, max(one.seq for one in old))


class _Moment(msgspec.Struct, array_like=True, frozen=True):
    """How far the order was at some moment."""

    at: datetime
    seq: int


def move_to(connection: Connection, upto: int) -> None:
    """Move the horizon to a number: what was deleted up to there may be forgotten from now on.

    A workstation whose cursor is behind is then told what lives instead of what died.
    """
    head = ledger.read_head(connection, lock=True)
    upto = min(upto, head.seq)
    connection.execute(delete(exit_table).where(exit_table.c.seq <= upto))
    ledger.set_head(connection, horizon=max(head.horizon, upto))


def drop_tombstones(connection: Connection, most: int) -> int:
    """Remove some of what was deleted before the horizon, for good; gives how many rows.

    Less than ``most`` means that none is left. The order stands still meanwhile, so what may be
    much is dropped in pieces, each in a transaction of its own; one that fails leaves the rest for
    another day.
    """
    horizon = ledger.read_head(connection, lock=True).horizon
    v, count = version_table.c, 0
    for shape in map(shape_of, record_models()):
        named = {"named": shape.name, "horizon": horizon, "most": most - count}
        ids = connection.execute(_DEAD, named).scalars().all()
        for chunk in in_chunks(ids):
            with recording(connection):
                connection.execute(delete(shape.table).where(shape.table.c.id.in_(chunk)))
            chosen = (v.table_name == shape.name) & v.row_id.in_(chunk)
            connection.execute(delete(version_table).where(chosen))
        count += len(ids)
        if count >= most:
            break
    return count
