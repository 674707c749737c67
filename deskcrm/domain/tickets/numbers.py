"""Ticket numbers that a device can give out alone, so that the client hears one on the phone.

A device takes a block of a thousand numbers and counts within it. The first device of a
workspace, where there is no ticket yet, takes 1,000 to 1,999; any other begins at a block drawn
from its own id, in the millions, past every block in which it has seen a ticket. Two devices
that draw without having met share a block once in 9,000 times; a number is therefore not unique
in the database, and looking one up gives every ticket that has it. Numbers that were given out
are not given again, not even when the ticket is undone: somebody may have written it down.
A server that leases blocks replaces :func:`_choose_block`, and nothing else.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select

from deskcrm.domain.tickets.model import NumberBlock, Ticket
from deskcrm.store.reader import Reader
from deskcrm.store.work import Work

_SERIES: Final = "ticket"
_BLOCK: Final = 1_000
_FIRST_BLOCK: Final = 1
_DRAWN_FROM: Final = 1_000
_DRAWN_TO: Final = 10_000


def take_number(work: Work) -> int:
    """Give the next ticket number of this device."""
    return next(take_numbers(work, 1))


def take_numbers(work: Work, count: int) -> Iterator[int]:
    """Give so many ticket numbers; for a bulk write of tickets."""
    for _ in range(count):
        block = work.find_local(NumberBlock, _SERIES)
        if block is None:
            start = _choose_block(work) * _BLOCK
            block = work.add(
                NumberBlock(series=_SERIES, next_number=start, last_number=start + _BLOCK - 1)
            )
        elif block.next_number > block.last_number:
            start = _choose_block(work) * _BLOCK
            block.next_number, block.last_number = start, start + _BLOCK - 1
        number = block.next_number
        block.next_number = number + 1
        yield number


def _choose_block(work: Work) -> int:
    """Choose a block in which no ticket was ever seen; the next one, once this device has one."""
    own = work.find_local(NumberBlock, _SERIES)
    if own is not None:
        candidate = own.last_number // _BLOCK + 1
    elif work.first(select(Ticket.id).limit(1)) is None:
        candidate = _FIRST_BLOCK
    else:
        candidate = _DRAWN_FROM + work.device.int % (_DRAWN_TO - _DRAWN_FROM)
    while _is_taken(work, candidate):
        candidate += 1
    return candidate


def _is_taken(db: Reader, block: int) -> bool:
    inside = select(Ticket.id).where(
        Ticket.number >= block * _BLOCK, Ticket.number < (block + 1) * _BLOCK
    )
    return db.first(inside.limit(1)) is not None
