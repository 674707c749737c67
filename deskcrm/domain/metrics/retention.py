"""Who stayed, and how much of the revenue did: CRR, churn, GRR and NRR of a closed cohort."""

from collections.abc import Iterable

from deskcrm.domain.metrics.figures import Figure, Unit, no_data, share

Revenue = tuple[int, int]
"""What a client brings in a year at the start of the period, and at its end; minor units."""


def crr(start: int, end: int, new: int) -> Figure:
    """100 · (clients at the end − new ones) / clients at the start, in percent."""
    return share(end - new, start)


def logo_churn(start: int, lost: int) -> Figure:
    """100 · (clients of the start that left) / clients at the start, in percent."""
    return share(lost, start)


def grr(cohort: Iterable[Revenue]) -> Figure:
    """100 · (ARR at the start − contraction − churn) / ARR at the start; at most 100 percent.

    Each client counts with what is left of what it brought in, never with more.
    """
    paying = [one for one in cohort if one[0] > 0]
    return _of_start(paying, sum(min(start, end) for start, end in paying))


def nrr(cohort: Iterable[Revenue]) -> Figure:
    """100 · (ARR at the start − contraction − churn + expansion) / ARR at the start, in percent.

    The cohort is closed: who came after the start does not count.
    """
    paying = [one for one in cohort if one[0] > 0]
    return _of_start(paying, sum(end for _, end in paying))


def _of_start(paying: list[Revenue], left: int) -> Figure:
    whole = sum(start for start, _ in paying)
    if not whole:
        return no_data(Unit.PERCENT)
    return Figure(100 * left / whole, Unit.PERCENT, len(paying))
