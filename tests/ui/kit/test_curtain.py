"""A page whose parts come one by one is painted once, and never kept waiting for long."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.curtain import Curtain


def test_nothing_is_painted_until_the_last_part_has_come(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    curtain = Curtain(page)
    curtain.fall(("head", "list"))
    curtain.came("list")
    assert not page.updatesEnabled()
    curtain.came("head")
    assert page.updatesEnabled()


def test_a_part_that_never_comes_does_not_hide_the_others(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    Curtain(page).fall(("head", "list"))
    qtbot.waitUntil(page.updatesEnabled)


def test_what_comes_by_itself_changes_nothing(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    Curtain(page).came("list")
    assert page.updatesEnabled()
