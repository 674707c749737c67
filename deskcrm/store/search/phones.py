"""Finds whose number it is: by the whole, by the last digits, by the first, or by mention."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from deskcrm.store.search.document import Hit, Match, Reason
from deskcrm.store.search.index import unpacked
from deskcrm.store.search.numbers import (
    Level,
    beginning_range,
    digits_of,
    ending_range,
    shorter_mentions,
    significant,
)
from deskcrm.store.search.schema import BAND, require_sqlite

SCORES: Final = {
    Match.PHONE: 1.3,
    Match.PHONE_ENDING: 1.0,
    Match.PHONE_BEGINNING: 0.9,
    Match.MENTIONED: 0.5,
}
FIELD: Final = "phone"
_FEW_DIGITS: Final = 0.15
"""So much less a few last digits say: they may be a ticket's number, or a part of anything."""
_CALLABLE: Final = 7
_MOST: Final = 200
_FULL: Final = 10
_FROM: Final = "FROM search_phone AS p JOIN search_doc AS d ON d.id = p.doc"
_COLUMNS: Final = "p.key, p.level, d.id, d.kind, d.row_id, d.subject, d.moment, d.names"


def find(
    connection: Connection, numbers: Sequence[str], kinds: Collection[str] = ()
) -> Iterator[tuple[int, Hit]]:
    """Find records by a number or a piece of one, given in all its readings, each as digits."""
    require_sqlite(connection)
    readings = list(dict.fromkeys(filter(None, map(digits_of, numbers))))
    slack = _FEW_DIGITS if max(map(len, readings), default=0) < _CALLABLE else 0.0
    for row in _rows(connection, readings):
        key, level, *rest = row
        hit = _hit(rest, _match(key, Level(level), readings), key, slack)
        if not kinds or hit.kind in kinds:
            yield rest[0], hit


def _rows(connection: Connection, readings: list[str]) -> Iterator[Any]:
    for digits in readings:
        ranges = [ending_range(digits), beginning_range(digits)]
        if len(digits) > _FULL:
            ranges.append(ending_range(significant(digits)))
        for first, behind in ranges:
            yield from connection.exec_driver_sql(
                f"SELECT {_COLUMNS} {_FROM} WHERE p.key >= ? AND p.key < ? LIMIT {_MOST}",
                (first, behind),
            )
        shorter = shorter_mentions(digits)
        if shorter:
            yield from connection.exec_driver_sql(
                f"SELECT {_COLUMNS} {_FROM} WHERE p.key IN ({','.join('?' * len(shorter))})"
                f" AND p.level = 'mentioned' LIMIT {_MOST}",
                tuple(shorter),
            )


def _match(key: str, level: Level, readings: Iterable[str]) -> Match:
    if level is Level.MENTIONED:
        return Match.MENTIONED
    if key.startswith("^"):
        return Match.PHONE if key[1:] in readings else Match.PHONE_BEGINNING
    own = key[::-1]
    for digits in readings:
        same = len(digits) >= _FULL and significant(digits) == significant(own)
        if own == digits or (same and abs(len(own) - len(digits)) <= 1):
            return Match.PHONE
    return Match.PHONE_ENDING


def _hit(row: Sequence[Any], match: Match, key: str, slack: float) -> Hit:
    number, kind, row_id, subject, moment, names = row
    weight = number >> BAND
    digits = key[1:] if key.startswith("^") else key[::-1]
    return Hit(
        kind=kind,
        row_id=UUID(bytes=row_id),
        subject=UUID(bytes=subject),
        names=unpacked(names),
        reasons=(Reason(match, FIELD, digits),),
        moment=moment,
        weight=weight,
        score=SCORES[match] + weight / 100 - (slack if match is not Match.PHONE else 0.0),
    )
