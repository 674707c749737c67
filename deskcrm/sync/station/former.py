"""What this workstation did under device ids that it had before it was restored, or copied.

Those steps are done, unless they were not handed over yet, or the server is restored to a moment
before it took them: then nobody else has them. They are handed over under the id and the numbers
that they had, so that a copy which still has that id, or the same backup restored once more, hands
over the same steps, not others.
"""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from deskcrm.store.derived import read_meta
from deskcrm.store.store import Store
from deskcrm.store.tables import step_table
from deskcrm.sync.peer import Peer, SyncError, Trouble
from deskcrm.sync.protocol import Push, Result
from deskcrm.sync.station import memory, outbox

_HANDED_OVER = ("acknowledged", "settled", "refused")
_LOOKED = "former_epoch"
_s = step_table.c
_WAITING = select(_s.device).where(_s.device != bindparam("own"), _s.state == "waiting").distinct()


def answers(
    store: Store, peer: Peer, lasts: Mapping[UUID, int], now: int
) -> dict[tuple[UUID, int], Result]:
    """Ask what became of the steps that a former self handed over.

    A backup was made before that was heard. By device and number; what the server has long
    forgotten, or is too old to tell, is not in it.
    """
    found: dict[tuple[UUID, int], Result] = {}
    epoch = store.ask(lambda db: memory.recall(db.connection)).epoch
    for device, first in store.ask(lambda db: _first_waiting(db.connection, store.device)).items():
        if first > lasts.get(device, 0):
            continue
        try:
            pushed = peer.push(Push(device.bytes, epoch, first - 1, now, []))
        except SyncError as error:
            if error.trouble is not Trouble.FORKED:
                raise
            continue
        found |= {(device, one.no): one for one in pushed.results}
    return found


def _first_waiting(connection: Connection, own: UUID) -> dict[UUID, int]:
    query = select(_s.device, func.min(_s.no)).where(_s.device != own, _s.state == "waiting")
    return {row[0]: row[1] for row in connection.execute(query.group_by(_s.device))}


def is_due(connection: Connection, own: UUID, epoch: int) -> bool:
    """Tell whether this life of the server was not looked at under this id."""
    return read_meta(connection, _LOOKED) != f"{own} {epoch}"


def refill(connection: Connection, own: UUID, lasts: Mapping[UUID, int], epoch: int) -> int:
    """Queue again what the server, in this life, has not of former selves; gives how many steps."""
    newest = select(_s.device, func.max(_s.no).label("no")).where(
        _s.device != own, _s.state.in_(_HANDED_OVER)
    )
    count = 0
    for row in connection.execute(newest.group_by(_s.device)).all():
        if row.no > lasts.get(row.device, 0):
            count += outbox.refill(connection, row.device, lasts.get(row.device, 0))
    memory.remember(connection, **{_LOOKED: f"{own} {epoch}"})
    return count


def take_over(connection: Connection, own: UUID, device: UUID) -> None:
    """Make one's own what a former self never handed over, and cannot: its numbers are taken.

    It comes before what waits of the present self, which was done with it in view.
    """
    is_waiting = _s.state == "waiting"
    left = select(_s.id).where(_s.device == device, is_waiting, _s.effective_at.is_(None))
    mine = select(_s.id).where(_s.device == own, is_waiting)
    last = select(func.max(_s.no)).where(_s.device == own, ~is_waiting)
    steps = [
        *connection.execute(left.order_by(_s.no)).scalars(),
        *connection.execute(mine.order_by(_s.no)).scalars(),
    ]
    outbox.renumber(connection, own, steps, after=connection.execute(last).scalar() or 0)


def waiting(connection: Connection, own: UUID) -> list[UUID]:
    """Give the former ids under which something waits."""
    return list(connection.execute(_WAITING, {"own": own}).scalars())
