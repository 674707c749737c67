"""Tags on tickets: those of one are set; on several some are put, and others taken off."""

from typing import TYPE_CHECKING

from deskcrm.base.words import ntr, tr
from deskcrm.domain.tags.on_tickets import change_ticket_tags, set_ticket_tags
from deskcrm.domain.tags.queries import TagChip, list_tag_names, list_worn
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.store.reader import Reader
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.fields import Field
from deskcrm.ui.kit.several import Several
from deskcrm.ui.kit.tags_field import Tags
from deskcrm.ui.tickets.told import told
from deskcrm.ui.tickets.words import named

if TYPE_CHECKING:
    from deskcrm.ui.tickets.screen import TicketsScreen


def open_tags(screen: "TicketsScreen", ids: list[TicketId]) -> None:
    """Ask for the tags of the picked tickets."""
    row = screen.row()
    if row is not None and ids == [row.id]:
        asked = screen.desk.ask((screen, "tags"), list_tag_names)
        asked.then(lambda known: _open_one(screen, row, known))
    else:
        found = screen.desk.ask((screen, "tags"), _tags_for, ids)
        found.then(lambda tags: _open_several(screen, ids, *tags))


def _open_one(screen: "TicketsScreen", row: TicketRow, known: list[TagChip]) -> None:
    FormCard(
        screen.desk, screen, tr("Tags"),
        [Tags("names", tr("Tags"), known=[tag.name for tag in known])],
        lambda values: screen.desk.do(set_ticket_tags, row.id, **values).tell(),
        about=named(row), place="tickets.tags", subject=row.id.hex,
        values={"names": [tag.name for tag in row.tags]}, width=480,
    )  # fmt: skip


def _tags_for(db: Reader, ids: list[TicketId]) -> tuple[list[TagChip], list[TagChip]]:
    """Give the tags that there are, and those that some of the tickets wear."""
    return list_tag_names(db), list_worn(db, ids)


def _open_several(
    screen: "TicketsScreen", ids: list[TicketId], known: list[TagChip], worn: list[TagChip]
) -> None:
    fields: list[Field] = [Tags("names", tr("Put on"), known=[tag.name for tag in known])]
    if worn:
        options = [(tag.id, tag.name) for tag in worn]
        fields.append(Several("going", tr("Take off"), options))
    FormCard(
        screen.desk, screen, tr("Tags"), fields,
        lambda values: told(screen, ids, screen.desk.do(change_ticket_tags, ids, **values)),
        about=ntr("{n} ticket", "{n} tickets", len(ids)), place="tickets.tag", width=480,
    )  # fmt: skip
