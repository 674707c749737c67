"""The arithmetic of a deadline in words, the same on the screen and on the command line."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from deskcrm.base import places
from deskcrm.base.words import of, ptr, tr
from deskcrm.domain.calendars.book import Whose
from deskcrm.domain.sla.clocks import ClockState
from deskcrm.domain.sla.explain import (
    ClockExplained,
    MergedHere,
    PassedOver,
    SlaExplained,
    Step,
    StepKind,
)
from deskcrm.domain.sla.policies import Condition

Moment = Callable[[datetime], str]
"""Writes a moment, as the place where it is read writes moments."""

_MINUTE: Final = timedelta(minutes=1)


def span_words(amount: timedelta) -> str:
    """Write working time: "45 min", "8 h", "2 h 30 min"; hours are not made into days."""
    hours, minutes = divmod(amount // _MINUTE, 60)
    if not hours:
        return tr("{n} min", n=minutes)
    if not minutes:
        return tr("{n} h", n=hours)
    return tr("{h} h {m} min", h=hours, m=f"{minutes:02}")


def minutes_words(minutes: int) -> str:
    """Write a target."""
    return span_words(minutes * _MINUTE)


def policy_words(found: SlaExplained) -> str:
    """Say which policy holds."""
    if found.policy_id is None:
        return tr("No policy matches; the general targets hold.")
    return tr("Policy “{name}”", name=found.policy)


def passed_over_words(one: PassedOver) -> str:
    """Say why a policy does not hold."""
    if one.condition is Condition.TAG:
        return _no_tag_words(one)
    found = _listed(one.found) or tr("none")
    return tr(
        "“{name}” does not match: {condition} is {found}, it asks for {wanted}.",
        name=one.name,
        condition=of(one.condition).lower(),
        found=found,
        wanted=_listed(one.wanted, f" {ptr('between choices', 'or')} "),
    )


def _no_tag_words(one: PassedOver) -> str:
    wanted = _listed(one.wanted, f" {ptr('between choices', 'or')} ")
    if not one.found:
        return tr(
            "“{name}” does not match: it asks for the tag {wanted}, and neither the ticket nor its"
            " client has a tag.",
            name=one.name, wanted=wanted,
        )  # fmt: skip
    return tr(
        "“{name}” does not match: it asks for the tag {wanted}; the ticket and its client have"
        " {found}.",
        name=one.name, wanted=wanted, found=_listed(one.found),
    )  # fmt: skip


def calendar_words(found: SlaExplained) -> str:
    """Say by which calendar is counted, and whose choice that was."""
    zone = places.zone_words(found.time_zone)
    if found.whose is Whose.NOBODY:
        return tr("Monday to Friday, 09:00–18:00 ({zone}): no calendar is set up.", zone=zone)
    said = tr("Calendar “{name}” ({zone})", name=found.calendar, zone=zone)
    whose = {
        Whose.POLICY: tr("set by the policy"),
        Whose.TEAM: tr("set for the team"),
        Whose.PERSON: tr("set for the owner"),
    }
    return f"{said}, {whose.get(found.whose, tr('set for everybody'))}."


def merged_words(one: MergedHere, moment: Moment) -> str:
    """Say of a ticket that was merged into this one what of it counts here."""
    opened, merged = moment(one.opened_at), moment(one.merged_at)
    if one.is_first:
        return tr(
            "Ticket {number} was merged into it {merged}: what was said there counts here, and the"
            " clocks begin with its opening, {opened}.",
            number=one.number, merged=merged, opened=opened,
        )  # fmt: skip
    return tr(
        "Ticket {number}, opened {opened}, was merged into it {merged}: what was said there counts"
        " here.",
        number=one.number, merged=merged, opened=opened,
    )  # fmt: skip


def clock_words(clock: ClockExplained, moment: Moment, as_of: datetime) -> str:
    """Say how it stands with a promise, in one line."""
    target = span_words(clock.target)
    left = max(clock.target - clock.spent, timedelta())
    if clock.state is ClockState.PAUSED:
        return tr("paused, {left} of {target} left", left=span_words(left), target=target)
    if clock.ended_at is not None and clock.ending is not None:
        spent = span_words(clock.spent)
        return tr(
            "{state}: {spent} of {target}, {ending} {when}",
            state=of(clock.state),
            spent=spent,
            target=target,
            ending=of(clock.ending).lower(),
            when=moment(clock.ended_at),
        )
    if clock.due_at is None:
        return tr("no deadline: the calendar has no working time to come")
    if clock.due_at < as_of:
        return tr("due {when}, overdue", when=moment(clock.due_at))
    return tr(
        "due {when}, {left} of {target} left",
        when=moment(clock.due_at),
        left=span_words(left),
        target=target,
    )


def step_words(step: Step, moment: Moment) -> tuple[str, str, str]:
    """Say a line of the arithmetic: when, what, and what it comes to so far."""
    if step.kind is StepKind.COUNTED and step.until is not None:
        when = f"{moment(step.since)} – {moment(step.until)}"
        # Whole minutes of the sums so far: rounded each by itself, they would not add up.
        amount = step.total // _MINUTE - (step.total - step.amount) // _MINUTE
        return when, f"+ {minutes_words(amount)}", f"= {span_words(step.total)}"
    if step.kind is StepKind.PAUSED:
        until = "…" if step.until is None else moment(step.until)
        state = of(step.state) if step.state is not None else ""
        return f"{moment(step.since)} – {until}", tr("paused: {state}", state=state), ""
    kind = tr("day off") if step.kind is StepKind.DAY_OFF else tr("other hours")
    return f"{step.since:%Y-%m-%d}", ": ".join(filter(None, (kind, step.note))), ""


def lines_of(found: SlaExplained, moment: Moment) -> Iterator[str]:
    """Say the whole arithmetic, line by line."""
    yield policy_words(found)
    for one in found.passed_over:
        yield f"  {passed_over_words(one)}"
    yield calendar_words(found)
    for part in found.merged:
        yield merged_words(part, moment)
    for clock in found.clocks:
        yield f"{of(clock.kind)}: {clock_words(clock, moment, found.as_of)}"
        for step in clock.steps:
            yield "  " + "  ".join(filter(None, step_words(step, moment)))
    yield tr("Time in each state:")
    for state, amount in found.time_in_states.items():
        yield f"  {of(state)}: {span_words(amount)}"


def _listed(values: tuple[object, ...], between: str = ", ") -> str:
    return between.join(of(one) if isinstance(one, Enum) else str(one) for one in values)
