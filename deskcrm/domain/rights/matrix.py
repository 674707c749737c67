"""The table of rights: for each kind of record and each action, how far each role reaches.

``own``   what one made, owns or keeps for oneself
``team``  what lies in the workspace or in one's own teams and the teams within them
``all``   what lies in the workspace or in any team
``-``     nothing

Whoever may make a record may undo that they have made it, on the same workstation, and redo it.
Nobody reaches what another person keeps for themselves, whatever stands here; what does not stand
here is refused.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from deskcrm.domain.users.model import UserRole


class Reach(StrEnum):
    """How far somebody reaches."""

    NOTHING = "-"
    OWN = "own"
    TEAM = "team"
    ALL = "all"


CREATE: Final = "create"
EDIT: Final = "edit"
DELETE: Final = "delete"
MOVE: Final = "move"

_ROLES: Final = tuple(UserRole)

_TABLE: Final = """
record              action   administrator  lead  manager  agent  viewer

user                create   all            -     -        -      -
user                edit     all            own   own      own    -
user                delete   all            -     -        -      -
team                create   all            -     -        -      -
team                edit     all            -     -        -      -
team                delete   all            -     -        -      -
team_member         create   all            all   -        -      -
team_member         edit     all            all   -        -      -
team_member         delete   all            all   -        -      -
absence             create   all            all   own      own    -
absence             edit     all            all   own      own    -
absence             delete   all            all   own      own    -
calendar            create   all            all   -        -      -
calendar            edit     all            all   -        -      -
calendar            delete   all            all   -        -      -
calendar_day        create   all            all   -        -      -
calendar_day        edit     all            all   -        -      -
calendar_day        delete   all            all   -        -      -
calendar_use        create   all            all   -        -      -
calendar_use        edit     all            all   -        -      -
calendar_use        delete   all            all   -        -      -
sla_policy          create   all            all   -        -      -
sla_policy          edit     all            all   -        -      -
sla_policy          delete   all            all   -        -      -
touch_policy        create   all            all   -        -      -
touch_policy        edit     all            all   -        -      -
touch_policy        delete   all            all   -        -      -
playbook            create   all            all   -        -      -
playbook            edit     all            all   -        -      -
playbook            delete   all            all   -        -      -
playbook_edition    create   all            all   -        -      -
playbook_edition    edit     all            all   -        -      -
playbook_edition    delete   all            all   -        -      -
skill               create   all            all   -        -      -
skill               edit     all            all   -        -      -
skill               delete   all            all   -        -      -
user_skill          create   all            all   -        -      -
user_skill          edit     all            all   -        -      -
user_skill          delete   all            all   -        -      -
assignment_rule     create   all            all   -        -      -
assignment_rule     edit     all            all   -        -      -
assignment_rule     delete   all            all   -        -      -
queue_points        create   all            all   -        -      -
queue_points        edit     all            all   -        -      -
queue_points        delete   all            all   -        -      -
health_model        create   all            all   -        -      -
health_model        edit     all            all   -        -      -
health_model        delete   all            all   -        -      -
custom_field        create   all            all   -        -      -
custom_field        edit     all            all   -        -      -
custom_field        delete   all            all   -        -      -
preference          create   all            own   own      own    -
preference          edit     all            own   own      own    -
preference          delete   all            own   own      own    -
saved_view          create   all            all   team     own    -
saved_view          edit     all            all   team     own    -
saved_view          delete   all            all   team     own    -
saved_view          move     all            all   team     -      -
reply_template      create   all            all   team     own    -
reply_template      edit     all            all   team     own    -
reply_template      delete   all            all   team     own    -
reply_template      move     all            all   team     -      -
macro               create   all            all   team     own    -
macro               edit     all            all   team     own    -
macro               delete   all            all   team     own    -
macro               move     all            all   team     -      -
tag                 create   all            all   team     team   -
tag                 edit     all            all   team     -      -
tag                 delete   all            all   team     -      -

client              create   all            all   team     team   -
client              edit     all            all   team     team   -
client              delete   all            all   team     own    -
client              move     all            all   team     -      -
client_merge        create   all            all   team     team   -
client_merge        edit     all            all   team     team   -
client_merge        delete   all            all   team     team   -
client_before       create   all            all   team     team   -
client_before       edit     all            all   team     team   -
client_before       delete   all            all   team     team   -
row_origin          create   all            all   team     team   -
row_origin          edit     all            all   team     -      -
row_origin          delete   all            all   team     team   -
distinct_pair       create   all            all   team     team   -
distinct_pair       edit     all            all   team     team   -
distinct_pair       delete   all            all   team     team   -
contract            create   all            all   team     -      -
contract            edit     all            all   team     -      -
contract            delete   all            all   team     -      -
contract_step       create   all            all   team     -      -
contract_step       edit     all            all   team     -      -
contract_step       delete   all            all   team     -      -
invoice             create   all            all   team     -      -
invoice             edit     all            all   team     -      -
invoice             delete   all            all   team     -      -
departure           create   all            all   team     -      -
departure           edit     all            all   team     -      -
departure           delete   all            all   team     -      -
opportunity         create   all            all   team     team   -
opportunity         edit     all            all   team     team   -
opportunity         delete   all            all   team     -      -
renewal_forecast    create   all            all   team     -      -
renewal_forecast    edit     all            all   team     -      -
renewal_forecast    delete   all            all   team     -      -
signal_dismissal    create   all            all   team     -      -
signal_dismissal    edit     all            all   team     -      -
signal_dismissal    delete   all            all   team     -      -
usage_week          create   all            all   team     -      -
usage_week          edit     all            all   team     -      -
usage_week          delete   all            all   team     -      -
contact             create   all            all   team     team   -
contact             edit     all            all   team     team   -
contact             delete   all            all   team     team   -
contact_point       create   all            all   team     team   -
contact_point       edit     all            all   team     team   -
contact_point       delete   all            all   team     team   -
client_tag          create   all            all   team     team   -
client_tag          edit     all            all   team     team   -
client_tag          delete   all            all   team     team   -
custom_value        create   all            all   team     team   -
custom_value        edit     all            all   team     team   -
custom_value        delete   all            all   team     team   -
risk_flag           create   all            all   team     team   -
risk_flag           edit     all            all   team     team   -
risk_flag           delete   all            all   team     team   -
health_read         create   all            all   team     team   -
health_read         edit     all            all   team     own    -
health_read         delete   all            all   team     own    -
touch_rhythm        create   all            all   team     team   -
touch_rhythm        edit     all            all   team     team   -
touch_rhythm        delete   all            all   team     team   -

interaction         create   all            all   team     team   -
interaction         edit     all            all   team     team   -
interaction         delete   all            all   team     own    -
participant         create   all            all   team     team   -
participant         edit     all            all   team     team   -
participant         delete   all            all   team     team   -
revision            create   all            all   team     team   -
revision            edit     all            all   team     own    -
revision            delete   all            all   own      own    -
attachment          create   all            all   team     team   -
attachment          edit     all            all   team     team   -
attachment          delete   all            all   team     own    -

task                create   all            all   team     team   -
task                edit     all            all   team     team   -
task                delete   all            all   team     own    -
postponement        create   all            all   team     team   -
postponement        edit     all            all   team     own    -
postponement        delete   all            all   team     own    -
play                create   all            all   team     team   -
play                edit     all            all   team     team   -
play                delete   all            all   team     team   -
play_step           create   all            all   team     team   -
play_step           edit     all            all   team     team   -
play_step           delete   all            all   team     team   -
promise             create   all            all   team     team   -
promise             edit     all            all   team     team   -
promise             delete   all            all   team     own    -
survey_form         create   all            all   -        -      -
survey_form         edit     all            all   -        -      -
survey_form         delete   all            all   -        -      -
survey_response     create   all            all   team     team   -
survey_response     edit     all            all   team     team   -
survey_response     delete   all            all   team     own    -
survey_answer       create   all            all   team     team   -
survey_answer       edit     all            all   team     team   -
survey_answer       delete   all            all   team     team   -
suggestion          create   all            all   team     team   -
suggestion          edit     all            all   team     team   -
suggestion          delete   all            all   team     own    -
suggestion_vote     create   all            all   team     team   -
suggestion_vote     edit     all            all   team     team   -
suggestion_vote     delete   all            all   team     team   -

ticket              create   all            all   team     team   -
ticket              edit     all            all   team     team   -
ticket              delete   all            all   team     own    -
ticket_message      create   all            all   team     team   -
ticket_message      edit     all            all   team     own    -
ticket_message      delete   all            all   team     own    -
ticket_transition   create   all            all   team     team   -
ticket_transition   edit     all            all   team     own    -
ticket_transition   delete   all            all   team     own    -
ticket_line_step    create   all            all   team     team   -
ticket_line_step    edit     all            all   team     own    -
ticket_line_step    delete   all            all   team     own    -
ticket_assignment   create   all            all   team     team   -
ticket_assignment   edit     all            all   team     own    -
ticket_assignment   delete   all            all   team     own    -
ticket_skip         create   all            all   team     team   -
ticket_skip         edit     all            all   team     own    -
ticket_skip         delete   all            all   team     own    -
ticket_merge        create   all            all   team     team   -
ticket_merge        edit     all            all   team     own    -
ticket_merge        delete   all            all   team     team   -
ticket_split        create   all            all   team     team   -
ticket_split        edit     all            all   team     own    -
ticket_split        delete   all            all   team     own    -
ticket_link         create   all            all   team     team   -
ticket_link         edit     all            all   team     team   -
ticket_link         delete   all            all   team     team   -
ticket_watcher      create   all            all   team     team   -
ticket_watcher      edit     all            all   team     team   -
ticket_watcher      delete   all            all   team     team   -
ticket_tag          create   all            all   team     team   -
ticket_tag          edit     all            all   team     team   -
ticket_tag          delete   all            all   team     team   -

article             create   all            all   team     team   -
article             edit     all            all   team     team   -
article             delete   all            all   team     own    -
article_edition     create   all            all   team     team   -
article_edition     edit     all            all   team     own    -
article_edition     delete   all            all   team     own    -
article_vote        create   all            all   team     team   -
article_vote        edit     all            own   own      own    -
article_vote        delete   all            own   own      own    -
article_use         create   all            all   team     team   -
article_use         edit     all            all   team     own    -
article_use         delete   all            all   team     own    -

conflict            edit     all            all   team     team   -

erasure             create   all            -     -        -      -
"""

OWNERS: Final[dict[str, tuple[str, ...]]] = {
    "absence": ("user_id",),
    "article": ("author_id",),
    "article_edition": ("published_by",),
    "article_use": ("used_by",),
    "article_vote": ("voted_by",),
    "attachment": ("added_by",),
    "client": ("owner_id",),
    "health_model": ("kept_by",),
    "health_read": ("read_by",),
    "interaction": ("logged_by",),
    "postponement": ("postponed_by",),
    "promise": ("made_by",),
    "revision": ("corrected_by",),
    "suggestion": ("raised_by",),
    "survey_response": ("asked_by",),
    "task": ("assignee_id",),
    "ticket": ("owner_id", "opened_by"),
    "ticket_assignment": ("assigned_by",),
    "ticket_line_step": ("moved_by",),
    "ticket_merge": ("merged_by",),
    "ticket_message": ("author_id",),
    "ticket_skip": ("skipped_by",),
    "ticket_split": ("split_by",),
    "ticket_transition": ("changed_by",),
}
"""The columns that say whose a row is; a row in a person's own scope is theirs too."""

SELF_WRITTEN: Final = frozenset(
    {"name", "email", "position", "language", "time_zone", "created_at"}
)
"""What everybody may change in their own entry among the people; the role is not among it."""

MOVED_BY_COLLEAGUES: Final = {"ticket_message": frozenset({"ticket_id"})}
"""What whoever writes rows of a kind may change in others': where they stand."""

MOVED_WITH_CLIENTS: Final = frozenset({"client_id"})
"""The same of every kind: when clients are merged, all that hangs on one goes to the other."""

SIGNS_FOR_OTHERS: Final = frozenset({UserRole.ADMINISTRATOR})
"""Who may bring in what others wrote under their names: a sample, an import, a former system."""

ERASES: Final = frozenset({UserRole.ADMINISTRATOR})
"""Who may erase the values of a person, wherever they see them; nobody can undo it."""

SEES_ALL_TEAMS: Final = frozenset({UserRole.ADMINISTRATOR, UserRole.LEAD})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table."""

    record: str
    action: str
    role: UserRole


def _read() -> dict[Cell, Reach]:
    cells: dict[Cell, Reach] = {}
    for line in _TABLE.strip().splitlines()[1:]:
        words = line.split()
        if not words:
            continue
        record, action, *reaches = words
        for role, reach in zip(_ROLES, reaches, strict=True):
            cells[Cell(record, action, role)] = Reach(reach)
    return cells


RIGHTS: Final = _read()


@cache
def reach_of(record: str, action: str, role: UserRole) -> Reach:
    """Tell how far a role reaches; nothing, where nothing is said."""
    return RIGHTS.get(Cell(record, action, role), Reach.NOTHING)


@cache
def is_ever_deleted(record: str) -> bool:
    """Tell whether anybody may delete records of a kind."""
    return any(cell.record == record and cell.action == DELETE for cell in RIGHTS)


@cache
def known_records() -> frozenset[str]:
    """Name the records that stand in the table."""
    return frozenset(cell.record for cell in RIGHTS)


def writers_of_shared(record: str) -> frozenset[UserRole]:
    """Name the roles that may write rows of a kind that are not their own; databases know them."""
    wide = (Reach.TEAM, Reach.ALL)
    return frozenset(
        cell.role for cell, reach in RIGHTS.items() if cell.record == record and reach in wide
    )
