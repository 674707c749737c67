"""Tells which rows are likely a client that is there, though no key of theirs is the same."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client
from deskcrm.domain.contacts.model import PointKind
from deskcrm.domain.duplicates.queries import Likely, list_known
from deskcrm.domain.duplicates.reasons import reason_of
from deskcrm.domain.imports.fields import ImportField
from deskcrm.domain.imports.matching import Known, know_also
from deskcrm.domain.imports.plan import Wish
from deskcrm.domain.imports.preparing import Prepared
from deskcrm.store.reader import Reader

F = ImportField
_PLACE = (F.STREET, F.POSTAL_CODE, F.CITY)


def find_likely(
    db: Reader, known: Known, rows: Sequence[Prepared], wish: Wish, job: Job
) -> dict[int, Likely]:
    """Find for each line of which no key is known the client that it most likely is.

    Those clients are known then too, with their people: a row may be wanted to change them.
    """
    if db.first(select(Client.id).where(~Client.is_deleted).limit(1)) is None:
        return {}
    keys = (wish.key,) if wish.key else (F.TAX_NUMBER, F.NAME, F.PHONE, F.EMAIL)
    unknown = [
        row
        for row in rows
        if row.name and not row.trouble and not any(known.found_by(key, row) for key in keys)
    ]
    found = list_known(db, [record_of(row) for row in unknown], job)
    likely = {unknown[place].number: one for place, one in found.items()}
    names: dict[UUID, str] = {one.id: one.name for one in likely.values()}
    know_also(db, known, names)
    return likely


def record_of(row: Prepared) -> dict[str, str]:
    """Give a row as it is compared."""
    values = row.values
    record = {
        "name": row.name,
        "legal name": values.get(F.LEGAL_NAME, ""),
        "tax number": values.get(F.TAX_NUMBER, ""),
        "address": " ".join(str(values.get(key, "")) for key in _PLACE),
    }
    for kind in (PointKind.PHONE, PointKind.EMAIL):
        record[kind.value] = ", ".join(a.normal for one, a in row.points if one is kind)
    return record


def said_of(likely: Likely) -> str:
    """Say whom a row most likely is, how surely, and why."""
    return tr(
        "most likely “{name}” ({sure}). {reason}",
        name=likely.name, sure=f"{likely.probability:.0%}", reason=reason_of(likely.weights),
    )  # fmt: skip
