"""The key of a profile: made once, kept in the keychain or behind a passphrase, and recovered.

Nothing here writes a key in plain: not to a file, a log, an error, an argument list.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import uuid4

from msgspec.structs import replace

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store.keys import file as key_file
from deskcrm.store.keys import wiping
from deskcrm.store.keys.code import new_code, read_code
from deskcrm.store.keys.file import KeyFile
from deskcrm.store.keys.key import Key
from deskcrm.store.keys.keychain import Keychain, KeychainFailed, find_keychain
from deskcrm.store.keys.wiping import Wiped
from deskcrm.store.keys.wrap import Wrapped, unwrap, wrap
from deskcrm.store.profile import Profile

PASSPHRASE_VARIABLE: Final = "DESKCRM_PASSPHRASE"
_SHORTEST: Final = 8

__all__ = [
    "PASSPHRASE_VARIABLE",
    "Key",
    "Keychain",
    "KeychainFailed",
    "Locked",
    "Ways",
    "Wiped",
    "create_key",
    "destroy_key",
    "find_keychain",
    "keep_in_keychain",
    "leave_keychain",
    "new_recovery_code",
    "open_key",
    "open_key_file",
    "set_passphrase",
    "token_account",
    "unlock_file_with_code",
    "unlock_with_code",
    "ways",
    "wipe",
]


@dataclass(frozen=True, slots=True)
class Ways:
    """How a profile's key can be had, besides the recovery code, which always can."""

    keychain: bool
    passphrase: bool


class Locked(UserError):
    """The key cannot be had without the person; ``ways`` says what to ask for."""

    def __init__(self, title: str, detail: str, ways: Ways) -> None:
        super().__init__(title, detail)
        self.ways = ways


def create_key(
    profile: Profile, *, passphrase: str | None = None, keychain: Keychain | None = None
) -> tuple[Key, str]:
    """Make the key of a new profile and keep it; give it and the recovery code, to be shown once.

    A passphrase, given or in ``DESKCRM_PASSPHRASE``, is preferred; else the keychain is used.
    """
    if profile.exists():
        raise UserError(
            tr("There is a workspace in {folder} already.", folder=profile.folder),
            tr("Open it, or choose another folder for the new one."),
        )
    key, code, name = Key.new(), new_code(), uuid4().hex
    made = KeyFile(
        profile=name,
        fingerprint=key.fingerprint,
        recovery=wrap(key, code, _purpose(name, "recovery")),
    )
    passphrase = passphrase or _passphrase_from_environment()
    if passphrase is not None:
        made = replace(made, passphrase=_wrap_passphrase(made, key, passphrase))
    else:
        _working(keychain).keep(name, key.raw.hex())
        made = replace(made, in_keychain=True)
    key_file.save(profile, made)
    return key, code


def open_key(
    profile: Profile, *, passphrase: str | None = None, keychain: Keychain | None = None
) -> Key:
    """Give the key of a profile; Locked when a person must type something first.

    A passphrase, given or in ``DESKCRM_PASSPHRASE``, is tried before the keychain, so that a
    script never waits for a dialog. Raises Wiped where the key was destroyed, or is to be: what
    a crash left of it is destroyed now.
    """
    wiping.finish(profile, keychain)
    return open_key_file(key_file.read(profile), passphrase=passphrase, keychain=keychain)


def open_key_file(
    kept: KeyFile, *, passphrase: str | None = None, keychain: Keychain | None = None
) -> Key:
    """Give the key that a key file keeps; see ``open_key``."""
    has = Ways(keychain=kept.in_keychain, passphrase=kept.passphrase is not None)
    passphrase = passphrase or _passphrase_from_environment()
    if kept.passphrase is not None and passphrase is not None:
        key = unwrap(kept.passphrase, passphrase, _purpose(kept.profile, "passphrase"))
        if key is None:
            raise Locked(
                tr("This is not the passphrase of this profile."),
                tr("Type it again, mind Caps Lock and the keyboard layout, or use recovery."),
                has,
            )
        return key
    reason = tr("It is kept behind a passphrase.")
    if kept.in_keychain:
        found, reason = _from_keychain(kept, keychain or find_keychain())
        if found is not None:
            return found
    raise Locked(tr("The key of this profile is locked."), f"{reason} {_advice(has)}", has)


def unlock_with_code(profile: Profile, typed: str) -> Key:
    """Give the key of a profile for its recovery code; typing mistakes are told apart."""
    return unlock_file_with_code(key_file.read(profile), typed)


def unlock_file_with_code(kept: KeyFile, typed: str) -> Key:
    """Give the key that a key file keeps, for its recovery code."""
    key = unwrap(kept.recovery, read_code(typed), _purpose(kept.profile, "recovery"))
    if key is None:
        raise UserError(
            tr("This recovery code belongs to another profile, or was replaced by a newer one."),
            tr("Look for the code that was shown last for this profile."),
        )
    return key


def ways(profile: Profile) -> Ways:
    """Tell how the key of a profile can be had."""
    kept = key_file.read(profile)
    return Ways(keychain=kept.in_keychain, passphrase=kept.passphrase is not None)


def keep_in_keychain(profile: Profile, key: Key, keychain: Keychain | None = None) -> None:
    """Keep the key in this system's keychain from now on, as after a recovery."""
    kept = _same_key(profile, key)
    _working(keychain).keep(kept.profile, key.raw.hex())
    key_file.save(profile, replace(kept, in_keychain=True))


def leave_keychain(profile: Profile, key: Key, keychain: Keychain | None = None) -> None:
    """Take the key out of the keychain; a passphrase must be set before."""
    kept = _same_key(profile, key)
    if kept.passphrase is None:
        raise UserError(
            tr("The keychain is the only place of this key."), tr("Set a passphrase first.")
        )
    key_file.save(profile, replace(kept, in_keychain=False))
    found = keychain or find_keychain()
    if found is not None:
        found.forget(kept.profile)


def set_passphrase(profile: Profile, key: Key, passphrase: str) -> None:
    """Set or change the passphrase that opens a profile."""
    kept = _same_key(profile, key)
    key_file.save(profile, replace(kept, passphrase=_wrap_passphrase(kept, key, passphrase)))


def new_recovery_code(profile: Profile, key: Key) -> str:
    """Make a new recovery code, to be shown once; the one before stops working here."""
    kept, code = _same_key(profile, key), new_code()
    recovery = wrap(key, code, _purpose(kept.profile, "recovery"))
    key_file.save(profile, replace(kept, recovery=recovery))
    return code


def destroy_key(profile: Profile, keychain: Keychain | None = None) -> None:
    """Remove the key from the keychain and the disk: nothing on this computer opens the profile.

    A backup elsewhere, with the key file beside it, still opens with the recovery code. Raises
    KeychainFailed, with nothing removed, when the keychain does not let go of it.
    """
    kept = key_file.read(profile)
    found = (keychain or find_keychain()) if kept.in_keychain else None
    if found is not None and found.read(kept.profile) is not None:
        found.forget(kept.profile)
    for path in (profile.keys, key_file.copy_beside(profile.backups)):
        path.unlink(missing_ok=True)


def wipe(
    profile: Profile, key: Key, *, unsent: int, now: datetime, keychain: Keychain | None = None
) -> Wiped:
    """Destroy the key of a profile that this process holds, whose store is closed; says so.

    ``unsent``: the steps that are lost with it. From the first step on nothing opens the profile.
    """
    kept = key_file.read(profile)
    account = kept.profile if kept.in_keychain else ""
    wiping.begin(profile, account=account, unsent=unsent, now=now)
    key.forget()
    wiping.finish(profile, keychain)
    return wiping.explain(wiping.read_order(profile))


def token_account(name: str) -> str:
    """Name the account of the keychain that keeps the server's token of a profile."""
    return wiping.accounts(name)[1]


def _from_keychain(kept: KeyFile, keychain: Keychain | None) -> tuple[Key | None, str]:
    """Give the key from the keychain, or the reason why not, in words."""
    if keychain is None:
        return None, tr("There is no keychain here, and that is where it is kept.")
    try:
        found = keychain.read(kept.profile)
    except KeychainFailed as error:
        return None, str(error)
    try:
        key = Key(bytes.fromhex(found or ""))
    except ValueError:
        return None, tr("The keychain does not have it any more.")
    if key.fingerprint != kept.fingerprint:
        return None, tr("The keychain has the key of another profile.")
    return key, ""


def _working(keychain: Keychain | None) -> Keychain:
    """Give a keychain that was shown to work; UserError in words when there is none."""
    found = keychain or find_keychain()
    reason = tr("No keychain was found on this computer.")
    if found is not None:
        try:
            found.probe()
            return found
        except KeychainFailed as error:
            reason = str(error)
    raise UserError(
        tr("There is no safe place for the key of this profile."),
        reason
        + " "
        + tr(
            "Choose a passphrase instead; a script gives it in {variable}.",
            variable=PASSPHRASE_VARIABLE,
        ),
    )


def _wrap_passphrase(kept: KeyFile, key: Key, passphrase: str) -> Wrapped:
    if len(passphrase) < _SHORTEST:
        raise UserError(
            tr("This passphrase is too short."),
            tr("Take at least {n} characters; a few words are best.", n=_SHORTEST),
        )
    return wrap(key, passphrase, _purpose(kept.profile, "passphrase"))


def _same_key(profile: Profile, key: Key) -> KeyFile:
    kept = key_file.read(profile)
    if kept.fingerprint != key.fingerprint:
        raise ValueError("the key of another profile")
    return kept


def _purpose(profile: str, way: str) -> str:
    """Bind a sealed key to its profile and way, so that none can stand in for another."""
    return f"DeskCRM {profile} {way}"


def _passphrase_from_environment() -> str | None:
    return os.environ.get(PASSPHRASE_VARIABLE) or None


def _advice(has: Ways) -> str:
    if has.passphrase:
        return tr(
            "Type the passphrase, or set {variable} for a script, or use the recovery code.",
            variable=PASSPHRASE_VARIABLE,
        )
    return tr("Use the recovery code that was shown at set-up.")
