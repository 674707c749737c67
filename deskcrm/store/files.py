"""Files that are either whole or not there, and folders that only their owner can read."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner can enter, and give it back."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # An existing folder may be wider; on Windows the user's own area is private already.
        if sys.platform != "win32":
            folder.chmod(0o700)
    except OSError as error:
        raise cannot_write(folder, error) from error
    return folder


def write_whole(path: Path, content: bytes) -> None:
    """Write a private file so that a crash leaves the old one or the new one, never half of one."""
    with written_whole(path) as file:
        file.write(content)


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """Give a private file to write that gets its name when all is on the disk, or is not there."""
    unfinished = path.with_name(path.name + ".part")
    try:
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        move(unfinished, path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise cannot_write(path, error) from error
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def move(source: Path, target: Path) -> None:
    """Rename within one file system, replacing the target, and make it last."""
    source.replace(target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def sync_file(path: Path) -> None:
    """Wait until the content of a file is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; Windows does that by itself."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def require_space(folder: Path, needed: int) -> None:
    """Refuse in words when a folder's disk has fewer than ``needed`` bytes free."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise cannot_write(folder, error) from error
    if free < needed:
        raise UserError(
            tr("There is not enough space on the disk of {folder}.", folder=folder),
            tr(
                "{needed} MB are needed, {free} MB are free. Free some space and try again.",
                needed=_megabytes(needed),
                free=_megabytes(free),
            ),
        )


def cannot_write(path: Path, error: OSError) -> UserError:
    """Say that a place cannot be written, and why."""
    return UserError(
        tr("{path} cannot be written: {reason}.", path=path, reason=error.strerror or "?"),
        tr("Check that the folder is yours and that the disk is not full, then try again."),
    )


def _megabytes(size: int) -> str:
    return f"{max(size / 1_000_000, 0.1):.1f}"
