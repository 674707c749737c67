"""Everything goes into one archive; an archive makes an empty workspace the same."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from deskcrm.base import clock
from deskcrm.base.words import ntr, tr
from deskcrm.domain.exports.bringing import bring_everything
from deskcrm.domain.exports.packing import Packed, export_everything
from deskcrm.ui.exports.card import show_folder
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.settings.rows import Card, Row
from deskcrm.ui.shell import trouble, upkeep

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window


def card(desk: Desk, window: "Window") -> Card:
    """Build the part of the settings from which everything is taken out and brought in."""
    card = Card(
        tr("Your data in your hands"),
        tr("One archive of everything you may see, which any program can read."),
    )
    save = parts.button(tr("Export everything…"))
    save.clicked.connect(lambda: save_everything(desk, window))
    said = tr("Records and attached files, not encrypted: keep the archive safe.")
    card.add(Row(tr("Take out"), said, save))
    bring = parts.button(tr("Bring in an archive…"))
    bring.clicked.connect(lambda: bring_in_archive(window))
    card.add(Row(tr("Bring in"), tr("Into a workspace that was just set up."), bring))
    return card


def save_everything(desk: Desk, over: QWidget) -> None:
    """Ask where to, and write the archive."""
    start = str(Path.home() / f"DeskCRM {clock.now().astimezone():%Y-%m-%d}.zip")
    chosen, _ = QFileDialog.getSaveFileName(over, tr("Export everything"), start, "ZIP (*.zip)")
    if chosen:
        path = Path(chosen)
        path = path if path.suffix else path.with_suffix(".zip")
        errand = desk.start(export_everything, desk.store, path)
        errand.then(lambda packed: _tell(desk, packed))


def _tell(desk: Desk, packed: Packed) -> None:
    rows = sum(packed.rows.values())
    text = ntr("{n} record is in {name}.", "{n} records are in {name}.", rows,
               name=packed.path.name)  # fmt: skip
    size = dates.file_size(packed.size)
    missing = ntr("{n} attached file is not on this device.",
                  "{n} attached files are not on this device.", packed.missing)  # fmt: skip
    show_folder(desk, packed.path, text, f"{size} · {missing}" if packed.missing else size)


def bring_in_archive(window: "Window") -> None:
    """Ask for an archive, and once whether it is meant: the window closes and opens again."""
    name, _ = QFileDialog.getOpenFileName(
        window, tr("Bring in an archive"), str(Path.home()), "ZIP (*.zip)"
    )
    if not name:
        return
    dialog = trouble.TroubleDialog(
        tr("Bring in {name}?", name=Path(name).name),
        tr(
            "This workspace becomes what the archive holds, and whoever made it is signed in."
            " DeskCRM then opens again. A workspace that is in use is left alone."
        ),
        {"bring": tr("Bring in")},
        window,
    )
    dialog.accepted.connect(lambda: bring(window, Path(name)))
    dialog.finished.connect(lambda _: dialog.deleteLater())
    dialog.open()


def bring(window: "Window", path: Path) -> None:
    """Bring in an archive; the window opens again, for whoever made it."""
    errand = window.desk.start(bring_everything, window.desk.store, path)
    errand.then(lambda _: window.reopening.emit(upkeep.shut))
