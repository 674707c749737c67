"""Asks the index: takes a couple of hundred candidates, the weightiest first, and ranks them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from operator import itemgetter
from types import MappingProxyType
from typing import Final, NamedTuple, cast
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.store.search import phones
from deskcrm.store.search.document import Hit, Match, Reason
from deskcrm.store.search.index import packed, unpacked
from deskcrm.store.search.numbers import typed_number
from deskcrm.store.search.rank import fits, reasons, score
from deskcrm.store.search.schema import BAND, require_sqlite
from deskcrm.store.search.translit import in_latin
from deskcrm.store.search.typed import Effort, Piece, name_expression, read, text_expression
from deskcrm.store.search.vocabulary import tokens_meant

CANDIDATES: Final = 150
WHOLE: Final = 80
"""So many records with just these words, the weightiest, need no look at longer words."""
FEW: Final = 8
"""With fewer hits than this a search tries harder: other layout, typos, one word as the client."""
_TEXT_SCORE: Final = 0.4
_SHARE_OF_TEXTS: Final = 4  # every fourth place is kept for what was found inside texts
_INSIDE: Final = Reason(Match.TEXT, "text", "")
_OWNERS: Final = 8
_MOST_FOR_OWNERS: Final = 5

Candidate = tuple[int, str, bytes, bytes, int, str]
_COLUMNS: Final = "d.id, d.kind, d.row_id, d.subject, d.moment, d.names"


def search(
    connection: Connection,
    text: str,
    *,
    kinds: Collection[str] = (),
    subject: UUID | None = None,
    numbers: Sequence[str] = (),
    limit: int = 20,
) -> list[Hit]:
    """Find records by whatever was typed, best first.

    ``kinds`` limits what is found, ``subject`` looks only into the texts of one subject.
    ``numbers`` are further readings (E.164 digits) of a text that is a phone number.
    """
    require_sqlite(connection)
    asked = _Asked(connection, read(text), kinds, subject, limit)
    digits = typed_number(text)
    if digits and subject is None:
        _keep(asked.by_name, phones.find(connection, [digits, *numbers], kinds))
    if asked.pieces:
        _look_plainly(asked)
    if asked.pieces and not digits:  # a number has no other spelling
        for look in (_look_by_name_and_number, _look_at_owners, _look_loosely):
            if len(asked.by_name) + len(asked.by_text) < FEW:
                look(asked)
    return _together(asked)


class _InText(NamedTuple):
    """What was found inside a text; most of them are never shown, so no hit is made of them yet."""

    order: tuple[float, int]
    score: float
    row: Candidate
    also: tuple[Reason, ...]


@dataclass(slots=True)
class _Asked:
    """A search under way: what is asked, and what was found so far by document number."""

    connection: Connection
    pieces: list[Piece]
    kinds: Collection[str]
    subject: UUID | None
    limit: int
    by_name: dict[int, Hit] = field(default_factory=dict)
    by_text: dict[int, _InText] = field(default_factory=dict)

    @property
    def subjects(self) -> list[UUID]:
        return [self.subject] if self.subject else []


def _look_plainly(asked: _Asked) -> None:
    """Take the words as they stand: whole in names, then as beginnings, and any form in texts."""
    rows: dict[int, Candidate] = {}
    for effort, most in ((Effort.WHOLE, WHOLE), (Effort.BEGINNINGS, CANDIDATES)):
        is_letter = effort is Effort.WHOLE and all(piece.is_letter for piece in asked.pieces)
        if asked.subject is None and len(rows) < WHOLE and not is_letter:
            expression = name_expression(asked.pieces, effort, asked.kinds)
            found = _candidates(asked, "search_name", expression, most)
            rows.update((row[0], row) for row in found)
    _keep(asked.by_name, _best(asked.pieces, rows.values(), asked.limit))
    _look_into_texts(asked, asked.pieces, asked.subjects, Effort.BEGINNINGS)


def _look_by_name_and_number(asked: _Asked) -> None:
    """Take some pieces for the last digits of a phone: petrov 4567."""
    numbers = [piece.digits for piece in asked.pieces if piece.digits]
    others = [piece for piece in asked.pieces if not piece.digits]
    if not numbers or not others or asked.subject:
        return
    for number, hit in phones.find(asked.connection, numbers[:1], asked.kinds):
        names = packed(hit.names)
        if fits(others, names):
            both = replace(hit, reasons=(*reasons(others, names), *hit.reasons))
            _keep(asked.by_name, [(number, both)])


def _look_at_owners(asked: _Asked) -> None:
    """Take some words for a client or a person, the others for what was said: petrov invoice."""
    pieces = asked.pieces
    if asked.subject or len(pieces) > _MOST_FOR_OWNERS:
        return
    for cut in range(1, len(pieces)):
        for who, what in ((pieces[:cut], pieces[cut:]), (pieces[cut:], pieces[:cut])):
            expression = name_expression(who, Effort.BEGINNINGS, ())
            rows = _candidates(asked, "search_name", expression, most=_OWNERS * 4)
            best: dict[UUID, Hit] = {}
            for _, hit in _best(who, rows, _OWNERS):
                best.setdefault(hit.subject, hit)
            if best:
                _look_into_texts(asked, what, list(best), Effort.BEGINNINGS, best)


def _look_loosely(asked: _Asked) -> None:
    """Take the words as slips: another keyboard layout, a typo, another form of a name."""
    guess_meant(asked.connection, asked.pieces)
    if asked.subject is None:
        expression = name_expression(asked.pieces, Effort.LOOSE, asked.kinds)
        rows = _candidates(asked, "search_name", expression)
        _keep(asked.by_name, _best(asked.pieces, rows, asked.limit))
    _look_into_texts(asked, asked.pieces, asked.subjects, Effort.LOOSE)


def _look_into_texts(
    asked: _Asked,
    pieces: list[Piece],
    subjects: list[UUID],
    effort: Effort,
    owners: Mapping[UUID, Hit] = MappingProxyType({}),
) -> None:
    expression = text_expression(pieces, effort, asked.kinds, subjects)
    found = asked.by_text
    for row in _candidates(asked, "search_text", expression):
        if row[0] not in found:
            owner = owners.get(UUID(bytes=row[3])) if owners else None
            found[row[0]] = _in_text(row, effort, owner.reasons if owner else ())


def _together(asked: _Asked) -> list[Hit]:
    """What is known by the words, then what contains them; a share is kept for the latter."""
    limit, found = asked.limit, asked.by_name
    names = sorted(found.values(), key=_order)
    texts = [told for number, told in asked.by_text.items() if number not in found]
    kept_free = min(len(texts), limit // _SHARE_OF_TEXTS)
    first = names[: limit - kept_free]
    best = nsmallest(limit - len(first), texts, key=itemgetter(0))
    return first + [_hit(told.row, (*told.also, _INSIDE), told.score) for told in best]


def _order(hit: Hit) -> tuple[float, int]:
    return -round(hit.score, 3), -hit.moment


def _keep(found: dict[int, Hit], hits: Iterable[tuple[int, Hit]]) -> None:
    for number, hit in hits:
        if number not in found or found[number].score < hit.score:
            found[number] = hit


def _best(pieces: list[Piece], rows: Iterable[Candidate], limit: int) -> list[tuple[int, Hit]]:
    """Judge all candidates, and make hits with their reasons of the best."""
    scored = [(-round(score(pieces, row[5], row[0] >> BAND), 3), -row[4], row) for row in rows]
    best = nsmallest(limit, scored, key=itemgetter(0, 1))
    return [(row[0], _hit(row, reasons(pieces, row[5]), -low)) for low, _, row in best]


def _candidates(
    asked: _Asked, table: str, expression: str, most: int = CANDIDATES
) -> Sequence[Candidate]:
    """The weightiest and latest records that an expression finds.

    Never ordered by the index's own rank: that reads everything that matches.
    """
    if not expression:
        return ()
    rows = asked.connection.exec_driver_sql(
        f"SELECT {_COLUMNS} FROM (SELECT rowid FROM {table} WHERE {table} MATCH ?"
        f" ORDER BY rowid DESC LIMIT {most}) AS f JOIN search_doc AS d ON d.id = f.rowid",
        (expression,),
    )
    return cast("Sequence[Candidate]", rows.all())


def guess_meant(connection: Connection, pieces: list[Piece]) -> None:
    """Look up the known words that a mistyped word may stand for."""
    for piece in pieces:
        piece.tries_harder = True
        for word in (*piece.words, *piece.swapped):
            for typed in {word.folded, in_latin(word.folded), *word.tokens}:
                for token, slips in tokens_meant(connection, typed).items():
                    if token not in word.tokens:
                        word.meant[token] = min(slips, word.meant.get(token, slips))


def _in_text(row: Candidate, effort: Effort, also: tuple[Reason, ...]) -> _InText:
    loose = 0.1 if effort is Effort.LOOSE else 0.0
    made = _TEXT_SCORE - loose + (row[0] >> BAND) / 100
    return _InText((-round(made, 3), -row[4]), made, row, also)


def _hit(row: Candidate, why: tuple[Reason, ...], made: float) -> Hit:
    number, kind, row_id, subject, moment, names = row
    return Hit(
        kind=kind,
        row_id=UUID(bytes=row_id),
        subject=UUID(bytes=subject),
        names=unpacked(names),
        reasons=why,
        moment=moment,
        weight=number >> BAND,
        score=made,
    )
