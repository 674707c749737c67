"""A small real screen over the toy boxes, for tests of the kit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QLineEdit, QWidget
from sqlalchemy import Select, func, select

from deskcrm.base.words import tr
from deskcrm.store.commands import command
from deskcrm.store.reader import Reader
from deskcrm.store.work import Work
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.tokens import Tone
from tests.toys import Colour, ToyBox


@dataclass(frozen=True, slots=True)
class BoxRow:
    """A box in a list."""

    id: UUID
    name: str
    colour: str
    opened: int


@command("toys.fill_shelf", "Fill shelf")
def fill_shelf(work: Work, *, count: int, name: str = "Box") -> None:
    """Add many boxes."""
    work.insert_many(
        ToyBox,
        ({"name": f"{name} {n:07}", "colour": Colour.RED, "opened": n} for n in range(count)),
    )


def _matching(search: str) -> Select[UUID, str, Colour, int]:
    found = select(ToyBox.id, ToyBox.name, ToyBox.colour, ToyBox.opened)
    return found.where(~ToyBox.is_deleted, ToyBox.name.contains(search))


def count_boxes(db: Reader, *, search: str = "") -> int:
    """Count boxes."""
    return db.scalar(select(func.count()).select_from(_matching(search).subquery())) or 0


def list_boxes(
    db: Reader, *, offset: int, limit: int, sort: str, descending: bool, search: str = ""
) -> Sequence[BoxRow]:
    """List boxes."""
    column = ToyBox.opened if sort == "opened" else ToyBox.name
    order = column.desc() if descending else column.asc()
    rows = db.all(_matching(search).order_by(order).offset(offset).limit(limit))
    return [BoxRow(r.id, r.name, r.colour, r.opened) for r in rows]


class BoxesScreen(ListDetail[BoxRow]):
    """Boxes."""

    place = "boxes"
    title = "Boxes"
    icon = "inbox"
    watches = frozenset({"toy_box"})
    count_query = staticmethod(count_boxes)
    page_query = staticmethod(list_boxes)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.search: QLineEdit = parts.search_line(tr("Search"), lambda _: self.load())
        self.under_head.addWidget(self.search)
        self.head.addWidget(parts.button("New box", look="primary", icon="plus"))

    def columns(self) -> Sequence[Column[BoxRow]]:
        return [
            Column(
                "Name",
                lambda row: row.name,
                under=lambda row: f"opened {row.opened} times",
                chips=lambda row: [Chip("VIP", Tone.VIP, "vip")] if row.opened % 3 == 0 else [],
                avatar=lambda row: row.name,
                strong=True,
                sort="name",
                stretch=True,
            ),
            Column("Opened", lambda row: str(row.opened), sort="opened", width=90, right=True),
        ]

    def filters(self) -> dict[str, Any]:
        search = getattr(self, "search", None)
        return {"search": search.text() if search is not None else ""}

    def build_record(self) -> QWidget:
        self.name = parts.ElidedLabel("", "display")
        page = parts.surface("panel")
        page.setLayout(parts.column(self.name, None, margins=24))
        return page

    def show_row(self, row: BoxRow) -> None:
        self.name.setText(row.name)
