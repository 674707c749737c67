"""The colleagues of the sample: two or three teams, and the person who is looking at it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Final

from deskcrm.domain.sample import russian
from deskcrm.domain.sample.grammar import grammar
from deskcrm.domain.sample.people import make_person
from deskcrm.domain.sample.words import FEMININE, MASCULINE, Word
from deskcrm.domain.teams.model import Team, TeamId, TeamMember
from deskcrm.domain.users.model import User, UserId, UserRole
from deskcrm.store.tables import Record

_TEAMS: Final = (("success", 3), ("support", 3), ("success", 2))


@dataclass(frozen=True, slots=True)
class Colleague:
    """One of ours, as a text speaks of them."""

    id: UserId
    words: dict[str, Word]
    """By language: a name is declined in Russian and written in Latin letters in English."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Who looks after clients and who answers tickets; ``me`` is one of both."""

    me: Colleague
    success: tuple[Colleague, ...]
    support: tuple[Colleague, ...]

    def owner(self, random: Random) -> Colleague:
        """Choose whose client it is; some are mine."""
        return self.me if random.random() < 0.2 else random.choice(self.success)

    def agent(self, random: Random) -> Colleague:
        """Choose who answers a ticket."""
        return self.me if random.random() < 0.25 else random.choice(self.support)


def make_staff(
    me: UserId, my_name: str, languages: tuple[str, ...], random: Random
) -> tuple[Staff, list[Record]]:
    """Make up the colleagues and their teams; give them with the records to add."""
    records: list[Record] = []
    groups: dict[str, list[Colleague]] = {"success": [], "support": []}
    nations = _nations(languages)
    names = iter(range(len(_TEAMS)))
    for kind, size in _TEAMS:
        phrases = grammar(languages[0])
        team = Team(name=phrases.lines("team")[next(names)])
        records.append(team)
        for place in range(size):
            nation = next(nations)
            person = make_person(nation, random)
            role = "lead" if place == 0 else kind
            user = User(
                name=f"{person.given} {person.family}",
                email=f"{person.latin[0]}.{person.latin[1]}@desk.example",
                role=UserRole.LEAD if place == 0 else _ROLES[kind],
                position=grammar(nation).pick(f"{role}_position", random),
                language=nation,
            )
            colleague = Colleague(UserId(user.id), _words(person.given, person.family))
            groups[kind].append(colleague)
            records.append(user)
            records.append(_member(team, UserId(user.id)))
            team.lead_id = team.lead_id or UserId(user.id)
        if kind == "success" and len(groups["support"]) == 0:
            records.append(_member(team, me))
    given, _, family = my_name.strip().partition(" ")
    mine = Colleague(me, _words(given or "—", family))
    return Staff(mine, tuple(groups["success"]), tuple(groups["support"])), records


_ROLES: Final = {"success": UserRole.MANAGER, "support": UserRole.AGENT}


def _nations(languages: tuple[str, ...]) -> Iterator[str]:
    while True:
        yield from languages


def _member(team: Team, user: UserId) -> TeamMember:
    return TeamMember(team_id=TeamId(team.id), user_id=user)


def _words(given: str, family: str) -> dict[str, Word]:
    """Give a colleague's name: among us the given name, in full under a letter."""
    if not re.match("[А-ЯЁ]", given):
        known = given in {*grammar("en").lines("female"), *grammar("en").lines("female_de")}
        word = _word({"": given}, given, family, FEMININE if known else MASCULINE)
        return {"ru": word, "en": word}
    is_hers = given[-1] in "ая" and given not in ("Илья", "Никита", "Фома", "Лука", "Кузьма")
    gender = FEMININE if is_hers else MASCULINE
    latin, latin_family = russian.to_latin(given), russian.to_latin(family)
    return {
        "ru": _word(russian.decline_given(given, gender), given, family, gender),
        "en": _word({"": latin.title()}, latin.title(), latin_family.title(), gender),
    }


def _word(forms: dict[str, str], given: str, family: str, gender: int) -> Word:
    named = {"name": given, "call": given, "full": f"{given} {family}".strip()}
    return Word({**forms, **named}, gender)
