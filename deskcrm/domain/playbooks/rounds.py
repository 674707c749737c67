"""One round: notices who came to match, begins what is to begin, moves on what runs.

Each start and each move is a command of its own, so that each can be undone by itself.
"""

from dataclasses import dataclass

from sqlalchemy import select

from deskcrm.domain.playbooks.advancing import due_plays
from deskcrm.domain.playbooks.matching import Start, due_starts
from deskcrm.domain.playbooks.model import PlayId
from deskcrm.domain.playbooks.plays import advance_play, begin_playbook, note_segments
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store


@dataclass(frozen=True, slots=True)
class Due:
    """What a round has to do."""

    starts: tuple[Start, ...]
    plays: tuple[PlayId, ...]


@dataclass(frozen=True, slots=True)
class Rounded:
    """What a round did."""

    begun: int
    moved_on: int


def whose_book(db: Reader) -> UserId | None:
    """Tell at whose clients a workstation goes the round: at all where one works alone.

    Where several work each sees to their own, and the server to the rest.
    """
    people = db.scalars(select(User.id).where(User.is_active, ~User.is_deleted).limit(2))
    return None if len(people) < 2 else UserId(db.actor)


def list_due(db: Reader, *, owner_id: UserId | None = None) -> Due:
    """List what is to begin and to be moved on, at one person's clients or at all."""
    starts = due_starts(db, owner_id=owner_id)
    return Due(tuple(starts), tuple(due_plays(db, owner_id=owner_id)))


def go_round(store: Store, *, owner_id: UserId | None = None) -> Rounded:
    """Do what is due; what somebody else did meanwhile is left as it is."""
    store.do(note_segments, owner_id=owner_id)
    due = store.ask(list_due, owner_id=owner_id)
    begun = sum(store.do(begin_playbook, start).value is not None for start in due.starts)
    for play_id in due.plays:
        store.do(advance_play, play_id)
    return Rounded(begun, len(due.plays))
