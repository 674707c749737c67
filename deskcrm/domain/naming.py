"""What records that people name, and those that stand in an order of their own, have in common."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.names import fold
from deskcrm.store.work import Work


def check_name_free(
    work: Work, record: Any, title: str, *within: ColumnElement[bool], advice: str = ""
) -> None:
    """Refuse a second record of one name, in any spelling, among those that stand in one list.

    ``title`` says what there is already; ``within`` narrows the list.
    """
    model = type(record)
    with work.session.no_autoflush:
        query = select(model.id, model.name).where(~model.is_deleted, *within)
        others = work.session.execute(query).all()
    if any(one.id != record.id and fold(one.name) == fold(record.name) for one in others):
        raise UserError(
            title, advice or tr("Choose another name, or change the one that is there.")
        )


def next_position(work: Work, model: Any) -> int:
    """Give the place behind all that there are."""
    return 1 + (work.scalar(select(func.max(model.position)).where(~model.is_deleted)) or 0)


def put_in_order(work: Work, model: Any, ids: Sequence[UUID], twice: str) -> None:
    """Number records in the order given; ``twice`` says that one stands there twice."""
    if len(set(ids)) != len(ids):
        raise UserError(twice, tr("Name each of them once."))
    for position, row_id in enumerate(ids, start=1):
        work.get(model, row_id).position = position
