"""The tags on a card: how many clients and tickets wear each; renamed, put together, deleted."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import ntr, ptr, tr
from deskcrm.domain.tags.commands import delete_tag, merge_tags, rename_tag
from deskcrm.domain.tags.queries import TagRow, list_tags
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice, Line
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll, height_at


class TagsCard(Overlay):
    """Opens itself over the window."""

    def __init__(self, desk: Desk, over: QWidget) -> None:
        super().__init__(over.window(), width=520, top=0.08)
        self.desk = desk
        self._over = over
        self.tags: list[TagRow] = []
        self.lines = parts.column(spacing=2)
        self._inside = QWidget()
        self._inside.setLayout(parts.column(self.lines, None, margins=(24, 0, 12, 16)))
        close = parts.icon_button("close", tr("Close"), self.close_card)
        heading = parts.label(tr("Tags"), "heading")
        self._head = parts.row(heading, None, close, margins=(24, 16, 12, 8))
        self.card.setLayout(parts.column(self._head, Scroll(self._inside), spacing=0))
        self.closed.connect(self.deleteLater)
        self.open_card()
        desk.touched.connect(self._hear)
        self._ask()

    def height_wanted(self) -> int:
        """Tall enough for all tags, where the window has room."""
        return height_at(self._inside, self._width) + self._head.sizeHint().height() + 4

    def _hear(self, tables: frozenset[str]) -> None:
        if {"tag", "client_tag", "client", "ticket_tag", "ticket"} & tables:
            self._ask()

    def _ask(self) -> None:
        self.desk.ask((self, "tags"), list_tags).then(self._show)

    def _show(self, tags: list[TagRow]) -> None:
        self.tags = tags
        parts.clear(self.lines)
        for tag in tags:
            self.lines.addWidget(self._line(tag))
        if not tags:
            why = tr(
                "There are none yet. Put one on a client or a ticket: it is made by typing it."
            )
            self.lines.addWidget(parts.label(why, "muted", wrap=True))
        self.relayout()

    def _line(self, tag: TagRow) -> QWidget:
        line = QWidget()
        row = parts.row(spacing=4)
        row.addWidget(parts.Picture("tag", "faint", 14))
        row.addWidget(parts.ElidedLabel(tag.name), 1)
        worn = [
            ntr("{n} client", "{n} clients", tag.clients) if tag.clients or not tag.tickets else "",
            ntr("{n} ticket", "{n} tickets", tag.tickets) if tag.tickets else "",
        ]
        row.addWidget(parts.label(" · ".join(filter(None, worn)), "muted"))
        for icon, words, run in (
            ("edit", tr("Rename {name}", name=tag.name), self.open_rename),
            ("merge", tr("Put {name} together with another", name=tag.name), self.open_merge),
            ("trash", tr("Delete {name}", name=tag.name), self.delete),
        ):
            row.addWidget(parts.icon_button(icon, words, partial(run, tag)))
        line.setLayout(row)
        return line

    def open_rename(self, tag: TagRow) -> None:
        """Ask for another name."""
        FormCard(
            self.desk,
            self._over,
            tr("Rename tag"),
            [Line("name", ptr("thing", "Name"), required=True)],
            lambda values: self.desk.do(rename_tag, tag.id, name=values["name"]).tell(),
            place="tags.rename",
            subject=tag.id.hex,
            values={"name": tag.name},
            width=420,
        )

    def open_merge(self, tag: TagRow) -> None:
        """Ask for the tag that this one becomes."""
        others = [(one.id, one.name) for one in self.tags if one.id != tag.id]

        def save(values: dict[str, Any]) -> Any:
            return self.desk.do(merge_tags, values["into"], others=[tag.id]).tell()

        FormCard(
            self.desk,
            self._over,
            tr("Put {name} together with another", name=tag.name),
            [Choice("into", tr("It becomes"), others, none=tr("Choose…"), required=True)],
            save,
            place="tags.merge",
            subject=tag.id.hex,
            button=tr("Put together"),
            width=420,
        )

    def delete(self, tag: TagRow) -> None:
        """Take the tag away from everybody; Undo brings it back."""
        self.desk.do(delete_tag, tag.id).tell()
