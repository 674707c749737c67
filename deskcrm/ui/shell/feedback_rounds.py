"""The pictures of every shelf of Feedback, of a suggestion's cards, and of writing a form."""

from typing import TYPE_CHECKING

from deskcrm.domain.feedback.inviting import get_invitation
from deskcrm.domain.feedback.responses import ResponseRow
from deskcrm.ui.feedback import actions
from deskcrm.ui.feedback.lines import FeedbackShelf
from deskcrm.ui.feedback.screen import SHELVES, FeedbackScreen
from deskcrm.ui.feedback.sending import InvitationCard
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
            _close_cards(window, camera)
        if shelf is FeedbackShelf.SENT:
            _show_link(screen, window, camera)
    screen.shelf.setCurrentIndex(0)
    camera.settle()


def _show_link(screen: FeedbackScreen, window: "Window", camera: "Camera") -> None:
    """Show what is sent where there is a server that clients reach."""
    row = screen.row()
    if not isinstance(row, ResponseRow):
        return
    found = window.desk.store.ask(get_invitation, row.id, address="https://desk.example.com")
    if found is not None:
        InvitationCard(window.desk, screen, row.client, found)
        camera.take("feedback-card-link", window)
    _close_cards(window, camera)


def _close_cards(window: "Window", camera: "Camera") -> None:
    for card in window.findChildren(Overlay):
        card.close_card()
    camera.settle()
