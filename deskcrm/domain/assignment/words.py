"""Says whose a ticket became and why, in a sentence."""

from collections.abc import Iterator

from deskcrm.base.days import said_day
from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.assignment.model import Way
from deskcrm.domain.assignment.queries import Reason, ThreadAssignment
from deskcrm.domain.days import day_of


def assignment_words(one: ThreadAssignment) -> str:
    """Say a change of hands: who has the ticket now, and by whose decision."""
    if one.reason is not None:
        owner = one.owner if one.owner_id is not None else tr("Nobody")
        return tr("Assigned to {owner}: {why}", owner=owner, why=reason_words(one.reason))
    author = one.author or tr("Somebody")
    if one.owner_id is None:
        return tr("{who}: nobody is responsible any more", who=author)
    if one.is_own:
        return tr("{who} took the ticket", who=author)
    return tr("{who} assigned it to {owner}", who=author, owner=one.owner)


def reason_words(reason: Reason) -> str:
    """Say what a rule went by: "least busy: 3 open tickets; Anna is away until 12 May"."""
    return "; ".join(_parts(reason))


def _parts(reason: Reason) -> Iterator[str]:
    if reason.rule:
        yield tr("rule “{name}”", name=reason.rule)
    if reason.is_found:
        yield from _chosen(reason)
    else:
        yield tr("nobody is here whom it may choose")
    for name, until in reason.away:
        yield tr("{name} is away until {day}", name=name, day=said_day(until))


def _chosen(reason: Reason) -> Iterator[str]:
    if reason.served is not None:
        served = said_day(day_of(reason.served))
        if reason.stands_in_for:
            yield tr("stands in for {name}, who served the client last, on {day}",
                     name=reason.stands_in_for, day=served)  # fmt: skip
        else:
            yield tr("served the client last, on {day}", day=served)
    elif reason.open is not None:
        yield from _less_busy(reason, reason.open, reason.weight or 0)
    elif reason.last is not None:
        yield tr("next in turn, the last time was {day}", day=said_day(day_of(reason.last)))
    else:
        yield tr("next in turn, for the first time")


def _less_busy(reason: Reason, count: int, weight: int) -> Iterator[str]:
    if reason.way is Way.LAST_SERVED:
        yield tr("nobody of those served the client before")
    if reason.way is Way.BEST_SUITED:
        skills = ", ".join(reason.skills)
        yield (
            tr("best suited: {skills}", skills=skills)
            if skills
            else tr("nobody has a skill that it needs")
        )
    held = ntr("{n} open ticket", "{n} open tickets", count)
    if weight > count:
        held = tr("{tickets}, weighing {weight}", tickets=held, weight=weight)
    yield tr("{way}: {held}", way=of(Way.LEAST_BUSY).lower(), held=held)
