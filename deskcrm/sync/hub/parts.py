"""Keeps the parts of a step that is too large for one message, until all of it is there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, delete, func, insert, select

from deskcrm.sync.framing import OpsDigest
from deskcrm.sync.protocol import Op, Part, Step, pack, unpack
from deskcrm.sync.tables import part_table

KEPT: Final = timedelta(days=30)
"""How long the parts of a step are kept that nobody goes on sending."""
_p = part_table.c
_LET_GO: Final = delete(part_table).where(_p.device == bindparam("this"))


class Ops(msgspec.Struct, array_like=True):
    """What a part holds."""

    ops: list[Op]


def keep(connection: Connection, device: UUID, part: Part, now: datetime) -> int:
    """Keep a part that comes next; gives how many ops of the step are here.

    Parts of another step, or of another version of it, are let go: only one is on its way. So are
    those of any device that were abandoned.
    """
    step = part.step
    of_another = (_p.device == device) & ((_p.no != step.no) | (_p.digest != part.digest))
    connection.execute(delete(part_table).where(of_another | (_p.at < now - KEPT)))
    count = select(func.coalesce(func.sum(_p.ops), 0)).where(_p.device == device)
    here = int(connection.execute(count).scalar_one())
    if here != part.first or not step.ops:
        return here
    values = {
        "device": device,
        "first": here,
        "no": step.no,
        "digest": part.digest,
        "ops": len(step.ops),
        "content": pack(Ops(step.ops)),
        "at": now,
    }
    connection.execute(insert(part_table).values(values))
    return here + len(step.ops)


def are_whole(connection: Connection, device: UUID, digest: bytes) -> bool:
    """Tell whether all parts together are what the workstation meant to send."""
    made = OpsDigest()
    for ops in _parts(connection, device):
        made.add(ops)
    return made.value() == digest


def chunks(connection: Connection, device: UUID, step: Step, size: int) -> Iterator[Step]:
    """Give the step with so many of its ops at a time."""
    held: list[Op] = []
    for ops in _parts(connection, device):
        held += ops
        while len(held) >= size:
            yield msgspec.structs.replace(step, ops=held[:size])
            del held[:size]
    if held:
        yield msgspec.structs.replace(step, ops=held)


def let_go(connection: Connection, device: UUID) -> None:
    """Forget the parts of a device: the step was taken, or is another."""
    connection.execute(_LET_GO, {"this": device})


def _parts(connection: Connection, device: UUID) -> Iterator[list[Op]]:
    firsts = select(_p.first).where(_p.device == device).order_by(_p.first)
    for first in connection.execute(firsts).scalars().all():
        query = select(_p.content).where(_p.device == device, _p.first == first)
        yield unpack(Ops, bytes(connection.execute(query).scalar_one())).ops
