"""Lets a window come to rest."""

from PySide6.QtWidgets import QApplication

from deskcrm.ui.kit.desk import Desk


def settle(desk: Desk) -> None:
    """Turn the event loop until every answer is home and what it set off is done too."""
    quiet = 0
    while quiet < 3:
        QApplication.processEvents()
        if desk.tasks.is_idle:
            quiet += 1
        else:
            assert desk.tasks.wait_idle(), "an answer never came home"
            quiet = 0
