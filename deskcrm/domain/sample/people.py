"""Makes up people: names that go together, in the cases that texts need, and how to address them.

Given names are the common ones of the material; a family name is a common one or, for variety,
one of Mimesis's. Enough are drawn once that a million people cost no more than a lookup each.
"""

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from deskcrm.domain.sample import russian
from deskcrm.domain.sample.grammar import grammar
from deskcrm.domain.sample.words import FEMININE, MASCULINE, Word

_RARE_DRAWN: Final = 1_500
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's name in full and in parts; ``latin`` is how an address spells it."""

    name: str
    given: str
    family: str
    latin: tuple[str, str]
    word: Word

    @property
    def gender(self) -> int:
        """Tell what agrees with the person in a sentence."""
        return self.word.gender


def make_person(nation: str, random: Random) -> Person:
    """Make up a person of a nation: ``ru``, ``en`` or ``de``."""
    gender = FEMININE if random.random() < 0.5 else MASCULINE
    given = _given(nation, gender, random)
    family = _family(nation, gender, random)
    if nation == "ru":
        father = _given("ru", MASCULINE, random) if random.random() < 0.6 else ""
        return _russian(given, family, father, gender)
    forms = {"": f"{given} {family}", "call": given, "name": given, "full": f"{given} {family}"}
    latin = (_ascii(given), _ascii(family))
    return Person(f"{given} {family}", given, family, latin, Word(forms, gender))


def make_family_name(nation: str, random: Random) -> str:
    """Give a man's family name, for companies that are named after their owners."""
    return _family(nation, MASCULINE, random)


def _russian(given: str, family: str, father: str, gender: int) -> Person:
    forms = dict(russian.decline_given(given, gender))
    full = f"{given} {family}"
    if father:
        middle = russian.patronymic(father, gender)
        declined = russian.decline_patronymic(middle)
        forms = {case: f"{form} {declined[case]}" for case, form in forms.items()}
        full = f"{given} {middle} {family}"
    forms |= {"call": forms[""], "name": given, "full": f"{given} {family}"}
    latin = (russian.to_latin(given), russian.to_latin(family))
    return Person(full, given, family, latin, Word(forms, gender))


def _given(nation: str, gender: int, random: Random) -> str:
    kind = "female" if gender == FEMININE else "male"
    if nation == "de":
        return grammar("en").pick(f"{kind}_de", random)
    return grammar(nation).pick(kind, random)


def _family(nation: str, gender: int, random: Random) -> str:
    if nation == "ru" and random.random() < 0.6:
        common = grammar("ru").pick("surname", random)
        return russian.feminine_surname(common) if gender == FEMININE else common
    return random.choice(_rare(nation, gender))


@cache
def _rare(nation: str, gender: int) -> tuple[str, ...]:
    """Draw family names from Mimesis, sorted, so that a seed always means the same people."""
    from mimesis import Gender, Locale
    from mimesis import Person as People

    locales = {"ru": Locale.RU, "en": Locale.EN_GB, "de": Locale.DE}
    people = People(locales[nation], seed=1)
    theirs = Gender.FEMALE if gender == FEMININE else Gender.MALE
    return tuple(sorted({people.last_name(theirs) for _ in range(_RARE_DRAWN)}))


def _ascii(name: str) -> str:
    plain = name.lower().translate(_UMLAUTS)
    return "".join(letter for letter in plain if letter.isascii() and letter.isalpha())
