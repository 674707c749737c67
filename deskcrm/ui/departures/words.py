"""That a client leaves, in words."""

from collections.abc import Sequence

from deskcrm.base.words import of, tr
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.departures.queries import DepartureRow
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.tokens import Tone


def running(departures: Sequence[DepartureRow]) -> DepartureRow | None:
    """Give the departure that a client has not come back from; None where it stays."""
    return next((one for one in departures if one.returned_on is None), None)


def departure_chip(row: DepartureRow) -> Chip:
    """Say whether a client left or leaves, and when."""
    is_gone = row.left_on is not None and row.left_on <= dates.today()
    return Chip(departure_words(row), Tone.DANGER if is_gone else Tone.WARNING, "flag")


def departure_words(row: DepartureRow) -> str:
    """Say when a client left or leaves."""
    if row.left_on is None:
        if row.noticed_on is None:  # set to churned, nobody knows since when
            return tr("Has left")
        return tr("Gave notice {day}", day=dates.due(row.noticed_on))
    if row.left_on <= dates.today():
        return tr("Left {day}", day=dates.due(row.left_on))
    return tr("Leaves {day}", day=dates.due(row.left_on))


def why_words(row: DepartureRow) -> list[str]:
    """Say why: the reason with whether it was the client's choice, to whom, and its words."""
    said = []
    if row.reason is not None:
        said.append(f"{of(row.reason)} · {choice_words(row.reason)}")
    if row.competitor:
        said.append(tr("Goes to {competitor}", competitor=row.competitor))
    if row.words:
        said.append(tr("“{words}”", words=row.words))
    return said


def choice_words(reason: LossReason) -> str:
    """Say whether a client that leaves for this reason chose to."""
    return tr("by its own choice") if reason.is_voluntary else tr("not by its own choice")
