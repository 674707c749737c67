"""Looks a server's answer over before anything is done with it: its types are right already."""

from collections.abc import Iterable
from functools import singledispatch
from typing import Any, Final

from deskcrm.store.contents import CHUNK
from deskcrm.sync.protocol import (
    ContentsHere,
    Malformed,
    Manifest,
    News,
    Parted,
    Piece,
    PieceTaken,
    Pulled,
    Pushed,
    Rows,
    Segment,
    Welcome,
)

_ID: Final = 16
_NUMBERS: Final = 1 << 40
"""More than a series ever has; what is worked out from one still fits the database."""
_DIGEST: Final = 32
_FIXED: Final = 4
"""What stands in a row before its columns: id, scope, number, whether it is deleted."""


@singledispatch
def check(answer: Any) -> None:
    """Raise Malformed unless every id is one and every row has the columns that it says."""
    raise TypeError(type(answer))


@check.register
def _(welcome: Welcome) -> None:
    _check_ids((welcome.lineage, welcome.user, *(device for device, _ in welcome.devices)))
    if any(not 0 < first <= last < _NUMBERS for _, first, last in welcome.leases):
        raise Malformed("a lease is not one")
    if welcome.page is not None:
        check(welcome.page)


@check.register
def _(pushed: Pushed) -> None:
    _check_ids((pushed.lineage,))
    if pushed.page is not None:
        check(pushed.page)


@check.register
def _(parted: Parted) -> None:
    if parted.here < 0:
        raise Malformed("a number of ops is not one")
    if parted.pushed is not None:
        check(parted.pushed)


@check.register
def _(pulled: Pulled) -> None:
    _check_ids((pulled.lineage, *pulled.scopes))
    for parts in (pulled.cursors, pulled.sums, pulled.resync):
        _check_ids(part[0] for part in parts)
    _check_ids(one for left in pulled.exits for one in (left[0], left[2]))
    _check_ids(row_id for _, row_id in pulled.absent)
    for rows in pulled.rows:
        _check_rows(rows)
    for step in pulled.steps:
        _check_ids((step.device, step.actor, *([step.undoes[0]] if step.undoes else [])))
        _check_ids(one for op in step.ops for one in (op.row_id, op.subject, op.scope))


@check.register
def _(news: News) -> None:
    if news.page is not None:
        check(news.page)
        if news.page.head != news.head or news.page.more or news.page.is_reset:
            raise Malformed("news are not a page of their own")


@check.register
def _(manifest: Manifest) -> None:
    _check_ids((manifest.lineage, *manifest.scopes, *(one.scope for one in manifest.entries)))
    for entry in manifest.entries:
        # What is not a number of the server's order would become a cursor.
        if len(entry.digest) != _DIGEST or entry.built_at <= 0 or entry.rows < 0:
            raise Malformed("a segment is not one")


@check.register
def _(segment: Segment) -> None:
    """Its content is looked over when it is known to be what its digest says."""


@check.register
def _(here: ContentsHere) -> None:
    _check_pieces(here.pieces.values())


@check.register
def _(taken: PieceTaken) -> None:
    _check_pieces((taken.pieces,))


@check.register
def _(piece: Piece) -> None:
    if not 0 < len(piece.content) <= CHUNK:
        raise Malformed("a piece is not one")


def _check_pieces(counts: Iterable[int]) -> None:
    if any(count < -1 for count in counts):
        raise Malformed("a number of pieces is not one")


def _check_rows(rows: Rows) -> None:
    width = _FIXED + len(rows.columns)
    for row in rows.rows:
        if len(row) != width or type(row[2]) is not int or row[2] <= 0:
            raise Malformed("a row is not one")
        if type(row[3]) not in (int, bool) or "id" in rows.columns:
            raise Malformed("a row is not one")
    _check_ids(one for row in rows.rows for one in row[:2])


def _check_ids(ids: Iterable[Any]) -> None:
    for one in ids:
        if type(one) is not bytes or len(one) != _ID:
            raise Malformed("an id is not one")
