"""A process that writes as fast as it can and says each write only once it is durable.

    python -m tests.faults.writer PROFILE

For tests that end it: a line on stdout is an acknowledgement, ``NUMBER NAME``. A fault that the
store puts in words ends it with the name of the error on stderr.
"""

import itertools
import sys
from pathlib import Path

from deskcrm.base.errors import UserError
from deskcrm.store import damage
from deskcrm.store.engine import open_sqlite
from deskcrm.store.keys import Key
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from tests import toys
from tests.fixtures_store import KEY


def main() -> int:
    """Write until the end comes."""
    profile = Profile(Path(sys.argv[1]))
    try:
        with profile.acquire():
            damage.check_before_opening(profile, Key(KEY))
            _write(Store.open(open_sqlite(profile.database, KEY)))
    except UserError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _write(store: Store) -> None:
    print("ready", flush=True)  # noqa: T201
    for number in itertools.count():
        # Of very different sizes, so that the end comes in the middle of large writes too.
        things = 400 if number % 7 == 6 else number % 3
        box = store.do(toys.add_box, name=f"Box {number}").value
        if things:
            store.do(toys.fill, box, names=[f"Thing {n}" for n in range(things)])
        if number % 5 == 4:
            store.undo()
        print(f"{box.hex} {things if number % 5 != 4 else -1}", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
