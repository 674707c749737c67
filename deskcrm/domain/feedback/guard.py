"""What speaks against asking somebody now: nobody is asked unless somebody will act on it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.model import Consent, Contact, ContactId
from deskcrm.domain.days import day_of
from deskcrm.domain.feedback.model import SurveyResponse
from deskcrm.domain.feedback.settings import read_rules
from deskcrm.domain.tickets.model import IS_OPEN, SupportLine, Ticket, TicketId, TicketKind
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader


class Hindrance(StrEnum):
    """Why somebody had better not be asked now."""

    ASKED_LATELY = "asked_lately"
    OPEN_COMPLAINT = "open_complaint"
    ESCALATED = "escalated"
    OPTED_OUT = "opted_out"
    NOBODY_ACTS = "nobody_acts"


@dataclass(frozen=True, slots=True)
class Against:
    """One thing that speaks against asking, with what it hangs on."""

    hindrance: Hindrance
    since: datetime | None = None
    ticket_id: TicketId | None = None
    ticket_number: int = 0


def list_hindrances(
    db: Reader, client_id: ClientId, contact_id: ContactId | None = None
) -> list[Against]:
    """List what speaks against asking a client now, or one contact of theirs; nothing: ask."""
    return [
        *_opted_out(db, client_id, contact_id),
        *_tickets(db, client_id),
        *_asked_lately(db, client_id, contact_id),
        *_nobody_acts(db, client_id),
    ]


def check_may_ask(
    db: Reader, client_id: ClientId, contact_id: ContactId | None, reason: str
) -> None:
    """Refuse to ask where something speaks against it and nobody has said why to ask all the same.

    What speaks against it is read again here: it may have come since the question was opened.
    """
    if reason:
        return
    found = list_hindrances(db, client_id, contact_id)
    if found:
        raise UserError(
            " ".join(map(say_against, found)), tr("Ask later, or say why you ask all the same.")
        )


def say_against(against: Against, write_day: Callable[[date], str] = date.isoformat) -> str:
    """Say what speaks against asking, in a sentence."""
    match against.hindrance:
        case Hindrance.ASKED_LATELY:
            assert against.since is not None
            day = write_day(day_of(against.since))
            return tr("They were asked already, on {day}.", day=day)
        case Hindrance.OPEN_COMPLAINT:
            return tr("Their complaint #{number} is still open.", number=against.ticket_number)
        case Hindrance.ESCALATED:
            return tr("Their ticket #{number} is escalated.", number=against.ticket_number)
        case Hindrance.OPTED_OUT:
            if against.since is None:
                return tr("They do not want to be asked.")
            day = write_day(day_of(against.since))
            return tr("They asked on {day} never to be asked again.", day=day)
        case Hindrance.NOBODY_ACTS:
            return tr("The client has nobody here who would act on the answer.")


def _opted_out(db: Reader, client_id: ClientId, contact_id: ContactId | None) -> list[Against]:
    # Who asked in the name of the whole client not to be asked speaks for each of its contacts.
    whose: ColumnElement[bool] = SurveyResponse.contact_id.is_(None)
    if contact_id is not None:
        whose = or_(whose, SurveyResponse.contact_id == contact_id)
    asked_not_to = db.scalar(
        select(SurveyResponse.asked_at)
        .where(SurveyResponse.client_id == client_id, whose)
        .where(SurveyResponse.never_again, ~SurveyResponse.is_deleted)
        .order_by(SurveyResponse.asked_at.desc())
        .limit(1)
    )
    if asked_not_to is not None:
        return [Against(Hindrance.OPTED_OUT, asked_not_to)]
    withdrawn = (
        contact_id is not None
        and db.scalar(select(Contact.consent).where(Contact.id == contact_id)) is Consent.WITHDRAWN
    )
    return [Against(Hindrance.OPTED_OUT)] if withdrawn else []


def _tickets(db: Reader, client_id: ClientId) -> list[Against]:
    rows = db.all(
        select(Ticket.id, Ticket.number, Ticket.kind, Ticket.line)
        .where(Ticket.client_id == client_id, IS_OPEN, ~Ticket.is_deleted)
        .order_by(Ticket.opened_at)
    )
    found: list[Against] = []
    for row_id, number, kind, line in rows:
        if kind is TicketKind.COMPLAINT:
            found.append(Against(Hindrance.OPEN_COMPLAINT, None, TicketId(row_id), number))
        elif line is not SupportLine.FIRST:
            found.append(Against(Hindrance.ESCALATED, None, TicketId(row_id), number))
    return found


def _asked_lately(db: Reader, client_id: ClientId, contact_id: ContactId | None) -> list[Against]:
    since = db.now - timedelta(days=read_rules(db).ask_again_after_days)
    asked = select(SurveyResponse.asked_at).where(
        SurveyResponse.client_id == client_id,
        SurveyResponse.asked_at > since,
        ~SurveyResponse.is_deleted,
    )
    if contact_id is not None:
        asked = asked.where(SurveyResponse.contact_id == contact_id)
    last = db.scalar(asked.order_by(SurveyResponse.asked_at.desc()).limit(1))
    return [] if last is None else [Against(Hindrance.ASKED_LATELY, last)]


def _nobody_acts(db: Reader, client_id: ClientId) -> list[Against]:
    owner = db.first(
        select(User.id)
        .join(Client, Client.owner_id == User.id)
        .where(Client.id == client_id, User.is_active, ~User.is_deleted)
    )
    return [Against(Hindrance.NOBODY_ACTS)] if owner is None else []
