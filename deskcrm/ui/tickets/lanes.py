"""The columns of the board: what stands in each, and what a card becomes that is put there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from deskcrm.base.settings import Scope, Setting
from deskcrm.base.words import of, tr
from deskcrm.domain.tickets.commands import assign_tickets, set_state
from deskcrm.domain.tickets.line_times import line_words
from deskcrm.domain.tickets.lines import LINES, work_on
from deskcrm.domain.tickets.model import SupportLine
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.model import UserRole
from deskcrm.domain.users.queries import UserRow
from deskcrm.domain.views.filters import ME, Comparison, Condition, Filter
from deskcrm.ui.kit.desk import Deed, Desk
from deskcrm.ui.tickets.lines import open_escalate, open_hand_back

LIST: Final = "list"
BOARD: Final = "board"
VIEW: Final = Setting(
    "window.ticket_view", LIST, "How tickets are shown", Scope.PERSONAL, (LIST, BOARD)
)

BY_STATE: Final = "state"
BY_PERSON: Final = "person"
BY_LINE: Final = "line"
GROUPED_BY: Final = Setting(
    "window.ticket_board_by", BY_STATE, "Columns of the board of tickets", Scope.PERSONAL,
    (BY_STATE, BY_PERSON, BY_LINE),
)  # fmt: skip

_SETTLED: Final = (TicketState.RESOLVED, TicketState.CLOSED)


@dataclass(frozen=True, slots=True)
class Lane:
    """A column: its name, what a ticket must be to stand in it, and that as a value."""

    by: str
    title: str
    value: Any
    condition: Condition

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be done any more about what stands here."""
        return self.by == BY_STATE and self.value in _SETTLED

    def narrowed(self, asked: Filter) -> Filter:
        """Ask for what stands in this column alone."""
        conditions = asked.conditions
        if self.is_settled:
            # On a shelf of open tickets this column shows what became of its like.
            conditions = tuple(one for one in conditions if one.field != "is_open")
        return replace(asked, conditions=(*conditions, self.condition))


def grouping_options() -> list[tuple[str, str]]:
    """Name the ways in which a board can be divided."""
    return [
        (BY_STATE, tr("By state")),
        (BY_PERSON, tr("By person")),
        (BY_LINE, tr("By line")),
    ]


def lanes_of(by: str, people: Sequence[UserRow], *, is_open: bool) -> list[Lane]:
    """Give the columns of a board; of a shelf of settled tickets only what they can be."""
    if by == BY_LINE:
        return [_lane(by, line_words(one), one, "line") for one in LINES]
    if by == BY_PERSON:
        nobody = Lane(by, tr("No owner"), None, Condition("hands", Comparison.IS_EMPTY))
        return [nobody, *(_of_person(one) for one in sorted(people, key=_rank))]
    shown = [one for one in TicketState if one is not TicketState.CLOSED] if is_open else _SETTLED
    return [_lane(by, of(one), one, "state") for one in shown]


def _lane(by: str, title: str, value: TicketState | SupportLine, field: str) -> Lane:
    return Lane(by, title, value, Condition(field, Comparison.IS, value.value))


def _rank(user: UserRow) -> int:
    """Put oneself first, then those whose work tickets are, so that few columns are off screen."""
    if user.is_me:
        return 0
    return {UserRole.AGENT: 1, UserRole.LEAD: 2}.get(user.role, 3)


def _of_person(user: UserRow) -> Lane:
    asked = ME if user.is_me else user.id.hex
    title = tr("{name} (me)", name=user.name) if user.is_me else user.name
    return Lane(BY_PERSON, title, user.id, Condition("hands", Comparison.IS, asked))


def put(desk: Desk, over: Any, row: TicketRow, lane: Lane) -> Deed[Any] | None:
    """Make of a ticket what stands in a column, by the command that the list has for it.

    None where that asks for words first, or cannot be and was said.
    """
    if lane.by == BY_STATE:
        return desk.do(set_state, [row.id], state=lane.value).tell()
    if lane.by == BY_LINE:
        _to_line(desk, over, row, lane.value)
        return None
    if row.worker_id is None or not row.state.is_open:
        return desk.do(assign_tickets, [row.id], owner_id=lane.value).tell()
    if lane.value is None:
        desk.tell(
            tr("{name} works on this ticket on its line.", name=row.worker),
            detail=tr("Hand it back with an answer, or give it to somebody else."),
        )
        return None
    return desk.do(work_on, row.id, worker_id=lane.value).tell()


def _to_line(desk: Desk, over: Any, row: TicketRow, line: SupportLine) -> None:
    steps = LINES.index(line) - LINES.index(row.line)
    if not row.state.is_open:
        desk.tell(tr("Ticket {number} is settled.", number=row.number),
                  detail=tr("Reopen it first."))  # fmt: skip
    elif steps == 1:
        open_escalate(desk, over, row)
    elif steps == -1:
        open_hand_back(desk, over, row)
    elif steps:
        desk.tell(
            tr("A ticket moves one line at a time."),
            detail=tr("Each line says what it tried before the next one begins."),
        )
