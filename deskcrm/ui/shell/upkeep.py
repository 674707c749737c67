"""What is looked after without being asked: the daily backup, and a check after a crash."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from deskcrm.base import clock
from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.store import backup, erased, keys, restore, rewriting
from deskcrm.store.backup import Backup
from deskcrm.store.keys.key import Key
from deskcrm.store.opening import Opened
from deskcrm.store.profile import Hold
from deskcrm.store.verify import Report, verify
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.tokens import Tone


def begin(desk: Desk, opened: Opened) -> None:
    """Check the file if the program before this one did not end cleanly; else back up if due."""
    if not opened.hold.ended_cleanly:
        desk.start(check, opened).then(lambda report: _checked(desk, opened, report))
    else:
        _back_up_if_due(desk, opened)


def follow_erasures(desk: Desk, opened: Opened) -> None:
    """Write the file anew once something was erased, here or elsewhere, and where it is due."""

    def begin_settling(is_due: bool) -> None:
        if is_due:
            desk.start(settle, opened)

    def look(tables: Collection[str]) -> None:
        if "erasure" in tables:
            desk.ask((desk, "rewriting"), rewriting.is_due).then(begin_settling)

    desk.touched.connect(look)
    look(["erasure"])


def settle(job: Job, opened: Opened) -> bool:
    """Let nothing of what was erased be left in the file."""
    return erased.settle(job, opened.profile, opened.store)


def check(job: Job, opened: Opened) -> Report:
    """Check the whole file while it is in use."""
    path, key = opened.profile.database, opened.key.raw
    return verify(path, key, in_use=True, skips_free=True, job=job)


def make_backup(job: Job, opened: Opened) -> Backup:
    """Make the day's backup."""
    made = backup.make_backup(
        opened.profile, opened.key, backup.Reason.DAILY, now=clock.now(), job=job
    )
    erased.let_go_of_old(opened.profile, clock.now())
    return made


def before_import(opened: Opened) -> Callable[[Job], Backup]:
    """Give what makes a backup before a file is brought in."""
    reason = backup.Reason.IMPORT
    return lambda job: backup.make_backup(
        opened.profile, opened.key, reason, now=clock.now(), job=job
    )


def _checked(desk: Desk, opened: Opened, report: Report) -> None:
    if report.is_good:
        desk.tell(
            tr("DeskCRM did not end as it should last time. The file was checked: it is whole.")
        )
        _back_up_if_due(desk, opened)
        return
    desk.tell(
        tr("The database file is damaged."),
        detail=tr("Close DeskCRM and open it again: it then offers the newest good backup."),
        tone=Tone.DANGER,
    )


def _back_up_if_due(desk: Desk, opened: Opened) -> None:
    if backup.due(opened.profile, clock.now()):
        desk.start(make_backup, opened).failed(lambda error: _not_backed_up(desk, error))


def _not_backed_up(desk: Desk, error: BaseException) -> None:
    if isinstance(error, UserError):
        desk.tell(
            tr("Today’s backup was not made."),
            detail=f"{error.title} {error.detail}".strip(),
            tone=Tone.WARNING,
        )
    elif not isinstance(error, Cancelled):
        desk.complain(error)


@dataclass(frozen=True, slots=True)
class Restore:
    """Done to a workspace that is closed: put a backup in its place."""

    path: Path

    def __call__(self, job: Job, hold: Hold, key: Key) -> None:
        """Restore; raises UserError in words, with nothing changed."""
        restore.restore(hold, key, self.path, now=clock.now(), job=job)


def shut(job: Job, hold: Hold, key: Key) -> None:
    """Do nothing to a workspace that is closed: its lease has ended, and opening it asks."""


@dataclass(frozen=True, slots=True)
class Wipe:
    """Done to a workspace that is closed: destroy its key, since the device was locked out."""

    unsent: int

    def __call__(self, job: Job, hold: Hold, key: Key) -> None:
        """Wipe; whoever opens the profile next is told."""
        keys.wipe(hold.profile, key, unsent=self.unsent, now=clock.now())
