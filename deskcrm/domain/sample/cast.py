"""The people of one client and the tools for telling its story."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from types import MappingProxyType
from typing import Final

from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.model import Contact, ContactId, ContactRole, ContactStatus
from deskcrm.domain.contracts.model import Contract
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.model import Interaction, Outcome, Sentiment
from deskcrm.domain.sample.grammar import Grammar, Scene
from deskcrm.domain.sample.moments import Calendar
from deskcrm.domain.sample.people import Person
from deskcrm.domain.sample.places import Place
from deskcrm.domain.sample.promising import promises_in
from deskcrm.domain.sample.staff import Colleague, Staff
from deskcrm.domain.sample.words import Word, plain
from deskcrm.domain.tickets.model import Ticket, TicketId
from deskcrm.store.tables import Record

_NOBODY: Final[Mapping[str, Word]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Role:
    """A contact with the person behind it."""

    contact: Contact
    person: Person

    @property
    def id(self) -> ContactId:
        """Give the contact's id."""
        return ContactId(self.contact.id)


@dataclass(slots=True)
class Cast:
    """One client, its people, ours, and all the records that its story has come to."""

    client: Client
    place: Place
    roles: list[Role]
    owner: Colleague
    staff: Staff
    phrases: Grammar
    calendar: Calendar
    random: Random
    contract: Contract | None = None
    currency: str = "RUB"
    records: list[Record] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    """The cases that were told already, so that a client does not ask everything twice."""
    attached: list[tuple[Ticket, Role]] = field(default_factory=list)
    """Tickets whose words speak of a picture, which is to be attached."""

    @property
    def client_id(self) -> ClientId:
        """Give the client's id."""
        return ClientId(self.client.id)

    def who(self, *wanted: ContactRole) -> Role:
        """Choose somebody who is still there, of one of these roles if there is one."""
        there = [one for one in self.roles if one.contact.status is ContactStatus.ACTIVE]
        fitting = [one for one in there if one.contact.role in wanted]
        return self.random.choice(fitting or there or self.roles)

    def say(
        self,
        section: str,
        at: datetime,
        words: Mapping[str, Word] = _NOBODY,
        *,
        line: int | None = None,
    ) -> str:
        """Say something as of a moment; names in it are those of the words given."""
        today = self.calendar.local_day(at)
        scene = Scene(self.phrases, self.random, today, dict(words), self._find)
        return scene.say(section, line)

    def _find(self, name: str, known: dict[str, Word]) -> Word | None:
        """Give a word that a text asks for; people are other than those it named before."""
        match name:
            case "who":
                return self._other_than(known.get("boss")).person.word
            case "boss":
                wanted = ContactRole.DECISION_MAKER
                return self._other_than(known.get("who"), wanted).person.word
            case "other":
                who, boss = known.get("who"), known.get("boss")
                return self._other_than(who, ContactRole.USER, also=boss).person.word
            case "billing":
                return self.who(ContactRole.BILLING).person.word
            case "me" | "owner":
                return self.word_of(self.owner)
            case _:
                fact = self._facts().get(name)
                return plain(fact()) if fact else None

    def _facts(self) -> dict[str, Callable[[], str]]:
        client, calendar = self.client, self.calendar
        ends_on = self.contract.ends_on if self.contract else None
        return {
            "end": lambda: self.phrases.speech.day(ends_on or calendar.day(60)),
            "sum": self.money,
            "in_year": lambda: str(calendar.today.year - self.random.randrange(3)),
            "goal_lower": lambda: _lower(client.goals),
            "churn_lower": lambda: _lower(client.churn_reason or client.goals),
        }

    def _other_than(
        self, word: Word | None, *wanted: ContactRole, also: Word | None = None
    ) -> Role:
        """Choose somebody who is not who was named already, if there is anybody else."""
        active = [one for one in self.roles if one.contact.status is ContactStatus.ACTIVE]
        others = [one for one in active if one.person.word is not word]
        others = [one for one in others if one.person.word is not also] or others
        fitting = [one for one in others if one.contact.role in wanted]
        return self.random.choice(fitting or others or active or self.roles)

    def word_of(self, colleague: Colleague) -> Word:
        """Give one of ours as this client's language names them."""
        return colleague.words[self.phrases.language]

    def money(self) -> str:
        """Say an amount that is worth mentioning to this client."""
        value = (self.contract.value_minor if self.contract else 12_000_000) // 100
        rounded = max(int(value * self.random.uniform(0.2, 1.1)) // 100, 3) * 100
        spaced = f"{rounded:,}".replace(",", "\u00a0" if self.phrases.language == "ru" else ",")
        sign = {"RUB": "₽", "EUR": "€", "USD": "$", "GBP": "£"}[self.currency]
        return f"{spaced}\u00a0{sign}" if self.phrases.language == "ru" else f"{sign}{spaced}"

    def talk(
        self,
        at: datetime,
        channel: Channel,
        subject: str,
        text: str,
        *,
        who: Role | None = None,
        by: Colleague | None = None,
        direction: Direction = Direction.OUTGOING,
        outcome: Outcome = Outcome.REACHED,
        sentiment: Sentiment | None = None,
        ticket: Ticket | None = None,
    ) -> Interaction:
        """Log an interaction, with the promises that its text makes."""
        said = Interaction(
            client_id=self.client_id,
            contact_id=who.id if who else None,
            channel=channel,
            direction=direction,
            outcome=outcome,
            started_at=at,
            duration_seconds=self._duration(channel, outcome),
            subject=subject,
            text=text,
            sentiment=sentiment,
            ticket_id=TicketId(ticket.id) if ticket else None,
            logged_by=(by or self.owner).id,
        )
        self.records.append(said)
        self.records.extend(promises_in(said, self.calendar, self.random))
        return said

    def _duration(self, channel: Channel, outcome: Outcome) -> int:
        if channel in (Channel.MEETING, Channel.VISIT):
            return self.random.randrange(30, 150, 15) * 60
        if channel is Channel.VIDEO:
            return self.random.randrange(20, 75, 5) * 60
        if channel is not Channel.CALL:
            return 0
        reached = outcome is Outcome.REACHED
        return self.random.randrange(90, 1500) if reached else self.random.randrange(5, 40)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
