"""Makes up clients by the hundred thousand: as rows, from texts and names made in advance."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from deskcrm.base.ids import new_id
from deskcrm.domain.clients.model import Client, ClientKind, Lifecycle, Tier
from deskcrm.domain.contacts.model import Contact, ContactPoint, ContactRole, PointKind
from deskcrm.domain.contracts.model import BillingPeriod, Contract, ContractStatus
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.model import Interaction, Outcome
from deskcrm.domain.names import sort_key
from deskcrm.domain.sample.cases import KINDS
from deskcrm.domain.sample.chances import choose
from deskcrm.domain.sample.companies import make_company, make_street
from deskcrm.domain.sample.grammar import grammar
from deskcrm.domain.sample.people import Person, make_person
from deskcrm.domain.sample.places import Place, choose_place
from deskcrm.domain.sample.pools import Pool, Text, make_pool
from deskcrm.domain.sample.profiles import CURRENCIES, RATES, TIERS, YEARLY
from deskcrm.domain.sample.staff import Staff
from deskcrm.domain.sample.telephone import Telephones
from deskcrm.domain.tags.model import ClientTag, Tag
from deskcrm.domain.tasks.model import Task, TaskKind, TaskState
from deskcrm.domain.tickets.model import (
    MessageKind,
    Priority,
    Ticket,
    TicketMessage,
    TicketTransition,
)
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.tables import Record

Values = dict[str, Any]
Rows = dict[type[Record], list[Values]]

_LIFECYCLES: Final = (
    (Lifecycle.ACTIVE, 70),
    (Lifecycle.AT_RENEWAL, 6),
    (Lifecycle.ONBOARDING, 6),
    (Lifecycle.PROSPECT, 8),
    (Lifecycle.CHURNED, 8),
    (Lifecycle.PAUSED, 2),
)
_CHANNELS: Final = ((Channel.EMAIL, 5), (Channel.PORTAL, 3), (Channel.CALL, 3), (Channel.CHAT, 2))
_TASKS: Final = (TaskKind.CALL, TaskKind.FOLLOW_UP, TaskKind.EMAIL, TaskKind.MEETING)
_IS_RUSSIAN: Final = {"ru": 1.0, "en": 0.0, "both": 0.6}
ORDER: Final = (
    Client, Contact, ContactPoint, ClientTag, Contract, Ticket, TicketMessage, TicketTransition,
    Interaction, Task,
)  # fmt: skip
"""The order in which the rows are written: what others point to comes first."""


@dataclass(slots=True)
class Crowd:
    """Makes up clients, one after another; texts speak of the day they are dated."""

    seed: int
    language: str
    staff: Staff
    tags: tuple[Tag, ...]
    now: datetime
    random: Random = field(init=False)
    telephones: Telephones = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(f"crowd {self.seed} {self.language}")
        self.telephones = Telephones(self.random, is_fictional=False)

    def make(self, count: int, numbers: Iterator[int]) -> Rows:
        """Make so many clients with all that belongs to them; tickets take the numbers."""
        rows: Rows = {model: [] for model in ORDER}
        for _ in range(count):
            self._make_client(rows, numbers)
        return rows

    def _make_client(self, rows: Rows, numbers: Iterator[int]) -> None:
        random = self.random
        spoken = "ru" if random.random() < _IS_RUSSIAN[self.language] else "en"
        place = choose_place(spoken, random)
        person = make_person(place.nation, random)
        client = self._client(place, spoken, person)
        rows[Client].append(client)
        told = _Told(client["id"], spoken, self._pool(spoken, person.gender), person.word.forms)
        contact_id = self._add_people(rows, told, place, person)
        if random.random() < 0.5:
            rows[Contract].append(self._contract(told, client["tier"], place))
        for _ in range(random.choice((1, 2, 3, 3, 4, 5))):
            rows[Interaction].append(self._interaction(told, contact_id))
        if random.random() < 0.3:
            self._add_ticket(rows, told, contact_id, next(numbers))
        if random.random() < 0.4:
            rows[Task].append(self._task(told, contact_id))
        if random.random() < 0.3:
            tag = random.choice(self.tags)
            rows[ClientTag].append({"client_id": told.client, "tag_id": tag.id})

    def _pool(self, language: str, gender: int) -> Pool:
        return make_pool(language, gender, self.now.date(), self.seed)

    def _client(self, place: Place, spoken: str, person: Person) -> Values:
        random = self.random
        since = self._day(random.randrange(30, 2_000))
        lifecycle = choose(random, _LIFECYCLES)
        row: Values = {
            "id": new_id(),
            "created_at": self._moment(random.randrange(30, 2_000)),
            "tier": choose(random, TIERS),
            "lifecycle": lifecycle,
            "customer_since": None if lifecycle is Lifecycle.PROSPECT else since,
            "owner_id": self.staff.owner(random).id,
            "language": spoken,
            "time_zone": place.time_zone,
            "industry": grammar(spoken).pick("industry", random),
            "goals": grammar(spoken).pick("goal", random) if random.random() < 0.3 else "",
            "street": make_street(place, random) if random.random() < 0.4 else "",
            "city": place.city,
            "province": place.province,
            "country": place.country,
        }
        if lifecycle is Lifecycle.CHURNED:
            row["churned_on"] = self._day(random.randrange(1, 900))
            row["churn_reason"] = grammar(spoken).pick("churn_reason", random)
        if random.random() < 0.1:
            row |= {"kind": ClientKind.PERSON, "name": person.name}
        else:
            company = make_company(place.nation, random)
            row |= {"name": company.name, "legal_name": company.legal_name}
            row["website"] = f"https://{company.domain}" if random.random() < 0.5 else ""
        row["sort_name"] = sort_key(row["name"])
        return row

    def _add_people(self, rows: Rows, told: "_Told", place: Place, person: Person) -> UUID:
        """Add one or two contacts and their addresses; give the one who is spoken with."""
        random = self.random
        first = new_id()
        people = [(first, person)]
        if random.random() < 0.3:
            people.append((new_id(), make_person(place.nation, random)))
        for contact_id, one in people:
            role = random.choice((ContactRole.USER, ContactRole.CHAMPION, ContactRole.BILLING))
            rows[Contact].append(
                {
                    "id": contact_id,
                    "client_id": told.client,
                    "name": one.name,
                    "role": ContactRole.DECISION_MAKER if contact_id == first else role,
                    "position": grammar(told.language).pick(role.value, random),
                }
            )
        number = self.telephones.mobile(place.country)
        rows[ContactPoint].append(
            {
                "client_id": told.client, "contact_id": first, "kind": PointKind.PHONE,
                "typed": number.typed, "normal": number.normal, "is_preferred": True,
            }
        )  # fmt: skip
        address = f"{person.latin[0]}.{person.latin[1]}{random.randrange(1, 4000)}@post.example"
        rows[ContactPoint].append(
            {
                "client_id": told.client, "contact_id": people[-1][0], "kind": PointKind.EMAIL,
                "typed": address, "normal": address,
            }
        )  # fmt: skip
        return first

    def _contract(self, told: "_Told", tier: Tier, place: Place) -> Values:
        random = self.random
        currency = CURRENCIES[place.country]
        ends_on = self._day(-random.randrange(-200, 400))
        notice = random.choice((30, 60, 90))
        low, high = YEARLY[tier]
        is_over = ends_on < self.now.date()
        return {
            "client_id": told.client,
            "title": f"{random.randrange(100, 9_999)}/{ends_on.year}",
            "value_minor": random.randrange(low, high) * 100_000 // RATES[currency],
            "currency": currency,
            "billing_period": BillingPeriod.YEARLY,
            "starts_on": ends_on - timedelta(days=364),
            "ends_on": ends_on,
            "notice_days": notice,
            "decision_on": ends_on - timedelta(days=notice),
            "status": ContractStatus.ENDED if is_over else ContractStatus.ACTIVE,
            "ended_on": ends_on if is_over else None,
        }

    def _interaction(self, told: "_Told", contact_id: UUID) -> Values:
        random, pool = self.random, told.pool
        talk = random.choice(pool.talks)
        at = self._moment(talk.days_ago)
        is_long = talk.channel is Channel.CALL and talk.outcome is Outcome.REACHED
        return {
            "client_id": told.client,
            "contact_id": contact_id,
            "channel": talk.channel,
            "direction": talk.direction,
            "outcome": talk.outcome,
            "started_at": at,
            "created_at": at,
            "duration_seconds": random.randrange(60, 1_500) if is_long else 0,
            "subject": talk.subject.about(told.forms, pool.phrases),
            "text": talk.text.about(told.forms, pool.phrases),
            "sentiment": talk.sentiment,
            "logged_by": self.staff.owner(random).id,
        }

    def _add_ticket(self, rows: Rows, told: "_Told", contact_id: UUID, number: int) -> None:
        random = self.random
        request = random.choice(told.pool.requests)
        asked = self._moment(request.days_ago)
        answered = min(asked + timedelta(minutes=random.randrange(10, 2_000)), self.now)
        is_open = request.days_ago < 12 or random.random() < 0.02
        agent, ticket_id, channel = self.staff.agent(random).id, new_id(), choose(random, _CHANNELS)
        rows[Ticket].append(
            {
                "id": ticket_id, "number": number, "kind": KINDS[request.kind],
                "subject": request.subject.about(told.forms, told.pool.phrases),
                "client_id": told.client, "contact_id": contact_id, "channel": channel,
                "priority": random.choice((Priority.HIGH, Priority.NORMAL, Priority.NORMAL)),
                "state": TicketState.OPEN if is_open else TicketState.CLOSED,
                "owner_id": agent, "opened_at": asked, "opened_by": agent, "created_at": asked,
                "resolved_at": None if is_open else answered,
                "closed_at": None if is_open else answered,
            }
        )  # fmt: skip
        words = ((None, request.ask, asked), (agent, request.answer, answered))
        for author, text, at in words:
            message = self._message(told, text, at, author, contact_id)
            rows[TicketMessage].append(message | {"ticket_id": ticket_id, "channel": channel})
        state = TicketState.OPEN if is_open else TicketState.CLOSED
        steps = ((None, TicketState.NEW, asked), (TicketState.NEW, state, answered))
        for before, after, at in steps:
            rows[TicketTransition].append(
                {
                    "ticket_id": ticket_id, "client_id": told.client, "from_state": before,
                    "to_state": after, "happened_at": at, "changed_by": agent, "created_at": at,
                }
            )  # fmt: skip

    def _message(
        self, told: "_Told", text: Text, at: datetime, author: UUID | None, contact_id: UUID
    ) -> Values:
        return {
            "client_id": told.client,
            "kind": MessageKind.PUBLIC_REPLY if author else MessageKind.CLIENT_WORD,
            "text": text.about(told.forms, told.pool.phrases),
            "author_id": author,
            "contact_id": None if author else contact_id,
            "sent_at": at,
            "created_at": at,
        }

    def _task(self, told: "_Told", contact_id: UUID) -> Values:
        random = self.random
        days = int(random.triangular(-40, 700, 20))
        owner = self.staff.owner(random).id
        row: Values = {
            "title": random.choice(told.pool.tasks).about(told.forms, told.pool.phrases),
            "client_id": told.client,
            "contact_id": contact_id,
            "kind": random.choice(_TASKS),
            "due_on": self._day(days),
            "assignee_id": owner,
        }
        if days > 3 and random.random() < 0.96:
            done = self._moment(days)
            row |= {"state": TaskState.DONE, "done_at": done, "done_by": owner}
        return row

    def _day(self, days_ago: int) -> date:
        return (self.now - timedelta(days=days_ago)).date()

    def _moment(self, days_ago: int) -> datetime:
        """Give a moment of the working hours of a day."""
        seconds = self.random.randrange(8 * 3600, 18 * 3600)
        midnight = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        return min(midnight - timedelta(days=days_ago) + timedelta(seconds=seconds), self.now)


@dataclass(frozen=True, slots=True)
class _Told:
    """The client that rows belong to, its language, its texts, and whom they speak of."""

    client: UUID
    language: str
    pool: Pool
    forms: Mapping[str, str]
