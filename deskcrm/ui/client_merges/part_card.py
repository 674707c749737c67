"""Parts a client from the one that it was merged into; asks only where something was changed."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.domain.client_merges.commands import part_clients
from deskcrm.domain.client_merges.joining import Since
from deskcrm.domain.client_merges.queries import MergedClient, ToPart, get_to_part, list_merged
from deskcrm.domain.clients.model import ClientId
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Deed, Desk
from deskcrm.ui.kit.fields import Choice


def open_part(desk: Desk, over: QWidget, merged: MergedClient) -> None:
    """Part a client again: at once, or asking where the changes since are to go."""
    asked = desk.ask((over, "to part"), get_to_part, merged.id)
    asked.then(lambda found: _open(desk, over, merged, found))


def _open(desk: Desk, over: QWidget, merged: MergedClient, found: ToPart | None) -> None:
    def part(since: Since) -> Deed[Any]:
        said = tr("“{name}” is a client of its own again.", name=merged.name)
        deed = desk.do(part_clients, merged.id, since=since).tell(said)
        return deed.then(lambda done: desk.go("clients", client=done.value))

    if found is None or not found.changes:
        part(Since.STAYS)
        return
    FormCard(
        desk, over, tr("Part clients"),
        [
            Choice(
                "since", tr("Changed since: {fields}", fields=", ".join(found.changes)),
                [
                    (Since.STAYS, tr("Stays with {name}", name=found.into)),
                    (Since.GOES_BACK, tr("Goes to {name}", name=found.name)),
                ],
                hint=_hint(found),
            )
        ],
        lambda values: part(values["since"]), place="client_merges.part",
        subject=merged.id.hex, values={"since": Since.STAYS}, button=tr("Part"), about=found.name,
    )  # fmt: skip


def _hint(found: ToPart) -> str:
    return ntr(
        "{n} record goes back to {name} as it is now.",
        "{n} records go back to {name} as they are now.",
        found.rows, name=found.name,
    )  # fmt: skip


class MergedList(QWidget):
    """What went into a client, each with the way back; nothing is seen where nothing did."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 0, 16, 24)
        self.column.setSpacing(6)
        self.hide()

    def show_client(self, client: ClientId) -> None:
        """Ask what went into a client."""
        self.desk.ask((self, "merged"), list_merged, client).then(self._show)

    def _show(self, rows: list[MergedClient]) -> None:
        parts.clear(self.column)
        self.setVisible(bool(rows))
        if rows:
            self.column.addWidget(parts.label(tr("Merged into it"), "caption"))
        for one in rows:
            who = tr("{actor}, {when}", actor=one.author or tr("Somebody"), when=dates.ago(one.at))
            name = tr("Part {name} again", name=one.name)
            part = parts.icon_button("split", name, lambda *_, row=one: self._part(row))
            words = parts.column(
                parts.label(one.name, "strong", wrap=True), parts.label(who, "faint", wrap=True),
                spacing=0,
            )  # fmt: skip
            line = parts.row(spacing=8)
            line.addLayout(words, 1)
            line.addWidget(part)
            self.column.addLayout(line)

    def _part(self, row: MergedClient) -> None:
        open_part(self.desk, self, row)
