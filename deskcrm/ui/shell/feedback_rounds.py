"""The pictures of every shelf of Feedback, of a suggestion's cards, and of writing a form."""

from typing import TYPE_CHECKING

from deskcrm.ui.feedback import actions
from deskcrm.ui.feedback.lines import FeedbackShelf
from deskcrm.ui.feedback.screen import SHELVES, FeedbackScreen
from deskcrm.ui.kit.overlay import Overlay

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera
    from deskcrm.ui.shell.window import Window

_CARDS = {
    FeedbackShelf.SENT: (actions.message,),
    FeedbackShelf.SUGGESTIONS: (actions.decide, actions.vote),
    FeedbackShelf.FORMS: (actions.edit, actions.preview),
}


def walk(window: "Window", camera: "Camera") -> None:
    """Show each shelf, and what can be opened on it."""
    window.activateWindow()  # or no field shows that it has the focus
    window.desk.go("feedback")
    camera.settle()
    screen = window.pages.page()
    if not isinstance(screen, FeedbackScreen):
        return
    for shelf in SHELVES[1:]:
        screen.shelf.setCurrentIndex(SHELVES.index(shelf))
        camera.settle()
        camera.take(f"feedback-shelf-{shelf.value}", window)
        for open_card in _CARDS.get(shelf, ()):
            open_card(screen)
            camera.settle()
            camera.take(f"feedback-card-{open_card.__name__}", window)
            for card in window.findChildren(Overlay):
                card.close_card()
            camera.settle()
    screen.shelf.setCurrentIndex(0)
    camera.settle()
