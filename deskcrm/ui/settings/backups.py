"""Where the workspace lies, its backups, and how to go back to one."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from deskcrm.base import clock
from deskcrm.base.words import ntr, tr
from deskcrm.store import backup
from deskcrm.store.backup import Backup, Reason
from deskcrm.store.verify import Report
from deskcrm.ui.exports import everything
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.settings.rows import Card, Row
from deskcrm.ui.shell import trouble, upkeep

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window

_SHOWN = 6


def cards(desk: Desk, window: "Window") -> list[Card]:
    """Build the section of files and backups."""
    return [
        _place_card(desk, window),
        _own_card(desk, window),
        _list_card(desk, window),
        everything.card(desk, window),
    ]


def _place_card(desk: Desk, window: "Window") -> Card:
    profile = window.opened.profile
    card = Card(tr("Where your workspace is"))
    size = sum(path.stat().st_size for path in profile.database_files() if path.exists())
    show = parts.button(tr("Show the folder"))
    show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(profile.folder))))
    card.add(Row(tr("Folder"), f"{profile.folder}\n{dates.file_size(size)}", show))
    check = parts.button(tr("Check the file"))
    check.clicked.connect(lambda: _check(desk, window))
    card.add(Row(tr("Check"), tr("Reads every page and compares it with its seal."), check))
    return card


def _own_card(desk: Desk, window: "Window") -> Card:
    card = Card(
        tr("Backups"),
        tr("Made once a day and before anything risky, encrypted like the workspace itself."),
    )
    now = parts.button(tr("Back up now"))
    now.clicked.connect(
        lambda: desk.start(upkeep.make_backup, window.opened).then(
            lambda made: desk.tell(tr("A backup was made and checked."), tone=Tone.OK)
        )
    )
    card.add(Row(tr("On this computer"), tr("In the folder of the workspace."), now))
    other = parts.button(tr("Back up to a file…"))
    other.clicked.connect(lambda: _save_as(desk, window))
    card.add(
        Row(
            tr("Somewhere else"),
            tr("Onto another disk: if this one fails, the copy survives."),
            other,
        )
    )
    restore = parts.button(tr("Restore from a file…"))
    restore.clicked.connect(lambda: _restore_file(window))
    card.add(Row(tr("Go back"), tr("What is here now is kept aside, never deleted."), restore))
    return card


def _list_card(desk: Desk, window: "Window") -> Card:
    found = backup.list_backups(window.opened.profile)[:_SHOWN]
    none = tr("There is none yet. One is made when DeskCRM starts, once a day.")
    card = Card(tr("Latest backups"), "" if found else none)
    for one in found:
        button = parts.button(tr("Restore…"))
        button.setAccessibleName(tr("Restore the backup of {moment}", moment=_moment(one)))
        button.clicked.connect(partial(_restore, window, one.path, _moment(one)))
        size = dates.file_size(one.path.stat().st_size)
        card.add(Row(_moment(one), f"{reason_words(one.reason)} · {size}", button))
    return card


def reason_words(reason: Reason) -> str:
    """Say why a backup was made by itself."""
    return {
        Reason.DAILY: tr("The backup of the day"),
        Reason.MIGRATION: tr("Before an update of the database"),
        Reason.IMPORT: tr("Before an import"),
        Reason.SYNC: tr("Before connecting to a server"),
    }[reason]


def _moment(one: Backup) -> str:
    return dates.full(one.made_at)


def _check(desk: Desk, window: "Window") -> None:
    def say(report: Report) -> None:
        if report.is_good:
            text = ntr(
                "The file is whole: {n} row in {tables} tables.",
                "The file is whole: {n} rows in {tables} tables.",
                report.rows,
                tables=report.tables,
            )
            desk.tell(text, tone=Tone.OK)
        else:
            desk.tell(tr("The file is damaged."), detail=report.problems[0], tone=Tone.DANGER)

    desk.start(upkeep.check, window.opened).then(say)


def _save_as(desk: Desk, window: "Window") -> None:
    suggested = f"DeskCRM {clock.now().astimezone():%Y-%m-%d}.db"
    name, _ = QFileDialog.getSaveFileName(window, tr("Back up to a file"), suggested)
    if name:
        opened, target = window.opened, Path(name)
        errand = desk.start(lambda job: backup.backup(opened.profile, opened.key, target, job=job))
        errand.then(lambda _: desk.tell(tr("The backup is written and checked."), tone=Tone.OK))


def _restore_file(window: "Window") -> None:
    name, _ = QFileDialog.getOpenFileName(window, tr("Restore from a file"), "", "DeskCRM (*.db)")
    if name:
        _restore(window, Path(name), Path(name).name)


def _restore(window: "Window", path: Path, called: str) -> None:
    """Ask once, because the window closes and the workspace goes back in time."""
    dialog = trouble.TroubleDialog(
        tr("Go back to {backup}?", backup=called),
        tr(
            "DeskCRM closes the workspace, restores the backup and opens again. What was done"
            " since is kept aside in the folder of the workspace."
        ),
        {"restore": tr("Restore")},
        window,
    )
    dialog.accepted.connect(lambda: window.reopening.emit(upkeep.Restore(path)))
    dialog.finished.connect(lambda _: dialog.deleteLater())
    dialog.open()
