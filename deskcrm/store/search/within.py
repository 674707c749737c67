"""Everything of one subject that says what was typed, unranked: for a filter, not for a list."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.store.search.query import guess_meant
from deskcrm.store.search.schema import require_sqlite
from deskcrm.store.search.tokens import text_token_of, text_tokens
from deskcrm.store.search.typed import (
    SHORTEST_TEXT_PREFIX,
    Effort,
    Piece,
    Word,
    read,
    text_expression,
)

WITHIN_SQL: Final = (
    "SELECT d.row_id FROM search_text AS t JOIN search_doc AS d ON d.id = t.rowid"
    " WHERE search_text MATCH :sought"
)
"""The ids of the records that ``Sought.expression(kind)`` finds, for an IN."""


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """What was typed, ready to be asked of the index and of texts that are not in it."""

    subject: UUID
    pieces: tuple[Piece, ...]
    effort: Effort

    def expression(self, kind: str) -> str:
        """Give what ``WITHIN_SQL`` is to be bound to; it is never empty."""
        found = text_expression(list(self.pieces), self.effort, [kind], [self.subject])
        return found or '"¤nothing"'

    def is_said_in(self, *texts: str) -> bool:
        """Tell whether a text (several count as one) says all of it, in any form."""
        tokens = text_tokens(texts)
        wanted = [piece for piece in self.pieces if not piece.is_form]
        return bool(wanted) and all(self._is_met(piece, tokens) for piece in wanted)

    def _is_met(self, piece: Piece, tokens: set[str]) -> bool:
        ways = [piece.words, piece.swapped] if self.effort is Effort.LOOSE else [piece.words]
        is_begun = piece.is_last or self.effort is Effort.LOOSE
        return any(
            bool(way) and all(_is_there(word, tokens, is_begun=is_begun) for word in way)
            for way in ways
        )


def seek_within(connection: Connection, text: str, subject: UUID) -> Sought:
    """Read what was typed; where nothing of the subject has it, as slips and the other layout."""
    require_sqlite(connection)
    plain = Sought(subject, tuple(read(text)), Effort.BEGINNINGS)
    expression = text_expression(list(plain.pieces), plain.effort, (), [subject])
    if not plain.pieces or (expression and _finds(connection, expression)):
        return plain
    pieces = read(text)
    guess_meant(connection, pieces)
    return Sought(subject, tuple(pieces), Effort.LOOSE)


def _finds(connection: Connection, expression: str) -> bool:
    found = connection.exec_driver_sql(
        "SELECT 1 FROM search_text WHERE search_text MATCH ? LIMIT 1", (expression,)
    )
    return found.first() is not None


def _is_there(word: Word, tokens: Collection[str], *, is_begun: bool) -> bool:
    if text_token_of(word.folded) in tokens or any(token in tokens for token in word.meant):
        return True
    begun = tuple(one for one in word.beginnings if len(one) >= SHORTEST_TEXT_PREFIX)
    return is_begun and bool(begun) and any(token.startswith(begun) for token in tokens)
