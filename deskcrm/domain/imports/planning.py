"""Makes the plan of an import: what comes of each row, as the workspace is now."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import CustomField
from deskcrm.domain.imports.answers import AnswerPlanner
from deskcrm.domain.imports.events import EventPlanner
from deskcrm.domain.imports.fields import CUSTOM, ImportField, Target
from deskcrm.domain.imports.figures import FEEDS, FigurePlanner
from deskcrm.domain.imports.likely import find_likely
from deskcrm.domain.imports.matching import Known, look_up
from deskcrm.domain.imports.people import PeoplePlanner
from deskcrm.domain.imports.plan import Plan, RowPlan, Wish
from deskcrm.domain.imports.preparing import Prepared, is_of_people
from deskcrm.domain.imports.twins import find_twins
from deskcrm.store.reader import Reader


def custom_fields(db: Reader) -> dict[str, CustomField]:
    """Give the fields that the team added to its clients, by the keys that imports call them."""
    columns = (
        CustomField.id, CustomField.name, CustomField.kind, CustomField.choices,
    )  # fmt: skip
    found = db.all(select(*columns).where(~CustomField.is_deleted).order_by(CustomField.position))
    return {
        f"{CUSTOM}{row_id}": CustomField(id=row_id, name=name, kind=kind, choices=choices)
        for row_id, name, kind, choices in found
    }


def plan_rows(
    db: Reader,
    rows: Sequence[Prepared],
    wish: Wish,
    custom: Mapping[str, CustomField],
    job: Job,
    former: list[RowPlan] | None = None,
) -> Plan:
    """Say what comes of each row; a ``former`` plan gives way, so that there are never two."""
    job.progress(0, len(rows), tr("Looking up who is there"))
    known = look_up(db, rows, wish.key)
    planner = _planner(db, known, rows, wish, custom, job)
    planned: list[RowPlan] = former or []
    for place, row in enumerate(rows):
        if place % 2_000 == 0:
            job.progress(place, len(rows), tr("Comparing"))
        planned[place : place + 1] = [planner.plan(row)]
    job.progress(len(rows), len(rows), tr("Comparing"))
    return Plan(wish, planned)


def _planner(
    db: Reader,
    known: Known,
    rows: Sequence[Prepared],
    wish: Wish,
    custom: Mapping[str, CustomField],
    job: Job,
) -> PeoplePlanner | EventPlanner | FigurePlanner | AnswerPlanner:
    if is_of_people(wish.target):
        likely = find_likely(db, known, rows, wish, job)
        # Where a key was chosen, that tells who is who.
        twins = find_twins(db, rows) if wish.key in ("", ImportField.NAME) else {}
        return PeoplePlanner(db, known, wish, custom, likely, twins)
    if wish.target in FEEDS:
        return FigurePlanner(db, known, wish)
    return (AnswerPlanner if wish.target is Target.ANSWERS else EventPlanner)(db, known, wish)
