"""The signals of the built-in scorecard: their names, what their numbers mean, and their priors."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Signal(StrEnum):
    """The names under which the signals of a client are handed over; None is "unknown".

    The numbers are as of one moment and already faded and capped as the feature says (see
    ``scoring.faded``): an event that happened one half-life ago counts 0.5.
    """

    RENEWAL_DUE = "renewal_due"
    """1 when the decision (contract end − notice period) falls within 90 days or is past, else 0;
    unknown without a contract that ends."""
    USAGE_DROP = "usage_drop"
    """−ln(mean use of the last 4 weeks / of the 12 weeks before), 0 to 1.5; unknown without use."""
    TICKETS_REOPENED = "tickets_reopened"
    """Times a ticket was reopened, each faded, together at most 4."""
    SECOND_FAILURE = "second_failure"
    """1, faded, when a failure came within 28 days of another. A failure: an incident or complaint
    that breached its SLA, was reopened, or got a low rating."""
    TICKETS_OVERDUE = "tickets_overdue"
    """Open tickets past a deadline, at most 4."""
    CSAT_BELOW_OWN = "csat_below_own"
    """The client's own mean of CSAT minus the latest answer, in points of 5, never below 0;
    unknown without two answers."""
    DETRACTOR = "detractor"
    """1, faded, when the latest NPS answer was 0 to 6; unknown without an answer."""
    NPS_FALL = "nps_fall"
    """Fall of the NPS answer against the one before, divided by 3, faded; unknown without two."""
    SILENCE = "silence"
    """log2(days since the last two-way contact / the client's own usual gap), 0 to 3, counted to
    the last successful sync; unknown where no usual gap is known."""
    OUTREACH_UNANSWERED = "outreach_unanswered"
    """Our attempts since the client last said something, at most 4."""
    CHAMPION_LEFT = "champion_left"
    """1, faded, since the champion left and while there is no successor; unknown without one."""
    INVOICE_LATE_15 = "invoice_late_15"
    """1 when an invoice is 15 or more days late, else 0; unknown without invoices."""
    INVOICE_LATE_45 = "invoice_late_45"
    """1 when it is 45 or more days late; it adds to the 15."""
    FIRST_YEAR = "first_year"
    """1 for a client of less than a year, else 0; unknown without a beginning."""
    TENURE = "tenure"
    """Natural logarithm of the years as a client, 0 in the first year; unknown likewise."""
    PROMISES_BROKEN = "promises_broken"
    """Promises of ours that were broken or are past their day, each faded, at most 3."""


class Fix(StrEnum):
    """What we can do about a signal; one act may settle several signals."""

    OVERDUE_TICKETS = "overdue_tickets"
    CONTACT = "contact"
    INVOICE = "invoice"
    SUCCESSOR = "successor"


@dataclass(frozen=True, slots=True)
class Feature:
    """One signal of a model: what it is called, what is believed of it beforehand, its limits."""

    name: str
    label: str
    prior: float = 0.0
    """Log-odds that one unit adds, before any history is known."""
    sign: int = 0
    """The sign its coefficient keeps: 1, −1, or 0 for either."""
    low: float = -math.inf
    high: float = math.inf
    """Values are held within these."""
    half_life_weeks: float | None = None
    """How fast an event loses its weight; None: it is a state and does not fade."""
    reference: float | None = 0.0
    """The value at which it adds nothing, so also what an unknown one stands for; None: the mean
    of what is known, which a fit finds out."""
    fix: Fix | None = None
    is_time: bool = False
    """It moves with the calendar alone, and nobody did anything."""

    @property
    def spread(self) -> float:
        """How far from its prior a coefficient may be believed to lie, for k = 1."""
        return 0.6 * abs(self.prior) + 0.3

    @property
    def limit(self) -> float:
        """The largest believable coefficient; one that has no prior has none."""
        return 3 * abs(self.prior) + 1 if self.prior else math.inf


_FORGOTTEN_WEEKS: Final = 6
"""Weeks after which a failure of ours weighs half."""

BUILT_IN: Final = (
    Feature(Signal.RENEWAL_DUE, "Renewal decision due", 1.1, 1, 0, 1),
    Feature(Signal.USAGE_DROP, "Drop in usage", 1.5, 1, 0, 1.5),
    Feature(
        Signal.TICKETS_REOPENED, "Reopened tickets", 0.3, 1, 0, 4, half_life_weeks=_FORGOTTEN_WEEKS
    ),
    Feature(
        Signal.SECOND_FAILURE,
        "Second failure within four weeks",
        0.7,
        1,
        0,
        1,
        half_life_weeks=_FORGOTTEN_WEEKS,
    ),
    Feature(Signal.TICKETS_OVERDUE, "Overdue open tickets", 0.3, 1, 0, 4, fix=Fix.OVERDUE_TICKETS),
    Feature(Signal.CSAT_BELOW_OWN, "Rating below the client’s own", 0.4, 1, 0, 4),
    Feature(Signal.DETRACTOR, "Detractor", 0.6, 1, 0, 1, half_life_weeks=26),
    Feature(Signal.NPS_FALL, "Fall of the NPS answer", 0.4, 1, 0, 10 / 3, half_life_weeks=26),
    Feature(Signal.SILENCE, "Silence", 0.4, 1, 0, 3, fix=Fix.CONTACT),
    Feature(Signal.OUTREACH_UNANSWERED, "Unanswered outreach", 0.25, 1, 0, 4, fix=Fix.CONTACT),
    Feature(
        Signal.CHAMPION_LEFT, "Champion left", 1.2, 1, 0, 1, half_life_weeks=9, fix=Fix.SUCCESSOR
    ),
    Feature(Signal.INVOICE_LATE_15, "Invoice 15 days late", 0.5, 1, 0, 1, fix=Fix.INVOICE),
    Feature(Signal.INVOICE_LATE_45, "Invoice 45 days late", 0.4, 1, 0, 1, fix=Fix.INVOICE),
    Feature(Signal.FIRST_YEAR, "Client for less than a year", 0.3, 1, 0, 1, is_time=True),
    Feature(Signal.TENURE, "Years as a client", -0.2, -1, 0, 5, is_time=True),
    Feature(
        Signal.PROMISES_BROKEN, "Broken promises", 0.3, 1, 0, 3, half_life_weeks=_FORGOTTEN_WEEKS
    ),
)
BASE_PRIOR: Final = -4.0
"""Log-odds of a client of whom nothing speaks: 1.8 %."""
