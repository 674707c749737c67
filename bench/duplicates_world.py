"""Makes up records of people and companies of which it is known which are the same.

Some are written down twice or three times, the second time as people do: in another word order,
with another legal form or none, in the other alphabet, with slips, with fields left out or in
each other's place. Colleagues share their office's number and its address and are not the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random
from typing import Final

from deskcrm.domain.sample import russian
from deskcrm.domain.sample.companies import Company, make_company, make_postal_code, make_street
from deskcrm.domain.sample.people import make_person
from deskcrm.domain.sample.places import Place, choose_place
from deskcrm.domain.sample.telephone import Telephones

Record = dict[str, str]
FIELDS: Final = ("name", "company", "phone", "email", "address", "city")
_FORMS: Final = {
    "ru": ("ООО", "АО", "ЗАО", "ПАО", "ИП"),
    "en": ("Ltd", "LLC", "Inc.", "plc", "Limited"),
    "de": ("GmbH", "AG", "GmbH & Co. KG", "KG"),
}
_ROLES: Final = ("info", "office", "sales")


@dataclass(frozen=True)
class World:
    """The records in no order, and the pairs of positions that are the same."""

    records: list[Record]
    truth: frozenset[tuple[int, int]]
    nations: list[str]
    """Of each record: in whose language it was written first."""

    def of_language(self, language: str, pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
        """Give the pairs of which a record was written in Russian, or else the others."""
        is_russian = language == "ru"
        return {
            (one, other)
            for one, other in pairs
            if ("ru" in (self.nations[one], self.nations[other])) == is_russian
        }


def make_world(count: int, seed: int) -> World:
    """Make up so many records; about one in nine is another one written down again."""
    random = Random(f"duplicates {seed}")
    telephones = Telephones(random, is_fictional=False)
    taken: Counter[str] = Counter()
    made: list[tuple[int, str, Record]] = []
    number = 0
    while len(made) < count:
        for record, nation in _office(random, telephones, taken):
            number += 1
            made.append((number, nation, record))
            if random.random() < 0.11:
                again = random.choices((1, 2), weights=(9, 1))[0]
                made += [
                    (number, nation, _written_again(record, nation, random)) for _ in range(again)
                ]
    made = made[:count]
    random.shuffle(made)
    places: dict[int, list[int]] = {}
    for at, (whose, _, _) in enumerate(made):
        places.setdefault(whose, []).append(at)
    truth = frozenset(pair for some in places.values() for pair in combinations(some, 2))
    return World([record for *_, record in made], truth, [nation for _, nation, _ in made])


def _office(
    random: Random, telephones: Telephones, taken: Counter[str]
) -> Iterator[tuple[Record, str]]:
    """A company by itself, then the people who work there and share its number.

    Two companies may have one name, but no two have one domain.
    """
    place = choose_place(random.choice(("ru", "en")), random)
    nation = place.nation
    company = make_company(nation, random)
    taken[company.domain] += 1
    if taken[company.domain] > 1:
        company = replace(company, domain=f"{taken[company.domain]}-{company.domain}")
    shared = telephones.office(place.country, place.area).typed
    address = f"{make_street(place, random)}, {make_postal_code(place, random)}"
    yield _of_company(company, nation, shared, address, place, random), nation
    for _ in range(random.choices((0, 1, 2, 3, 8, 25), weights=(30, 40, 15, 8, 5, 2))[0]):
        person = make_person(nation, random)
        latin = ".".join(one.lower().replace("'", "") for one in person.latin)
        yield (
            {
                "name": person.name,
                "company": company.name,
                "phone": shared
                if random.random() < 0.4
                else telephones.mobile(place.country).typed,
                "email": f"{latin}@{company.domain}" if random.random() < 0.7 else "",
                "address": address if random.random() < 0.5 else "",
                "city": place.city,
            },
            nation,
        )


def _of_company(
    company: Company, nation: str, phone: str, address: str, place: Place, random: Random
) -> Record:
    form = random.choice(_FORMS[nation])
    name = f"{form} «{company.name}»" if nation == "ru" else f"{company.name} {form}"
    return {
        "name": name,
        "company": "",
        "phone": phone,
        "email": f"{random.choice(_ROLES)}@{company.domain}" if random.random() < 0.6 else "",
        "address": address,
        "city": place.city,
    }


def _written_again(record: Record, nation: str, random: Random) -> Record:
    """Write a record down once more, with one to four of what goes otherwise then."""
    again = dict(record)
    ways: list[Callable[[Record, str, Random], None]] = [
        _reorder, _reform, _other_alphabet, _slip_in_name, _slip_in_email, _leave_out, _swap,
        _other_phone_format,
    ]  # fmt: skip
    for way in random.sample(ways, random.choices((1, 2, 3, 4), weights=(35, 35, 20, 10))[0]):
        way(again, nation, random)
    return again


def _reorder(record: Record, _nation: str, random: Random) -> None:
    words = record["name"].split()
    random.shuffle(words)
    record["name"] = " ".join(words)


def _reform(record: Record, nation: str, random: Random) -> None:
    """Write a company with another legal form, or a person without the patronymic."""
    forms = [one for some in _FORMS.values() for one in some]
    words = record["name"].replace("«", "").replace("»", "")
    bare = words
    for form in sorted(forms, key=len, reverse=True):
        bare = bare.removeprefix(f"{form} ").removesuffix(f" {form}")
    if bare == words:
        parts = words.split()
        record["name"] = " ".join((parts[0], parts[-1]) if len(parts) > 2 else parts)
    else:
        form = random.choice(("", *_FORMS[nation]))
        record["name"] = f"{form} {bare}" if nation == "ru" else f"{bare} {form}"
    record["name"] = record["name"].strip()


def _other_alphabet(record: Record, nation: str, _random: Random) -> None:
    if nation == "ru":
        record["name"] = russian.to_latin(record["name"]).title()
        record["company"] = russian.to_latin(record["company"]).title()


def _slip(text: str, random: Random) -> str:
    """Make one slip: a letter left out, doubled, swapped with the next, or another one."""
    places = [at for at in range(len(text) - 1) if text[at].isalpha() and text[at + 1].isalpha()]
    if not places:
        return text
    at = random.choice(places)
    one, next_one = text[at], text[at + 1]
    slipped = random.choice((next_one, one + one + next_one, next_one + one, f"e{next_one}"))
    return text[:at] + slipped + text[at + 2 :]


def _slip_in_name(record: Record, _nation: str, random: Random) -> None:
    record["name"] = _slip(record["name"], random)


def _slip_in_email(record: Record, _nation: str, random: Random) -> None:
    record["email"] = _slip(record["email"], random)


def _leave_out(record: Record, _nation: str, random: Random) -> None:
    for field in random.sample(FIELDS[1:], random.randrange(1, 4)):
        record[field] = ""


def _swap(record: Record, _nation: str, random: Random) -> None:
    one, other = random.choice((("phone", "email"), ("address", "city"), ("name", "company")))
    if record[one] and record[other]:
        record[one], record[other] = record[other], record[one]


def _other_phone_format(record: Record, _nation: str, random: Random) -> None:
    digits = "".join(letter for letter in record["phone"] if letter.isdigit())
    if digits.startswith("7") and len(digits) == 11:
        digits = random.choice(("8", "7", "+7 ", "")) + digits[1:]
    record["phone"] = digits
