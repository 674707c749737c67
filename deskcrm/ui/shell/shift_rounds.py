"""The pictures of a shift: a colleague goes away, a ticket goes up, the alarms are looked at."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from deskcrm.base.words import language
from deskcrm.domain.absences.commands import plan_absence
from deskcrm.domain.absences.queries import list_stood_in_for
from deskcrm.domain.promises.commands import NewPromise
from deskcrm.domain.tickets.lines import escalate
from deskcrm.domain.tickets.queries import count_tickets
from deskcrm.domain.users.model import UserId
from deskcrm.domain.users.queries import list_users
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store
from deskcrm.ui.absences.card import AbsencesCard
from deskcrm.ui.absences.packet import PacketCard
from deskcrm.ui.absences.standing_in import SHELF
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.tickets.screen import TicketsScreen
from deskcrm.ui.tickets.shelves import OPEN, shelves

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera
    from deskcrm.ui.shell.window import Window

_WORDS: Final = {
    "en": {
        "note": "At the sea, without a phone.",
        "reason": "Needs a look into the database.",
        "tried": "Restarted the service, read its log.",
        "promise": "To call by Friday",
    },
    "ru": {
        "note": "На море, без телефона.",
        "reason": "Нужно заглянуть в базу.",
        "tried": "Перезапустили службу, прочитали журнал.",
        "promise": "Позвонить до пятницы",
    },
}


def walk(window: "Window", camera: "Camera") -> None:
    """Send a colleague away, once, and take the pictures of what follows from it."""
    store, said = window.desk.store, _WORDS[language()]
    if not store.ask(list_stood_in_for):
        _send_away(store, said["note"])
    (away, *_) = store.ask(list_stood_in_for)
    window.desk.go("today")
    camera.take("shift-today", window)
    absences = AbsencesCard(window.desk, window)
    camera.take("shift-absences", window)
    absences.close_card()
    packet = PacketCard(window.desk, window, away.user_id)
    camera.take("shift-packet", window)
    packet.close_card()
    window.desk.go("tickets", shelf=SHELF)
    camera.take("shift-standing-in", window)
    screen = window.pages.page()
    if isinstance(screen, TicketsScreen):
        _show_alarms(window, camera, screen)
        _show_lines(window, camera, screen)


def _send_away(store: Store, note: str) -> None:
    me = UserId(store.actor)
    others = [user.id for user in store.ask(list_users) if user.id != me]
    other = max(others, key=lambda one: store.ask(count_tickets, asked=_open_of(one)))
    first, last = dates.today(), dates.today() + timedelta(days=4)
    store.do(
        plan_absence, other, first_day=first, last_day=last, substitute_id=me, note=note
    )  # fmt: skip


def _open_of(owner: UserId) -> Filter:
    still = Filter().also("is_open", Comparison.IS, True)
    return still.also("owner", Comparison.IS, str(owner))


def _show_alarms(window: "Window", camera: "Camera", screen: TicketsScreen) -> None:
    for at, shelf in enumerate(shelves()):
        if shelf.alarm is not None:
            screen.shelf.setCurrentIndex(at)
            camera.take(f"shift-{shelf.alarm.value}", window)


def _show_lines(window: "Window", camera: "Camera", screen: TicketsScreen) -> None:
    said = _WORDS[language()]
    screen.shelf.setCurrentIndex(OPEN)
    camera.settle()
    row = screen.row()
    if row is None:
        return
    run_action("tickets.escalate", screen)
    camera.take("shift-escalate", window)
    for card in window.findChildren(FormCard):
        card.close_card()
    window.desk.do(
        escalate, row.id, reason=said["reason"], tried=said["tried"],
        promise=NewPromise(said["promise"]),
    )  # fmt: skip
    camera.take("shift-lines", window)
    window.desk.store.undo()
