"""Says scores, reasons, changes and ways back in words; only what the evidence allows."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from deskcrm.base.words import language, ntr, of, ptr, tr
from deskcrm.domain.health.changes import Cause, Delta
from deskcrm.domain.health.evidence import Band, Evidence, band_of
from deskcrm.domain.health.features import Fix, Signal
from deskcrm.domain.health.model import Model
from deskcrm.domain.health.scoring import BASE, Reason, Score
from deskcrm.domain.health.way_back import WayBack


def signal_label(name: str, model: Model) -> str:
    """Name a signal in short."""
    if name == BASE:
        return tr("Where every client starts")
    feature = model.by_name.get(name)
    return name if feature is None else tr(feature.label)


def reason_words(reason: Reason, model: Model) -> str:
    """Say one reason in a sentence, from the signal alone."""
    say = _SENTENCES.get(reason.name)
    if say is None or reason.value is None:
        return signal_label(reason.name, model)
    return say(reason.value)


def points_words(points: float) -> str:
    """Write points with their sign: "+12", "−3", "0"."""
    rounded = round(points)
    return f"−{-rounded}" if rounded < 0 else f"+{rounded}" if rounded else "0"


def chance_words(score: Score, evidence: Evidence, base_rate: float | None = None) -> str:
    """Say how likely a client is to leave, as exactly as the evidence allows and no more."""
    band = band_of(score, base_rate)
    if band is Band.NOT_ENOUGH_DATA:
        return of(band)
    if evidence is Evidence.STARTING_RULES:
        return tr("{band} by the starting rules", band=of(band))
    if evidence is Evidence.BANDS:
        return of(band)
    return tr("{percent} within 90 days", percent=percent_words(score.probability))


def evidence_words(evidence: Evidence, churned: int) -> str:
    """Say on what the scores rest."""
    lost = ntr("{n} client has left so far", "{n} clients have left so far", churned)
    if evidence is Evidence.STARTING_RULES:
        return tr(
            "{lost}: too few to learn from, so these are the starting rules and say only more or"
            " less.",
            lost=lost,
        )
    if evidence is Evidence.BANDS:
        return tr("{lost}: enough for bands, too few for percentages.", lost=lost)
    return tr("{lost}: enough for percentages.", lost=lost)


def coverage_words(score: Score) -> str:
    """Say how much of what counts is known."""
    share = percent_words(score.coverage, decimals=0)
    if score.is_enough:
        return tr("{percent} of what counts is known.", percent=share)
    return tr("Not enough data: only {percent} of what counts is known.", percent=share)


def delta_words(delta: Delta, model: Model) -> str:
    """Say one part of a change: which signal, why and by how much."""
    return tr(
        "{signal}: {cause}, {points}",
        signal=signal_label(delta.name, model),
        cause=cause_words(delta.cause),
        points=points_words(delta.points),
    )


def cause_words(cause: Cause) -> str:
    """Say why a part of the score moved."""
    return of(cause).lower()


def way_back_words(
    way: WayBack | None, exit_line: float, evidence: Evidence = Evidence.STARTING_RULES
) -> str:
    """Say what would bring a client below the line: what it would score, never what it will do."""
    if way is None:
        return tr(
            "Nothing we can settle ourselves would be enough; part of the risk fades in time."
        )
    if not way.fixes:
        return tr("The score is below the line already.")
    acts = _listed([fix_words(fix) for fix in way.fixes])
    if evidence is not Evidence.NUMBERS:
        return tr("{acts}: then the client would score below the line.", acts=acts)
    return tr(
        "{acts}: then the client would score {percent}, below the line of {line}.",
        acts=acts,
        percent=percent_words(way.score.probability),
        line=percent_words(exit_line),
    )


def fix_words(fix: Fix) -> str:
    """Say what to do."""
    match fix:
        case Fix.OVERDUE_TICKETS:
            return tr("settle the overdue tickets")
        case Fix.CONTACT:
            return tr("have a talk with the client")
        case Fix.INVOICE:
            return tr("have the late invoice paid")
    return tr("win a successor for the champion")


def percent_words(share: float, decimals: int = 1) -> str:
    """Write a share as a percentage; nobody is told 0% or 100% of what is not quite that."""
    least = 10.0**-decimals
    amount = share * 100
    if 0 < amount < least:
        return tr("under {n}%", n=decimal_words(least, decimals))
    if 100 - least < amount < 100:
        return tr("over {n}%", n=decimal_words(100 - least, decimals))
    return tr("{n}%", n=decimal_words(amount, decimals))


def decimal_words(value: float, decimals: int = 1, *, whole: bool = False) -> str:
    """Write a number with its decimals: "2.5", "2,5"; zeros at the end only if ``whole``."""
    text = f"{value:.{decimals}f}"
    if "." in text and not whole:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",") if language() == "ru" else text


def _listed(acts: Sequence[str]) -> str:
    """Join acts into one sentence that begins with a capital."""
    last = f" {ptr('between acts', 'and')} "
    joined = last.join([", ".join(acts[:-1]), acts[-1]] if len(acts) > 1 else acts)
    return joined[:1].upper() + joined[1:]


def _usage(value: float) -> str:
    return tr(
        "Usage is {percent} below that of the twelve weeks before",
        percent=percent_words(1 - math.exp(-value), decimals=0),
    )


def _reopened(value: float) -> str:
    if value > 1:
        return tr("Tickets were reopened again and again")
    return tr("A ticket was reopened")


def _overdue(value: float) -> str:
    return ntr("{n} open ticket is overdue", "{n} open tickets are overdue", round(value))


def _below_own(value: float) -> str:
    return tr("The last rating is {n} below their own usual", n=decimal_words(value))


def _silence(value: float) -> str:
    times = round(2**value, 1)
    if times.is_integer():
        return ntr(
            "Silent {n} time as long as is usual for them",
            "Silent {n} times as long as is usual for them",
            int(times),
        )
    return tr("Silent {n} times as long as is usual for them", n=decimal_words(times))


def _unanswered(value: float) -> str:
    return ntr(
        "{n} attempt to reach them is unanswered",
        "{n} attempts to reach them are unanswered",
        round(value),
    )


def _tenure(value: float) -> str:
    years = math.floor(math.exp(value) + 1e-9)
    return ntr("A client for {n} year", "A client for {n} years", years)


def _promises(value: float) -> str:
    if value > 1:
        return tr("Promises of ours were not kept")
    return tr("A promise of ours was not kept")


_SENTENCES: Final[Mapping[str, Callable[[float], str]]] = {
    Signal.RENEWAL_DUE: lambda _: tr("They decide on the renewal within 90 days"),
    Signal.USAGE_DROP: _usage,
    Signal.TICKETS_REOPENED: _reopened,
    Signal.SECOND_FAILURE: lambda _: tr("We failed them twice within four weeks"),
    Signal.TICKETS_OVERDUE: _overdue,
    Signal.CSAT_BELOW_OWN: _below_own,
    Signal.DETRACTOR: lambda _: tr("They would not recommend us"),
    Signal.NPS_FALL: lambda _: tr("They recommend us less than before"),
    Signal.SILENCE: _silence,
    Signal.OUTREACH_UNANSWERED: _unanswered,
    Signal.CHAMPION_LEFT: lambda _: tr("Their champion has left"),
    Signal.INVOICE_LATE_15: lambda _: tr("An invoice is 15 days late or more"),
    Signal.INVOICE_LATE_45: lambda _: tr("An invoice is 45 days late or more"),
    Signal.FIRST_YEAR: lambda _: tr("A client for less than a year"),
    Signal.TENURE: _tenure,
    Signal.PROMISES_BROKEN: _promises,
}
