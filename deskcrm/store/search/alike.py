"""Finds what a long text is about, where search finds what has every word that was typed."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import log
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.store.search.fold import words
from deskcrm.store.search.index import unpacked
from deskcrm.store.search.schema import require_sqlite
from deskcrm.store.search.stems import SHORTEST
from deskcrm.store.search.tokens import kind_token, text_token_of
from deskcrm.store.search.vocabulary import chunks, marks

MOST_WORDS: Final = 40
"""Of a long text the first words count: the rest is greetings, signatures and quotations."""
_MOST_EACH: Final = 200
_IN_TITLE: Final = 2.0


@dataclass(slots=True)
class Alike:
    """A record that shares words with a text: which ones, and how telling they are together."""

    row_id: UUID
    score: float = 0.0
    words: list[str] = field(default_factory=list)
    in_title: int = 0
    """How many of the words stand in its title, or among its other names."""


def find_alike(connection: Connection, text: str, kind: str, *, limit: int = 20) -> list[Alike]:
    """Find the records of a kind that share the most telling words with a text, best first.

    A word counts the more the fewer records of the kind have it (inverse document frequency,
    Spärck Jones 1972), and double in a title; one that most of them have says nothing.
    """
    require_sqlite(connection)
    tokens = _tokens(text)
    of_kind = kind_token(kind)
    total = len(_numbers(connection, f'"{of_kind}"'))
    found: dict[int, dict[str, float]] = defaultdict(dict)
    for token, word in tokens.items():
        numbers = _numbers(connection, f'"{token}" AND "{of_kind}"')
        if not numbers or (len(numbers) > total / 2 and total > 2):
            continue
        telling = log(1 + total / len(numbers))
        for number in numbers:
            found[number][word] = telling
    return _ranked(connection, found)[:limit]


def _tokens(text: str) -> dict[str, str]:
    """The words that may tell something, by their token."""
    tokens: dict[str, str] = {}
    for word in words(text):
        if len(word) >= SHORTEST or word.isdigit():
            tokens.setdefault(text_token_of(word), word)
        if len(tokens) == MOST_WORDS:
            break
    return tokens


def _numbers(connection: Connection, expression: str) -> list[int]:
    rows = connection.exec_driver_sql(
        f"SELECT rowid FROM search_text WHERE search_text MATCH ? LIMIT {_MOST_EACH}",
        (expression,),
    )
    return [row[0] for row in rows]


def _ranked(connection: Connection, found: dict[int, dict[str, float]]) -> list[Alike]:
    ranked: list[Alike] = []
    for chunk in chunks(list(found)):
        rows = connection.exec_driver_sql(
            f"SELECT id, row_id, names FROM search_doc WHERE id IN ({marks(chunk)})", tuple(chunk)
        )
        for number, row_id, names in rows:
            title = {text_token_of(word) for name in unpacked(names) for word in words(name.text)}
            one = Alike(UUID(bytes=row_id))
            for word, telling in found[number].items():
                in_title = text_token_of(word) in title
                one.in_title += in_title
                one.score += telling * (_IN_TITLE if in_title else 1.0)
                one.words.append(word)
            ranked.append(one)
    return sorted(ranked, key=lambda one: (-one.score, one.row_id))
