"""A profile: the folder of one workspace on this device, open in one process at a time.

deskcrm.db      the records, encrypted (with -wal and -shm beside it while it is open)
keys.json       the key, wrapped; see ``deskcrm.store.keys``
lock            held while the profile is open, and says by whom
backups/        the backups made by themselves, and a copy of keys.json
aside/          what a restore replaced; never removed by the program
"""

import hashlib
import json
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store import files

# Linux allows 108 bytes for the path of a socket, macOS 104.
_LONGEST_SOCKET: Final = 100
# Windows forbids others to read a locked byte, so the one that is locked lies far behind the text.
_LOCKED_BYTE: Final = 1 << 30


@dataclass(frozen=True, slots=True)
class Running:
    """The process that has the profile open, and the local socket that it listens on."""

    pid: int
    socket: str


class AlreadyOpen(UserError):
    """Another process has the profile open; ``running`` says how to reach it."""

    def __init__(self, folder: Path, running: Running | None) -> None:
        who = tr("Process {pid} has it open.", pid=running.pid) if running else ""
        advice = tr("Go on in the window that is open, or close it and try again.")
        super().__init__(
            tr("DeskCRM is already open with the profile {folder}.", folder=folder),
            f"{who} {advice}".strip(),
        )
        self.running = running


@dataclass(frozen=True, slots=True)
class Profile:
    """Where the files of one workspace lie; making one touches nothing on the disk."""

    folder: Path

    @property
    def database(self) -> Path:
        """The encrypted file with the records."""
        return self.folder / "deskcrm.db"

    @property
    def keys(self) -> Path:
        """The file with the wrapped keys."""
        return self.folder / "keys.json"

    @property
    def backups(self) -> Path:
        """The folder of the backups that are made by themselves."""
        return self.folder / "backups"

    @property
    def aside(self) -> Path:
        """The folder of what restores replaced."""
        return self.folder / "aside"

    @property
    def socket(self) -> str:
        """Name the local socket by which a second start reaches the first.

        A path inside the private folder where one is short enough: nobody else can take it then.
        """
        path = self.folder.absolute() / "desk.sock"
        if sys.platform != "win32" and len(os.fsencode(path)) <= _LONGEST_SOCKET:
            return str(path)
        name = "deskcrm-" + hashlib.sha256(os.fsencode(self.folder.resolve())).hexdigest()[:24]
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        return str(Path(runtime) / name) if runtime and sys.platform != "win32" else name

    def database_files(self) -> list[Path]:
        """Name the files that the database can consist of, itself first."""
        return database_files(self.database)

    def exists(self) -> bool:
        """Tell whether a workspace has been set up here."""
        return self.database.exists() or self.keys.exists()

    def running(self) -> Running | None:
        """Tell which process has the profile open, if one has."""
        try:
            descriptor = os.open(self.folder / "lock", os.O_RDWR)
        except OSError:
            return None
        try:
            if not _try_lock(descriptor):
                return _read_running(descriptor)
            _unlock(descriptor)
            return None
        finally:
            os.close(descriptor)

    def acquire(self) -> "Hold":
        """Take the profile for this process, or raise AlreadyOpen; use it in a ``with`` block.

        A restore that a crash interrupted is finished here, before anybody can open the file.
        """
        files.private_folder(self.folder)
        files.private_folder(self.backups)
        path = self.folder / "lock"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise files.cannot_write(path, error) from error
        if not _try_lock(descriptor):
            running = _read_running(descriptor)
            os.close(descriptor)
            raise AlreadyOpen(self.folder, running)
        hold = Hold(self, descriptor, ended_cleanly=os.fstat(descriptor).st_size == 0)
        try:
            hold.announce()
            finish_replacing(self)
        except OSError as error:
            hold.release()
            raise files.cannot_write(self.folder, error) from error
        return hold


class Hold:
    """The profile is this process's until it is released or the process ends, however it ends.

    ``ended_cleanly`` tells whether the process before this one released the profile: if it did
    not, the file deserves a check.
    """

    def __init__(self, profile: Profile, descriptor: int, *, ended_cleanly: bool) -> None:
        self.profile = profile
        self.ended_cleanly = ended_cleanly
        self._descriptor: int | None = descriptor

    def announce(self) -> None:
        """Write into the lock file who holds it and how to reach them."""
        assert self._descriptor is not None
        said = json.dumps({"pid": os.getpid(), "socket": self.profile.socket}).encode()
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        os.write(self._descriptor, said)

    def release(self) -> None:
        """Give the profile back; doing so twice is harmless."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        os.ftruncate(descriptor, 0)
        _unlock(descriptor)
        os.close(descriptor)

    def __enter__(self) -> "Hold":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()


def fresh_database(profile: Profile) -> Path:
    """Name the place where a database is made ready to replace the present one."""
    return profile.folder / "restored.db"


def replace_database(hold: Hold, *, aside: str) -> Path:
    """Put the finished ``fresh_database`` in place of the present one, kept in ``aside/NAME``.

    The file and its WAL cannot be renamed in one stroke, so the intention is written down first:
    a crash in between is finished by the next ``acquire``, and nobody ever opens a new database
    beside an old WAL.
    """
    profile = hold.profile
    files.sync_file(fresh_database(profile))
    files.write_whole(_intention(profile), json.dumps({"aside": aside}).encode())
    finish_replacing(profile)
    return profile.aside / aside


def finish_replacing(profile: Profile) -> None:
    """Carry a replacement that was written down to its end; without one, clear what is left."""
    fresh, intention = fresh_database(profile), _intention(profile)
    if not intention.exists():
        remove_database(fresh)
        return
    if fresh.exists():
        # Only a plain name is taken: the folder must be inside ``aside``.
        name = Path(str(json.loads(intention.read_bytes())["aside"])).name
        kept = files.private_folder(files.private_folder(profile.aside) / name)
        database, log, *_ = profile.database_files()
        for present in (log, database):
            if present.exists():
                files.move(present, kept / present.name)
        if profile.keys.exists():
            shutil.copy2(profile.keys, kept / profile.keys.name)
        remove_database(profile.database)
        files.move(fresh, profile.database)
    intention.unlink()
    files.sync_folder(profile.folder)


def remove_database(path: Path) -> None:
    """Remove a database with its -wal, -shm and -journal, whichever there are."""
    for one in database_files(path):
        one.unlink(missing_ok=True)


def database_files(path: Path) -> list[Path]:
    """Name the files that a database can consist of, itself first."""
    return [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]


def _intention(profile: Profile) -> Path:
    return profile.folder / "replacing.json"


def _read_running(descriptor: int) -> Running | None:
    try:
        os.lseek(descriptor, 0, os.SEEK_SET)
        said = json.loads(os.read(descriptor, 4096))
        return Running(pid=int(said["pid"]), socket=str(said["socket"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # the holder is just writing it


# Not filelock: these lines are all of it that we need, and the text must live in the locked file.
if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
