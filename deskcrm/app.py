"""Builds the desktop program, top to bottom."""

import gc
import os
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from deskcrm.base.errors import UserError
from deskcrm.base.words import speaking, tr
from deskcrm.store.profile import Hold, Profile

if TYPE_CHECKING:
    from deskcrm.store.keys.key import Key


def main(profile: Profile, *, call: str | None = None) -> int:
    """Open the program with a profile; ``call`` shows the card of this number. Gives the exit code.

    Raises UserError where not even a window can say what is wrong.
    """
    running = profile.running()
    if running is not None:
        from deskcrm.ui.shell.program import hand_over

        if hand_over(running, call):
            return 0
    check_display()
    try:
        hold = profile.acquire()
    except UserError as error:
        from deskcrm.ui.shell import appearance, entrance

        appearance.application()
        appearance.dress(appearance.recall(profile.folder))
        entrance.say(error)
        return 1
    with hold:
        return _open(hold, call)


def _open(hold: Hold, call: str | None) -> int:
    begun = _begin_key(hold.profile)
    load()
    from deskcrm.ui.kit.tasks import Tasks
    from deskcrm.ui.shell import appearance, entrance

    app = appearance.application()
    appearance.dress(appearance.recall(hold.profile.folder))
    while True:
        tasks = Tasks()
        try:
            look = appearance.recall(hold.profile.folder)
            opened = entrance.enter(hold, tasks, look, begun)
            if opened is None:
                return 0
            from deskcrm.ui.shell import program  # entrance has read it while the key was made

            code = program.run(app, opened, tasks, call)
        except UserError as error:
            entrance.say(error)
            return 1
        finally:
            tasks.shutdown()
        if code != program.AGAIN:
            return code
        begun = call = None


def _begin_key(profile: Profile) -> "Future[Key] | None":
    """Begin to get the key in a thread: most of it needs no Python, which goes on reading code.

    None where it is not known yet in which language a refusal is to be said.
    """
    from deskcrm.ui.shell.appearance import kept

    look = kept(profile.folder)
    if look is None or not profile.keys.exists():
        return None
    from deskcrm.store import keys

    def open_key() -> "Key":
        with speaking(look.language):
            return keys.open_key(profile)

    pool = ThreadPoolExecutor(1, thread_name_prefix="deskcrm-key")
    try:
        return pool.submit(open_key)
    finally:
        pool.shutdown(wait=False)


def load() -> None:
    """Read the code that knows nothing of Qt, the larger half of a start, before Qt is there.

    Once Qt for Python is imported it opens the source of every module that comes after it.
    """
    # What is imported stays: rounds of the collector over it find nothing, and cost a tenth.
    gc.disable()
    try:
        import deskcrm.domain.all
        import deskcrm.store.opening  # noqa: F401
    finally:
        gc.enable()
    gc.freeze()


def check_display() -> None:
    """Raise UserError where there is no display: Qt itself would end the process without words."""
    if not sys.platform.startswith("linux"):
        return
    if not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))):
        raise UserError(
            tr("There is no display here, so no window can open."),
            tr(
                "Start it in a desktop session or with xvfb-run, or write pictures of every"
                " screen: deskcrm screens --out DIR."
            ),
        )


def write_screens(
    out: Path,
    *,
    size: tuple[int, int] = (1280, 800),
    only: Sequence[str] = (),
    looks: Sequence[str] = (),
) -> list[Path]:
    """Paint every screen and dialog of a sample workspace into PNG files; gives their paths.

    ``only``: just those whose names begin so; ``looks``: just these, such as ``ru-dark``.
    Raises UserError for a look that there is not.
    """
    if not os.environ.get("QT_QPA_PLATFORM"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from deskcrm.ui.shell import pictures

    return pictures.write(out, size=size, only=only, looks=looks)
