"""A field that picks a client or one of its contacts, by any scrap."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from deskcrm.base.words import tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.lookup.queries import FoundRow, search_everything
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.pick import Option, Pick

_MOST: Final = 8
_KINDS: Final = (Kind.CLIENT, Kind.CONTACT)


class Whose(Pick):
    """The value is the ids of the client and, if one was picked, of the contact, in hex."""

    def __init__(self, desk: Desk, *, required: bool = False) -> None:
        self._desk = desk
        super().__init__(
            "client",
            tr("Client"),
            self._look,
            required=required,
            placeholder=tr("Name, number or email"),
        )

    def ids(self) -> tuple[ClientId | None, ContactId | None]:
        """Whose it is, as far as it was picked."""
        option = self.picked()
        return read_ids(option.value if option is not None else None)

    def set_draft(self, draft: Any) -> None:
        # Here a value is text anyway, so that it comes back whole.
        if isinstance(draft, list):
            self.set_value(Option(str(draft[0]), str(draft[1])))
        else:
            super().set_draft(draft)

    def _look(self, typed: str, show: Callable[[Sequence[Option]], None]) -> None:
        if not typed:
            show([])
            return
        found = self._desk.ask((self, "find"), search_everything, typed, _MOST, kinds=_KINDS)
        found.then(lambda rows: show([_option(row) for row in rows]))


def option_of(client_id: ClientId, name: str) -> Option:
    """Give the option that stands for a client that is known."""
    return Option(f"{client_id.hex} ", name)


def read_ids(picked: str | None) -> tuple[ClientId | None, ContactId | None]:
    """Read the value of the field."""
    client, _, contact = (picked or "").partition(" ")
    return (
        ClientId(UUID(hex=client)) if client else None,
        ContactId(UUID(hex=contact)) if contact else None,
    )


def _option(row: FoundRow) -> Option:
    is_contact = row.kind is Kind.CONTACT
    detail = " · ".join(part for part in (row.detail, row.why) if part)
    return Option(
        f"{row.client.hex} {row.id.hex if is_contact else ''}",
        row.title,
        detail,
        "person" if is_contact else "clients",
    )
