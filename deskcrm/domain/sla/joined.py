"""The log of a ticket that others were merged into: one log, from the logs of all of them.

It begins with the oldest of them, for the client has waited since then. What was said in any of
them was said here. The states are those of the ticket itself from its own opening on; before that,
of those of the older ones the one that asks most of us.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from deskcrm.domain.sla.clocks import Elsewhere, Move, TicketLog, Word
from deskcrm.domain.tickets.states import TicketState, merge_states


@dataclass(frozen=True, slots=True)
class Part:
    """A ticket that was merged into another, at a moment; its log is its own."""

    ticket_id: UUID
    number: int
    log: TicketLog
    into_id: UUID
    merged_at: datetime


def joined_log(home: TicketLog, parts: Sequence[Part]) -> TicketLog:
    """Make the one log of a ticket and all that was merged into it."""
    by_id = {part.ticket_id: part for part in parts}
    words = [*home.words, *(one for part in parts for one in _words(part, by_id))]
    words.sort(key=lambda one: (one.at, one.is_ours))
    oldest = min(parts, key=lambda part: part.log.opened_at)
    if oldest.log.opened_at >= home.opened_at:
        return replace(home, words=tuple(words))
    opening = oldest.log.opened_at
    return TicketLog(
        opening,
        oldest.log.is_live,
        tuple(words),
        (*_older_moves(home, parts), Move(home.opened_at, TicketState.NEW), *home.moves),
        _elsewhere(oldest, opening, by_id),
    )


def _words(part: Part, by_id: Mapping[UUID, Part]) -> list[Word]:
    return [
        one if one.is_ours else replace(one, elsewhere=_elsewhere(part, one.at, by_id))
        for one in part.log.words
    ]


def _elsewhere(part: Part, at: datetime, by_id: Mapping[UUID, Part]) -> Elsewhere:
    """Follow what was said on its way here: was it settled in a ticket that it was in then?"""
    way: set[UUID] = set()
    here: Part | None = part
    while here is not None and here.ticket_id not in way:
        way.add(here.ticket_id)
        for move in here.log.moves:
            if at <= move.at < here.merged_at and not move.to.is_open:
                return Elsewhere(part.merged_at, move.at)
        at = max(at, here.merged_at)
        here = by_id.get(here.into_id)
    return Elsewhere(at)


def _older_moves(home: TicketLog, parts: Sequence[Part]) -> list[Move]:
    """Give the states until the ticket itself was opened, one move for each change of the worst."""
    moves = [
        (move.at, number, move.to)
        for number, part in enumerate(parts)
        for move in (Move(part.log.opened_at, TicketState.NEW), *part.log.moves)
        if move.at < min(home.opened_at, part.merged_at)
    ]
    states: dict[int, TicketState] = {}
    found: list[Move] = []
    for at, number, state in sorted(moves, key=lambda move: move[:2]):
        states[number] = state
        worst = state
        for other in states.values():
            worst = merge_states(worst, other)
        if not found or found[-1].to is not worst:
            found.append(Move(at, worst))
    return found
