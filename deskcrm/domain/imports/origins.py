"""Which imports there were, and whom each of them concerned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, false, func, select

from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader
from deskcrm.store.tables import change_table, step_table

_COMMAND: Final = "imports.apply"
_LISTED: Final = 50
_LOOKED_AT: Final = 50_000
"""Of so many of the latest steps: what was done before them is not looked for any more."""


@dataclass(frozen=True, slots=True)
class Origin:
    """An import that was done."""

    key: str
    """The same wherever it is seen: the device that did it, and the number of its step there."""
    at: datetime
    actor: str


def origin_of(db: Reader, step: int) -> str:
    """Give the key of an import."""
    s = step_table.c
    [(device, number)] = db.all(select(s.device, s.no).where(s.id == step))
    return _key(device, number)


def list_origins(db: Reader) -> list[Origin]:
    """List the imports of late, the newest first; those that were taken back too."""
    s = step_table.c
    newest = db.scalar(select(func.max(s.id))) or 0
    rows = db.all(
        select(s.device, s.no, s.at, func.coalesce(User.name, ""))
        .outerjoin(User, User.id == s.actor)
        .where(s.id > newest - _LOOKED_AT, s.command == _COMMAND, s.undoes.is_(None))
        .order_by(s.id.desc())
        .limit(_LISTED)
    )
    return [Origin(_key(device, number), at, actor) for device, number, at, actor in rows]


def subjects_of(key: str) -> Select[tuple[UUID]]:
    """Select whose story an import belongs to: the clients that it brought in or changed."""
    c = change_table.c
    return select(c.subject).where(c.step == _step_of(key))


def _step_of(key: str) -> ScalarSelect[int]:
    s, (device, _, number) = step_table.c, key.partition("-")
    found = select(s.id)
    try:
        found = found.where(s.device == UUID(hex=device), s.no == int(number))
    except ValueError:
        found = found.where(false())  # a view of a newer program
    return found.scalar_subquery()


def _key(device: UUID, number: int) -> str:
    return f"{device.hex}-{number}"
