"""What each list offers to be taken out: the view it shows, as it shows it."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from deskcrm.domain.exports.views import ViewName
from deskcrm.domain.exports.writing import Wanted
from deskcrm.domain.renewals.lines import View as RenewalsView
from deskcrm.ui.feedback.lines import RESPONSES, FeedbackShelf

Offers = Sequence[Wanted]
"""What can be taken out of a list, the likeliest first; none where there is nothing."""
_RENEWALS: Final = {
    RenewalsView.TO_DECIDE: ViewName.RENEWALS,
    RenewalsView.OPPORTUNITIES: ViewName.OPPORTUNITIES,
    RenewalsView.PROMISES: ViewName.PROMISES,
}


def offers_of(screen: Any) -> Offers:
    """Give what a list offers, with its filters, its order and its columns."""
    return _OFFERS[screen.place](screen)


def _as_shown(screen: Any, view: ViewName, columns: Sequence[str] = ()) -> Wanted:
    rows = screen.table.rows
    return Wanted(
        view, filters=screen.filters(), sort=rows.sort_key, descending=rows.descending,
        columns=columns,
    )  # fmt: skip


def _clients(screen: Any) -> Offers:
    shown = _as_shown(screen, ViewName.CLIENTS, screen.bar.arrangement.columns)
    return [shown, _as_shown(screen, ViewName.CONTACTS)]


def _tickets(screen: Any) -> Offers:
    return [_as_shown(screen, ViewName.TICKETS, screen.bar.arrangement.columns)]


def _renewals(screen: Any) -> Offers:
    view = _RENEWALS.get(screen.asked().view)
    return [] if view is None else [_as_shown(screen, view)]


def _feedback(screen: Any) -> Offers:
    asked = screen.filters()
    if asked["shelf"] in RESPONSES:
        filters = {"shelf": RESPONSES[asked["shelf"]], "search": asked["search"]}
        return [Wanted(ViewName.ANSWERS, filters=filters)]
    if asked["shelf"] is FeedbackShelf.SUGGESTIONS:
        return [Wanted(ViewName.SUGGESTIONS, filters={"search": asked["search"]})]
    return []


_OFFERS: Final[dict[str, Callable[[Any], Offers]]] = {
    "clients": _clients,
    "tickets": _tickets,
    "tasks": lambda screen: [_as_shown(screen, ViewName.TASKS)],
    "risk": lambda screen: [_as_shown(screen, ViewName.RISK)],
    "renewals": _renewals,
    "feedback": _feedback,
}
