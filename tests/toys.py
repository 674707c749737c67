"""Two toy records and their commands, for tests of the store, which knows no CRM words."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import cycle
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.base.errors import UserError
from deskcrm.base.ids import meant_id
from deskcrm.store.commands import command
from deskcrm.store.tables import Local, Record
from deskcrm.store.types import Merge, merges, refers
from deskcrm.store.work import Work


class Colour(StrEnum):
    """A colour."""

    RED = "red"
    DARK_BLUE = "dark_blue"


class Stage(StrEnum):
    """How a box stands; open wins, since somebody may need it."""

    CLOSED = "closed"
    OPEN = "open"


def merge_stages(mine: Stage, theirs: Stage) -> Stage:
    """Decide between two stages set without knowledge of one another."""
    return Stage.OPEN if Stage.OPEN in (mine, theirs) else theirs


class ToyBox(Record, kw_only=True):
    """A box."""

    __tablename__ = "toy_box"
    __title__ = "name"

    name: Mapped[str]
    colour: Mapped[Colour] = mapped_column(default=Colour.RED)
    opened: Mapped[int] = mapped_column(default=0, info=merges(Merge.COUNT))
    bought_on: Mapped[date | None] = mapped_column(default=None)
    labels: Mapped[list[str]] = mapped_column(default_factory=list)
    notes: Mapped[str] = mapped_column(default="", info=merges(Merge.TEXT))
    stage: Mapped[Stage] = mapped_column(
        default=Stage.CLOSED, info={**merges(Merge.STATE), "rule": merge_stages}
    )
    due_on: Mapped[date | None] = mapped_column(default=None, info=merges(Merge.EARLIER))
    width: Mapped[int] = mapped_column(default=1, info=merges(Merge.REGISTER, group="size"))
    height: Mapped[int] = mapped_column(default=1, info=merges(Merge.REGISTER, group="size"))


class ToyThing(Record, kw_only=True):
    """A thing in a box."""

    __tablename__ = "toy_thing"
    __subject__ = "toy_box_id"
    __title__ = "name"

    toy_box_id: Mapped[UUID] = mapped_column(index=True, info=refers("toy_box"))
    name: Mapped[str]


class ToyMark(Record, kw_only=True):
    """That a box wears a label: whoever puts it on, it is the same mark."""

    __tablename__ = "toy_mark"
    __subject__ = "toy_box_id"

    toy_box_id: Mapped[UUID] = mapped_column(index=True, info=refers("toy_box", Merge.FINAL))
    label: Mapped[str] = mapped_column(info=merges(Merge.FINAL))

    @classmethod
    def work_out_id(cls, values: Mapping[str, Any]) -> UUID | None:
        """Give the one id of this label on this box."""
        return meant_id("toy_mark", values["toy_box_id"], values["label"])


class ToyNote(Local, kw_only=True):
    """A note of this device."""

    __tablename__ = "toy_note"

    key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


def declare() -> None:
    """Do nothing: importing this module is what maps the toys."""


@command("toys.add_box", "Add box")
def add_box(work: Work, *, name: str, scope: UUID | None = None) -> UUID:
    """Add a box."""
    if not name.strip():
        raise UserError("A box needs a name.", "Type one.")
    box = ToyBox(name=name)
    if scope is not None:
        box.scope = scope
    return work.add(box).id


@command("toys.add_old_box", "Add old box")
def add_old_box(work: Work, *, name: str, made: datetime) -> None:
    """Add a box that is older than its step."""
    work.insert_many(ToyBox, [{"name": name, "created_at": made}])


@command("toys.found", "Found", can_undo=False)
def found(work: Work, *, name: str) -> UUID:
    """Add a box that stays, whatever is undone."""
    return work.add(ToyBox(name=name)).id


@command("toys.rename_box", "Rename box")
def rename_box(work: Work, box_id: UUID, *, name: str) -> None:
    """Rename a box."""
    work.get(ToyBox, box_id).name = name


@command("toys.paint_box", "Paint box")
def paint_box(work: Work, box_id: UUID, *, colour: Colour) -> None:
    """Paint a box."""
    work.get(ToyBox, box_id).colour = colour


@command("toys.edit_box", "Edit box")
def edit_box(work: Work, /, box_id: UUID, **values: Any) -> None:
    """Set any columns of a box."""
    box = work.get(ToyBox, box_id)
    for key, value in values.items():
        setattr(box, key, value)


@command("toys.open_box", "Open box")
def open_box(work: Work, box_id: UUID, *, times: int = 1) -> None:
    """Count that a box was opened."""
    work.get(ToyBox, box_id).opened += times


@command("toys.delete_box", "Delete box")
def delete_box(work: Work, box_id: UUID) -> None:
    """Delete a box and what is in it."""
    work.delete(work.get(ToyBox, box_id))


@command("toys.put", "Put in")
def put(work: Work, box_id: UUID, *, name: str) -> UUID:
    """Put a thing into a box."""
    work.get(ToyBox, box_id)
    return work.add(ToyThing(toy_box_id=box_id, name=name)).id


@command("toys.move", "Move")
def move(work: Work, thing_id: UUID, *, box_id: UUID) -> None:
    """Move a thing to another box."""
    work.get(ToyThing, thing_id).toy_box_id = box_id


@command("toys.fill", "Fill")
def fill(work: Work, box_id: UUID, *, names: list[str]) -> int:
    """Put many things into a box at once."""
    return work.insert_many(ToyThing, ({"toy_box_id": box_id, "name": name} for name in names))


@command("toys.spread", "Spread")
def spread(work: Work, box_ids: Sequence[UUID], *, names: Sequence[str]) -> None:
    """Put things into boxes in turn, all at once."""
    boxes = cycle(box_ids)
    rows = ({"toy_box_id": next(boxes), "name": name} for name in names)
    work.insert_many(ToyThing, rows)


@command("toys.mark", "Mark")
def mark(work: Work, box_id: UUID, *, label: str) -> UUID:
    """Put a label on a box."""
    return work.put(ToyMark, toy_box_id=box_id, label=label).id


@command("toys.unmark", "Unmark")
def unmark(work: Work, mark_id: UUID) -> None:
    """Take a label off a box."""
    work.delete(work.get(ToyMark, mark_id))


@command("toys.delete_boxes", "Delete boxes")
def delete_boxes(work: Work, box_ids: Sequence[UUID]) -> None:
    """Delete many boxes at once."""
    for box_id in box_ids:
        work.delete(work.get(ToyBox, box_id))


@command("toys.jot", "Jot")
def jot(work: Work, key: str, *, text: str) -> None:
    """Keep a note on this device."""
    found = work.find_local(ToyNote, key)
    if found is None:
        work.add(ToyNote(key=key, text=text))
    else:
        found.text = text
