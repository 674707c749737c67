"""Makes a profile unreadable for good: its key goes from the keychain and from every file of it.

The intention is written down first. From then on nothing opens the profile, and whoever tries
carries on where a crash ended it; so a profile is usable or wiped, and never says it is one while
it is the other. The encrypted files stay: they are random bytes without the key.
"""

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from deskcrm.base.days import said_day
from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.store import files
from deskcrm.store.keys.keychain import Keychain, KeychainFailed, find_keychain
from deskcrm.store.profile import Profile, fresh_database, remove_database


class Wiped(UserError):
    """The key of this profile was destroyed, and with it everything that it opened.

    ``is_done``: nothing of it is left anywhere, so that a new profile may take the place.
    """

    def __init__(self, title: str, detail: str, *, is_done: bool) -> None:
        super().__init__(title, detail)
        self.is_done = is_done


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be destroyed, as it is written down: nothing in it opens or betrays anything."""

    at: str
    """When, as ISO 8601 in UTC."""
    unsent: int
    """Steps that the server never got."""
    account: str
    """The profile's account in the keychain; empty when nothing of it is there any more."""


def begin(profile: Profile, *, account: str, unsent: int, now: datetime) -> None:
    """Write down that the profile is to be wiped: it is never opened again."""
    _write(profile, Order(now.astimezone(UTC).isoformat(timespec="seconds"), unsent, account))


def is_wiped(profile: Profile) -> bool:
    """Tell whether a profile is to be wiped or was."""
    return _path(profile).exists()


def refuse(profile: Profile) -> None:
    """Raise Wiped where a profile is to be wiped or was."""
    if is_wiped(profile):
        raise explain(read_order(profile))


def finish(profile: Profile, keychain: Keychain | None = None) -> None:
    """Destroy what is left of the key of a profile that is to be wiped; otherwise do nothing."""
    if not is_wiped(profile):
        return
    order = read_order(profile)
    for path in _key_files(profile):
        _shred(path)
    if order.account and _leave(order.account, keychain or find_keychain()):
        _write(profile, replace(order, account=""))


def explain(order: Order) -> Wiped:
    """Say what happened, what went with it and whom to ask."""
    said = [
        tr(
            "An administrator locked this device out on {day}, so its key was destroyed: nobody can"
            " read this workspace any more, nor the backups in its folder.",
            day=_day(order.at),
        )
    ]
    if order.unsent:
        said.append(
            ntr(
                "{n} change that had not been sent is gone; what was sent is on the server.",
                "{n} changes that had not been sent are gone; what was sent is on the server.",
                order.unsent,
            )
        )
    else:
        said.append(tr("Everything that you wrote is on the server."))
    if order.account:
        said.append(tr("The keychain still holds the key; it is tried again at each start."))
    said.append(tr("If it was a mistake, ask them, and connect a new workspace in another folder."))
    title = tr("This copy was wiped: the server locked this device out.")
    return Wiped(title, " ".join(said), is_done=not order.account)


def _day(at: str) -> str:
    try:
        return said_day(datetime.fromisoformat(at).date())
    except ValueError:
        return "?"


def clear(profile: Profile) -> None:
    """Remove what a wiped profile left, so that a new one can be set up in its place."""
    finish(profile)
    if is_wiped(profile) and not read_order(profile).account:
        for folder in (profile.backups, profile.aside):
            shutil.rmtree(folder, ignore_errors=True)
        for path in (profile.database, fresh_database(profile)):
            remove_database(path)
        _path(profile).unlink()
        files.sync_folder(profile.folder)


def accounts(name: str) -> tuple[str, str]:
    """Name a profile's accounts in the keychain: its key's, and its server token's."""
    return name, f"{name}.server"


def _path(profile: Profile) -> Path:
    return profile.folder / "wiped.json"


def _write(profile: Profile, order: Order) -> None:
    files.write_whole(_path(profile), json.dumps(asdict(order)).encode())


def read_order(profile: Profile) -> Order:
    """Read what is to be destroyed, or was."""
    try:
        said = json.loads(_path(profile).read_bytes())
        return Order(str(said["at"]), int(said["unsent"]), str(said["account"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Order("?", 0, "")  # whatever damaged it, that it is there is what counts


def _key_files(profile: Profile) -> Iterator[Path]:
    """Find wrapped keys beside the database, its backups and what restores put aside."""
    found = [*profile.folder.glob("*keys.json*")]
    for folder in (profile.backups, profile.aside):
        found += folder.rglob("*keys.json*")
    for path in found:
        # Others' files may lie in that folder; a file that was not finished may be a half.
        if path.name.startswith("keys.json") or b'"fingerprint"' in path.read_bytes():
            yield path


def _shred(path: Path) -> None:
    """Overwrite a file before it goes: a passphrase could open what is left on the disk."""
    with path.open("r+b") as file:
        file.write(bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    files.sync_folder(path.parent)


def _leave(name: str, keychain: Keychain | None) -> bool:
    """Take both secrets out of the keychain; False when it does not let go of them now."""
    if keychain is None:
        return False
    try:
        for account in accounts(name):
            if keychain.read(account) is not None:
                keychain.forget(account)
    except KeychainFailed:
        return False
    return True
