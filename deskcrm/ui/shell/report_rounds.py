"""The pictures of reports: what a figure is made of, what was answered, and who has how much."""

from typing import TYPE_CHECKING, Final

from deskcrm.ui.reports.screen import ReportsScreen

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera
    from deskcrm.ui.shell.window import Window

_SHOWN: Final = ("first_response", "nps", "people", "lines")


def walk(window: "Window", camera: "Camera") -> None:
    """Look at some of the figures, and at the rows behind one."""
    window.desk.go("reports")
    camera.settle()
    screen = window.pages.page()
    assert isinstance(screen, ReportsScreen)
    for which in _SHOWN:
        screen.table.show_id(which)
        camera.take(f"reports-{which.replace('_', '-')}", window)
    screen.table.show_id(_SHOWN[0])
    camera.settle()
    screen.record.views.setCurrentIndex(1)
    camera.take("reports-rows", window)
    screen.record.views.setCurrentIndex(0)
