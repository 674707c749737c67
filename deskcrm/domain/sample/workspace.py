"""Makes up a small workspace with everything in it: clients whose stories lead up to today."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random
from typing import Final

from deskcrm.domain.clients.model import ClientId, ClientKind
from deskcrm.domain.sample import plots, profiles, twins
from deskcrm.domain.sample.around import make_around
from deskcrm.domain.sample.articles import make_articles
from deskcrm.domain.sample.cast import Cast
from deskcrm.domain.sample.chances import choose
from deskcrm.domain.sample.desk import make_desk
from deskcrm.domain.sample.feedback import Wishes, make_feedback, make_suggestions
from deskcrm.domain.sample.grammar import grammar
from deskcrm.domain.sample.growth import make_growth
from deskcrm.domain.sample.levels import make_levels
from deskcrm.domain.sample.moments import Calendar
from deskcrm.domain.sample.people import Person, make_person
from deskcrm.domain.sample.pictures import Picture, make_picture
from deskcrm.domain.sample.pipeline import make_pipeline
from deskcrm.domain.sample.places import choose_place
from deskcrm.domain.sample.plays import make_plays
from deskcrm.domain.sample.profiles import CURRENCIES, TIERS, Shelf
from deskcrm.domain.sample.staff import Colleague, Staff, make_staff
from deskcrm.domain.sample.telephone import Telephones
from deskcrm.domain.sample.twins import make_twin
from deskcrm.domain.tickets.model import Ticket
from deskcrm.domain.users.model import UserId
from deskcrm.store.tables import Record

LANGUAGES: Final = {"ru": ("ru",), "en": ("en",), "both": ("ru", "en")}
_PRIVATE: Final = 0.08
"""How many clients are a person rather than a company."""
_IS_RUSSIAN: Final = {"ru": 1.0, "en": 0.0, "both": 0.6}


@dataclass(frozen=True, slots=True)
class Sample:
    """Everything to add: records in order, and the pictures that tickets have with them."""

    records: list[Record]
    pictures: list[Picture]


def make_sample(
    *,
    me: UserId,
    my_name: str,
    now: datetime,
    clients: int,
    seed: int,
    language: str,
    progress: Callable[[int], None] = lambda done: None,
) -> Sample:
    """Make up a workspace; the same seed on the same day makes the same one, but for ids."""
    random = Random(f"sample {seed} {language}")
    languages = LANGUAGES[language]
    staff, records = make_staff(me, my_name, languages, random)
    phrases = grammar(languages[0])
    shelf = profiles.make_shelf((phrases.lines("tag"), phrases.lines("field")))
    tags = profiles.make_tags(phrases.lines("ticket_tag"))
    records += [*shelf.tags, *tags, *shelf.fields]
    records += _of_the_house(languages, staff, now, seed)
    calendar, telephones = Calendar.local(now, random), Telephones(random, is_fictional=True)
    groups, pictures, wishes = list[Cast](), list[Picture](), Wishes()
    for done, (plot, is_mine) in enumerate(plots.plots_for(clients, random)):
        spoken = "ru" if random.random() < _IS_RUSSIAN[language] else "en"
        owner = staff.me if is_mine else staff.owner(random)
        cast, person = _cast(spoken, staff, owner, calendar, random)
        _tell(cast, plot, shelf, telephones, person)
        _join_group(cast, groups)
        _date_profile(cast)
        _add_figures(cast, plot, phrases.lines("metric"), Random(f"growth {seed} {done}"))
        make_feedback(cast, plot, wishes, Random(f"feedback {seed} {done}"))
        records += cast.records
        pictures += [make_picture(cast, ticket, who) for ticket, who in cast.attached]
        progress(done + 1)
    if clients >= twins.LEAST:
        records += list(make_twin(records))
    records += make_suggestions(languages[0], staff, wishes, now, Random(f"wishes {seed}"))
    records += make_around(tickets_in_order(records), staff, tags, Random(f"around {seed}"))
    records += list(make_plays(records, staff, languages[0], now))
    return Sample(records, pictures)


def _of_the_house(
    languages: tuple[str, ...], staff: Staff, now: datetime, seed: int
) -> Iterator[Record]:
    """Make what is nobody's client: promises, ways of working, articles."""
    yield from make_levels(languages[0], now)
    yield from make_desk(languages, staff)
    yield from make_articles(languages, staff, now, Random(f"articles {seed}"))


def tickets_in_order(records: list[Record]) -> list[Ticket]:
    """Give the tickets as they came in, to be numbered."""
    tickets = [record for record in records if isinstance(record, Ticket)]
    return sorted(tickets, key=lambda ticket: (ticket.opened_at, ticket.subject))


def _cast(
    language: str, staff: Staff, owner: Colleague, calendar: Calendar, random: Random
) -> tuple[Cast, Person | None]:
    place = choose_place(language, random)
    tier = choose(random, TIERS)
    # More of the clients are young than old, as in a company that grows.
    days = round(90 + 1_500 * random.random() ** 1.4)
    person = make_person(place.nation, random) if random.random() < _PRIVATE else None
    client = profiles.make_client(place, tier, calendar.day(-days), random, person)
    client.owner_id = owner.id
    cast = Cast(
        client=client,
        place=place,
        roles=[],
        owner=owner,
        staff=staff,
        phrases=grammar(language),
        calendar=calendar,
        random=random,
        currency=CURRENCIES[place.country],
    )
    return cast, person


def _tell(
    cast: Cast, plot: plots.Plot, shelf: Shelf, telephones: Telephones, owner: Person | None
) -> None:
    cast.records.append(cast.client)
    profiles.add_people(cast, telephones, owner)
    profiles.describe(cast)
    profiles.add_tags_and_fields(cast, shelf)
    plot(cast)


def _add_figures(cast: Cast, plot: plots.Plot, metrics: tuple[str, ...], random: Random) -> None:
    """Add usage, money and growth with dice of their own: the stories that follow stay the same."""
    again = replace(cast, random=random, calendar=replace(cast.calendar, random=random))
    make_growth(again, plot, metrics, random)
    make_pipeline(again, plot, random)


def _date_profile(cast: Cast) -> None:
    """Make the client, its people and addresses as old as our acquaintance."""
    since = cast.client.customer_since or cast.calendar.day(-30)
    first = cast.calendar.moment(since)
    for record in cast.records:
        record.created_at = first


def _join_group(cast: Cast, groups: list[Cast]) -> None:
    """Make some companies children of an earlier one of the same country."""
    if cast.client.kind is not ClientKind.COMPANY:
        return
    parents = [one for one in groups if one.place.country == cast.place.country]
    if parents and cast.random.random() < 0.2:
        cast.client.parent_id = ClientId(cast.random.choice(parents).client.id)
    elif len(groups) < 6:
        groups.append(cast)
