"""A process that imports a file, says how far it is, and then waits for its end.

    python -m tests.faults.importer PROFILE FILE [careless]

A line on stdout is a moment at which it can be ended. ``careless`` writes in parts, each a step of
its own: the control.
"""

import signal
import sys
from pathlib import Path

import msgspec

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.base.jobs import Job
from deskcrm.domain.imports import importing, writing
from deskcrm.domain.imports.fields import Target
from deskcrm.domain.imports.importing import Preview
from deskcrm.domain.imports.mapping import mapped
from deskcrm.domain.imports.names import is_known
from deskcrm.domain.imports.plan import Wish
from deskcrm.domain.imports.reading.files import read_file
from deskcrm.domain.imports.reading.sheet import FIND_OUT, Sheet
from deskcrm.store.engine import open_sqlite
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from tests.fixtures_store import KEY

AT_ONCE = 100
"""Rows after which derived rows follow: so few that there are many moments in a small file."""


def read(path: Path) -> Sheet:
    """Read a file."""
    return read_file(path, known=is_known, how=FIND_OUT, job=Job())


def look(store: Store, sheet: Sheet) -> Preview:
    """Say what would come of the rows of a file."""
    columns = store.ask(importing.propose, sheet, Target.CLIENTS)
    wish = Wish(Target.CLIENTS)
    return importing.preview(Job(), store, sheet, mapped(columns.suggestions), columns, wish)


def main() -> None:
    """Import, and wait."""
    profile, path, careless = Profile(Path(sys.argv[1])), Path(sys.argv[2]), len(sys.argv) > 3
    writing._AT_ONCE = AT_ONCE  # type: ignore[misc]  # as a file a thousand times as long
    job = Job(on_progress=lambda *told: print(told[0], flush=True))  # noqa: T201
    with profile.acquire():
        store = Store.open(open_sqlite(profile.database, KEY))
        with store.database.writer.connect() as connection:
            # As of a file larger than the cache, some of it is on the disk before it is whole.
            connection.exec_driver_sql("PRAGMA cache_size = -400")
        sheet = read(path)
        size = AT_ONCE if careless else len(sheet.lines)
        for start in range(0, len(sheet.lines), size):
            part = msgspec.structs.replace(sheet, lines=sheet.lines[start : start + size])
            importing.apply(job, store, look(store, part))
        print("done", flush=True)  # noqa: T201
        signal.pause()


if __name__ == "__main__":
    main()
