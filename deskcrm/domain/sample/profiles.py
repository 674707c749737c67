"""Makes up who a client is: the company, its people and addresses, contracts, tags and fields."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from deskcrm.domain.clients.model import (
    Client,
    ClientId,
    ClientKind,
    CustomField,
    CustomFieldId,
    CustomValue,
    FieldKind,
    Lifecycle,
    Tier,
    custom_value_id,
)
from deskcrm.domain.contacts.model import (
    Consent,
    Contact,
    ContactId,
    ContactPoint,
    ContactRole,
    PointKind,
    PreferredChannel,
)
from deskcrm.domain.contracts.model import BillingPeriod, Contract, ContractStatus
from deskcrm.domain.sample import companies
from deskcrm.domain.sample.cast import Cast, Role
from deskcrm.domain.sample.people import Person, make_person
from deskcrm.domain.sample.places import Place
from deskcrm.domain.sample.telephone import Number, Telephones
from deskcrm.domain.tags.model import ClientTag, Tag, TagColour, TagId
from deskcrm.store.tables import Record

TIERS: Final = ((Tier.DIAMOND, 4), (Tier.GOLD, 13), (Tier.SILVER, 28), (Tier.STANDARD, 55))
CURRENCIES: Final = {"RU": "RUB", "GB": "GBP", "US": "USD", "DE": "EUR"}
YEARLY: Final = {
    Tier.DIAMOND: (1_800, 6_000),
    Tier.GOLD: (600, 2_000),
    Tier.SILVER: (180, 700),
    Tier.STANDARD: (30, 240),
}
"""What a contract brings in a year, from and to, in thousands of roubles."""
RATES: Final = {"RUB": 1, "EUR": 60, "USD": 65, "GBP": 75}
"""How many times less the number of a price is in another currency, roughly."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The tags and fields of the sample workspace, to choose from."""

    tags: tuple[Tag, ...]
    fields: tuple[CustomField, ...]


def make_shelf(phrases_lines: tuple[tuple[str, ...], tuple[str, ...]]) -> Shelf:
    """Make the tags and fields from the lines of the material."""
    tag_lines, field_lines = phrases_lines
    fields = tuple(_field(line, n) for n, line in enumerate(field_lines, 1))
    return Shelf(make_tags(tag_lines), fields)


def make_tags(lines: Sequence[str]) -> tuple[Tag, ...]:
    """Make tags from the lines of the material."""
    tags = [line.rsplit(" ", 1) for line in lines]
    return tuple(Tag(name=name, colour=TagColour(colour)) for name, colour in tags)


def _field(line: str, position: int) -> CustomField:
    words = line.split()
    kinds = set(FieldKind)
    at = next(n for n, word in enumerate(words) if n and word in kinds and word != "date date")
    choices = " ".join(words[at + 1 :]).split(";") if len(words) > at + 1 else []
    name = " ".join(words[:at])
    return CustomField(name=name, kind=FieldKind(words[at]), choices=choices, position=position)


def make_client(
    place: Place, tier: Tier, since: date, random: Random, person: Person | None
) -> Client:
    """Make up a client in a place: that person, or a company."""
    if person is not None:
        client = Client(kind=ClientKind.PERSON, name=person.name)
    else:
        company = companies.make_company(place.nation, random)
        client = Client(name=company.name, legal_name=company.legal_name)
        client.tax_number = companies.make_tax_number(place, random)
        client.website = f"https://{company.domain}"
    client.tier, client.lifecycle, client.customer_since = tier, Lifecycle.ACTIVE, since
    client.city, client.country, client.province = place.city, place.country, place.province
    client.street = companies.make_street(place, random)
    client.postal_code = companies.make_postal_code(place, random)
    client.time_zone = place.time_zone
    client.language = "ru" if place.country == "RU" else "en"
    return client


def describe(cast: Cast) -> None:
    """Fill in what was learned of a client over time."""
    random, client, now = cast.random, cast.client, cast.calendar.now
    client.industry = cast.phrases.pick("industry", random)
    client.goals = cast.phrases.pick("goal", random)
    client.source = cast.phrases.pick("source", random)
    if random.random() < 0.7:
        client.about = cast.say("about", now)
    if random.random() < 0.18:
        client.caution = cast.phrases.pick("caution", random)
    for role in cast.roles:
        if random.random() < 0.25:
            role.contact.notes = cast.say("contact_note", now, {"who": role.person.word})


def add_people(cast: Cast, telephones: Telephones, owner: Person | None) -> None:
    """Add the contacts, each with ways to reach them, and the company's own number.

    ``owner``: the person that the client is; somebody who helps them stands beside.
    """
    random, place = cast.random, cast.place
    wanted = [ContactRole.DECISION_MAKER]
    if owner is not None:
        wanted += [ContactRole.CHAMPION]
    else:
        wanted += [ContactRole.CHAMPION, ContactRole.USER]
        chances = (
            (ContactRole.USER, 0.5), (ContactRole.BILLING, 0.6), (ContactRole.DETRACTOR, 0.15),
            (ContactRole.OTHER, 0.2),
        )  # fmt: skip
        wanted += [role for role, chance in chances if random.random() < chance]
        _point(cast, None, telephones.office(place.country, place.area), "")
    for role in wanted:
        is_owner = owner is not None and role is ContactRole.DECISION_MAKER
        person = owner if owner and is_owner else make_person(place.nation, random)
        contact = _contact(cast, person, role)
        cast.roles.append(Role(contact, person))
        cast.records.append(contact)
        _add_points(cast, contact, person, place, telephones)


def _contact(cast: Cast, person: Person, role: ContactRole) -> Contact:
    random, client = cast.random, cast.client
    contact = Contact(
        client_id=cast.client_id,
        name=person.name,
        role=role,
        language=client.language,
    )
    is_private = client.kind is ClientKind.PERSON
    if not is_private or role is not ContactRole.DECISION_MAKER:
        contact.position = cast.phrases.pick("other" if is_private else role.value, random)
    if random.random() < 0.35:
        contact.preferred_channel = random.choice(
            (PreferredChannel.PHONE, PreferredChannel.EMAIL, PreferredChannel.MESSENGER)
        )
    if random.random() < 0.6:
        contact.consent = Consent.GIVEN if random.random() < 0.93 else Consent.WITHDRAWN
        contact.consent_on = cast.calendar.day(-random.randrange(20, 900))
    return contact


def _add_points(
    cast: Cast, contact: Contact, person: Person, place: Place, telephones: Telephones
) -> None:
    random = cast.random
    _point(cast, contact, telephones.mobile(place.country), "", is_preferred=True)
    if random.random() < 0.25:
        _point(cast, contact, telephones.office(place.country, place.area), "")
    given, family = person.latin
    domain = cast.client.website.removeprefix("https://") or "post.example"
    address = random.choice((f"{given[:1]}.{family}", f"{given}.{family}", family)) + f"@{domain}"
    _address(cast, contact, PointKind.EMAIL, address, address.casefold())
    if random.random() < 0.3:
        handle = f"{given}_{family}"
        _address(cast, contact, PointKind.MESSENGER, f"@{handle}", handle.casefold())


def _point(
    cast: Cast, contact: Contact | None, number: Number, label: str, *, is_preferred: bool = False
) -> None:
    cast.records.append(
        ContactPoint(
            client_id=cast.client_id,
            contact_id=ContactId(contact.id) if contact else None,
            kind=PointKind.PHONE,
            label=label,
            typed=number.typed,
            normal=number.normal,
            extension=number.extension,
            is_preferred=is_preferred,
        )
    )


def _address(cast: Cast, contact: Contact, kind: PointKind, typed: str, normal: str) -> None:
    cast.records.append(
        ContactPoint(
            client_id=cast.client_id,
            contact_id=ContactId(contact.id),
            kind=kind,
            typed=typed,
            normal=normal,
        )
    )


def add_contract(
    cast: Cast, ends_on: date, status: ContractStatus = ContractStatus.ACTIVE, *, years: int = 1
) -> Contract:
    """Add the contract that runs until a day, and make it the one that texts speak of."""
    random = cast.random
    low, high = YEARLY[cast.client.tier]
    rate = RATES[cast.currency]
    thousands = random.randrange(low, high)
    yearly = round(thousands * 1000 / rate, -2)
    period = random.choice(
        (BillingPeriod.YEARLY, BillingPeriod.YEARLY, BillingPeriod.QUARTERLY, BillingPeriod.MONTHLY)
    )
    parts = {BillingPeriod.YEARLY: 1, BillingPeriod.QUARTERLY: 4, BillingPeriod.MONTHLY: 12}[period]
    contract = Contract(
        client_id=cast.client_id,
        title=cast.say("contract_title", cast.calendar.now),
        value_minor=int(yearly / parts) * 100,
        currency=cast.currency,
        billing_period=period,
        starts_on=_years_before(ends_on, years),
        ends_on=ends_on,
        notice_days=random.choice((30, 30, 60, 90)),
        auto_renews=random.random() < 0.35,
        status=status,
    )
    if random.random() < 0.4:
        contract.notes = cast.say("contract_note", cast.calendar.now)
    if status is ContractStatus.ENDED:
        contract.ended_on = ends_on
    cast.contract = contract
    cast.records.append(contract)
    return contract


def _years_before(day: date, years: int) -> date:
    """Give the first day of a term that ends on a day."""
    after = day + timedelta(days=1)
    is_leap_day = (after.month, after.day) == (2, 29)
    return after.replace(year=after.year - years, day=28 if is_leap_day else after.day)


def add_tags_and_fields(cast: Cast, shelf: Shelf) -> None:
    """Put tags on a client and fill in some of the team's own fields."""
    random = cast.random
    for tag in random.sample(shelf.tags, random.choices((0, 1, 2, 3), weights=(3, 4, 2, 1))[0]):
        cast.records.append(ClientTag(client_id=cast.client_id, tag_id=TagId(tag.id)))
    for field in shelf.fields:
        if random.random() < 0.6:
            cast.records.append(_value(cast, field))


def _value(cast: Cast, field: CustomField) -> Record:
    random = cast.random
    match field.kind:
        case FieldKind.NUMBER:
            text = str(random.randrange(1, 60))
        case FieldKind.DATE:
            text = cast.calendar.day(-random.randrange(30, 1500)).isoformat()
        case FieldKind.CHOICE:
            text = random.choice(field.choices)
        case FieldKind.CHECK:
            text = random.choice(("yes", "no"))
        case FieldKind.LINK:
            text = f"https://wiki.desk.example/{random.randrange(100, 999)}"
        case FieldKind.TEXT:
            text = f"{random.randrange(10, 96)}.{random.randrange(10, 99)}"
    field_id = CustomFieldId(field.id)
    value_id = custom_value_id(ClientId(cast.client.id), field_id)
    return CustomValue(id=value_id, client_id=cast.client_id, field_id=field_id, text=text)
