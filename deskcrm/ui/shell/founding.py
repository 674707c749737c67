"""Makes a workspace where there is none: asks what it needs, keeps the key, and fills it."""

import getpass
import os
from functools import partial

from deskcrm.base.errors import UserError
from deskcrm.base.ids import new_id
from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.calendars.commands import set_up_calendar
from deskcrm.domain.calendars.public_holidays import list_countries
from deskcrm.domain.contacts.settings import PHONE_REGION
from deskcrm.domain.feedback.forms import add_shipped_forms
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.timezones import time_zone_names
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store import engine, keys
from deskcrm.store.keys.key import Key
from deskcrm.store.keys.keychain import Keychain, KeychainFailed
from deskcrm.store.profile import Profile, remove_database
from deskcrm.store.store import Store
from deskcrm.store.tables import WORKSPACE
from deskcrm.ui.kit.tasks import Lane, Tasks
from deskcrm.ui.shell.appearance import LANGUAGE, Appearance
from deskcrm.ui.shell.first_run import FirstRunDialog, Wishes

SAMPLE_CLIENTS = 60
SAMPLE_SEED = 7


def ask(profile: Profile, tasks: Tasks, look: Appearance) -> tuple[Key, Wishes] | None:
    """Walk the person through the first run; None, and nothing left behind, if they stop."""
    given = bool(os.environ.get(keys.PASSPHRASE_VARIABLE))
    dialog = FirstRunDialog(look, from_environment=given)
    founder = Founder(profile, tasks, dialog)
    if profile.keys.exists():
        founder.resume()
    if dialog.exec() == FirstRunDialog.DialogCode.Accepted and founder.key is not None:
        return founder.key, dialog.wishes()
    founder.unmake()
    return None


class Founder:
    """Does what the first run asks for while it is open: probes the keychain, makes the key."""

    def __init__(self, profile: Profile, tasks: Tasks, dialog: FirstRunDialog) -> None:
        self.key: Key | None = None
        self._profile = profile
        self._tasks = tasks
        self._dialog = dialog
        self._keychain: Keychain | None = None
        dialog.protect.connect(self._make_key)
        tasks.run(Lane.JOB, working_keychain, dialog).then(self._found_keychain)

    def resume(self) -> None:
        """Go on where a first run ended between the key and the workspace, with a new code."""
        from deskcrm.ui.shell.entrance import unlock

        self.key = unlock(self._profile, self._tasks)
        if self.key is not None:
            self._dialog.show_code(keys.new_recovery_code(self._profile, self.key))

    def unmake(self) -> None:
        """Forget a key that protects nothing yet."""
        if self.key is None or not self._profile.keys.exists():
            return
        try:
            keys.destroy_key(self._profile, self._keychain)
        except KeychainFailed:
            return

    def _found_keychain(self, keychain: Keychain | None) -> None:
        self._keychain = keychain
        self._dialog.set_keychain(keychain is not None)

    def _make_key(self) -> None:
        work = partial(
            keys.create_key,
            self._profile,
            passphrase=self._dialog.passphrase(),
            keychain=self._keychain,
        )
        answer = self._tasks.run(Lane.JOB, work, self._dialog)
        answer.then(self._made).failed(self._refused)

    def _made(self, made: tuple[Key, str]) -> None:
        self.key, code = made
        self._dialog.show_code(code)

    def _refused(self, error: BaseException) -> None:
        if not isinstance(error, UserError):
            raise error
        self._dialog.refuse(error.title, error.detail)


def working_keychain() -> Keychain | None:
    """Give a keychain that was shown to work; None when there is none."""
    found = keys.find_keychain()
    try:
        if found is not None:
            found.probe()
    except KeychainFailed:
        return None
    return found


def found(job: Job, profile: Profile, key: Key, wishes: Wishes) -> Store:
    """Make the workspace and fill it as wished; nothing is left when that fails."""
    import deskcrm.domain.all  # noqa: F401 - every table, command and index must be known

    job.progress(0, 0, tr("Making the tables"))
    store = Store.open(engine.open_sqlite(profile.database, key.raw))
    try:
        sign_in(store, wishes.name, wishes.language)
        store.do(set_setting, LANGUAGE, value=wishes.language)
        _set_up_place(store, wishes)
        store.do(add_shipped_forms)
        if wishes.with_sample:
            fill_with_sample(job, store, language=wishes.language)
        if wishes.with_import:
            _open_at_import(store)
    except BaseException:
        store.close()
        remove_database(profile.database)
        raise
    return store


def _open_at_import(store: Store) -> None:
    """Let the window open where a file is brought in, as if it had been left there."""
    from deskcrm.ui.shell import places, windowstate
    from deskcrm.ui.shell.window import WINDOW

    store.do(set_setting, WINDOW, value=windowstate.left_at(places.IMPORTS.id))


def _set_up_place(store: Store, wishes: Wishes) -> None:
    """Let deadlines count by the clock and the holidays of this place, as far as it is known."""
    zone, country = wishes.time_zone, wishes.country
    if zone in time_zone_names():
        store.do(set_up_calendar, name=tr("Working hours"), time_zone=zone, country=country)
    if country and country in list_countries():
        store.do(set_setting, PHONE_REGION, value=country)


def sign_in(store: Store, name: str, language: str = "") -> None:
    """Make a person known as the one who works here, where nobody is."""
    if store.actor == WORKSPACE:
        store.sign_in(new_id())
    store.do(create_first_user, name=name, language=language)


def system_name() -> str:
    """Give the name by which the operating system knows the person."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return tr("Me")


def fill_with_sample(job: Job, store: Store, *, language: str) -> None:
    """Fill a new workspace with invented clients."""
    from deskcrm.domain.sample.bulk import fill_workspace

    fill_workspace(job, store, clients=SAMPLE_CLIENTS, seed=SAMPLE_SEED, language=language)
