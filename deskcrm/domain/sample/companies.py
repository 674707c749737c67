"""Makes up companies: a name that could be true, its legal form, line of work and address."""

from dataclasses import dataclass
from random import Random
from typing import Final

from deskcrm.domain.sample import russian
from deskcrm.domain.sample.chances import choose
from deskcrm.domain.sample.grammar import Grammar, grammar
from deskcrm.domain.sample.people import make_family_name
from deskcrm.domain.sample.places import Place
from deskcrm.domain.sample.words import GENDERS


@dataclass(frozen=True, slots=True)
class Company:
    """What a company is called; ``domain`` ends in .example, where no mail ever arrives."""

    name: str
    legal_name: str
    domain: str


def make_company(nation: str, random: Random) -> Company:
    """Make up a company of a nation: ``ru``, ``en`` or ``de``."""
    if nation == "ru":
        return _russian(random)
    phrases = grammar("en")
    name = choose(random, _ENGLISH)(phrases, nation, random)
    form = phrases.pick("form_de" if nation == "de" else "form", random)
    shown = f"{name} {form}" if random.random() < 0.3 else name
    return Company(shown, f"{name} {form}", _domain(name))


def make_street(place: Place, random: Random) -> str:
    """Make up a street and a house."""
    house = random.randrange(1, 160)
    if place.country == "RU":
        return f"{grammar('ru').pick('street', random)}, {house}"
    if place.country == "DE":
        return f"{make_family_name('de', random)}straße {house}"
    kind = random.choice(("Street", "Road", "Lane", "Avenue"))
    return f"{house} {make_family_name('en', random)} {kind}"


def make_postal_code(place: Place, random: Random) -> str:
    """Make up a postal code in the form of the country."""
    if place.country == "RU":
        return f"{random.randrange(101000, 693000)}"
    if place.country == "GB":
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        district = f"{place.city[0]}{random.choice(letters)}{random.randrange(1, 20)}"
        return (
            f"{district} {random.randrange(1, 10)}{random.choice(letters)}{random.choice(letters)}"
        )
    return f"{random.randrange(10000, 99000):05d}"


def make_tax_number(place: Place, random: Random) -> str:
    """Make up a tax number; a Russian one has its check digit right."""
    if place.country != "RU":
        return f"{place.country}{random.randrange(10**8, 10**9)}" if place.country != "US" else ""
    digits = [int(sign) for sign in f"{random.randrange(10**8, 10**9)}"]
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    check = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11 % 10
    return "".join(map(str, (*digits, check)))


def _russian(random: Random) -> Company:
    phrases = grammar("ru")
    name = choose(random, _RUSSIAN)(phrases, "ru", random)
    form = phrases.pick("form", random)
    legal = f"{form} «{name}»"
    shown = legal if random.random() < 0.35 else name
    return Company(shown, legal, _domain(name))


def _described(phrases: Grammar, _nation: str, random: Random) -> str:
    """Северный ветер, Чистое озеро."""
    thing, gender = phrases.pick("thing", random).rsplit(" ", 1)
    described = russian.adjective(phrases.pick("adjective", random), GENDERS[gender])
    return f"{described} {thing}"


def _joined(phrases: Grammar, _nation: str, random: Random) -> str:
    """УралПромСнаб, Техносервис."""
    head, tail = phrases.pick("head", random), phrases.pick("tail", random)
    style = random.random()
    if style < 0.25:
        second = phrases.pick("head", random)
        return f"{head}{second if second != head else 'Пром'}{tail.capitalize()}"
    return f"{head}{tail}" if style < 0.7 else f"{head}-{tail.capitalize()}"


def _works(phrases: Grammar, _nation: str, random: Random) -> str:
    """Тверской завод упаковки; feminine works take their place's feminine."""
    works = phrases.pick("works", random)
    first, *rest = works.split()
    noun = rest[0] if rest and first.endswith("ый") else first
    gender = GENDERS["f" if noun.endswith(("а", "я", "ть", "ия")) else "m"]
    return f"{russian.adjective(phrases.pick('place', random), gender)} {works}"


def _of_family(phrases: Grammar, _nation: str, random: Random) -> str:
    """Орлов и партнёры, Торговый дом Ореховых."""
    family = make_family_name("ru", random)
    if not family.endswith(("ов", "ев", "ёв", "ин")):
        return f"{family} и партнёры"
    pattern = random.choice(
        ("{0} и партнёры", "Торговый дом {0}ых", "Мастерская {0}а", "{0} и сыновья", "Хлеб {0}ых")
    )
    return pattern.format(family)


def _thing(phrases: Grammar, _nation: str, random: Random) -> str:
    """Маяк, Верфь-7."""
    thing = phrases.pick("thing", random).rsplit(" ", 1)[0].capitalize()
    return f"{thing}-{random.randrange(2, 100)}" if random.random() < 0.6 else thing


def _english_described(phrases: Grammar, _nation: str, random: Random) -> str:
    """Amber Falcon Logistics."""
    name = f"{phrases.pick('adjective', random)} {phrases.pick('thing', random)}"
    return f"{name} {phrases.pick('trade', random)}" if random.random() < 0.7 else name


def _english_pair(phrases: Grammar, nation: str, random: Random) -> str:
    """Harding & Cole."""
    first, second = make_family_name(nation, random), make_family_name(nation, random)
    join = random.choice((" & ", " and ", ", "))
    if join == ", ":
        return f"{first}, {second} & Partners" if random.random() < 0.5 else f"{first} & Co."
    return f"{first}{join}{second}"


def _english_trade(phrases: Grammar, nation: str, random: Random) -> str:
    """Whitaker Timber."""
    return f"{make_family_name(nation, random)} {phrases.pick('trade', random)}"


def _english_place(phrases: Grammar, nation: str, random: Random) -> str:
    """Ashford Dairy."""
    if nation == "de":
        return _english_trade(phrases, nation, random)
    return f"{phrases.pick('place', random)} {phrases.pick('trade', random)}"


_RUSSIAN: Final = ((_described, 8), (_joined, 7), (_works, 3), (_of_family, 5), (_thing, 2))
_ENGLISH: Final = (
    (_english_described, 8),
    (_english_pair, 4),
    (_english_trade, 7),
    (_english_place, 2),
)


def _domain(name: str) -> str:
    """Give an address on the net: severniy-veter.example."""
    latin = russian.to_latin(name)
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in latin)
    return "-".join(filter(None, plain.split("-"))) + ".example"
