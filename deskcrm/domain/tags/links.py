"""Puts a tag on what wears tags and takes it off: clients and tickets alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

from sqlalchemy import select

from deskcrm.domain.tags.model import ClientTag, TagId, TicketTag
from deskcrm.store.reader import Reader
from deskcrm.store.upsert import in_chunks
from deskcrm.store.work import Work

L = TypeVar("L", ClientTag, TicketTag)


@dataclass(frozen=True, slots=True)
class Links(Generic[L]):
    """The records that say who wears which tag; ``wearer`` names their column of who wears it."""

    model: type[L]
    wearer: str

    @property
    def column(self) -> Any:
        """The column of who wears it."""
        return getattr(self.model, self.wearer)

    def wears(self, link: L) -> UUID:
        """Give who wears a tag by this record."""
        found: UUID = getattr(link, self.wearer)
        return found

    def find(self, work: Work, tag_id: TagId, wearers: Iterable[UUID] | None = None) -> list[L]:
        """Give the records that say who wears a tag; two, where ids were still drawn for each."""
        model = self.model
        statement = select(model).where(model.tag_id == tag_id, ~model.is_deleted)
        if wearers is None:
            return list(work.records(statement))
        return [
            link
            for some in in_chunks(wearers)
            for link in work.records(statement.where(self.column.in_(some)))
        ]

    def put_on(self, work: Work, tag_id: TagId, rows: Mapping[UUID, Mapping[str, Any]]) -> int:
        """Put a tag on those that do not wear it, each with the columns of its record."""
        back = self._taken_off(work, tag_id, rows)
        for link in back.values():
            work.restore(link)
        new = ({**row, "tag_id": tag_id} for one, row in rows.items() if one not in back)
        return work.insert_many(self.model, new) + len(back)

    def _taken_off(self, work: Work, tag_id: TagId, wearers: Iterable[UUID]) -> dict[UUID, L]:
        """Give the records of those from whom the tag was taken, to bring them back."""
        model = self.model
        ids = [model.work_out_id({self.wearer: one, "tag_id": tag_id}) for one in wearers]
        return {
            self.wears(link): link
            for some in in_chunks(ids)
            for link in work.records(select(model).where(model.id.in_(some)))
        }

    def was_worn(self, db: Reader, tag_id: UUID) -> bool:
        """Tell whether anything wears a tag, or did."""
        worn = select(self.model.id).where(self.model.tag_id == tag_id)
        return db.first(worn.limit(1)) is not None

    def move(self, work: Work, from_id: TagId, to_id: TagId) -> int:
        """Let what wears one tag wear another; gives how many wear that newly."""
        wearing = {self.wears(link) for link in self.find(work, to_id)}
        before = len(wearing)
        for link in self.find(work, from_id):
            if self.wears(link) not in wearing:
                wearing.add(self.wears(link))
                work.put(self.model, **self._row(link), tag_id=to_id)
            work.delete(link)
        return len(wearing) - before

    def _row(self, link: L) -> dict[str, Any]:
        return {key: getattr(link, key) for key in {self.wearer, "client_id"}}


OF_CLIENTS: Final = Links(ClientTag, "client_id")
OF_TICKETS: Final = Links(TicketTag, "ticket_id")
