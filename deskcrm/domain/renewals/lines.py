"""What the Renewals screen lists: contracts to decide, opportunities, signs of growth, promises."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.names import fold_words
from deskcrm.domain.opportunities.model import SignalKind, Stage
from deskcrm.domain.opportunities.queries import OpportunityRow, list_opportunities
from deskcrm.domain.opportunities.signals import GrowthSignal, list_signals
from deskcrm.domain.promises.ledger import (
    Ledger,
    PromiseShelf,
    count_ledger,
    get_ledger,
    page_ledger,
)
from deskcrm.domain.promises.queries import PromiseRow
from deskcrm.domain.renewals.forecast import Total, add_up
from deskcrm.domain.renewals.queries import Horizon, RenewalDeal, list_deals
from deskcrm.domain.users.model import UserId
from deskcrm.store.reader import Reader


class View(StrEnum):
    """What is looked at."""

    TO_DECIDE = "to_decide"
    OPPORTUNITIES = "opportunities"
    SIGNALS = "signals"
    PROMISES = "promises"


About = RenewalDeal | OpportunityRow | GrowthSignal | PromiseRow


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the list, whatever it is about."""

    id: UUID
    client_id: ClientId
    client: str
    about: About


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows are wanted. ``shelf``: a horizon, a stage or a kind, as text; "" is all."""

    view: View = View.TO_DECIDE
    shelf: str = ""
    whose: UserId | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Worth:
    """What open opportunities in one currency would bring in a year."""

    currency: str
    count: int
    minor: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What a list adds up to; only what belongs to its view is filled in."""

    totals: Sequence[Total] = ()
    worth: Sequence[Worth] = ()
    ledger: Ledger | None = None


def page_lines(
    db: Reader,
    *,
    asked: Asked,
    offset: int = 0,
    limit: int = 200,
    sort: str = "",
    descending: bool = False,
) -> list[Line]:
    """Give a page of the list, by its day unless sorted by client."""
    if asked.view is View.PROMISES:
        rows = page_ledger(
            db,
            shelf=_promise_shelf(asked),
            made_by=asked.whose,
            client_words=asked.words,
            offset=offset,
            limit=limit,
        )
        return [Line(row.id, row.client_id, row.client, row) for row in rows]
    lines = _lines(db, asked)
    if sort in _SORTS:
        lines.sort(key=_SORTS[sort], reverse=descending)
    return lines[offset : offset + limit]


def count_lines(db: Reader, *, asked: Asked) -> int:
    """Count the rows of the list."""
    if asked.view is not View.PROMISES:
        return len(_lines(db, asked))
    shelf = _promise_shelf(asked)
    return count_ledger(db, shelf=shelf, made_by=asked.whose, client_words=asked.words)


def get_summary(db: Reader, *, asked: Asked) -> Summary:
    """Add up what is listed; of promises, all of whoever made them."""
    match asked.view:
        case View.TO_DECIDE:
            deals = [line.about for line in _lines(db, asked)]
            return Summary(add_up(one.expected for one in deals if isinstance(one, RenewalDeal)))
        case View.OPPORTUNITIES:
            rows = [line.about for line in _lines(db, asked)]
            return Summary(worth=_worth(one for one in rows if isinstance(one, OpportunityRow)))
        case View.PROMISES:
            return Summary(ledger=get_ledger(db, made_by=asked.whose))
        case View.SIGNALS:
            return Summary()


def value_of(about: About) -> tuple[int, str] | None:
    """Give what a row is worth in a year and in which currency; None where it is worth nothing."""
    if isinstance(about, RenewalDeal):
        return about.contract.annual_value_minor, about.contract.currency
    if isinstance(about, OpportunityRow):
        return about.value_minor, about.currency
    return None


def day_of_line(about: About) -> date | None:
    """Give the day that a row is about."""
    if isinstance(about, RenewalDeal):
        return about.contract.decision_on
    if isinstance(about, OpportunityRow):
        return about.next_on if about.stage.is_open else about.closed_on
    return about.due_on if isinstance(about, PromiseRow) else None


_SORTS: Final[dict[str, Callable[[Line], Any]]] = {
    "name": lambda line: fold_words(line.client),
    "when": lambda line: day_of_line(line.about) or date.max,
}


def _lines(db: Reader, asked: Asked) -> list[Line]:
    words = fold_words(asked.words)
    return [line for line in _all(db, asked) if not words or words in fold_words(line.client)]


def _all(db: Reader, asked: Asked) -> list[Line]:
    shelf, whose = asked.shelf, asked.whose
    if asked.view is View.TO_DECIDE:
        deals = list_deals(db, owner_id=whose)
        kept = [one for one in deals if shelf in ("", one.horizon)]
        return [Line(one.id, one.contract.client_id, one.client, one) for one in kept]
    if asked.view is View.OPPORTUNITIES:
        is_open = not shelf or Stage(shelf).is_open
        rows = list_opportunities(db, owner_id=whose, is_open=is_open)
        mine = [row for row in rows if shelf in ("", row.stage)]
        return [Line(row.id, row.client_id, row.client, row) for row in mine]
    signs = list_signals(db, owner_id=whose)
    found = [one for one in signs if shelf in ("", one.kind)]
    return [Line(one.id, one.client_id, one.client, one) for one in found]


def _promise_shelf(asked: Asked) -> PromiseShelf:
    return PromiseShelf(asked.shelf) if asked.shelf else PromiseShelf.ALL


def _worth(rows: Any) -> list[Worth]:
    found: dict[str, Worth] = {}
    for row in rows:
        before = found.get(row.currency, Worth(row.currency, 0, 0))
        minor = before.minor + row.value_minor
        found[row.currency] = Worth(row.currency, before.count + 1, minor)
    return sorted(found.values(), key=lambda one: -one.count)


SHELVES: Final[dict[View, tuple[str, ...]]] = {
    View.TO_DECIDE: ("", *Horizon),
    View.OPPORTUNITIES: ("", *Stage),
    View.SIGNALS: ("", *SignalKind),
    View.PROMISES: ("", *(one for one in PromiseShelf if one is not PromiseShelf.ALL)),
}
"""The shelves of each view, in order."""
