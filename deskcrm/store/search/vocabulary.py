"""The words that records are known by, filed so that a mistyped one leads to them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from deskcrm.store.search.typos import deletions, nearest, slips_allowed

T = TypeVar("T")

ASK_AT_ONCE: Final = 500
_INSERT_WORD: Final = "INSERT INTO search_word (id, word, token) VALUES (?, ?, ?)"
_INSERT_TYPO: Final = "INSERT OR IGNORE INTO search_typo (key, word) VALUES (?, ?)"


class Vocabulary:
    """What is known already, so that each word is filed once; remembers all while filling."""

    def __init__(self, connection: Connection, about: Iterable[str] | None = None) -> None:
        self._connection = connection
        self._known: set[str] = set()
        if about is None:
            rows: Iterable[Any] = connection.exec_driver_sql("SELECT word FROM search_word")
            self._known.update(word for (word,) in rows)
        for chunk in chunks(about or ()):
            rows = connection.exec_driver_sql(
                f"SELECT word FROM search_word WHERE word IN ({marks(chunk)})", chunk
            )
            self._known.update(word for (word,) in rows)
        last = connection.exec_driver_sql("SELECT max(id) FROM search_word").scalar()
        self._last: int = last or 0

    def learn(self, words: Mapping[str, str]) -> None:
        """File words, each with the token that the index has for it."""
        new = sorted(w for w in words.keys() - self._known if slips_allowed(w))
        numbered = list(enumerate(new, self._last + 1))
        rows = [(number, word, words[word]) for number, word in numbered]
        run_many(self._connection, _INSERT_WORD, rows)
        keys = sorted((key, number) for number, word in numbered for key in deletions(word))
        run_many(self._connection, _INSERT_TYPO, keys)
        self._known.update(new)
        self._last += len(new)


def tokens_meant(connection: Connection, typed: str) -> dict[str, int]:
    """The tokens that a mistyped word may stand for, with the number of slips."""
    keys, slips = deletions(typed), slips_allowed(typed)
    if not keys:
        return {}
    rows: Iterable[Any] = connection.exec_driver_sql(
        "SELECT DISTINCT w.word, w.token FROM search_typo AS t JOIN search_word AS w"
        f" ON w.id = t.word WHERE t.key IN ({marks(keys)}) AND length(w.word) BETWEEN ? AND ?",
        (*keys, len(typed) - slips, len(typed) + slips),
    )
    tokens = {word: token for word, token in rows}  # noqa: C416 - rows are no pairs by their type
    meant: dict[str, int] = {}
    for word, made in nearest(typed, list(tokens)).items():
        token = tokens[word]
        meant[token] = min(made, meant.get(token, made))
    return meant


def chunks(values: Iterable[T]) -> Iterator[tuple[T, ...]]:
    """Cut into pieces that one statement can ask for."""
    stream = iter(values)
    while chunk := tuple(islice(stream, ASK_AT_ONCE)):
        yield chunk


def marks(values: Sequence[Any]) -> str:
    """A question mark for each value."""
    return ",".join("?" * len(values))


def run_many(connection: Connection, statement: str, rows: list[Any]) -> None:
    """Run a statement for each of the rows, if there are any."""
    if rows:
        connection.exec_driver_sql(statement, rows)
