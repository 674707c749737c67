"""The variables of reply templates: what there are, how they are written, and how they are filled.

``{contact first name|there}`` is a variable with a fallback. The names may be written in either
language. Nothing empty is ever filled in: what is not known becomes the fallback, and without one
a marked gap, ``[?contact first name?]``, with which nothing is sent.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from functools import cache
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import LANGUAGES, language, ntr, of, speaking, tr
from deskcrm.domain.names import fold, one_line


class Variable(StrEnum):
    """What can be filled in."""

    CONTACT_FIRST_NAME = "contact_first_name"
    CONTACT_NAME = "contact_name"
    CLIENT_NAME = "client_name"
    AGENT_FIRST_NAME = "agent_first_name"
    AGENT_NAME = "agent_name"
    TICKET_NUMBER = "ticket_number"
    TICKET_SUBJECT = "ticket_subject"
    LAST_PROBLEM = "last_problem"
    HOW_IT_ENDED = "how_it_ended"
    DEADLINE = "deadline"
    SERVICE_LEVEL = "service_level"


@dataclass(frozen=True, slots=True)
class Hole:
    """A place in a text that is filled in."""

    variable: Variable
    fallback: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with everything filled in; ``gaps`` name what nobody knows."""

    text: str
    gaps: tuple[str, ...]


_HOLE: Final = re.compile(r"\{([^{}|]*)(?:(\|)([^{}]*))?\}")
_GAP: Final = re.compile(r"\[\?([^\[\]?\n]{1,60})\?\]")


def variable_name(variable: Variable, code: str = "") -> str:
    """Give the name of a variable as it is written in a template of a language."""
    with speaking(code or language()):
        return of(variable).lower()


@cache
def _names() -> dict[str, Variable]:
    return {fold(variable_name(one, code)): one for code in LANGUAGES for one in Variable}


def parse(text: str) -> list[str | Hole]:
    """Take a template apart; raises UserError, in words, for what cannot be filled in."""
    found: list[str | Hole] = []
    end = 0
    for match in _HOLE.finditer(text):
        found.append(_plain(text[end : match.start()]))
        found.append(_hole(match[1], match[3], has_fallback=bool(match[2])))
        end = match.end()
    return [*found, _plain(text[end:])]


def _plain(text: str) -> str:
    if "{" in text or "}" in text:
        raise UserError(
            tr("A curly bracket stands alone."),
            tr("Variables are written {example}.", example="{" + _example() + "}"),
        )
    return text


def _example() -> str:
    return f"{variable_name(Variable.CONTACT_FIRST_NAME)}|{tr('there')}"


def _hole(name: str, fallback: str | None, *, has_fallback: bool) -> Hole:
    variable = _names().get(fold(name))
    if variable is None:
        raise UserError(
            tr("There is no variable “{name}”.", name=one_line(name)), _instead(fold(name))
        )
    if has_fallback and not (fallback or "").strip():
        raise UserError(
            tr("The fallback of “{name}” is empty.", name=one_line(name)),
            tr("Write what to say when it is not known, or leave the bar out."),
        )
    return Hole(variable, one_line(fallback or ""))


def _instead(name: str) -> str:
    near = get_close_matches(name, _names(), n=1, cutoff=0.6)
    if near:
        return tr("Do you mean “{name}”?", name=near[0])
    return tr("There are: {names}.", names=", ".join(map(variable_name, Variable)))


def fill(text: str, values: Mapping[Variable, str], code: str = "") -> Filled:
    """Fill a template in; what is not known becomes its fallback, or else a marked gap."""
    said: list[str] = []
    gaps: list[str] = []
    for part in parse(text):
        if isinstance(part, str):
            said.append(part)
            continue
        value = values.get(part.variable, "") or part.fallback
        if not value:
            name = variable_name(part.variable, code)
            gaps.append(name)
            value = f"[?{name}?]"
        said.append(value)
    return Filled("".join(said), tuple(dict.fromkeys(gaps)))


def gaps_in(text: str) -> list[str]:
    """Name the gaps that a text still has."""
    return list(dict.fromkeys(_GAP.findall(text)))


def check_filled(text: str) -> None:
    """Refuse a text with gaps: nobody is greeted with a blank."""
    gaps = gaps_in(text)
    if gaps:
        raise UserError(
            ntr(
                "{n} gap is not filled in: {names}.",
                "{n} gaps are not filled in: {names}.",
                len(gaps),
                names=", ".join(gaps),
            ),
            tr("Write something where [?…?] stands, or take it out."),
        )
