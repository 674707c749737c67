"""Who was erased, as the log tells it; to them nothing that tells of a person is added."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.model import Contact, ContactId
from deskcrm.store.changes import IS_ERASURE, from_text
from deskcrm.store.reader import Reader
from deskcrm.store.tables import Record, change_table
from deskcrm.store.work import Work

_c = change_table.c
_TOLD_BY: Final = {"client": '"sort_name":', "contact": '"name":'}
"""What is written over only of who is erased: a company that is called like a person is not."""


def of_erased(model: type[Record]) -> Collection[ColumnElement[bool]]:
    """Select the changes that erased clients, or contacts."""
    table = model.__tablename__
    return IS_ERASURE, _c.table_name == table, _c.after.contains(_TOLD_BY[table], autoescape=True)


def erased_names(db: Reader, model: type[Record]) -> dict[UUID, str]:
    """Give who was erased, and what stands in place of the name."""
    told = select(_c.row_id, _c.after).where(*of_erased(model)).order_by(_c.id)
    return {row.row_id: from_text(row.after)["name"] for row in db.all(told)}


def is_untouched(t: Any) -> ColumnElement[bool]:
    """Select the rows of a table of which nothing was erased."""
    made = change_table.alias("erased")
    return ~exists().where(made.c.row_id == t.c.id, made.c.kind == "erase")


def check_not_erased(work: Work, client_id: ClientId, contact_id: ContactId | None = None) -> None:
    """Refuse to add to somebody who was erased what would tell of a person again."""
    for model, row_id in ((Client, client_id), (Contact, contact_id)):
        told = select(_c.id).where(_c.row_id == row_id, *of_erased(model)).limit(1)
        if row_id is not None and work.first(told) is not None:
            raise UserError(
                tr("This person was erased on request, so nothing is added to them."),
                tr("If they are a client again, add them as a new one."),
            )
