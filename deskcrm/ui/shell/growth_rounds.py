"""The round through what Risk, Renewals and the list of clients can show, for the pictures."""

from typing import TYPE_CHECKING

from deskcrm.domain.renewals.lines import View
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.renewals import actions
from deskcrm.ui.renewals.screen import RenewalsScreen
from deskcrm.ui.risk.screen import SHELVES, RiskScreen

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera
    from deskcrm.ui.shell.window import Window


def walk(window: "Window", camera: "Camera") -> None:
    """Take a picture of each part but the first, which the round of places has taken."""
    window.activateWindow()  # or no field shows that it has the focus
    _show_risk(window, camera)
    _show_health(window, camera)
    _show_renewals(window, camera)


def _show_risk(window: "Window", camera: "Camera") -> None:
    window.desk.go("risk")
    camera.settle()
    screen = window.pages.page()
    assert isinstance(screen, RiskScreen)
    for at, shelf in enumerate(SHELVES[1:], 1):
        screen.shelf.setCurrentIndex(at)
        camera.take(f"risk-{shelf}", window)
    screen.shelf.setCurrentIndex(0)
    camera.settle()
    scroll = screen.record.scroller.verticalScrollBar()
    scroll.setValue(scroll.maximum())
    camera.take("risk-changed", window)
    scroll.setValue(0)


def _show_health(window: "Window", camera: "Camera") -> None:
    """Take the list of clients with the column of health, as somebody chose it."""
    window.desk.go("clients")
    camera.settle()
    screen = window.pages.page()
    assert isinstance(screen, ClientsScreen)
    sizes, arrangement = screen.splitter.sizes(), screen.bar.arrangement
    assert arrangement is not None
    arrangement.toggle("health")
    camera.take("clients-health", window)
    arrangement.toggle("health")
    screen.splitter.setSizes(sizes)
    camera.settle()


def _show_renewals(window: "Window", camera: "Camera") -> None:
    for view in list(View)[1:]:
        window.desk.go("renewals", view=view)
        camera.take(f"renewals-{view}", window)
        screen = window.pages.page()
        if view is View.SIGNALS and isinstance(screen, RenewalsScreen) and screen.row():
            actions.dismiss(screen)
            camera.take("renewals-dismiss", window)
            for card in window.findChildren(Overlay):
                card.close_card()
    window.desk.go("renewals", view=View.TO_DECIDE)
    camera.settle()
