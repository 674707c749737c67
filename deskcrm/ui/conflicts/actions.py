"""What a person can do about conflicts: one key each, for one or for many."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPushButton

from deskcrm.base.words import ntr, tr
from deskcrm.domain.conflicts.commands import Settled, resolve_conflicts, take_side
from deskcrm.domain.conflicts.model import Choice, ConflictId, ConflictKind
from deskcrm.domain.conflicts.queries import list_conflict_ids
from deskcrm.store.store import Done
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.actions import ALL_ACTIONS, action
from deskcrm.ui.kit.list_detail import for_targets, one_selected, some_selected
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from deskcrm.ui.conflicts.screen import ConflictsScreen


def _can_choose(screen: Any) -> bool:
    return screen.is_open_shelf and some_selected(screen)


def _can_write(screen: Any) -> bool:
    row = screen.row()
    return screen.is_open_shelf and row is not None and row.kind is ConflictKind.TEXT


def _has_sides(screen: Any) -> bool:
    """Whether "mine" and "theirs" mean something for what is picked."""
    if not _can_choose(screen):
        return False
    if not screen.selection.is_empty(screen.table.rows.total):
        return True
    row = screen.row()
    return row.kept_is_mine != row.lost_is_mine and row.kind is not ConflictKind.TEXT


def _say(screen: "ConflictsScreen", done: Done[Settled]) -> None:
    settled, details = done.value, []
    if settled.changed_since:
        details.append(
            ntr(
                "{n} was changed again since and was left as it is.",
                "{n} were changed again since and were left as they are.",
                settled.changed_since,
            )
        )
    if settled.passed_over:
        details.append(
            ntr(
                "{n} was left open: a text has to be read, or it is between others.",
                "{n} were left open: a text has to be read, or they are between others.",
                settled.passed_over,
            )
        )
    said = ntr("{n} conflict settled", "{n} conflicts settled", settled.count)
    tone = Tone.OK if settled.count else Tone.WARNING
    screen.desk.tell(said, done.step, " ".join(details), tone)


def _resolve(screen: "ConflictsScreen", choice: Choice) -> None:
    def run(ids: list[ConflictId]) -> None:
        deed = screen.desk.do(resolve_conflicts, ids, choice=choice)
        deed.then(lambda done: _say(screen, done))

    for_targets(screen, list_conflict_ids, run)


def _take(screen: "ConflictsScreen", *, is_mine: bool) -> None:
    def run(ids: list[ConflictId]) -> None:
        deed = screen.desk.do(take_side, ids, is_mine=is_mine)
        deed.then(lambda done: _say(screen, done))

    for_targets(screen, list_conflict_ids, run)


@action(
    "conflicts.keep",
    "Let it stand",
    key="S",
    needs=_can_choose,
    icon="check",
    synonyms="keep accept оставить принять",
)
def keep(screen: "ConflictsScreen") -> None:
    """Let what stands now stand."""
    _resolve(screen, Choice.KEPT)


@action(
    "conflicts.put_back",
    "Put the other back",
    key="B",
    needs=_can_choose,
    icon="undo",
    synonyms="restore other вернуть другое",
)
def put_back(screen: "ConflictsScreen") -> None:
    """Put back the value that did not get through."""
    _resolve(screen, Choice.LOST)


@action("conflicts.mine", "Take mine", key="M", needs=_has_sides, icon="person", synonyms="моё")
def take_mine(screen: "ConflictsScreen") -> None:
    """Let what I wrote stand."""
    _take(screen, is_mine=True)


@action("conflicts.theirs", "Take theirs", key="T", needs=_has_sides, icon="team", synonyms="чужое")
def take_theirs(screen: "ConflictsScreen") -> None:
    """Let what the others wrote stand."""
    _take(screen, is_mine=False)


@action("conflicts.write", "Edit the text", key="E", needs=_can_write, icon="edit")
def write(screen: "ConflictsScreen") -> None:
    """Go into the text that both wrote."""
    screen.record.text.begin()


@action("conflicts.open", "Open the client", key="O", needs=one_selected, icon="external")
def open_record(screen: "ConflictsScreen") -> None:
    """Go to the client that it concerns."""
    row = screen.row()
    if row is None:
        return
    places = {"client": ("clients", "client"), "ticket": ("tickets", "ticket")}
    own = {"ticket": ("tickets", "ticket"), "task": ("tasks", "task")}
    if row.table in own:
        place, name = own[row.table]
        screen.desk.go(place, **{name: row.row_id})
    elif row.subject_table in places:
        place, name = places[row.subject_table]
        screen.desk.go(place, **{name: row.subject_id})
    else:
        screen.desk.tell(tr("There is no page for this."))


def run(screen: "ConflictsScreen", action_id: str) -> None:
    """Do an action of this place, if it makes sense now."""
    found = ALL_ACTIONS[action_id]
    if found.can_run(screen):
        found.run(screen)


def bulk_buttons(screen: "ConflictsScreen") -> list[QPushButton]:
    """Build the buttons for picked conflicts."""
    deeds = (
        (tr("Let it stand"), "conflicts.keep", "check"),
        (tr("Put the other back"), "conflicts.put_back", "undo"),
        (tr("Take mine"), "conflicts.mine", "person"),
        (tr("Take theirs"), "conflicts.theirs", "team"),
    )
    return [
        parts.button(words, partial(run, screen, name), look="quiet", icon=icon)
        for words, name, icon in deeds
    ]
