"""``keys.json``: the key of a profile as it may lie on a disk, wrapped and never plain."""

import hashlib
import json
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store import files
from deskcrm.store.keys import wiping
from deskcrm.store.keys.wrap import Wrapped
from deskcrm.store.profile import Profile

_FORMAT: Final = 1


class KeyFile(Struct, frozen=True, forbid_unknown_fields=True):
    """How the key of one profile can be had: from the keychain, by passphrase, by recovery code.

    ``check`` tells a damaged file from a mistyped passphrase; it is no protection.
    """

    profile: str
    fingerprint: str
    recovery: Wrapped
    in_keychain: bool = False
    passphrase: Wrapped | None = None
    format: int = _FORMAT
    check: str = ""


def read(profile: Profile) -> KeyFile:
    """Read a profile's key file, or the copy beside its backups when it is damaged or gone.

    Raises Wiped where the key was destroyed, or is to be.
    """
    wiping.refuse(profile)
    found = read_path(profile.keys)
    if found is not None:
        return found
    copy = read_path(copy_beside(profile.backups))
    if copy is None:
        raise UserError(
            tr("The key file {path} is missing or damaged.", path=profile.keys),
            tr("Put back the keys.json that lies beside a backup, then try again."),
        )
    save(profile, copy)
    return copy


def read_path(path: Path) -> KeyFile | None:
    """Read a key file; None when there is none or it is damaged."""
    try:
        content = path.read_bytes()
        found = json.loads(content)
        if isinstance(found, dict) and found.get("format", 0) > _FORMAT:
            raise UserError(
                tr("{path} was made by a newer DeskCRM.", path=path),
                tr("Update DeskCRM on this computer, then try again."),
            )
        file = msgspec.convert(found, KeyFile)
    except (OSError, ValueError, TypeError, msgspec.ValidationError):
        return None
    return file if file.check == _sum(file) else None


def save(profile: Profile, file: KeyFile) -> None:
    """Write a profile's key file, and the copy that goes with its backups."""
    for folder in (profile.folder, profile.backups):
        files.private_folder(folder)
    for path in (profile.keys, copy_beside(profile.backups)):
        save_path(path, file)


def save_path(path: Path, file: KeyFile) -> None:
    """Write a key file somewhere."""
    content = msgspec.json.encode(replace(file, check=_sum(file)))
    files.write_whole(path, msgspec.json.format(content, indent=2) + b"\n")


def copy_beside(folder: Path) -> Path:
    """Name the key file that opens the backups of a folder."""
    return folder / "keys.json"


def sidecar(backup: Path) -> Path:
    """Name the key file that goes with one backup somewhere else."""
    return backup.with_name(backup.name + ".keys.json")


def _sum(file: KeyFile) -> str:
    plain = msgspec.json.encode(replace(file, check=""))
    return hashlib.sha256(plain).hexdigest()[:16]
