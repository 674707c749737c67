"""How the program looks and speaks: chosen by the person, known before the key is."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deskcrm.base import paths, words
from deskcrm.base.errors import UserError
from deskcrm.base.settings import Scope, Setting
from deskcrm.store import files
from deskcrm.ui.kit.tokens import Density, Mode

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

# What was chosen is read before Qt is there (see ``deskcrm.app``), so Qt is imported below.

LANGUAGE_NAMES: Final = {"en": "English", "ru": "Русский"}
"""Each language in its own words, so that whoever needs it can read it."""
LANGUAGE: Final = Setting(
    "appearance.language",
    "en",
    "Language",
    scope=Scope.PERSONAL,
    choices=words.LANGUAGES,
    said=LANGUAGE_NAMES.__getitem__,
)
THEME: Final = Setting(
    "appearance.theme",
    "system",
    "Colours",
    scope=Scope.PERSONAL,
    choices=tuple(map(str, Mode)),
    said=lambda value: words.of(Mode(value)),
)
DENSITY: Final = Setting(
    "appearance.density",
    "comfortable",
    "Spacing",
    choices=tuple(map(str, Density)),
    said=lambda value: words.of(Density(value)),
)


@dataclass(frozen=True, slots=True)
class Appearance:
    """What is in force. A plain copy lies in the profile's folder for the dialog that unlocks."""

    language: str = "en"
    theme: str = "system"
    density: str = "comfortable"


def of_system() -> Appearance:
    """Give what the operating system suggests."""
    from PySide6.QtCore import QLocale

    spoken = [each.lower() for each in QLocale.system().uiLanguages()]
    return Appearance("ru" if spoken and spoken[0].startswith("ru") else "en")


def recall(folder: Path) -> Appearance:
    """Give what was in force in this profile; what the system suggests where it is not known."""
    return kept(folder) or of_system()


def kept(folder: Path) -> Appearance | None:
    """Read what was in force in this profile."""
    try:
        read = json.loads((folder / "appearance.json").read_text("utf-8"))
        return Appearance(
            LANGUAGE.read(str(read["language"])),
            THEME.read(str(read["theme"])),
            DENSITY.read(str(read["density"])),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def remember(folder: Path, look: Appearance) -> None:
    """Keep what is in force for the next start; no harm is done where that fails."""
    try:
        files.write_whole(folder / "appearance.json", json.dumps(asdict(look)).encode())
    except (OSError, UserError):
        return


def dress(look: Appearance) -> None:
    """Speak and look like this from now on."""
    from deskcrm.ui.kit import language
    from deskcrm.ui.kit.theme import theme

    language.use(look.language)
    theme().apply(Mode(look.theme), Density(look.density))


def application() -> "QApplication":
    """Make the Qt application, or give the one there is."""
    from PySide6.QtGui import QIcon
    from PySide6.QtWidgets import QApplication

    from deskcrm.ui.shell.clicked_links import Application

    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    QApplication.setApplicationName("DeskCRM")
    QApplication.setApplicationDisplayName("DeskCRM")
    QApplication.setDesktopFileName("deskcrm")
    made = Application(["deskcrm"])
    made.setQuitOnLastWindowClosed(False)
    made.setWindowIcon(QIcon(str(paths.resources() / "app.svg")))
    return made
