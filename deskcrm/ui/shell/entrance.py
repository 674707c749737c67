"""The way into a profile: set it up, unlock it, or say what is in the way and what can be done."""

import os
from concurrent.futures import Future

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from deskcrm.base import clock
from deskcrm.base.days import said_moment
from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.store import backup, damage, engine, keys, wal
from deskcrm.store.derived import read_meta
from deskcrm.store.keys import wiping
from deskcrm.store.keys.key import Key
from deskcrm.store.opening import Opened, open_store
from deskcrm.store.profile import Hold, Profile
from deskcrm.store.store import Store
from deskcrm.ui.kit.tasks import Tasks
from deskcrm.ui.shell.appearance import Appearance
from deskcrm.ui.shell.waiting import wait_for


def enter(
    hold: Hold, tasks: Tasks, look: Appearance, begun: Future[Key] | None = None
) -> Opened | None:
    """Open the profile that is held; None when the person would rather not.

    ``begun``: its key, where a thread is already about to get it.
    """
    profile = hold.profile
    if not _is_founded(profile):
        return _set_up(hold, tasks, look)
    try:
        key = unlock(profile, tasks, begun)
    except keys.Wiped as wiped:
        return _begin_anew(hold, tasks, look, wiped)
    if key is None:
        return None
    store = _open_or_mend(hold, key, tasks)
    if store is None:
        return None
    opened = Opened(profile, hold, key, store)
    try:
        return opened if _may_use(opened, tasks) else None
    except keys.Wiped as wiped:
        return _begin_anew(hold, tasks, look, wiped)


def _may_use(opened: Opened, tasks: Tasks) -> bool:
    """Whether the lease of the copy holds, or the person signs in; closes the store if not."""
    if opened.store.ask(lambda db: read_meta(db.connection, "lease")) is None:
        return True  # what speaks to a server takes a while to load
    from deskcrm.sync.station.lease import LeaseClock

    lease = LeaseClock(opened.store).look()
    if lease is None or not lease.has_ended:
        return True
    from deskcrm.ui.shell.lease_lock import LeaseLockDialog
    from deskcrm.ui.sync.standing import count_both

    waiting = opened.store.ask(count_both).waiting
    dialog = LeaseLockDialog(opened, lease, waiting, tasks)
    is_in = dialog.exec() == LeaseLockDialog.DialogCode.Accepted
    if not is_in:
        tasks.wait_idle()
        opened.store.close()
    if dialog.is_locked_out:
        raise keys.wipe(opened.profile, opened.key, unsent=waiting, now=clock.now())
    return is_in


def unlock(profile: Profile, tasks: Tasks, begun: Future[Key] | None = None) -> Key | None:
    """Give the key, from the keychain or from the person; None when they give up."""
    try:
        return wait_for(
            tasks,
            tr("Waiting for the keychain"),
            lambda _: begun.result() if begun is not None else keys.open_key(profile),
            can_stop=False,
            meanwhile=_load_window,
        )
    except keys.Locked as locked:
        from deskcrm.ui.shell.unlock import UnlockDialog

        dialog = UnlockDialog(profile, locked, tasks)
        dialog.exec()
    if dialog.key is not None and dialog.with_code:
        _make_next_time_easier(profile, dialog.key, tasks)
    return dialog.key


def _load_window() -> None:
    """Read the code of the window and of what it shows first.

    Neither stretching a passphrase nor asking a keychain needs Python's lock.
    """
    import deskcrm.ui.shell.everywhere
    import deskcrm.ui.shell.program  # noqa: F401
    from deskcrm.ui.shell import places

    places.load(places.PLACES[0].screen)


def _make_next_time_easier(profile: Profile, key: Key, tasks: Tasks) -> None:
    """After a recovery: put the key back into the keychain, or else offer a new passphrase."""
    if keys.ways(profile).keychain:
        try:
            wait_for(
                tasks, tr("Waiting for the keychain"), lambda _: keys.keep_in_keychain(profile, key)
            )
            return
        except UserError:
            pass  # there is no keychain any more: a passphrase, then
    from deskcrm.ui.shell.unlock import NewPassphraseDialog

    NewPassphraseDialog(
        profile,
        key,
        tasks,
        title=tr("Set a new passphrase"),
        text=tr("So that the recovery code is not needed next time."),
    ).exec()


def _is_founded(profile: Profile) -> bool:
    """Whether there is a workspace; keys alone are what an interrupted first run leaves."""
    found = profile.database.exists() or bool(backup.list_backups(profile))
    return found or wiping.is_wiped(profile)


def _begin_anew(hold: Hold, tasks: Tasks, look: Appearance, wiped: keys.Wiped) -> Opened | None:
    """Say that nothing can be read any more; set up a new workspace if the person wants one."""
    from deskcrm.ui.shell import trouble

    ways = {"anew": tr("Set up a new workspace")} if wiped.is_done else {}
    if trouble.choose(wiped, ways) != "anew":
        return None
    wiping.clear(hold.profile)
    return _set_up(hold, tasks, look)


def _set_up(hold: Hold, tasks: Tasks, look: Appearance) -> Opened | None:
    from deskcrm.ui.shell import founding

    profile = hold.profile
    asked = founding.ask(profile, tasks, look)
    if asked is None:
        return None
    key, wishes = asked
    try:
        store = wait_for(
            tasks,
            tr("Making the workspace"),
            lambda job: founding.found(job, profile, key, wishes),
        )
    except Cancelled:
        return None
    return Opened(profile, hold, key, store)


def open_workspace(profile: Profile, key: Key, job: Job | None = None) -> Store:
    """Look the file over, then open it at the newest schema; UserError in words."""
    import deskcrm.domain.all  # noqa: F401 - every table, command and index must be known
    from deskcrm.domain.users.queries import get_me
    from deskcrm.ui.shell.founding import sign_in, system_name

    damage.check_before_opening(profile, key)
    store = open_store(profile, key, job=job)
    if store.ask(get_me) is None:
        sign_in(store, system_name())
    return store


def _open_or_mend(hold: Hold, key: Key, tasks: Tasks) -> Store | None:
    """Open the store; as long as it is damaged, offer the ways out."""
    profile = hold.profile
    while True:
        try:
            return wait_for(
                tasks,
                tr("Opening the workspace"),
                lambda job: open_workspace(profile, key, job),
                can_stop=False,
            )
        except (engine.DamagedFile, engine.WrongKey) as error:
            if not _mend(hold, key, tasks, error):
                return None


def _restore_words(moment: str, advice: str) -> str:
    # The advice over the buttons mostly names the backup already.
    if moment in advice:
        return tr("Restore this backup")
    return tr("Restore the backup of {moment}", moment=moment)


def _mend(hold: Hold, key: Key, tasks: Tasks, error: UserError) -> bool:
    """Ask what to do about a damaged file and do it; False when nothing is to be done."""
    from deskcrm.store import restore
    from deskcrm.ui.shell import trouble

    profile = hold.profile
    good = wait_for(
        tasks, tr("Looking for a good backup"), lambda _: backup.newest_good(profile, key)
    )
    ways = {}
    if good is not None:
        ways["restore"] = _restore_words(said_moment(good.made_at), error.detail)
    if profile.database.exists() and wal.read_wal(profile.database).lost:
        ways["without_end"] = tr("Open without the last changes")
    ways["folder"] = tr("Show the folder")
    chosen = trouble.choose(error, ways)
    try:
        if chosen == "restore" and good is not None:
            wait_for(
                tasks,
                tr("Restoring the backup"),
                lambda job: restore.restore(hold, key, good.path, now=clock.now(), job=job),
            )
        elif chosen == "without_end":
            wait_for(
                tasks,
                tr("Opening without the last changes"),
                lambda _: damage.accept_lost_end(profile, key, now=clock.now()),
                can_stop=False,
            )
        elif chosen == "folder":
            QDesktopServices.openUrl(QUrl.fromLocalFile(os.fspath(profile.folder)))
        else:
            return False
    except Cancelled:
        return True
    except UserError as refused:
        trouble.say(refused)
    return True


def say(error: UserError) -> None:
    """Show an error before there is a window."""
    from deskcrm.ui.shell import trouble

    trouble.say(error)
