"""What the tests of backup, restore and check share: a held profile with toy boxes in it."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from deskcrm.store import engine
from deskcrm.store.profile import Hold
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from tests.fixtures_store import KEY
from tests.toys import ToyBox, add_box

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
PASSPHRASE = "correct horse battery"


def count_boxes(db: Reader) -> int:
    """Count the boxes."""
    return int(db.scalar(select(func.count()).select_from(ToyBox)) or 0)


def open_store(hold: Hold) -> Store:
    """Open the store of a held profile."""
    return Store.open(engine.open_sqlite(hold.profile.database, KEY))


def write_boxes(hold: Hold, *names: str) -> None:
    """Add boxes to a held profile."""
    store = open_store(hold)
    for name in names:
        store.do(add_box, name=name)
    store.close()


def boxes_in(hold: Hold) -> int:
    """Count the boxes of a held profile."""
    store = open_store(hold)
    counted = store.ask(count_boxes)
    store.close()
    return counted


def flip(path: Path, place: int) -> None:
    """Flip the lowest bit of a byte."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
