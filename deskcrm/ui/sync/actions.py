"""What a person can do about sync."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QPushButton

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, tr
from deskcrm.domain.conflicts.refusals import let_go, repeat_step, take_up
from deskcrm.domain.conflicts.steps import Shelf, StepSaid, list_step_ids, read_steps
from deskcrm.store import files
from deskcrm.store.store import Done
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.actions import ALL_ACTIONS, EVERYWHERE, action
from deskcrm.ui.kit.list_detail import for_targets, some_selected
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from deskcrm.ui.sync.screen import SyncScreen
    from deskcrm.ui.sync.standing import Standing


def run(screen: "SyncScreen", action_id: str) -> None:
    """Do an action of this place, if it makes sense now."""
    found = ALL_ACTIONS[action_id]
    if found.can_run(screen):
        found.run(screen)


def _standing(target: Any) -> "Standing":
    """Give the standing of a window, or of the page."""
    found: Standing = getattr(target, "standing", None) or target.sync
    return found


def _is_on(target: Any) -> bool:
    return _standing(target).state != "off"


def _has_line(screen: Any) -> bool:
    return screen.standing.link is not None


def _asks_about_deletion(screen: Any) -> bool:
    return bool(screen.standing.trouble == "mass_delete")


def _has_steps(screen: Any) -> bool:
    """Whether a step is picked on a shelf that is seen."""
    return not screen.splitter.isHidden() and some_selected(screen)


def _refused_selected(screen: Any) -> bool:
    return screen.shelf_name in (Shelf.REFUSED, Shelf.LET_GO) and _has_steps(screen)


def _can_let_go(screen: Any) -> bool:
    return screen.shelf_name is Shelf.REFUSED and _has_steps(screen)


def _can_take_up(screen: Any) -> bool:
    return screen.shelf_name is Shelf.LET_GO and _has_steps(screen)


# The exchange.


@action(
    "sync.now",
    "Sync now",
    key="F9",
    needs=_is_on,
    icon="sync",
    place=EVERYWHERE,
    synonyms="exchange send receive обмен отправить получить",
)
def now(target: Any) -> None:
    """Exchange at once."""
    link = _standing(target).link
    if link is not None:
        link.sync_now()


@action("sync.pause", "Pause or go on", key="P", needs=_is_on, icon="snooze", synonyms="пауза")
def pause(screen: "SyncScreen") -> None:
    """Rest, or go on after a rest."""
    link = screen.standing.link
    if link is not None and screen.standing.state == "paused":
        link.resume()
    elif link is not None:
        link.pause()


@action(
    "sync.connect",
    "Connect to a server…",
    key="O",
    needs=_has_line,
    icon="link",
    synonyms="sign in log server login войти подключить сервер",
)
def connect(screen: "SyncScreen") -> None:
    """Ask for the server and sign in."""
    from deskcrm.ui.sync.connect import ConnectCard

    ConnectCard(screen.standing, screen)


@action("sync.sign_out", "Sign out", needs=_is_on, icon="lock", synonyms="leave log off выйти")
def sign_out(screen: "SyncScreen") -> None:
    """Leave the server; everything stays here."""
    link = screen.standing.link
    if link is None:
        return
    errand = screen.desk.start(link.sign_out)
    kept = tr("Everything stays on this computer; what waits is sent once you sign in again.")
    errand.then(lambda _: screen.desk.tell(tr("You are signed out."), detail=kept))


@action("sync.let_pass", "Delete them here too", needs=_asks_about_deletion, icon="check")
def let_pass(screen: "SyncScreen") -> None:
    """Let a large deletion pass, once."""
    link = screen.standing.link
    if link is not None:
        told = tr("Whoever deleted them can still undo it, at their workstation.")
        errand = screen.desk.start(lambda job: link.allow_deletion())
        errand.then(lambda _: screen.desk.tell(tr("They are deleted here too."), detail=told))


@action("sync.keep_everything", "Keep everything", needs=_asks_about_deletion, icon="lock")
def keep_everything(screen: "SyncScreen") -> None:
    """Keep what the server wants to delete, and offer it back."""
    link = screen.standing.link
    if link is not None:
        told = tr("It waits here with your other changes; Undo lets go of it after all.")
        errand = screen.desk.start(lambda job: link.keep_deleted())
        kept = tr("Everything is kept, and offered back to the server.")
        errand.then(lambda _: screen.desk.tell(kept, detail=told))


# Steps.


def _for_steps(screen: "SyncScreen", run_on: Callable[[list[int]], object]) -> None:
    """Give the picked steps to a function, oldest first."""
    for_targets(screen, list_step_ids, lambda steps: run_on(sorted(steps)))


@action(
    "sync.again",
    "Do it again",
    key="R",
    needs=_refused_selected,
    icon="redo",
    synonyms="repeat retry повторить",
)
def again(screen: "SyncScreen") -> None:
    """Do what was refused once more, as a new change."""
    _for_steps(screen, partial(_repeat, screen))


def _repeat(screen: "SyncScreen", steps: list[int]) -> None:
    def say(done: Done[bool]) -> None:
        text = tr("Done again: {label}", label=tr(done.label))
        if done.value:
            screen.desk.tell(text, done.step, tr("It waits to be sent."), Tone.OK)
        else:
            screen.desk.tell(tr("It is so already: nothing had to be done."))

    for step in steps:
        screen.desk.do(repeat_step, step).then(say)


@action("sync.let_go", "Let it go", key="L", needs=_can_let_go, icon="close", synonyms="забыть")
def drop(screen: "SyncScreen") -> None:
    """Do nothing more about what was refused."""

    def run_on(steps: list[int]) -> None:
        screen.desk.do(let_go, steps).then(lambda done: _say_let_go(screen, done.value))

    _for_steps(screen, run_on)


def _say_let_go(screen: "SyncScreen", count: int) -> None:
    screen.desk.tell(
        ntr("{n} change was let go", "{n} changes were let go", count),
        detail=tr("It stays under “Let go”, where it can be taken up again."),
        more=lambda: screen.desk.go("sync", shelf=Shelf.LET_GO.value),
    )


@action("sync.take_up", "Take it up again", key="U", needs=_can_take_up, icon="undo")
def take(screen: "SyncScreen") -> None:
    """Put what was let go back among what was refused."""
    _for_steps(screen, lambda steps: screen.desk.do(take_up, steps).tell())


@action("sync.copy", "Copy", key="C", needs=_has_steps, icon="copy", synonyms="копировать")
def copy(screen: "SyncScreen") -> None:
    """Copy everything in the picked steps as text."""
    _read(screen, lambda said: _to_clipboard(screen, said))


@action(
    "sync.export",
    "Export…",
    key="E",
    needs=_has_steps,
    icon="download",
    synonyms="save file выгрузить сохранить",
)
def export(screen: "SyncScreen") -> None:
    """Write everything in the picked steps to a file."""
    _read(screen, lambda said: _to_file(screen, said))


def _read(screen: "SyncScreen", use: Callable[[list[StepSaid]], object]) -> None:
    def run_on(steps: list[int]) -> None:
        screen.desk.ask((screen, "read"), read_steps, steps).then(use)

    _for_steps(screen, run_on)


def _text(said: Sequence[StepSaid]) -> str:
    from deskcrm.ui.sync.record import as_text

    return "\n".join(as_text(one) for one in said)


def _to_clipboard(screen: "SyncScreen", said: list[StepSaid]) -> None:
    QGuiApplication.clipboard().setText(_text(said))
    screen.desk.tell(tr("Copied"))


def _to_file(screen: "SyncScreen", said: list[StepSaid]) -> None:
    name, _ = QFileDialog.getSaveFileName(screen.window(), tr("Export"), tr("DeskCRM changes.txt"))
    if not name:
        return
    try:
        files.write_whole(Path(name), _text(said).encode())
    except OSError as error:
        screen.desk.complain(UserError(tr("The file could not be written."), str(error)))
        return
    except UserError as error:
        screen.desk.complain(error)
        return
    screen.desk.tell(tr("The file is written."), detail=name, tone=Tone.OK)


def bulk_buttons(screen: "SyncScreen") -> list[QPushButton]:
    """Build the buttons for picked steps."""
    deeds = (
        (tr("Do it again"), "sync.again", "redo"),
        (tr("Let it go"), "sync.let_go", "close"),
        (tr("Copy"), "sync.copy", "copy"),
        (tr("Export…"), "sync.export", "download"),
    )
    return [
        parts.button(words, partial(run, screen, name), look="quiet", icon=icon)
        for words, name, icon in deeds
    ]
