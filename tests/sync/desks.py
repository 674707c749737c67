"""A workstation with real files on a disk, and a person who works at it."""

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deskcrm.base.ids import new_id
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.users.model import UserId
from deskcrm.store.backup import copy_database
from deskcrm.store.engine import open_sqlite
from deskcrm.store.keys.key import Key
from deskcrm.store.store import Store
from deskcrm.sync import protocol
from deskcrm.sync.connecting import Entry, connect, reach
from deskcrm.sync.credentials import Credentials
from deskcrm.sync.http_peer import HttpPeer
from deskcrm.sync.station.receipt import Receipt
from deskcrm.sync.station.rounds import Exchange
from tests.fixtures_store import KEY
from tests.sync.http_world import PASSWORD
from tests.watch import Watch


@dataclass
class Desk:
    """A workstation: a real encrypted file, a person, a server to speak to."""

    folder: Path
    site: Any
    """The server, of which only the address matters here."""
    watch: Watch
    name: str
    store: Store = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        """Start the program over what is on the disk."""
        self.store = Store.open(open_sqlite(self.folder / "deskcrm.db", KEY), clock=self.watch)

    def set_up(self) -> None:
        """Begin alone, as somebody does who has no server."""
        self.store.sign_in(new_id())
        self.store.do(create_first_user, name=self.name)

    @property
    def credentials(self) -> Credentials:
        """The login, kept in the file itself: there is no keychain in a test."""
        return Credentials(self.store)

    @property
    def user(self) -> UserId:
        """Who acts."""
        return UserId(self.store.actor)

    def connect(self, name: str = "", **more: Any) -> Receipt:
        """Sign in and exchange everything for the first time."""
        entry = Entry(self.site.url, name or self.name, PASSWORD)
        backup = more.get("backup", lambda: None)
        return connect(self.store, self.credentials, entry, backup=backup).receipt

    def peer(self) -> HttpPeer:
        """Give the server as a fresh start of the program reaches it."""
        return reach(self.store, self.credentials)

    def sync(self, limit: int = protocol.ROWS_AT_ONCE) -> Receipt:
        """Exchange everything once; raises SyncError."""
        peer = self.peer()
        try:
            return Exchange(self.store, peer, limit).run()
        finally:
            peer.close()

    def copy_to(self, folder: Path) -> "Desk":
        """Copy the profile as a person copies a folder, while the program is closed."""
        self.store.close()
        shutil.copytree(self.folder, folder)
        self.open()
        return Desk(folder, self.site, self.watch, self.name)

    def restore(self, backup: Path) -> None:
        """Put a copy of the file in place, as the program does: under a new device id."""
        self.store.close()
        for path in self.folder.iterdir():
            path.unlink()
        shutil.copyfile(backup, self.folder / "deskcrm.db")
        database = open_sqlite(self.folder / "deskcrm.db", KEY)
        with database.writer.begin() as connection:
            for key, value in (("device", str(new_id())), ("restored_at", "2026")):
                connection.exec_driver_sql(
                    "INSERT OR REPLACE INTO local_meta (key, value) VALUES (?, ?)", (key, value)
                )
        database.close()
        self.open()

    def snapshot(self, path: Path) -> Path:
        """Make a backup."""
        return snapshot(self.folder / "deskcrm.db", path)


def snapshot(database: Path, path: Path) -> Path:
    """Copy a database that may be open into one file."""
    copy_database(database, Key(KEY), path, Key(KEY))
    return path
