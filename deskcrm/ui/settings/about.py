"""Help that needs no network, and what this program is made of."""

import platform
from importlib import metadata
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QPlainTextEdit

from deskcrm import __version__
from deskcrm.base.words import tr
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.settings.rows import Card, Row
from deskcrm.ui.shell.calm import CalmDialog

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window

_MADE_WITH: Final = (
    "PySide6_Essentials", "SQLAlchemy", "alembic", "argon2-cffi", "cryptography", "keyring",
    "mimesis", "msgspec", "phonenumbers", "platformdirs", "python-dateutil", "RapidFuzz",
    "requests", "snowballstemmer", "sqlcipher3", "tzdata",
)  # fmt: skip

# Whose package does not say it, though its source does.
_UNSAID: Final = {"sqlcipher3": "Zlib; SQLCipher: BSD-3-Clause"}


def cards(desk: Desk, window: "Window") -> list[Card]:
    """Build the section of help and about."""
    return [_help_card(window), _about_card(window)]


def _help_card(window: "Window") -> Card:
    card = Card(tr("Help"), tr("It is all here; nothing is fetched from the network."))
    keys = parts.button(tr("Show"), lambda: window.run("shortcuts.show"))
    keys.setAccessibleName(tr("Show the keyboard shortcuts"))
    card.add(
        Row(tr("Keyboard shortcuts"), tr("Every action shows its key. Press ? in a list."), keys)
    )
    palette = parts.button(tr("Open"), lambda: window.run("palette.open"))
    palette.setAccessibleName(tr("Open the command palette"))
    card.add(
        Row(
            tr("Find any action"),
            tr("Press Ctrl+K and type what you want to do, in English or in Russian."),
            palette,
        )
    )
    for title, text in _answers():
        card.add(Row(title, text))
    return card


def _answers() -> list[tuple[str, str]]:
    return [
        (
            tr("Somebody calls"),
            tr(
                "The card opens from a tel: link, from “deskcrm call” and the number, from the"
                " tray, or with F4. Type the note while you talk: it is kept as you type."
            ),
        ),
        (
            tr("Something was done by mistake"),
            tr("Ctrl+Z takes it back, also after a restart. Every message has Undo, too."),
        ),
        (
            tr("There is no network"),
            tr("Nothing changes: everything is on this computer and works without one."),
        ),
        (
            tr("A colleague must not see my screen"),
            tr("Close DeskCRM: the files on the disk are encrypted."),
        ),
    ]


def _about_card(window: "Window") -> Card:
    card = Card(tr("About DeskCRM"))
    system = f"{platform.system()} · Python {platform.python_version()}"
    card.add(Row(tr("DeskCRM {version}", version=__version__), system))
    licences = parts.button(tr("Licences…"))
    licences.clicked.connect(lambda: _show_licences(window))
    card.add(Row(tr("Licence"), tr("Free software under the Apache License 2.0."), licences))
    return card


def licences() -> str:
    """List what the program is made of, each with its version and licence."""
    lines = ["DeskCRM — Apache-2.0", f"Python {platform.python_version()} — PSF-2.0"]
    for name in _MADE_WITH:
        try:
            found = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue
        said = (*(found.get_all("License-Expression") or ()), *(found.get_all("License") or ()))
        named = said[0].strip().splitlines()[:1] if said else [_UNSAID.get(name) or _kind(found)]
        lines.append(f"{found['Name']} {found['Version']} — {named[0]}")
    return "\n".join(lines)


def _kind(found: metadata.PackageMetadata) -> str:
    kinds = [each for each in found.get_all("Classifier") or [] if each.startswith("License")]
    return kinds[-1].rpartition(" :: ")[2] if kinds else "?"


def _show_licences(window: "Window") -> None:
    dialog = CalmDialog(
        tr("Made with"), tr("DeskCRM stands on the work of many. These are their licences."), window
    )
    shown = QPlainTextEdit(licences())
    shown.setReadOnly(True)
    shown.setAccessibleName(tr("Made with"))
    shown.setMinimumHeight(320)
    dialog.put(shown)
    dialog.set_buttons(parts.button(tr("Close"), dialog.accept, look="primary"))
    dialog.finished.connect(lambda _: dialog.deleteLater())
    dialog.open()
