"""The round through an import that the pictures show: an ugly spreadsheet, to its receipt."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from deskcrm.base.words import language
from deskcrm.ui.imports.posing import write_ugly
from deskcrm.ui.imports.screen import ImportsScreen
from deskcrm.ui.kit import desk as desks

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera
    from deskcrm.ui.shell.window import Window


def walk(window: "Window", camera: "Camera") -> None:
    """Take the pictures of an import, and take the import back."""
    window.desk.go("imports")
    camera.take("imports", window)
    screen = window.pages.page()
    if not isinstance(screen, ImportsScreen):
        return
    screen.backup = None  # of a workspace that is made up
    with tempfile.TemporaryDirectory(prefix="deskcrm-import-") as folder:
        path = Path(folder) / "clients.xlsx"
        write_ugly(path, language())
        screen.begin(path)
        camera.take("imports-columns", window)
        screen.go_on()
        camera.take("imports-preview", window)
        screen.go_on()
        camera.take("imports-receipt", window)
    if screen.receipt is not None:
        desks.undo(window.desk, screen.receipt.step)
        camera.settle()
        window.covers.toasts.clear()
