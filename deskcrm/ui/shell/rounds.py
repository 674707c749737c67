"""The round through the window that the pictures show: every place, every card, every state."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from deskcrm.base.words import language, tr
from deskcrm.domain.calendars.queries import list_calendars
from deskcrm.domain.clients.commands import set_tier
from deskcrm.domain.clients.model import Tier
from deskcrm.domain.clients.outcomes import get_outcome
from deskcrm.domain.clients.queries import list_client_ids
from deskcrm.domain.contacts.model import ContactPoint, PointKind
from deskcrm.domain.contacts.points import add_point
from deskcrm.domain.departures.queries import list_departures
from deskcrm.domain.knowledge.commands import edit_article
from deskcrm.domain.macros.queries import list_macros
from deskcrm.domain.summary.model import client_summary
from deskcrm.store.reader import Reader
from deskcrm.ui.clients.picked import outcome_subject, outcome_words
from deskcrm.ui.clients.screen import ClientsScreen
from deskcrm.ui.contacts.deeds import open_merge, open_move
from deskcrm.ui.kit.actions import Action
from deskcrm.ui.kit.columns import Selection
from deskcrm.ui.kit.outcome_card import OutcomeCard
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.screen import Screen
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.knowledge.screen import KnowledgeScreen
from deskcrm.ui.settings.macros import open_macro
from deskcrm.ui.settings.screen import SettingsScreen
from deskcrm.ui.settings.special_days import SpecialDays
from deskcrm.ui.shell import (
    board_rounds,
    entry,
    erasure_rounds,
    feedback_rounds,
    growth_rounds,
    import_rounds,
    places,
    play_rounds,
    report_rounds,
    sample,
    shift_rounds,
    sync_rounds,
)

if TYPE_CHECKING:
    from deskcrm.ui.shell.pictures import Camera
    from deskcrm.ui.shell.window import Window

_NOTES: Final = {
    "en": "The export fails again since the update. I'll call back by Friday with the fix.",
    "ru": "После обновления снова не выгружается отчёт. Перезвоню в пятницу с решением.",
}
_SCRAPS: Final = {"en": "ma", "ru": "ма"}
_SHARED: Final = "+7 495 000-00-11"
_UNKNOWN: Final = "+7 999 000-11-22"


def walk(window: "Window", camera: "Camera") -> None:
    """Take the pictures of everything inside the window."""
    camera.settle()
    window.counters.refresh()
    for place in places.PLACES:
        _show_place(window, camera, place.id)
    _show_place(window, camera, places.BACKTEST.id)
    _show_place(window, camera, places.DUPLICATES.id)
    sync_rounds.walk(window, camera)
    import_rounds.walk(window, camera)
    shift_rounds.walk(window, camera)
    board_rounds.walk(window, camera)
    report_rounds.walk(window, camera)
    growth_rounds.walk(window, camera)
    erasure_rounds.walk(window, camera)
    feedback_rounds.walk(window, camera)
    play_rounds.walk(window, camera)
    _show_settings(window, camera)
    window.desk.go(places.PLACES[1].id)
    _show_client(window, camera)
    _show_overlays(window, camera)
    _show_entries(window, camera)
    _show_cards(window, camera)


def walk_briefly(window: "Window", camera: "Camera") -> None:
    """Take the pictures of what is seen all day."""
    camera.settle()
    window.counters.refresh()
    for place in places.BY_ID.values():
        window.desk.go(place.id)
        camera.take(place.id, window)
    window.desk.go(places.PLACES[1].id)
    _show_overlays(window, camera)
    _show_cards(window, camera)


def _show_place(window: "Window", camera: "Camera", place: str) -> None:
    window.desk.go(place)
    if place == places.PLACES[0].id:
        sample.say_if_sample(window)
    camera.take(place, window)
    window.banner.hide()
    screen = window.pages.page()
    with _written_on(window, camera, screen):
        for each in screen.bound.actions if screen is not None else ():
            if screen is not None and each.words.endswith("…") and each.can_run(screen):
                _show_action(window, camera, screen, each)


@contextmanager
def _written_on(window: "Window", camera: "Camera", screen: Screen | None) -> Iterator[None]:
    """Let the article that is read say something new: to be published, or to go back from."""
    detail = screen.record.detail if isinstance(screen, KnowledgeScreen) else None
    if detail is None:
        yield
        return
    shorter = detail.body.rpartition("\n")[0].strip()
    body = shorter or f"**{detail.row.title}.** {detail.body}"
    done = window.desk.store.do(edit_article, detail.row.id, body=body)
    camera.settle()
    yield
    window.desk.store.undo(done.step)
    camera.settle()


def _show_action(window: "Window", camera: "Camera", screen: Screen, of: Action) -> None:
    """Do an action that asks for more, and take what it opened."""
    window.activateWindow()  # or no field shows that it has the focus
    with _waved_away():
        of.run(screen)
        camera.settle()
    for opened in _overlays(window):
        camera.take(of.id.replace(".", "-").replace("_", "-"), window)
        opened.close_card()
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    camera.settle()
    window.covers.toasts.clear()


@contextmanager
def _waved_away() -> Iterator[None]:
    """Close whatever waits for an answer before it goes on, such as the choice of a file."""
    looking = QTimer(interval=0)

    def close() -> None:
        modal = QApplication.activeModalWidget()
        if modal is not None:
            modal.close()

    looking.timeout.connect(close)
    looking.start()
    yield
    looking.stop()


def _overlays(window: "Window") -> list[Overlay]:
    return [each for each in window.findChildren(Overlay) if each.isVisible()]


def _show_settings(window: "Window", camera: "Camera") -> None:
    window.desk.go(places.SETTINGS.id)
    screen = window.pages.page()
    if isinstance(screen, SettingsScreen):
        for section in screen.buttons:
            screen.show_section(section)
            camera.take(f"settings-{section}", window)
            if section == "levels":
                calendar = window.desk.store.ask(list_calendars)[0]
                SpecialDays(window.desk, window, calendar)
                _take_overlay(window, camera, "settings-special-days")
            if section == "macros":
                open_macro(window.desk, window, window.desk.store.ask(list_macros)[0])
                _take_overlay(window, camera, "settings-macro")


def _show_client(window: "Window", camera: "Camera") -> None:
    """Take the other parts of a client's page, what is found in its story, and bulk edits."""
    screen = window.pages.page()
    if not isinstance(screen, ClientsScreen):
        return
    window.activateWindow()
    camera.settle()
    for part, name in enumerate(("happened", "standing", "people")):
        screen.view.tabs.setCurrentIndex(part)
        camera.take(f"client-{name}", window)
    _show_people(window, camera, screen)
    screen.view.begin_finding()
    screen.view.stream.search.setText(_SCRAPS[language()])
    camera.take("client-finding", window)
    screen.view.stream.stop_finding()
    screen.table.peeked.emit(screen.row())
    _take_overlay(window, camera, "client-peek")
    screen.view.open_history()
    _take_overlay(window, camera, "client-history")
    _show_departed(window, camera, screen)
    screen.table.selectAll()
    camera.take("clients-picked", window)
    screen.table.pick(Selection())
    _show_outcome(window, camera, screen)


def _show_people(window: "Window", camera: "Camera", screen: ClientsScreen) -> None:
    """Take what is asked before a person at a client is merged, or moved."""
    if screen.view.detail is None:
        return
    people = screen.view.detail.contacts
    if len(people) > 1:
        open_merge(screen.view, people[0], people[1:])
        _take_overlay(window, camera, "client-merge-contact")
    for contact in people[:1]:
        open_move(screen.view, contact)
        _take_overlay(window, camera, "client-move-contact")


def _show_departed(window: "Window", camera: "Camera", screen: ClientsScreen) -> None:
    """Take how the last client that left stands: that it left and why, and what it was billed."""
    for row in window.desk.store.ask(list_departures)[:1]:
        window.desk.go("clients", client=row.client_id)
        screen.view.tabs.setCurrentIndex(1)
        camera.take("client-left", window)
        bar = screen.view.right.verticalScrollBar()
        bar.setValue(bar.maximum())
        camera.take("client-invoices", window)
    screen.table.go_to(0)
    camera.settle()


def _show_outcome(window: "Window", camera: "Camera", screen: ClientsScreen) -> None:
    """Take what a change of several came to, and put everything back."""
    store = window.desk.store
    ids = store.ask(list_client_ids)[:9]
    done = store.do(set_tier, ids, tier=Tier.GOLD)
    outcome = store.ask(get_outcome, done.step, ids)
    said = outcome_words(done.label, len(outcome.changed))
    OutcomeCard(window.desk, screen, said, outcome, outcome_subject(screen))
    _take_overlay(window, camera, "clients-outcome")
    store.undo(done.step)


def _take_overlay(window: "Window", camera: "Camera", name: str) -> None:
    camera.take(name, window)
    for overlay in _overlays(window):
        overlay.close_card()


def _show_overlays(window: "Window", camera: "Camera") -> None:
    scrap = _SCRAPS[language()]
    camera.settle()
    window.activateWindow()
    window.search.begin()
    window.search.setText(scrap)
    camera.take("search", window)
    window.search.setText("")
    window.run("palette.open")
    camera.take("palette", window)
    window.covers.palette.line.setText(scrap)
    camera.take("palette-found", window)
    window.covers.palette.close_card()
    window.run("shortcuts.show")
    camera.take("shortcuts", window)
    window.covers.keys.close_card()
    window.desk.tell(tr("The ticket was opened"), 1, tone=Tone.OK)
    camera.take("toast", window)


def _show_entries(window: "Window", camera: "Camera") -> None:
    for one in entry.entries():
        card = entry.begin(window, one.id)
        said = card.form.fields.get("said")
        if one.id == "call" and said is not None and card.offers is not None:
            said.set_value(_NOTES[language()])
            camera.settle()
            card.offers.look()
        camera.take(f"entry-{one.id}", window)
        if said is not None:
            said.set_value("")
        card.close_card()


def _show_cards(window: "Window", camera: "Camera") -> None:
    numbers = window.desk.store.ask(_numbers)
    if "several" not in numbers:
        numbers["several"] = _share_a_number(window)
    for name, number in (*numbers.items(), ("unknown", _UNKNOWN), ("asks", "")):
        card = window.cards.ring(number) if number else window.cards.attend()
        camera.settle()
        if name == "known":
            card.note.note.setPlainText(_NOTES[language()])
            card.note.offers.look()
            card.note.begin_follow_up()
        camera.take(f"caller-{name}", card)
        card.note.begin(outgoing=False)
        card.hide()


def _share_a_number(window: "Window") -> str:
    """Give a number to two clients; the sample has none that is shared in every language."""
    store = window.desk.store
    for client in store.ask(list_client_ids)[:2]:
        store.do(add_point, client, kind=PointKind.PHONE, text=_SHARED)
    return _SHARED


def _numbers(db: Reader) -> dict[str, str]:
    """Find a number that one client with open tickets has, and one that several have."""
    owners = func.count(ContactPoint.client_id.distinct())
    work = func.max(client_summary.c.open_tickets + client_summary.c.open_promises)
    rows = db.all(
        select(ContactPoint.normal, owners)
        .join(client_summary, client_summary.c.client_id == ContactPoint.client_id)
        .where(ContactPoint.kind == PointKind.PHONE, ~ContactPoint.is_deleted)
        .group_by(ContactPoint.normal)
        .order_by(work.desc(), ContactPoint.normal)
    )
    found: dict[str, str] = {}
    for number, count in rows:
        found.setdefault("known" if count == 1 else "several", number)
    return found
