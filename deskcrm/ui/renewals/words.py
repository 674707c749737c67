"""Renewals and growth in words: what is expected, why, and what a sign counted."""

from collections.abc import Sequence
from datetime import date

from deskcrm.base.words import ntr, of, ptr, tr
from deskcrm.domain.health.words import percent_words
from deskcrm.domain.opportunities import rules
from deskcrm.domain.opportunities.model import SignalKind, Stage
from deskcrm.domain.opportunities.queries import OpportunityRow
from deskcrm.domain.opportunities.signals import GrowthSignal
from deskcrm.domain.promises.ledger import Ledger
from deskcrm.domain.promises.model import PromiseState
from deskcrm.domain.promises.queries import PromiseRow
from deskcrm.domain.renewals.lines import About, Worth
from deskcrm.domain.renewals.model import ForecastCall
from deskcrm.domain.renewals.queries import Automated, Basis, Horizon, RenewalDeal
from deskcrm.domain.usage.model import week_of
from deskcrm.domain.usage.queries import UsageSeries
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.chips import Chip
from deskcrm.ui.kit.tokens import Tone

_CALLS = {
    ForecastCall.RENEWS: (Tone.OK, "check"),
    ForecastCall.GROWS: (Tone.OK, "plus"),
    ForecastCall.SHRINKS: (Tone.WARNING, "minus"),
    ForecastCall.LEAVES: (Tone.DANGER, "warning"),
}
_SIGNS = {
    SignalKind.NEAR_LIMIT: "danger",
    SignalKind.GROWING: "chevron-up",
    SignalKind.NEW_TEAM: "team",
    SignalKind.ASKED: "star",
    SignalKind.SMALL_CONTRACT: "money",
}


def call_chip(call: ForecastCall) -> Chip:
    """Show a call as a chip."""
    tone, icon = _CALLS[call]
    return Chip(of(call), tone, icon)


def signal_chip(kind: SignalKind) -> Chip:
    """Show the kind of a sign as a chip."""
    return Chip(of(kind), Tone.INFO, _SIGNS[kind])


def chips_of(about: About) -> list[Chip]:
    """Give the chips of a row of the list."""
    if isinstance(about, RenewalDeal):
        call = about.final or about.manager
        chips = [call_chip(call.call)] if call is not None else []
        if about.automated.basis is Basis.NOTICE:
            chips.insert(0, Chip(tr("Notice given"), Tone.DANGER, "flag"))
        return chips
    if isinstance(about, OpportunityRow):
        return [stage_chip(about.stage)]
    if isinstance(about, GrowthSignal):
        return [signal_chip(about.kind)]
    return [promise_chip(about)]


def stage_chip(stage: Stage) -> Chip:
    """Show how far an opportunity has come."""
    tones = {Stage.WON: Tone.OK, Stage.LOST: Tone.NEUTRAL}
    return Chip(of(stage), tones.get(stage, Tone.INFO), "target")


def promise_chip(row: PromiseRow) -> Chip:
    """Show what became of a promise."""
    if row.is_overdue:
        return Chip(tr("Overdue"), Tone.DANGER, "warning")
    tones = {
        PromiseState.KEPT: (Tone.OK, "check"),
        PromiseState.BROKEN: (Tone.DANGER, "close"),
    }
    tone, icon = tones.get(row.state, (Tone.NEUTRAL, "promise"))
    return Chip(of(row.state), tone, icon)


def horizon_tone(horizon: Horizon) -> Tone:
    """Give the tone of how soon a renewal has to be decided."""
    tones = {Horizon.OVERDUE: Tone.DANGER, Horizon.WITHIN_30_DAYS: Tone.WARNING}
    return tones.get(horizon, Tone.NEUTRAL)


def goes_on_words(automated: Automated) -> str:
    """Say how likely a contract goes on: to a tenth, as the chance of leaving is said everywhere.

    Rounded with that chance, so that the two make a whole.
    """
    return tr("{share} goes on", share=percent_words(1 - round(automated.leaving, 3)))


def why_automated(automated: Automated) -> str:
    """Say what a worked-out forecast rests on, with its arithmetic."""
    leaving = percent_words(automated.leaving)
    if automated.basis is Basis.NOTICE:
        return tr("The client gave notice.")
    if automated.basis is Basis.SCORE:
        known = dates.percent(automated.coverage or 0.0)
        return tr(
            "By the health score the chance of leaving is {leaving}"
            " ({known} of what counts is known).",
            leaving=leaving,
            known=known,
        )
    rate = automated.rate
    return tr(
        "No score yet. Of the last two years’ decisions {renewed} went on and {ended} ended;"
        " with ten imagined ones beside them (85 in 100 go on), {leaving} leave.",
        renewed=rate.renewed,
        ended=rate.ended,
        leaving=leaving,
    )


def signal_words(sign: GrowthSignal) -> str:
    """Say what a sign counted, and what it was held against."""
    found, against = sign.measure.found, sign.measure.against
    if sign.kind is SignalKind.NEAR_LIMIT:
        return tr(
            "{metric}: {found} of {limit} on a usual working day of the last four weeks, {share}.",
            metric=sign.about,
            # To a tenth, so that it bears the share out: 12.5 of 13 are 96 %, 12 are not.
            found=dates.number(found, 0 if found == int(found) else 1),
            limit=_amount(against),
            share=dates.percent(sign.measure.share),
        )
    if sign.kind is SignalKind.GROWING:
        return tr(
            "{metric}: {found} a day in the last four weeks, {former} in the twelve before,"
            " {more} more.",
            metric=sign.about,
            found=_amount(found),
            former=_amount(against),
            more=dates.percent(sign.measure.share - 1),
        )
    return _counted_words(sign)


def _counted_words(sign: GrowthSignal) -> str:
    if sign.kind is SignalKind.NEW_TEAM:
        return ntr(
            "{n} new contact within {days} days.",
            "{n} new contacts within {days} days.",
            sign.count,
            days=rules.TEAM_WITHIN,
        )
    if sign.kind is SignalKind.ASKED:
        return ntr(
            "{n} wish within {days} days, the last: {subject}",
            "{n} wishes within {days} days, the last: {subject}",
            sign.count,
            days=rules.ASKED_WITHIN,
            subject=sign.about,
        )
    return ntr(
        "Brings {found} a year; {n} client of the same tier brings {middle}.",
        "Brings {found} a year; of {n} clients of the same tier the middle one brings {middle}.",
        sign.count,
        found=dates.money(round(sign.measure.found), sign.about),
        middle=dates.money(round(sign.measure.against), sign.about),
    )


def ledger_words(ledger: Ledger) -> str:
    """Say how a word was kept."""
    if ledger.share_kept is None:
        return ntr("{n} promise is open.", "{n} promises are open.", ledger.open)
    ahead = ledger.open - ledger.overdue
    kept = ptr("Promises", "{n} kept", n=dates.number(ledger.kept))
    late = ledger.kept_late
    if late == ledger.kept:  # "1 kept, 1 of them late" says one thing twice
        kept, late = ptr("Promises", "{n} kept but late", n=dates.number(late)), 0
    counted = (
        (ledger.kept, kept),
        (late, ptr("Promises", "{n} of them late", n=dates.number(late))),
        (ledger.broken, ptr("Promises", "{n} broken", n=dates.number(ledger.broken))),
        (ledger.overdue, ptr("Promises", "{n} overdue", n=dates.number(ledger.overdue))),
        (ahead, ptr("Promises", "{n} still ahead", n=dates.number(ahead))),
    )
    said = ", ".join(words for count, words in counted if count)
    # Whatever is broken, a word that was not always kept is not kept by 100 %.
    share = ledger.share_kept if ledger.share_kept == 1 else min(ledger.share_kept, 0.99)
    return tr("{share} kept: {said}.", share=dates.percent(share), said=said)


def worth_words(worth: Sequence[Worth]) -> str:
    """Say what opportunities would bring in a year."""
    said = ", ".join(dates.money(one.minor, one.currency) for one in worth)
    return tr("Together {value} a year", value=said) if said else ""


def weekly(series: UsageSeries) -> list[float | None]:
    """Give what is used on a day, by weeks; a week of which nothing is known is a gap.

    The running week is left out: without its weekend it would look like growth.
    """
    weeks: dict[date, list[float]] = {}
    for one in series.days:
        known = weeks.setdefault(week_of(one.day), [])
        if one.value is not None:
            known.append(one.value)
    running = week_of(dates.today())
    return [
        sum(known) / len(known) if known else None
        for week, known in weeks.items()
        if week != running or len(weeks) == 1
    ]


def usage_words(series: UsageSeries) -> str:
    """Say how a metric moved, for whoever does not see the line."""
    values = [value for value in weekly(series) if value is not None]
    if not values:
        return tr("{metric}: nothing is known.", metric=series.metric)
    said = ntr(
        "{metric}: {now} a day lately, weekends included; {low} to {high} over {n} week",
        "{metric}: {now} a day lately, weekends included; {low} to {high} over {n} weeks",
        len(values),
        metric=series.metric,
        now=_amount(values[-1]),
        low=_amount(min(values)),
        high=_amount(max(values)),
    )
    if series.ceiling is None:
        return said
    return tr("{said}; the contract allows {limit}", said=said, limit=_amount(series.ceiling))


def _amount(value: float) -> str:
    return dates.number(value, 0 if value >= 10 or value == int(value) else 1)
