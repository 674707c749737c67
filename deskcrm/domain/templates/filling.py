"""What is known of a ticket, its client and its agent, as the variables of templates say it."""

from datetime import datetime

from sqlalchemy import select

from deskcrm.base.words import LANGUAGES, language, speaking, tr
from deskcrm.domain.clients.model import Client, ClientKind
from deskcrm.domain.contacts.model import Contact
from deskcrm.domain.sla.cases import Rulebook, read_cases
from deskcrm.domain.sla.clocks import Clock, ClockKind, next_deadline
from deskcrm.domain.sla.words import span_words
from deskcrm.domain.templates.variables import Variable
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.users.model import User
from deskcrm.store.reader import Reader


def language_for(db: Reader, ticket_id: TicketId) -> str:
    """Tell in which language to answer: the contact's, else the client's, else one's own."""
    row = db.first(
        select(Contact.language, Client.language)
        .select_from(Ticket)
        .outerjoin(Client, Client.id == Ticket.client_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .where(Ticket.id == ticket_id)
    )
    for named in row or ():
        code = (named or "")[:2].lower()
        if code in LANGUAGES:
            return code
    return language()


def known_values(db: Reader, ticket_id: TicketId, code: str) -> dict[Variable, str]:
    """Give what can be filled in for a ticket, in a language; what is not known is empty."""
    with speaking(code):
        return _people(db, ticket_id) | _ticket(db, ticket_id) | _promised(db, ticket_id)


def _people(db: Reader, ticket_id: TicketId) -> dict[Variable, str]:
    row = db.first(
        select(Client.name, Client.kind, Contact.name, Contact.greeting)
        .select_from(Ticket)
        .outerjoin(Client, Client.id == Ticket.client_id)
        .outerjoin(Contact, Contact.id == Ticket.contact_id)
        .where(Ticket.id == ticket_id)
    )
    agent = db.scalar(select(User.name).where(User.id == db.actor)) or ""
    client, kind, contact, greeting = row or ("", None, "", "")
    if not contact and kind is ClientKind.PERSON:
        contact = client
    return {
        Variable.CLIENT_NAME: client or "",
        Variable.CONTACT_NAME: contact or "",
        Variable.CONTACT_FIRST_NAME: greeting or _first(contact or ""),
        Variable.AGENT_NAME: agent,
        Variable.AGENT_FIRST_NAME: _first(agent),
    }


def _first(name: str) -> str:
    return name.split()[0] if name.strip() else ""


def _ticket(db: Reader, ticket_id: TicketId) -> dict[Variable, str]:
    ticket = db.first(
        select(Ticket.number, Ticket.subject, Ticket.client_id).where(Ticket.id == ticket_id)
    )
    if ticket is None:
        return {}
    before = db.first(
        select(Ticket.subject, Ticket.state, Ticket.resolved_at)
        .where(Ticket.client_id == ticket.client_id, Ticket.id != ticket_id, ~Ticket.is_deleted)
        .order_by(Ticket.opened_at.desc(), Ticket.id)
        .limit(1)
    )
    said = {
        Variable.TICKET_NUMBER: str(ticket.number),
        Variable.TICKET_SUBJECT: ticket.subject,
    }
    if before is not None:
        said[Variable.LAST_PROBLEM] = before.subject
        said[Variable.HOW_IT_ENDED] = _ending(before.state.is_open, before.resolved_at)
    return said


def _ending(is_open: bool, at: datetime | None) -> str:
    if is_open:
        return tr("we are still working on it")
    if at is None:
        return tr("it was resolved")
    return tr("it was resolved on {day}", day=_written(at, "%d.%m.%Y", "%Y-%m-%d"))


def _promised(db: Reader, ticket_id: TicketId) -> dict[Variable, str]:
    case = next(read_cases(db.connection, Ticket.id == ticket_id), None)
    clock = None
    if case is not None:
        clock = next_deadline(Rulebook(db.connection).promise(case).clocks)
    if clock is None:
        return {}
    # A client is promised no moment that has passed.
    due = clock.due_at if clock.due_at is None or clock.due_at > db.now else None
    return {
        Variable.DEADLINE: _written(due, "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M") if due else "",
        Variable.SERVICE_LEVEL: _level(clock),
    }


def _level(clock: Clock) -> str:
    time = span_words(clock.target)
    if clock.kind is ClockKind.RESOLUTION:
        return tr("a solution within {time} of working time", time=time)
    return tr("an answer within {time} of working time", time=time)


def _written(at: datetime, russian: str, english: str) -> str:
    return at.astimezone().strftime(russian if language() == "ru" else english)
