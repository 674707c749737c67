"""Says what a replay shows: each figure with its formula and its n, and no more than n allows."""

from deskcrm.base.words import ntr, tr
from deskcrm.domain.backtests.guards import Alarm, Suspicion
from deskcrm.domain.backtests.measures import Share
from deskcrm.domain.backtests.replay import Baseline, Result
from deskcrm.domain.health.evidence import evidence_of
from deskcrm.domain.health.features import Signal
from deskcrm.domain.health.model import Model
from deskcrm.domain.health.words import (
    decimal_words,
    evidence_words,
    percent_words,
    signal_label,
)


def covered_words(found: Result) -> str:
    """Say what was replayed."""
    months = ntr("{n} month", "{n} months", len(found.months))
    clients = ntr("{n} client", "{n} clients", found.clients)
    return tr("{months} as they were known then, {clients}.", months=months, clients=clients)


def evidence_of_result(found: Result) -> str:
    """Say how far the figures can be believed."""
    left = found.caught.of
    return evidence_words(evidence_of(left), left)


def share_words(share: Share) -> str:
    """Write a share: "21%"; of nothing there is none."""
    return "–" if share.value is None else percent_words(share.value, decimals=0)


def interval_words(share: Share) -> str:
    """Say a share's n and how far it may be off."""
    if not share.of:
        return tr("no case")
    return tr(
        "{count} of {of}; {low} to {high}",
        count=share.count,
        of=share.of,
        low=percent_words(share.low, decimals=0),
        high=percent_words(share.high, decimals=0),
    )


def times_words(lift: float | None) -> str:
    """Write a lift: "3.4×"."""
    return "–" if lift is None else f"{decimal_words(lift, whole=True)}×"


def auc_words(auc: float | None) -> str:
    """Write an AUC: "0.74"."""
    return "–" if auc is None else decimal_words(auc, 2, whole=True)


def days_words(days: float | None) -> str:
    """Write a lead time."""
    return "–" if days is None else ntr("{n} day", "{n} days", round(days))


def baseline_words(found: Baseline, model: Model) -> str:
    """Say what ranking by one signal alone would have found."""
    if found.precision is None or found.lift is None:
        return tr("{signal} alone: no case", signal=signal_label(found.name, model))
    return tr(
        "{signal} alone: {share} of those named left, {lift}",
        signal=signal_label(found.name, model),
        share=percent_words(found.precision, decimals=0),
        lift=times_words(found.lift),
    )


def alarm_words(alarm: Alarm, model: Model) -> str:
    """Say what is too good to be true."""
    auc = auc_words(alarm.auc)
    match alarm.suspicion:
        case Suspicion.SIGNAL_TOO_GOOD:
            return tr(
                "{signal} alone tells who leaves with an AUC of {auc}: it seems to know what came"
                " later.",
                signal=signal_label(alarm.name, model),
                auc=auc,
            )
        case Suspicion.WHOLE_TOO_GOOD:
            return tr("An AUC of {auc} is too good to be true.", auc=auc)
    return tr("With shuffled outcomes the AUC is {auc} and not 0.5: cases have leaked.", auc=auc)


def unit_words(name: str) -> str:
    """Say what one unit of a signal is, for whoever moves its weight."""
    return {
        Signal.USAGE_DROP: tr("down to 37% of what it was"),
        Signal.TICKETS_REOPENED: tr("each"),
        Signal.TICKETS_OVERDUE: tr("each"),
        Signal.CSAT_BELOW_OWN: tr("per point"),
        Signal.NPS_FALL: tr("per 3 points"),
        Signal.SILENCE: tr("each time it doubles"),
        Signal.OUTREACH_UNANSWERED: tr("each"),
        Signal.TENURE: tr("after 2.7 years"),
        Signal.PROMISES_BROKEN: tr("each"),
    }.get(Signal(name), "")


def unknown_words(count: int) -> str:
    """Say how many cases were never named since too little was known of them."""
    return ntr(
        "{n} case had not enough data and was never named.",
        "{n} cases had not enough data and were never named.",
        count,
    )
