"""Ticket numbers: the client hears one on the phone, whether or not the server can be reached."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select

from deskcrm.domain.tickets.model import Ticket
from deskcrm.store import series
from deskcrm.store.reader import Reader
from deskcrm.store.series import Series, register_series
from deskcrm.store.work import Work


def _is_seen(db: Reader, first: int, last: int) -> bool:
    # Also deleted ones: somebody may have written the number down.
    inside = select(Ticket.id).where(Ticket.number >= first, Ticket.number <= last)
    return db.first(inside.limit(1)) is not None


TICKETS: Final = register_series(Series("ticket", _is_seen))


def take_number(work: Work) -> int:
    """Give the next ticket number of this device."""
    return next(take_numbers(work, 1))


def take_numbers(work: Work, count: int) -> Iterator[int]:
    """Give so many ticket numbers; for a bulk write of tickets."""
    return series.take_numbers(work, TICKETS, count)
