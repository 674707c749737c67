"""Says in sentences why a client is on the list, how it stands, and what a record tells of it."""

from deskcrm.base.days import said_day
from deskcrm.base.words import tr
from deskcrm.domain.days import day_of
from deskcrm.domain.health import Band, what_would_bring_it_back
from deskcrm.domain.health.evidence import RAISED_FROM
from deskcrm.domain.health.words import reason_words, way_back_words
from deskcrm.domain.risk.commands import FOR_GOOD
from deskcrm.domain.risk.flagging import exit_line
from deskcrm.domain.risk.model import RiskCause
from deskcrm.domain.risk.queries import Health, RiskRow
from deskcrm.domain.risk.reading import Trace


def cause_sentence(cause: RiskCause) -> str:
    """Say what puts a client on the list whatever its score; nothing where the score does."""
    match cause:
        case RiskCause.NOTICE:
            return tr("They gave notice")
        case RiskCause.FAILURES:
            return tr("We failed them twice within 28 days")
        case RiskCause.RENEWAL:
            return tr("They decide within 30 days, and nobody has heard them for 30")
    return ""


def why(health: Health, *, most: int = 2) -> str:
    """Say in a sentence what speaks most against a client."""
    return joined(reason_lines(health, most=most)) or tr("Nothing speaks against them")


def reason_lines(health: Health, *, most: int = 2) -> list[str]:
    """Say what speaks most against a client, a sentence each."""
    said = [cause_sentence(health.cause)] if health.cause is not None else []
    said += [reason_words(one, health.score.model) for one in health.score.top(most + 1)]
    return list(dict.fromkeys(said))[:most]


def next_step(health: Health) -> str:
    """Say what would bring a client below the line at which its flag goes."""
    model = health.score.model
    entry = health.line if health.line is not None else RAISED_FROM * model.base_rate
    leave = exit_line(entry)
    way = what_would_bring_it_back(health.score.signals, leave, model)
    return way_back_words(way, leave, health.evidence)


def joined(sentences: list[str]) -> str:
    """Make one sentence of several that each begin with a capital."""
    if not sentences:
        return ""
    rest = [one[:1].lower() + one[1:] for one in sentences[1:]]
    return "; ".join([sentences[0], *rest])


def is_grave(health: Health) -> bool:
    """Tell whether a client's standing calls for a warning."""
    return health.is_flagged or health.band is Band.HIGH_RISK


def quiet_words(row: RiskRow) -> str:
    """Say until when a client is hidden, by whom and why."""
    if row.quiet_until is None:
        return ""
    by = row.quieted_by or tr("Somebody")
    if row.quiet_until == FOR_GOOD:
        return tr("{name} put it aside: {reason}", name=by, reason=row.quiet_reason)
    day = said_day(row.quiet_until)
    return tr("Snoozed until {day} by {name}: {reason}", day=day, name=by, reason=row.quiet_reason)


def trace_words(trace: Trace, title: str) -> str:
    """Say what a record has to do with a signal, and since when."""
    day = said_day(day_of(trace.at))
    said = {
        "breached": tr("{title}: late since {day}", title=title, day=day),
        "overdue": tr("{title}: due {day}", title=title, day=day),
        "reopened": tr("{title}: reopened {day}", title=title, day=day),
        "rated": tr("{title}: rated low on {day}", title=title, day=day),
        "broken": tr("{title}: broken {day}", title=title, day=day),
        "decision": tr("{title}: to be decided by {day}", title=title, day=day),
        "notice": tr("{title}: notice given {day}", title=title, day=day),
        "left": tr("{title}: left {day}", title=title, day=day),
        "late": tr("{title}: due {day}", title=title, day=day),
        "heard": tr("Last heard {day}", day=day),
        "since": tr("When they became a client"),
    }
    if trace.what in said:
        return said[trace.what]
    kind, _, number = trace.what.partition(" ")
    if kind in ("nps", "csat") and number:
        return tr("{what} {number}, answered {day}", what=kind.upper(), number=number, day=day)
    if trace.table == "usage_week":
        return tr("{what}, the week of {day}", what=trace.what, day=day)
    return tr("{title}, {day}", title=title, day=day) if title else day
