"""The pictures of the board of tickets, divided in each way, and of a glance at a ticket."""

from typing import TYPE_CHECKING

from deskcrm.ui.tickets.lanes import BY_LINE, BY_PERSON, BY_STATE
from deskcrm.ui.tickets.peek import PeekCard
from deskcrm.ui.tickets.screen import TicketsScreen
from deskcrm.ui.tickets.shelves import OPEN

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera
    from deskcrm.ui.shell.window import Window


def walk(window: "Window", camera: "Camera") -> None:
    """Show the board, look into a ticket, and show the list again."""
    window.desk.go("tickets")
    camera.settle()
    screen = window.pages.page()
    if not isinstance(screen, TicketsScreen):
        return
    screen.shelf.setCurrentIndex(OPEN)
    screen.switch_view()
    for by, name in ((BY_PERSON, "-people"), (BY_LINE, "-lines"), (BY_STATE, "")):
        screen.board.grouping.choose(by)
        camera.settle()
        screen.board.take_focus()
        camera.take(f"tickets-board{name}", window)
    row = screen.row()
    if row is not None:
        screen.peek(row)
        camera.take("tickets-peek", window)
        for card in window.findChildren(PeekCard):
            card.close_card()
    screen.switch_view()
