"""Every metric: what it is called, what it counts in, by which formula, and after whom."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from deskcrm.base.words import tr
from deskcrm.domain.metrics.figures import Unit


class MetricGroup(StrEnum):
    """What metrics are about; a report has a part for each."""

    SUPPORT = "support"
    ANSWERS = "answers"
    RETENTION = "retention"
    VALUE = "value"


class Metric(StrEnum):
    """A metric, by the short name that scripts use."""

    OPENED_TICKETS = "volume"
    SOLVED_TICKETS = "solved"
    BACKLOG = "backlog"
    FIRST_RESPONSE = "first_response"
    FIRST_RESPONSE_AROUND_THE_CLOCK = "first_response_clock"
    FIRST_RESOLUTION = "first_resolution"
    FIRST_RESOLUTION_AROUND_THE_CLOCK = "first_resolution_clock"
    LAST_RESOLUTION = "last_resolution"
    LAST_RESOLUTION_AROUND_THE_CLOCK = "last_resolution_clock"
    REOPEN_RATE = "reopen_rate"
    FIRST_RESPONSE_IN_TIME = "sla_first_response"
    RESOLUTION_IN_TIME = "sla_resolution"
    CUSTOMER_SATISFACTION = "csat"
    SATISFACTION_INDEX = "csi"
    EFFORT_SCORE = "ces"
    FOUND_IT_EASY = "ces_easy"
    NET_PROMOTER_SCORE = "nps"
    CUSTOMER_RETENTION = "crr"
    LOGO_CHURN = "logo_churn"
    GROSS_REVENUE_RETENTION = "grr"
    NET_REVENUE_RETENTION = "nrr"
    LIFETIME_VALUE = "ltv"
    DISCOUNTED_LIFETIME_VALUE = "ltv_discounted"
    PROJECTED_LIFETIME_VALUE = "ltv_projected"
    INVOICED_LIFETIME_VALUE = "ltv_invoiced"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What there is to know of a metric but its words; ``good``: 1 more is better, −1 less is."""

    group: MetricGroup
    unit: Unit
    good: int = 0
    short: str = ""
    """What the field calls it: the same in every language."""
    source: str = ""


_S, _A, _R, _V = MetricGroup
_M = Metric
MEANINGS: Final[dict[Metric, Meaning]] = {
    _M.OPENED_TICKETS: Meaning(_S, Unit.COUNT),
    _M.SOLVED_TICKETS: Meaning(_S, Unit.COUNT),
    _M.BACKLOG: Meaning(_S, Unit.COUNT, -1),
    _M.FIRST_RESPONSE: Meaning(_S, Unit.SECONDS, -1, "FRT", "Kaplan & Meier 1958"),
    _M.FIRST_RESPONSE_AROUND_THE_CLOCK: Meaning(_S, Unit.SECONDS, -1, "FRT", "Kaplan & Meier 1958"),
    _M.FIRST_RESOLUTION: Meaning(_S, Unit.SECONDS, -1, "TTR", "Kaplan & Meier 1958"),
    _M.FIRST_RESOLUTION_AROUND_THE_CLOCK: Meaning(
        _S, Unit.SECONDS, -1, "TTR", "Kaplan & Meier 1958"
    ),
    _M.LAST_RESOLUTION: Meaning(_S, Unit.SECONDS, -1, "TTR", "Kaplan & Meier 1958"),
    _M.LAST_RESOLUTION_AROUND_THE_CLOCK: Meaning(
        _S, Unit.SECONDS, -1, "TTR", "Kaplan & Meier 1958"
    ),
    _M.REOPEN_RATE: Meaning(_S, Unit.PERCENT, -1),
    _M.FIRST_RESPONSE_IN_TIME: Meaning(_S, Unit.PERCENT, 1, "SLA"),
    _M.RESOLUTION_IN_TIME: Meaning(_S, Unit.PERCENT, 1, "SLA"),
    _M.CUSTOMER_SATISFACTION: Meaning(_A, Unit.PERCENT, 1, "CSAT"),
    _M.SATISFACTION_INDEX: Meaning(_A, Unit.POINTS, 1, "CSI", "ACSI, Fornell 1996"),
    _M.EFFORT_SCORE: Meaning(_A, Unit.SCALE_OF_7, 1, "CES", "CES 2.0, CEB 2013"),
    _M.FOUND_IT_EASY: Meaning(_A, Unit.PERCENT, 1, "CES", "CES 2.0, CEB 2013"),
    _M.NET_PROMOTER_SCORE: Meaning(_A, Unit.POINTS, 1, "NPS", "Reichheld 2003"),
    _M.CUSTOMER_RETENTION: Meaning(_R, Unit.PERCENT, 1, "CRR"),
    _M.LOGO_CHURN: Meaning(_R, Unit.PERCENT, -1),
    _M.GROSS_REVENUE_RETENTION: Meaning(_R, Unit.PERCENT, 1, "GRR"),
    _M.NET_REVENUE_RETENTION: Meaning(_R, Unit.PERCENT, 1, "NRR"),
    _M.LIFETIME_VALUE: Meaning(_V, Unit.MONEY, 1, "LTV"),
    _M.DISCOUNTED_LIFETIME_VALUE: Meaning(_V, Unit.MONEY, 1, "LTV", "Gupta & Lehmann 2003"),
    _M.PROJECTED_LIFETIME_VALUE: Meaning(_V, Unit.MONEY, 1, "LTV", "Fader & Hardie 2007"),
    _M.INVOICED_LIFETIME_VALUE: Meaning(
        _V, Unit.MONEY, 1, "LTV", "Fader, Hardie & Lee 2005; Fader & Hardie 2013"
    ),
}


def formula_of(metric: Metric) -> str:
    """Say by which formula a metric is worked out, in words, with what counts and what does not."""
    if metric in _TIMES:
        return _formula_of_time(metric)
    return _formulas()[metric]


_TIMES: Final = frozenset(one for one in Metric if MEANINGS[one].unit is Unit.SECONDS)
AROUND_THE_CLOCK: Final = {
    _M.FIRST_RESPONSE_AROUND_THE_CLOCK: _M.FIRST_RESPONSE,
    _M.FIRST_RESOLUTION_AROUND_THE_CLOCK: _M.FIRST_RESOLUTION,
    _M.LAST_RESOLUTION_AROUND_THE_CLOCK: _M.LAST_RESOLUTION,
}
"""The times that are counted day and night, each with the same in working time."""


def _formula_of_time(metric: Metric) -> str:
    """Put together what is measured, by which clock, and how the middle is found."""
    if metric in (_M.FIRST_RESPONSE, _M.FIRST_RESPONSE_AROUND_THE_CLOCK):
        what = tr(
            "From the opening of a ticket to our first public reply. Tickets that came in person"
            " are left out: they were answered there and then."
        )
    elif metric in (_M.FIRST_RESOLUTION, _M.FIRST_RESOLUTION_AROUND_THE_CLOCK):
        what = tr("From the opening of a ticket until it was solved for the first time.")
    else:
        what = tr("From the opening of a ticket until it was solved for good; reopened ones go on.")
    clock = (
        tr("Day and night count.")
        if metric in AROUND_THE_CLOCK
        else tr("Only working time counts, by the calendar of the ticket’s promise.")
    )
    middle = tr(
        "The median of the tickets opened in the period, after Kaplan and Meier: what was not done"
        " by its end counts as taking at least so long, rather than being left out."
    )
    return f"{what} {clock} {middle}"


def _formulas() -> dict[Metric, str]:
    return {
        _M.OPENED_TICKETS: tr("Tickets opened in the period."),
        _M.SOLVED_TICKETS: tr("Tickets solved for the first time in the period."),
        _M.BACKLOG: tr("Tickets open at the end of the period."),
        _M.REOPEN_RATE: tr(
            "100 · reopened at least once by the end of the period / solved for the first time in"
            " the period."
        ),
        _M.FIRST_RESPONSE_IN_TIME: tr(
            "100 · first responses in time / those decided by the end of the period, of the tickets"
            " opened in it. Overdue and unanswered is not in time."
        ),
        _M.RESOLUTION_IN_TIME: tr(
            "100 · resolutions in time / those decided by the end of the period, of the tickets"
            " opened in it. Overdue and unsolved is not in time."
        ),
        _M.CUSTOMER_SATISFACTION: tr("100 · answers of 4 and 5 / all answers, on a scale of 5."),
        _M.SATISFACTION_INDEX: tr(
            "Σ w · (mean − 1) / 9 · 100 over satisfaction, expectation and ideal, each from 1 to 10"
            " and weighing the same."
        ),
        _M.EFFORT_SCORE: tr("The mean of the answers from 1 to 7; 7 is the least effort."),
        _M.FOUND_IT_EASY: tr("100 · answers of 5, 6 and 7 / all answers, from 1 to 7."),
        _M.NET_PROMOTER_SCORE: tr("100 · (share of 9 and 10 − share of 0 to 6), from −100 to 100."),
        **_formulas_of_staying(),
        **_formulas_of_value(),
    }


def _formulas_of_staying() -> dict[Metric, str]:
    return {
        _M.CUSTOMER_RETENTION: tr(
            "100 · (clients at the end − new ones) / clients at the start of the period."
        ),
        _M.LOGO_CHURN: tr(
            "100 · clients of the start that left in the period / clients at its start."
        ),
        _M.GROSS_REVENUE_RETENTION: tr(
            "100 · (ARR at the start − contraction − churn) / ARR at the start: no client counts"
            " with more than it began with, so it is 100 % at most."
        ),
        _M.NET_REVENUE_RETENTION: tr(
            "100 · (ARR at the start − contraction − churn + expansion) / ARR at the start. Clients"
            " who came after the start do not count."
        ),
    }


def _formulas_of_value() -> dict[Metric, str]:
    return {
        _M.LIFETIME_VALUE: tr(
            "ARR of a client · margin / churn of the twelve months to the end of the period."
        ),
        _M.DISCOUNTED_LIFETIME_VALUE: tr(
            "m · r / (1 + i − r): m the margin on a client’s ARR, r the retention of the twelve"
            " months to the end of the period, i the discount of a year."
        ),
        _M.PROJECTED_LIFETIME_VALUE: tr(
            "m · Σ S(t) / (1 + i)ᵗ: S(t) the share that stays t years, after the shifted"
            " beta-geometric model fitted to the years that clients stayed until now."
        ),
        _M.INVOICED_LIFETIME_VALUE: tr(
            "Margin · purchases expected over three years (BG/NBD) · what each is worth"
            " (Gamma–Gamma), discounted, of the clients with invoices and without a contract; per"
            " client."
        ),
    }
