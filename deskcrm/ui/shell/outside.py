"""The dialogs outside the window, as the pictures show them."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from deskcrm.base import clock
from deskcrm.base.days import said_moment
from deskcrm.base.words import tr
from deskcrm.store import keys
from deskcrm.store.keys import wiping
from deskcrm.store.opening import Opened
from deskcrm.sync.station.lease import Lease
from deskcrm.ui.kit.tasks import Tasks
from deskcrm.ui.shell.appearance import Appearance
from deskcrm.ui.shell.crash_dialog import CrashDialog
from deskcrm.ui.shell.first_run import FirstRunDialog
from deskcrm.ui.shell.lease_lock import LeaseLockDialog
from deskcrm.ui.shell.trouble import TroubleDialog
from deskcrm.ui.shell.unlock import NewPassphraseDialog, UnlockDialog
from deskcrm.ui.shell.waiting import WaitDialog

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera

_CODE = "K7QF-2M9X-0HTV-7Q2M-4BCD-8FGH-JK12"


def walk(opened: Opened, tasks: Tasks, look: Appearance, camera: "Camera") -> None:
    """Take the pictures of the first run, unlocking, trouble and a crash."""
    _first_run(look, camera)
    locked = keys.Locked("", "", keys.Ways(keychain=False, passphrase=True))
    unlock = UnlockDialog(opened.profile, locked, tasks)
    _take(camera, "unlock", unlock)
    unlock.switch.click()
    _take(camera, "unlock-code", unlock)
    unlock.hide()
    passphrase = NewPassphraseDialog(
        opened.profile,
        opened.key,
        tasks,
        title=tr("Set a new passphrase"),
        text=tr("So that the recovery code is not needed next time."),
    )
    wait = WaitDialog(tr("Making the workspace"))
    wait.progressed.emit(3, 10, tr("Inventing clients and their stories"))
    crash = CrashDialog("DeskCRM\n\nKeyError\n  deskcrm/ui/…/screen.py:12 in show_row")
    lease = Lease(timedelta(days=14), timedelta(), clock.now())
    lock = LeaseLockDialog(opened, lease, 3, tasks)
    lock.url.setText("https://desk.example.com")
    lock.name.setText("anna")
    lock.password.setFocus()  # as where the copy knows its server
    for name, dialog in (
        ("lease-lock", lock),
        ("passphrase", passphrase),
        ("trouble", _trouble()),
        ("wiped", _wiped()),
        ("crash", crash),
        ("waiting", wait),
    ):
        _take(camera, name, dialog)
        dialog.hide()


def _first_run(look: Appearance, camera: "Camera") -> None:
    first = FirstRunDialog(look)
    first.set_keychain(True)
    _take(camera, "first-run-language", first)
    first.show_page(1)
    _take(camera, "first-run-protection", first)
    first.show_code(_CODE)
    _take(camera, "first-run-code", first)
    first.show_page(3)
    _take(camera, "first-run-start", first)
    first.hide()


def _trouble() -> TroubleDialog:
    moment = said_moment(datetime(2026, 5, 4, 9, 0, tzinfo=UTC))
    return TroubleDialog(
        tr("The database file is damaged."),
        tr(
            "Restore the backup of {moment}: it is good. What is here now is kept aside.",
            moment=moment,
        ),
        {
            "restore": tr("Restore this backup"),
            "folder": tr("Show the folder"),
        },
    )


def _wiped() -> TroubleDialog:
    said = wiping.explain(wiping.Order("2026-05-04", 3, ""))
    return TroubleDialog(said.title, said.detail, {"anew": tr("Set up a new workspace")})


def _take(camera: "Camera", name: str, widget: QWidget) -> None:
    widget.show()
    camera.take(name, widget)
