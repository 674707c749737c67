"""Pictures of every screen: a sample workspace is opened, walked through and painted to PNG."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget

from deskcrm.base import words
from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import LANGUAGES, tr
from deskcrm.domain.risk.rounds import go_round
from deskcrm.store import keys
from deskcrm.store.opening import Opened
from deskcrm.store.profile import Profile
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.tasks import Tasks
from deskcrm.ui.kit.toast import Toasts
from deskcrm.ui.kit.tokens import Density, Mode
from deskcrm.ui.shell import appearance, founding, outside, rounds
from deskcrm.ui.shell.appearance import DENSITY, LANGUAGE, THEME, Appearance
from deskcrm.ui.shell.first_run import Wishes
from deskcrm.ui.shell.preferences import Preferences
from deskcrm.ui.shell.window import Window

_NAMES: Final = {"en": "Anna Carter", "ru": "Анна Петрова"}
_PLACES: Final = {"en": ("Europe/London", "GB"), "ru": ("Europe/Moscow", "RU")}
_QUIET_TURNS: Final = 4


@dataclass(frozen=True, slots=True)
class Look:
    """What a round of pictures is taken in; a brief one sees the places and not every state."""

    name: str
    mode: Mode
    density: Density = Density.COMFORTABLE
    is_brief: bool = False


LOOKS: Final = (
    Look("light", Mode.LIGHT),
    Look("dark", Mode.DARK),
    Look("contrast", Mode.CONTRAST, is_brief=True),
    Look("compact", Mode.LIGHT, Density.COMPACT, is_brief=True),
)


class Camera:
    """Paints widgets to files once nothing moves any more; ``only``: beginnings of names."""

    def __init__(self, out: Path, tasks: Tasks, only: Sequence[str] = ()) -> None:
        self._out = out
        self._only = tuple(only)
        self._tasks = tasks
        self.suffix = ""
        self.taken: list[Path] = []

    def settle(self) -> None:
        """Turn the event loop until every answer is home and what it set off is done too."""
        quiet = 0
        while quiet < _QUIET_TURNS:
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if self._tasks.is_idle:
                quiet += 1
            else:
                self._tasks.wait_idle()
                quiet = 0

    def take(self, name: str, widget: QWidget) -> None:
        """Paint a widget to NAME-LANGUAGE-LOOK.png, if it is wanted; what it told is over then."""
        self.settle()
        if not self._only or name.startswith(self._only):
            self.look_at(name, widget)
        for toasts in widget.findChildren(Toasts):
            toasts.clear()

    def look_at(self, name: str, widget: QWidget) -> None:
        """Paint a widget that has come to rest."""
        path = self._out / f"{name}-{self.suffix}.png"
        widget.grab().save(str(path))
        self.taken.append(path)


def write(
    out: Path, *, size: tuple[int, int], only: Sequence[str] = (), looks: Sequence[str] = ()
) -> list[Path]:
    """Paint every screen and dialog in every language and look; gives the files.

    ``only``: just those whose names begin so; ``looks``: just these, such as ``ru-dark``. Raises
    UserError for a look that there is not.
    """
    wanted = _wanted(looks)
    out.mkdir(parents=True, exist_ok=True)
    appearance.application()
    before = words.language()
    taken: list[Path] = []
    try:
        for language, chosen in wanted.items():
            with _workspace(language) as opened:
                taken += _walk(opened, Taking(out, size, language, chosen, only))
    finally:
        words.set_language(before)
    return taken


def _wanted(names: Sequence[str]) -> dict[str, list[Look]]:
    """Give by language the looks of these names; all, if none is named."""
    every = {
        f"{language}-{look.name}": (language, look) for language in LANGUAGES for look in LOOKS
    }
    wanted: dict[str, list[Look]] = {}
    for name in names or every:
        if name not in every:
            raise UserError(
                tr("There is no look “{name}”.", name=name),
                tr("Choose from {names}.", names=", ".join(every)),
            )
        language, look = every[name]
        wanted.setdefault(language, []).append(look)
    return wanted


@dataclass(frozen=True, slots=True)
class Taking:
    """A walk with the camera through one workspace."""

    out: Path
    size: tuple[int, int]
    language: str
    looks: Sequence[Look]
    only: Sequence[str]


def _walk(opened: Opened, taking: Taking) -> list[Path]:
    tasks = Tasks()
    desk = Desk(opened.store, tasks, Preferences(opened.store, tasks))
    camera = Camera(taking.out, tasks, taking.only)
    try:
        for look in taking.looks:
            camera.suffix = f"{taking.language}-{look.name}"
            desk.setting(LANGUAGE, taking.language)
            desk.setting(THEME, look.mode)
            desk.setting(DENSITY, look.density)
            in_force = Appearance(taking.language, look.mode, look.density)
            appearance.dress(in_force)
            window = Window(desk, opened)
            window.resize(*taking.size)
            window.show_tabs([])
            window.show()
            if look.is_brief:
                rounds.walk_briefly(window, camera)
            else:
                rounds.walk(window, camera)
                outside.walk(opened, tasks, in_force, camera)
            window.hide()
            window.cards.close()
            window.deleteLater()
            camera.settle()
    finally:
        tasks.wait_idle()
        tasks.shutdown()
    return camera.taken


@contextmanager
def _workspace(language: str) -> Iterator[Opened]:
    """Open a sample workspace in a folder that is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="deskcrm-screens-"))
    profile = Profile(folder / "profile")
    appearance.dress(Appearance(language, "light"))
    try:
        with profile.acquire() as hold:
            key, _ = keys.create_key(profile, passphrase=secrets.token_hex(16))
            name = _NAMES.get(language, _NAMES["en"])
            zone, country = _PLACES.get(language, _PLACES["en"])
            wishes = Wishes(name, language, with_sample=True, time_zone=zone, country=country)
            store = founding.found(Job(), profile, key, wishes)
            go_round(Job(), store, looks_back=True)
            try:
                yield Opened(profile, hold, key, store)
            finally:
                store.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
