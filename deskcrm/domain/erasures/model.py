"""The table of erasures: certificates without a personal value in them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record
from deskcrm.store.types import Merge, merges, refers, signs

ErasureId = NewType("ErasureId", UUID)


class PersonKind(StrEnum):
    """As what a person was known here."""

    CONTACT = "contact"
    CLIENT = "client"


class Erasure(Record, kw_only=True):
    """That the values of a person were erased: what, when and by whom, but not whose.

    ``counts`` are rows by table; ``digest`` is of the list of all fields that were erased.
    """

    __tablename__ = "erasure"
    __title__ = "reference"
    __subject__ = "client_id"

    reference: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    kind: Mapped[PersonKind] = mapped_column(info=merges(Merge.FINAL))
    client_id: Mapped[ClientId] = mapped_column(info=refers("client", Merge.FINAL), index=True)
    person_id: Mapped[UUID] = mapped_column(info=merges(Merge.FINAL))
    erased_at: Mapped[datetime] = mapped_column(info=merges(Merge.FINAL))
    erased_by: Mapped[UserId] = mapped_column(info=signs())
    counts: Mapped[dict[str, Any]] = mapped_column(info=merges(Merge.FINAL))
    digest: Mapped[str] = mapped_column(info=merges(Merge.FINAL))
    mentions_left: Mapped[int] = mapped_column(info=merges(Merge.FINAL))
    """Texts that speak of the person and were left as they are."""
    backups_until: Mapped[date] = mapped_column(info=merges(Merge.FINAL))
    """The first day on which no backup that a workstation keeps by itself holds the values."""
