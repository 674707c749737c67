"""Tags on tickets: those of one are set, several get what is typed beside what they have."""

from typing import TYPE_CHECKING

from deskcrm.base.words import ntr, tr
from deskcrm.domain.tags.on_tickets import set_ticket_tags, tag_tickets_by_name
from deskcrm.domain.tags.queries import TagChip, list_tag_names
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.fields import Line
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
        _open_several(screen, ids)


def _open_one(screen: "TicketsScreen", row: TicketRow, known: list[TagChip]) -> None:
    FormCard(
        screen.desk, screen, tr("Tags"),
        [Tags("names", tr("Tags"), known=[tag.name for tag in known])],
        lambda values: screen.desk.do(set_ticket_tags, row.id, **values).tell(),
        about=named(row), place="tickets.tags", subject=row.id.hex,
        values={"names": [tag.name for tag in row.tags]}, width=480,
    )  # fmt: skip


def _open_several(screen: "TicketsScreen", ids: list[TicketId]) -> None:
    FormCard(
        screen.desk, screen, tr("Add tag"), [Line("name", tr("Tag"), required=True)],
        lambda values: told(screen, ids, screen.desk.do(tag_tickets_by_name, ids, **values)),
        about=ntr("{n} ticket", "{n} tickets", len(ids)), place="tickets.tag",
        button=tr("Add tag"), width=420,
    )  # fmt: skip
