"""The round through what Renewals looks at, for the pictures."""

from typing import TYPE_CHECKING

from deskcrm.domain.renewals.lines import View
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.renewals import actions
from deskcrm.ui.renewals.screen import RenewalsScreen

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera
    from deskcrm.ui.shell.window import Window


def walk(window: "Window", camera: "Camera") -> None:
    """Take a picture of each view but the first, which the round of places has taken."""
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
