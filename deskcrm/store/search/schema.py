"""The tables of the search index: derived rows in the encrypted file, dropped and made again."""

from typing import Final

from sqlalchemy import Connection

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr

VERSION: Final = 5
"""Raise it when what is written changes (folding, stems, keys): older indexes are made anew."""

BAND: Final = 44
"""A document's number is its weight above this bit and a running number below it, so that the
index, read backwards, gives what matters most first and the latest first within that."""

# Contentless: the words are in the records already. No positions: they would double the index.
_FTS = "content='', contentless_delete=1, detail=none, tokenize='ascii'"

# A beginning of a length that is kept is read lazily, any other is gathered whole: 15 ms for a
# word that stands in 60,000 names. A length costs 5 to 8 MB in a million records.
_NAME_PREFIXES: Final = "1 2 3 4 5 6 7 8"
_TEXT_PREFIXES: Final = "3 4 5 6 7"

_TABLES: Final = {
    "search_doc": """CREATE TABLE search_doc (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, row_id BLOB NOT NULL, subject BLOB NOT NULL,
        moment INTEGER NOT NULL, names TEXT NOT NULL, phones TEXT, digest BLOB NOT NULL)""",
    "search_name": f"""CREATE VIRTUAL TABLE search_name
        USING fts5(words, {_FTS}, prefix='{_NAME_PREFIXES}')""",
    "search_text": f"""CREATE VIRTUAL TABLE search_text
        USING fts5(words, {_FTS}, prefix='{_TEXT_PREFIXES}')""",
    "search_phone": """CREATE TABLE search_phone (
        key TEXT NOT NULL, level TEXT NOT NULL, doc INTEGER NOT NULL,
        PRIMARY KEY (key, level, doc)) WITHOUT ROWID""",
    "search_word": """CREATE TABLE search_word (
        id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE, token TEXT NOT NULL)""",
    "search_typo": """CREATE TABLE search_typo (
        key INTEGER NOT NULL, word INTEGER NOT NULL, PRIMARY KEY (key, word)) WITHOUT ROWID""",
}
_ROW_INDEX: Final = "CREATE UNIQUE INDEX search_doc_row ON search_doc (row_id)"


COMPARED: Final = (
    "SELECT row_id, kind, subject, digest FROM search_doc",
    "SELECT d.row_id, p.key, p.level FROM search_phone AS p JOIN search_doc AS d ON d.id = p.doc",
    "SELECT d.row_id FROM search_name_docsize AS s JOIN search_doc AS d ON d.id = s.id",
    "SELECT d.row_id FROM search_text_docsize AS s JOIN search_doc AS d ON d.id = s.id",
)
"""What is the same in an index that was kept up to date and in one made from nothing."""


class NoSearchHere(UserError):
    """The server keeps no search index; workstations search their own copy."""


def require_sqlite(connection: Connection) -> None:
    """Refuse, in words, where there is no index."""
    if connection.dialect.name != "sqlite":
        raise NoSearchHere(
            tr("The server has no search yet."), tr("Search on a workstation: it has its own copy.")
        )


def reset(connection: Connection) -> None:
    """Drop the index and create it empty."""
    require_sqlite(connection)
    for table in _TABLES:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
    for statement in (*_TABLES.values(), _ROW_INDEX):
        connection.exec_driver_sql(statement)
