"""Builds the desktop program, top to bottom."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from deskcrm.base.errors import UserError
from deskcrm.base.words import LANGUAGES, tr
from deskcrm.store.profile import Profile


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
    from deskcrm.ui.kit.tasks import Tasks
    from deskcrm.ui.shell import appearance, entrance, program

    app = appearance.application()
    look = appearance.recall(profile.folder)
    appearance.dress(look)
    try:
        hold = profile.acquire()
    except UserError as error:
        entrance.say(error)
        return 1
    with hold:
        while True:
            tasks = Tasks()
            try:
                opened = entrance.enter(hold, tasks, appearance.recall(profile.folder))
                if opened is None:
                    return 0
                code = program.run(app, opened, tasks, call)
            except UserError as error:
                entrance.say(error)
                return 1
            finally:
                tasks.shutdown()
            if code != program.AGAIN:
                return code
            call = None


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
    languages: Sequence[str] = LANGUAGES,
    modes: Sequence[str] = ("light", "dark"),
) -> list[Path]:
    """Paint every screen and dialog of a sample workspace into PNG files; gives their paths."""
    if not os.environ.get("QT_QPA_PLATFORM"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from deskcrm.ui.shell import pictures

    return pictures.write(out, size=size, languages=languages, modes=modes)
