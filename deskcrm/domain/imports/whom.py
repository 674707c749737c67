"""Finds the client that a row speaks of; whoever is not there, or is not sure, is told."""

from typing import Final
from uuid import UUID

from deskcrm.base.words import tr
from deskcrm.domain.imports.fields import ImportField
from deskcrm.domain.imports.matching import Known
from deskcrm.domain.imports.plan import Fate, RowPlan, Wish
from deskcrm.domain.imports.preparing import Prepared

F = ImportField
_FINDS: Final = (F.TAX_NUMBER, F.NAME, F.PHONE, F.EMAIL)


def begin(known: Known, wish: Wish, row: Prepared) -> tuple[RowPlan, UUID | None]:
    """Begin the plan of a row about a client that is there: with the client, or why there is none.

    With the contact too, where the row names one.
    """
    plan = RowPlan(row.number, Fate.REJECTED, row.name, row.trouble, row=row)
    if row.trouble:
        return plan, None
    keys = (wish.key,) if wish.key else _FINDS
    found = next((ids for key in keys if (ids := known.found_by(key, row))), [])
    if not found:
        plan.why = tr("there is no client “{name}”", name=plan.title)
        return plan, None
    if len(found) > 1:
        plan.fate = Fate.CONFLICT
        names = ", ".join(known.titles.get(one, "") for one in found[:3])
        plan.why = tr("several clients fit: {names}", names=names)
        return plan, None
    plan.client = found[0]
    plan.contact = known.people.get(found[0], {}).get(row.person_key) if row.person else None
    return plan, found[0]
