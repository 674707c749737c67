"""Says what a macro will do in a ticket, and which of its parts do not apply and why.

What is shown before a macro is applied and what it then does come of this one plan.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.base.words import language, ntr, of, tr
from deskcrm.domain.absences.queries import get_away
from deskcrm.domain.assignment.deciding import Decision, decide
from deskcrm.domain.macros.model import Handing, Macro
from deskcrm.domain.sla.cases import read_cases
from deskcrm.domain.tags.model import Tag, TagId
from deskcrm.domain.tags.queries import ticket_tags_of
from deskcrm.domain.templates.filling import known_values, language_for
from deskcrm.domain.templates.model import ReplyTemplate
from deskcrm.domain.templates.variables import fill, gaps_in
from deskcrm.domain.tickets.line_times import line_words
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.domain.tickets.states import check_step
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.reader import Reader


class Part(StrEnum):
    """One of the things that a macro does, in the order in which they are shown."""

    REPLY = "reply"
    NOTE = "note"
    STATE = "state"
    PRIORITY = "priority"
    KIND = "kind"
    TAGS = "tags"
    OWNER = "owner"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """What a part will do, in words; ``why_not`` says why it does not apply, or nothing.

    ``text`` is what will be written, of a reply or a note; ``owner_id`` whose the ticket becomes;
    ``tags`` which are put on it.
    """

    part: Part
    words: str
    why_not: str = ""
    text: str = ""
    owner_id: UserId | None = None
    tags: tuple[TagId, ...] = ()

    @property
    def applies(self) -> bool:
        """Tell whether it will be done."""
        return not self.why_not


@dataclass(frozen=True, slots=True)
class MacroPlan:
    """What a macro will do in a ticket; ``obstacle`` says why it does nothing at all."""

    ticket_id: TicketId
    parts: tuple[PlannedPart, ...]
    obstacle: str = ""

    def part(self, part: Part) -> PlannedPart | None:
        """Give a part that will be done; None when it is not the macro's, or does not apply."""
        return next((one for one in self.parts if one.part is part and one.applies), None)


def plan_for(db: Reader, macro: Macro, ticket_id: TicketId, *, text: str = "") -> MacroPlan:
    """Plan a macro for a ticket; ``text`` stands for the filled reply if it was looked over."""
    ticket = db.first(select(Ticket.__table__).where(Ticket.id == ticket_id, ~Ticket.is_deleted))
    if ticket is None:
        return MacroPlan(ticket_id, (), tr("This ticket is not there any more."))
    parts = tuple(_parts(db, macro, ticket, text))
    return MacroPlan(ticket_id, parts, _obstacle(parts))


def _obstacle(parts: tuple[PlannedPart, ...]) -> str:
    """Say why nothing is done: above all where the reply cannot be sent.

    A ticket must not be settled by a macro whose client was not answered.
    """
    for one in parts:
        if one.part is Part.REPLY and one.why_not:
            return one.why_not
    if not any(one.applies for one in parts):
        return parts[0].why_not if len(parts) == 1 else tr("All of it is so already, or cannot be.")
    return ""


def _parts(db: Reader, macro: Macro, ticket: Any, text: str) -> Iterator[PlannedPart]:
    if macro.template_id is not None:
        yield _reply(db, macro, ticket, text)
    if macro.note:
        said = fill(macro.note, known_values(db, ticket.id, language()), language()).text
        yield PlannedPart(Part.NOTE, tr("Writes an internal note"), text=said)
    if macro.state is not None:
        words = tr("State: {state}", state=of(macro.state))
        yield PlannedPart(Part.STATE, words, _why_no_step(macro, ticket))
    if macro.priority is not None:
        words = tr("Priority: {priority}", priority=of(macro.priority))
        yield PlannedPart(Part.PRIORITY, words, _so_already(ticket.priority is macro.priority))
    if macro.kind is not None:
        words = tr("Kind: {kind}", kind=of(macro.kind))
        yield PlannedPart(Part.KIND, words, _so_already(ticket.kind is macro.kind))
    if macro.tags:
        yield _tags(db, macro, ticket)
    if macro.handing is not None:
        yield _owner(db, macro, ticket)
    if macro.line is not None:
        words = f"{line_words(macro.line)}: {macro.line_reason}"
        yield PlannedPart(Part.LINE, words, _why_no_line(macro, ticket))


def _so_already(is_so: bool) -> str:
    return tr("It is so already.") if is_so else ""


def _reply(db: Reader, macro: Macro, ticket: Any, text: str) -> PlannedPart:
    words = tr("Answers the client")
    found = db.first(
        select(ReplyTemplate.name, ReplyTemplate.text_en, ReplyTemplate.text_ru).where(
            ReplyTemplate.id == macro.template_id, ~ReplyTemplate.is_deleted
        )
    )
    if found is None:
        return PlannedPart(Part.REPLY, words, tr("Its reply template is not there any more."))
    words = tr("Answers the client with “{name}”", name=found.name)
    if not text.strip():
        template = ReplyTemplate(name=found.name, text_en=found.text_en, text_ru=found.text_ru)
        said, code = template.text_in(language_for(db, ticket.id))
        text = fill(said, known_values(db, ticket.id, code), code).text
    gaps = gaps_in(text)
    why_not = ntr(
        "{n} gap is not filled in: {names}.", "{n} gaps are not filled in: {names}.", len(gaps),
        names=", ".join(gaps),
    ) if gaps else ""  # fmt: skip
    return PlannedPart(Part.REPLY, words, why_not, text)


def _tags(db: Reader, macro: Macro, ticket: Any) -> PlannedPart:
    wanted = [UUID(one) for one in macro.tags]
    found = db.all(
        select(Tag.id, Tag.name)
        .where(Tag.id.in_(wanted), ~Tag.is_deleted)
        .order_by(Tag.folded, Tag.id)
    )
    if not found:
        return PlannedPart(Part.TAGS, tr("Adds tags"), tr("Its tags are not there any more."))
    words = tr("Adds the tags: {names}", names=", ".join(row.name for row in found))
    worn = {tag.id for tag in ticket_tags_of(db, [ticket.id]).get(ticket.id, ())}
    new = tuple(TagId(row.id) for row in found if row.id not in worn)
    return PlannedPart(Part.TAGS, words, _so_already(not new), tags=new)


def _why_no_step(macro: Macro, ticket: Any) -> str:
    assert macro.state is not None
    try:
        check_step(ticket.state, macro.state)
    except UserError as error:
        return _so_already(ticket.state is macro.state) or error.title
    return ""


def _why_no_line(macro: Macro, ticket: Any) -> str:
    if not ticket.state.is_open:
        return tr("Ticket {number} is settled.", number=ticket.number)
    return _so_already(ticket.line is macro.line)


def _owner(db: Reader, macro: Macro, ticket: Any) -> PlannedPart:
    if macro.handing is Handing.RULES:
        return _by_rules(db, macro, ticket)
    if macro.handing is Handing.NOBODY:
        return PlannedPart(
            Part.OWNER, tr("Nobody is responsible"), _so_already(ticket.owner_id is None)
        )
    owner_id = UserId(db.actor) if macro.handing is Handing.ME else macro.owner_id
    person = db.first(select(User.name, User.is_active).where(User.id == owner_id))
    name = person.name if person is not None else ""
    words = tr("Assigned to {name}", name=name)
    if person is None or not person.is_active:
        why_not = tr("{name} does not work here any more.", name=name)
    elif ticket.owner_id == owner_id:
        why_not = _so_already(True)
    else:
        why_not = _why_absent(db, owner_id)
    return PlannedPart(Part.OWNER, words, why_not, owner_id=owner_id)


def _why_absent(db: Reader, owner_id: UserId | None) -> str:
    # Whoever is away may take something themselves: they are there after all.
    if owner_id is None or owner_id == db.actor:
        return ""
    away = get_away(db, owner_id)
    return "" if away is None else tr("{name} is away.", name=away.name)


def _by_rules(db: Reader, macro: Macro, ticket: Any) -> PlannedPart:
    words = tr("Assigned by the rules")
    if not ticket.state.is_open:
        return PlannedPart(
            Part.OWNER, words, tr("Ticket {number} is settled.", number=ticket.number)
        )
    decision = _decision(db, macro, ticket)
    if decision is None:
        return PlannedPart(Part.OWNER, words, tr("No rule of assignment matches."))
    owner_id = decision.owner_id
    if owner_id is None:
        return PlannedPart(Part.OWNER, words, tr("The rules found nobody who is here."))
    name = db.scalar(select(User.name).where(User.id == owner_id)) or ""
    words = tr("Assigned by the rules, to {name}", name=name)
    return PlannedPart(Part.OWNER, words, _so_already(ticket.owner_id == owner_id), "", owner_id)


def _decision(db: Reader, macro: Macro, ticket: Any) -> Decision | None:
    """Ask the rules of the ticket with the kind, the priority and the tags that it will have."""
    case = next(read_cases(db.connection, Ticket.id == ticket.id))
    traits = replace(
        case.traits,
        kind=macro.kind or case.traits.kind,
        priority=macro.priority or case.traits.priority,
        tags=case.traits.tags | {UUID(one) for one in macro.tags},
    )
    return decide(db, replace(case, traits=traits), ticket.client_id)
