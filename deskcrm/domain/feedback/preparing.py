"""What is needed to ask a client: the forms, and whom of theirs one may ask."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.queries import ContactRow, list_contacts
from deskcrm.domain.feedback.queries import FormRow, list_forms
from deskcrm.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Prepared:
    """What there is to ask a client with, and whom."""

    client: str
    language: str
    contacts: Sequence[ContactRow]
    forms: Sequence[FormRow]


def prepare_asking(db: Reader, client_id: ClientId) -> Prepared | None:
    """Gather what a client can be asked with; None when it is not there any more."""
    row = db.first(
        select(Client.name, Client.language).where(Client.id == client_id, ~Client.is_deleted)
    )
    if row is None:
        return None
    return Prepared(row.name, row.language, list_contacts(db, client_id), list_forms(db))
