"""The files of an interaction or a ticket: open a copy, save, attach, detach."""

import tempfile
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLabel, QVBoxLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.attachments.commands import (
    LARGEST_MB,
    add_attachment,
    delete_attachment,
    paste_attachment,
)
from deskcrm.domain.attachments.model import AttachmentId
from deskcrm.domain.attachments.queries import AttachmentRow, open_copy, save_copy
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.tickets.model import TicketId
from deskcrm.store.contents import bring
from deskcrm.ui.interactions.incoming import Brought, picture_name
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.elided_button import ElidedButton


class Files(QWidget):
    """A line for each file. What could run is saved, never opened."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._said: dict[AttachmentId, QLabel] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_files(self, files: Sequence[AttachmentRow]) -> None:
        """Show these files."""
        parts.clear(self._column)
        self._said.clear()
        for file in files:
            self._column.addWidget(self._line(file))
        self.setVisible(bool(files))

    def _line(self, file: AttachmentRow) -> QWidget:
        line = QWidget()
        said = self._said[file.id] = parts.label(" · ".join(_facts(file)), "faint")
        keep = partial(self._save, file)
        run, label = partial(self._open, file), tr("Open {name}", name=file.name)
        if not file.can_open:
            run, label = keep, tr("Save {name}", name=file.name)
        name = ElidedButton(file.name, run, icon="attach", name=label, hint=what_happens(file))
        save = tr("Save {name}", name=file.name)
        take = tr("Detach {name}", name=file.name)
        line.setLayout(
            parts.row(
                name,
                said,
                None,
                parts.icon_button("download", save, keep),
                parts.icon_button("trash", take, partial(self._detach, file)),
                spacing=6,
            )
        )
        return line

    def _open(self, file: AttachmentRow) -> None:
        self._bring(file, self._open_copy)

    def _open_copy(self, file: AttachmentRow) -> None:
        made = self.desk.ask((self, file.id), open_copy, file.id, directory=_folder())
        made.then(lambda path: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))))

    def _save(self, file: AttachmentRow) -> None:
        path = choose_where(self, file.name)
        if path is not None:
            self._bring(file, partial(self._save_copy, path=path))

    def _save_copy(self, file: AttachmentRow, path: Path) -> None:
        saved = self.desk.ask((self, f"save {file.id}"), save_copy, file.id, path=path)
        saved.then(lambda _none: self.desk.tell(tr("Saved: {name}", name=path.name)))

    def _bring(self, file: AttachmentRow, then: Callable[[AttachmentRow], object]) -> None:
        """Do something with a file once its contents are here."""
        if file.is_here:
            then(file)
            return
        self._say(file, tr("Fetching the file"))
        errand = self.desk.start(bring, self.desk.store, file.sha256, file.size).owned_by(self)
        errand.then(lambda _none: then(file))
        errand.failed(partial(self._say_missing, file))

    def _say_missing(self, file: AttachmentRow, error: BaseException) -> None:
        self._say(file, " · ".join(_facts(file)))
        self.desk.complain(error)

    def _say(self, file: AttachmentRow, text: str) -> None:
        """Say something beside a file, unless others are shown by now."""
        if file.id in self._said:
            self._said[file.id].setText(text)

    def _detach(self, file: AttachmentRow) -> None:
        self.desk.do(delete_attachment, file.id).tell()


def _facts(file: AttachmentRow) -> list[str]:
    facts = [dates.file_size(file.size), file.by]
    return facts if file.is_here else [*facts, tr("not on this device yet")]


def what_happens(file: AttachmentRow) -> str:
    """Say what is special about opening a file; nothing if it simply opens."""
    if not file.can_open:
        return tr("This could run as a program, so it is only saved.")
    if not file.is_here:
        return tr("It is fetched from the server when you open it.")
    return ""


def attach(
    desk: Desk,
    over: QWidget,
    client_id: ClientId,
    interaction_id: InteractionId | None = None,
    *,
    ticket_id: TicketId | None = None,
) -> None:
    """Ask for files and attach each of them to an interaction or a ticket."""
    brought = Brought(tuple(choose_files(over)))
    attach_brought(desk, brought, client_id, interaction_id=interaction_id, ticket_id=ticket_id)


def attach_brought(
    desk: Desk,
    brought: Brought,
    client_id: ClientId,
    *,
    interaction_id: InteractionId | None = None,
    ticket_id: TicketId | None = None,
) -> None:
    """Attach what was chosen, dropped or pasted to an interaction or a ticket."""
    to: dict[str, Any] = {
        "interaction_id": interaction_id,
        "ticket_id": ticket_id,
        "largest_mb": desk.setting(LARGEST_MB),
    }
    for path in brought.paths:
        desk.do(add_attachment, client_id, path=path, **to).tell()
    if brought.picture:
        name = picture_name()
        desk.do(paste_attachment, client_id, content=brought.picture, name=name, **to).tell()


def choose_files(over: QWidget) -> list[Path]:
    """Let the person choose files to read; none if they think better of it."""
    names, _kind = QFileDialog.getOpenFileNames(over, tr("Attach file"))
    return [Path(name) for name in names]


def choose_where(over: QWidget, name: str, kinds: str = "") -> Path | None:
    """Let the person choose where to write a file; None if they think better of it."""
    start = str(Path.home() / name)
    chosen, _kind = QFileDialog.getSaveFileName(over, tr("Save as"), start, kinds)
    return Path(chosen) if chosen else None


@cache
def _folder() -> Path:
    """A folder for the copies that other programs read, gone when this program ends."""
    made = tempfile.TemporaryDirectory(prefix="deskcrm-open-")
    _kept.append(made)
    return Path(made.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []
