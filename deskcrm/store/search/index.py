"""Keeps the search index: files documents, takes them out, fills it from nothing."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.store.among import listed
from deskcrm.store.search.document import HEAVIEST, Document, Named
from deskcrm.store.search.numbers import Level, keys_of
from deskcrm.store.search.schema import BAND, require_sqlite
from deskcrm.store.search.tokens import (
    kind_token,
    name_spellings,
    name_tokens,
    subject_token,
    text_tokens,
)
from deskcrm.store.search.typos import slips_allowed
from deskcrm.store.search.vocabulary import Vocabulary, run_many
from deskcrm.store.types import blob

FIELD_END: Final = "\x1f"
_FILL_AT_ONCE: Final = 20_000
_MANY: Final = 5_000
_GATHERED: Final = 8 << 20
"""Bytes that each full-text index may hold back while much comes at once."""
_INSERT_DOC: Final = (
    "INSERT INTO search_doc (id, kind, row_id, subject, moment, names, phones, digest)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_NAME: Final = "INSERT INTO search_name (rowid, words) VALUES (?, ?)"
_INSERT_TEXT: Final = "INSERT INTO search_text (rowid, words) VALUES (?, ?)"
_INSERT_PHONE: Final = "INSERT OR IGNORE INTO search_phone (key, level, doc) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class _Filed:
    """What the index holds of one record."""

    number: int
    digest: bytes
    phones: str | None
    kind: str
    names: str


@dataclass(frozen=True, slots=True)
class Refiled:
    """What is otherwise in the index since records were filed again."""

    renamed: frozenset[UUID]
    """Records whose title or weight is another one."""
    came_or_went: frozenset[UUID]


def refile(
    connection: Connection, row_ids: Sequence[UUID], documents: Sequence[Document]
) -> Refiled:
    """File some records as they are now: their documents, and nothing of those that have none.

    What is equal to what was filed is left.
    """
    require_sqlite(connection)
    filed = _filed(connection, row_ids)
    changed: list[tuple[Document, bytes]] = []
    gone, renamed, came = dict(filed), set(), set()
    for document in documents:
        digest = _digest(document)
        before = filed.get(document.row_id)
        if before is None:
            came.add(document.row_id)
            changed.append((document, digest))
        elif before.digest != digest:
            changed.append((document, digest))
            title = unpacked(before.names)[:1]
            if (title, before.number >> BAND) != (tuple(document.names[:1]), document.weight):
                renamed.add(document.row_id)
        else:
            _move(connection, before.number, document.moment)
            del gone[document.row_id]
    _take_out(connection, gone.values())
    if changed:
        numbering = _Numbering(connection)
        _insert(connection, [(numbering.next(d.weight), d, digest) for d, digest in changed])
    came.update(gone.keys() - {document.row_id for document, _ in changed})
    return Refiled(frozenset(renamed), frozenset(came))


def write_documents(connection: Connection, documents: Sequence[Document]) -> None:
    """File documents, replacing what was filed of the same records."""
    refile(connection, [document.row_id for document in documents], documents)


def remove_documents(connection: Connection, row_ids: Iterable[UUID]) -> None:
    """Take records out of the index; those it does not hold are passed over."""
    refile(connection, list(row_ids), ())


@contextmanager
def gathering(connection: Connection, records: int) -> Iterator[None]:
    """Let the full-text indexes gather more before they write, where many records come at once."""
    if records < _MANY:
        yield
        return
    require_sqlite(connection)
    _set_hash_size(connection, _GATHERED)
    yield
    _set_hash_size(connection, 1 << 20)


def fill(connection: Connection, documents: Iterable[Document]) -> int:
    """File any number of documents into an empty index, and give their number.

    Ten times as fast as writing them one by one. They should come oldest first: of records
    that weigh the same the index offers the last one filed first.
    """
    require_sqlite(connection)
    numbering, vocabulary = _Numbering(connection), Vocabulary(connection)
    stream, count = iter(documents), 0
    _set_hash_size(connection, _GATHERED)
    while chunk := list(islice(stream, _FILL_AT_ONCE)):
        numbered = [(numbering.next(d.weight), d, _digest(d)) for d in chunk]
        _insert(connection, numbered, vocabulary)
        count += len(chunk)
    _set_hash_size(connection, 1 << 20)
    return count


def packed(names: Iterable[Named]) -> str:
    """The names of a record as the index keeps them."""
    return FIELD_END.join(
        part for name in names for part in (name.field, name.text.replace(FIELD_END, " "))
    )


def unpacked(names: str) -> tuple[Named, ...]:
    """The names of a record as the index keeps them, apart again."""
    parts = iter(names.split(FIELD_END) if names else ())
    return tuple(Named(field, text) for field, text in zip(parts, parts, strict=True))


def note_moments(connection: Connection, moments: Iterable[tuple[UUID, int]]) -> None:
    """Note that something happened to records, in Unix milliseconds; the latest moment counts."""
    require_sqlite(connection)
    rows = [(moment, row_id.bytes) for row_id, moment in moments]
    run_many(connection, "UPDATE search_doc SET moment = max(moment, ?) WHERE row_id = ?", rows)


def forget_words(connection: Connection) -> None:
    """Write the full-text indexes anew, and forget the words that stand in no record any more."""
    require_sqlite(connection)
    for table in ("search_name", "search_text"):
        connection.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE temp.{table}_words USING fts5vocab(main, {table}, row)"
        )
    connection.exec_driver_sql(
        "DELETE FROM search_word WHERE token NOT IN (SELECT term FROM temp.search_name_words)"
        " AND token NOT IN (SELECT term FROM temp.search_text_words)"
    )
    connection.exec_driver_sql(
        "DELETE FROM search_typo WHERE word NOT IN (SELECT id FROM search_word)"
    )
    for table in ("search_name", "search_text"):
        connection.exec_driver_sql(f"DROP TABLE temp.{table}_words")


def _insert(
    connection: Connection,
    numbered: list[tuple[int, Document, bytes]],
    vocabulary: Vocabulary | None = None,
) -> None:
    # Each full-text index wants rising numbers: a fall makes it write out what it has gathered.
    numbered.sort(key=lambda one: one[0])
    docs, names, texts = [], [], []
    phones: list[tuple[str, str, int]] = []
    spelled: dict[str, str] = {}
    tokens: set[str]
    for number, document, digest in numbered:
        docs.append(_doc_row(number, document, digest))
        phones.extend(_phone_rows(number, document))
        marks = f" {kind_token(document.kind)}"
        if document.names:
            tokens = set().union(*(name_tokens(name.text) for name in document.names))
            for name in document.names:
                spelled.update(name_spellings(name.text))
            names.append((number, " ".join(tokens) + marks))
        if document.texts:
            tokens = text_tokens(document.texts)
            spelled.update(zip(tokens, tokens, strict=True))
            texts.append((number, f"{' '.join(tokens)}{marks} {subject_token(document.subject)}"))
    for statement, rows in (
        (_INSERT_DOC, docs),
        (_INSERT_NAME, names),
        (_INSERT_TEXT, texts),
        (_INSERT_PHONE, sorted(phones)),
    ):
        run_many(connection, statement, rows)
    if vocabulary is None:
        spelled = {word: token for word, token in spelled.items() if slips_allowed(word)}
        vocabulary = Vocabulary(connection, spelled)
    vocabulary.learn(spelled)


def _doc_row(number: int, document: Document, digest: bytes) -> tuple[Any, ...]:
    kept = "|".join((",".join(document.phones), ",".join(document.mentioned)))
    return (
        number,
        str(document.kind),  # a StrEnum would be looked an adapter for
        blob(document.row_id),
        blob(document.subject),
        document.moment,
        packed(document.names),
        None if kept == "|" else kept,
        bytearray(digest),
    )


def _phone_rows(number: int, document: Document) -> Iterator[tuple[str, str, int]]:
    for level, digits in (*((Level.OWN, d) for d in document.phones),
                          *((Level.MENTIONED, d) for d in document.mentioned)):  # fmt: skip
        for key in keys_of(digits, level):
            yield key, level.value, number


def _take_out(connection: Connection, filed: Collection[_Filed]) -> None:
    """Take out what is filed, all of it with a few statements: an undo may take out 100,000."""
    phones: list[tuple[str, str, int]] = []
    for one in filed:
        own, _, mentioned = (one.phones or "|").partition("|")
        for level, kept in ((Level.OWN, own), (Level.MENTIONED, mentioned)):
            for digits in filter(None, kept.split(",")):
                phones += [(key, level.value, one.number) for key in keys_of(digits, level)]
    run_many(connection, "DELETE FROM search_phone WHERE key = ? AND level = ? AND doc = ?", phones)
    numbers = [(one.number,) for one in filed]
    for table, key in (("search_name", "rowid"), ("search_text", "rowid"), ("search_doc", "id")):
        run_many(connection, f"DELETE FROM {table} WHERE {key} = ?", numbers)


def _move(connection: Connection, number: int, moment: int) -> None:
    connection.exec_driver_sql("UPDATE search_doc SET moment = ? WHERE id = ?", (moment, number))


def _filed(connection: Connection, row_ids: Sequence[UUID]) -> dict[UUID, _Filed]:
    rows = connection.exec_driver_sql(
        "SELECT row_id, id, digest, phones, kind, names FROM search_doc"
        " WHERE row_id IN (SELECT unhex(value) FROM json_each(?))",
        (listed(row_ids),),
    )
    return {UUID(bytes=row_id): _Filed(*rest) for row_id, *rest in rows}


def _digest(document: Document) -> bytes:
    made = blake2b(digest_size=8)
    for part in (
        document.kind,
        document.subject.hex,
        str(document.weight),
        packed(document.names),
        *document.texts,
        *document.phones,
        "",
        *document.mentioned,
    ):
        made.update(part.encode("utf-8", "surrogatepass"))
        made.update(b"\0")
    return made.digest()


class _Numbering:
    """Gives out document numbers, rising within each weight."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._last: dict[int, int] = {}

    def next(self, weight: int) -> int:
        weight = max(0, min(weight, HEAVIEST))
        if weight not in self._last:
            self._last[weight] = self._last_filed(weight)
        self._last[weight] += 1
        return self._last[weight]

    def _last_filed(self, weight: int) -> int:
        first = weight << BAND
        found: int | None = self._connection.exec_driver_sql(
            "SELECT max(id) FROM search_doc WHERE id BETWEEN ? AND ?",
            (first, first + (1 << BAND) - 1),
        ).scalar()
        return first if found is None else found


def _set_hash_size(connection: Connection, size: int) -> None:
    """Let the full-text indexes gather more before they write while much comes at once."""
    for table in ("search_name", "search_text"):
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', ?)", (size,)
        )
