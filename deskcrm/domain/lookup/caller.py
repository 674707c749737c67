"""What to know of somebody within a second, because they are on the phone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select, text

from deskcrm.domain.clients.detail import ClientProfile, get_profile
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts import phones
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.contacts.queries import ContactRow, get_contact
from deskcrm.domain.contacts.settings import phone_region
from deskcrm.domain.drafts.queries import DraftRow, get_draft
from deskcrm.domain.interactions.channels import Channel, Direction, InteractionId
from deskcrm.domain.interactions.model import CONTACT_SQL, Interaction, Outcome
from deskcrm.domain.lookup.queries import CallerMatch, Found, find_callers
from deskcrm.domain.promises.queries import (
    PromiseRow,
    list_client_promises,
    list_open_promises,
)
from deskcrm.domain.risk.queries import Health, get_health
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.tickets.queries import TicketRow, list_open_tickets
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader

LAST_CONTACTS: Final = 3
PLACE: Final = "caller_card"
"""Where the note of a call is kept as a draft, by the number or the client."""


@dataclass(frozen=True, slots=True)
class LastContact:
    """One of the latest times that we and the client spoke or wrote."""

    id: InteractionId
    channel: Channel
    direction: Direction
    outcome: Outcome
    started_at: datetime
    said: str
    by: str


@dataclass(frozen=True, slots=True)
class CallerCard:
    """One client, and the contact who calls if it is known which."""

    profile: ClientProfile
    contact: ContactRow | None
    tickets: tuple[TicketRow, ...]
    promise: PromiseRow | None
    """The most pressing that we owe; if we owe none, the latest that we made."""
    open_promises: int
    last: tuple[LastContact, ...]
    renewal_decision_on: date | None
    health: Health | None = None

    @property
    def name(self) -> str:
        """Give the name to greet: the contact's, or the client's."""
        return self.contact.name if self.contact is not None else self.profile.name


@dataclass(frozen=True, slots=True)
class Caller:
    """Who may be calling. ``card`` is there when there is no doubt which client it is."""

    number: str
    """E.164 where it could be read, else as it came; empty when there is none."""
    matches: tuple[CallerMatch, ...]
    card: CallerCard | None
    draft: DraftRow | None


def who_calls(db: Reader, number: str) -> Caller:
    """Say who calls from a number, with everything the card shows, as of one moment."""
    read = phones.parse(number, phone_region(db)) if number else None
    plain = read.e164 if read else " ".join(number.split())
    matches = find_callers(db, plain) if plain else []
    sure = [one for one in matches if one.level is Found.EXACT]
    chosen = (sure or matches) if len(sure or matches) == 1 else []
    card = get_card(db, chosen[0].client_id, chosen[0].contact_id) if chosen else None
    draft = get_draft(db, place=PLACE, subject=plain) if plain else None
    return Caller(plain, tuple(matches), card, draft)


def get_card(db: Reader, client_id: ClientId, contact_id: ContactId | None = None) -> CallerCard:
    """Give what the card shows of a client; raises Missing, in words, when it is not there."""
    owed = list_open_promises(db, client_id)
    latest = owed[:1] or list_client_promises(db, client_id, limit=1)
    contact = get_contact(db, contact_id) if contact_id is not None else None
    return CallerCard(
        profile=get_profile(db, client_id),
        contact=contact if contact is not None and contact.client_id == client_id else None,
        tickets=tuple(list_open_tickets(db, client_id)),
        promise=latest[0] if latest else None,
        open_promises=len(owed),
        last=tuple(list_last_contacts(db, client_id)),
        renewal_decision_on=db.scalar(
            select(client_summary.c.renewal_decision_on).where(
                client_summary.c.client_id == client_id
            )
        ),
        health=get_health(db, [client_id]).get(client_id),
    )


def list_last_contacts(
    db: Reader, client_id: ClientId, limit: int = LAST_CONTACTS
) -> list[LastContact]:
    """List the latest times that one side turned to the other, the newest first."""
    found = db.all(
        select(
            Interaction.id,
            Interaction.channel,
            Interaction.direction,
            Interaction.outcome,
            Interaction.started_at,
            Interaction.subject,
            Interaction.text,
            func.coalesce(User.name, "").label("by"),
        )
        .outerjoin(User, User.id == Interaction.logged_by)
        .where(Interaction.client_id == client_id, ~Interaction.is_deleted, text(CONTACT_SQL))
        .order_by(Interaction.started_at.desc())
        .limit(limit)
    )
    return [
        LastContact(
            InteractionId(row.id),
            row.channel,
            row.direction,
            row.outcome,
            row.started_at,
            _first_words(row.subject, row.text),
            row.by,
        )
        for row in found
    ]


def _first_words(subject: str, said: str, most: int = 160) -> str:
    whole = " ".join((subject or said).split())
    return whole if len(whole) <= most else whole[: most - 1].rstrip() + "…"
