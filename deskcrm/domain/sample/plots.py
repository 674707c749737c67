"""What is going on with a client just now; each plot gives Today something to say."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from deskcrm.domain.clients.model import Lifecycle
from deskcrm.domain.contracts.model import Contract, ContractStatus
from deskcrm.domain.interactions.model import Sentiment
from deskcrm.domain.sample import duties, life
from deskcrm.domain.sample.cases import Stage, tell_case
from deskcrm.domain.sample.cast import Cast
from deskcrm.domain.sample.chances import choose
from deskcrm.domain.sample.life import Mood
from deskcrm.domain.sample.profiles import add_contract
from deskcrm.domain.tasks.model import TaskKind
from deskcrm.domain.tickets.model import Priority

Plot = Callable[[Cast], None]
_SUNNY: Final = Mood((8, 2, 0), 0.15)
_CLOUDY: Final = Mood((2, 4, 3), 0.6, 26)


def steady(cast: Cast) -> None:
    """Goes well; a talk is due soon."""
    _past(cast, 1, Mood())
    _ends_in(cast, 90, 330)
    if cast.random.random() < 0.5:
        duties.add_open_task(cast, cast.random.randrange(2, 25))
    if cast.random.random() < 0.12:
        tell_case(cast, cast.calendar.ago(cast.random.randrange(0, 3)), Stage.WORKING)


def waiting_for_call(cast: Cast) -> None:
    """A follow-up is due today."""
    _past(cast, 2, Mood())
    _ends_in(cast, 60, 300)
    duties.add_open_task(cast, 0, kind=TaskKind.CALL)
    if cast.random.random() < 0.5:
        duties.add_open_promise(cast, 0)


def forgotten(cast: Cast) -> None:
    """A follow-up and a promise of ours are overdue."""
    _past(cast, 9, Mood((4, 4, 2), 0.3))
    _ends_in(cast, 40, 300)
    duties.add_open_task(cast, -cast.random.randrange(1, 9), priority=Priority.HIGH)
    duties.add_open_promise(cast, -cast.random.randrange(1, 5))


def onboarding(cast: Cast) -> None:
    """Just begun: the project runs."""
    days = cast.random.randrange(4, 55)
    cast.client.lifecycle = Lifecycle.ONBOARDING
    cast.client.customer_since = cast.calendar.day(-days)
    add_contract(cast, cast.calendar.today + timedelta(days=365 - days))
    life.tell_onboarding(cast, cast.calendar.ago(days))
    tell_case(cast, cast.calendar.ago(cast.random.randrange(1, 4)), Stage.RESOLVED, name="training")
    duties.add_open_task(cast, cast.random.choice((0, 1, 2, 5)), kind=TaskKind.MEETING)
    duties.add_open_promise(cast, cast.random.choice((0, 1, 3)))


def renewing(cast: Cast) -> None:
    """The contract has to be decided on within weeks."""
    cast.client.lifecycle = Lifecycle.AT_RENEWAL
    _past(cast, 45, Mood((5, 4, 1), 0.25))
    contract = _ends_in(cast, 33, 58)
    contract.auto_renews = False
    contract.set_term(contract.starts_on, contract.ends_on, 30)
    steps = ("first", "offer", "bargain")[: cast.random.randrange(1, 4)]
    life.tell_renewal(cast, cast.calendar.ago(5 + 10 * len(steps)), steps)
    duties.add_open_task(cast, cast.random.choice((-2, 0, 1, 3)), kind=TaskKind.RENEWAL)


def in_trouble(cast: Cast) -> None:
    """Unhappy: complaints, several tickets, one that nobody has answered."""
    _past(cast, 6, _CLOUDY)
    _ends_in(cast, 50, 200)
    tell_case(cast, cast.calendar.ago(12), Stage.REOPENED)
    tell_case(cast, cast.calendar.ago(cast.random.randrange(3, 6)), Stage.ESCALATED, name="slow")
    tell_case(cast, cast.calendar.ago(cast.random.randrange(0, 2)), Stage.NUDGED, name="delay")
    life.tell_checkin(cast, cast.calendar.ago(cast.random.randrange(1, 5)), Mood((0, 0, 1)))
    duties.add_open_task(cast, 0, kind=TaskKind.CALL, priority=Priority.URGENT)


def silent(cast: Cast) -> None:
    """Has not answered for weeks, and the contract runs out."""
    _past(cast, 80, Mood((3, 4, 2), 0.1))
    _ends_in(cast, 70, 150)
    life.tell_silence(cast, cast.calendar.ago(48), cast.random.randrange(3, 6))
    duties.add_open_task(cast, cast.random.choice((-3, -1, 0)), kind=TaskKind.FOLLOW_UP)


def neglected(cast: Cast) -> None:
    """Nobody of ours has turned to the client for months."""
    _past(cast, cast.random.randrange(66, 120), Mood((5, 4, 1), 0.1))
    _ends_in(cast, 120, 300)


def champion_left(cast: Cast) -> None:
    """The person who stood for us has left."""
    _past(cast, 25, Mood())
    _ends_in(cast, 80, 250)
    life.tell_departure(cast, cast.calendar.ago(cast.random.randrange(6, 20)))
    duties.add_open_task(cast, cast.random.choice((0, 1, 2)), kind=TaskKind.MEETING)


def expanding(cast: Cast) -> None:
    """Wants more of us."""
    _past(cast, 30, _SUNNY)
    _ends_in(cast, 120, 330)
    steps = ("expansion.ask", "expansion.demo", "expansion.won")[: cast.random.randrange(1, 4)]
    life.tell_steps(cast, cast.calendar.ago(4 + 9 * len(steps)), steps, Sentiment.POSITIVE)
    duties.add_open_task(cast, cast.random.choice((0, 1, 4)), kind=TaskKind.MEETING)


def with_open_ticket(cast: Cast) -> None:
    """Asked something today that waits for its first answer."""
    _past(cast, 4, Mood())
    _ends_in(cast, 60, 300)
    stage = cast.random.choice((Stage.UNANSWERED, Stage.UNANSWERED, Stage.WORKING, Stage.WAITING))
    tell_case(cast, cast.calendar.ago(cast.random.randrange(0, 2)), stage)
    if cast.random.random() < 0.4:
        tell_case(cast, cast.calendar.ago(cast.random.randrange(2, 7)), Stage.WAITING)


def renewed(cast: Cast) -> None:
    """Signed again a few weeks ago."""
    _past(cast, 60, _SUNNY)
    _ends_in(cast, 310, 345)
    life.tell_renewal(cast, cast.calendar.ago(52), ("first", "offer", "bargain", "signed"))
    if cast.random.random() < 0.5:
        duties.add_open_task(cast, cast.random.randrange(5, 40))


def churned(cast: Cast) -> None:
    """Has left, and we know why."""
    client, left = cast.client, cast.random.randrange(20, 300)
    reason = cast.phrases.pick("churn_reason", cast.random)
    client.set_lifecycle(Lifecycle.CHURNED, today=cast.calendar.day(-left), reason=reason)
    _past(cast, left + 40, _CLOUDY)
    add_contract(cast, cast.calendar.day(-left), ContractStatus.ENDED)
    life.tell_renewal(cast, cast.calendar.ago(left + 30), ("first", "bargain", "lost"))


def prospect(cast: Cast) -> None:
    """Not a client yet."""
    cast.client.lifecycle, cast.client.customer_since = Lifecycle.PROSPECT, None
    steps = ("expansion.ask", "expansion.demo")[: cast.random.randrange(1, 3)]
    life.tell_steps(cast, cast.calendar.ago(25), steps, Sentiment.NEUTRAL)
    duties.add_open_task(cast, cast.random.choice((0, 2, 6)), kind=TaskKind.CALL)


_PLOTS: Final[tuple[tuple[Plot, int], ...]] = (
    (steady, 26),
    (waiting_for_call, 12),
    (renewing, 9),
    (with_open_ticket, 12),
    (in_trouble, 6),
    (onboarding, 7),
    (forgotten, 6),
    (silent, 5),
    (neglected, 4),
    (expanding, 5),
    (champion_left, 4),
    (renewed, 4),
    (churned, 7),
    (prospect, 3),
)


def plots_for(count: int, random: Random) -> Iterator[tuple[Plot, bool]]:
    """Give a plot for each client, and whether it is told of one's own, whatever the dice say.

    Every plot is there once, and one's own, before any comes twice by chance: Today is to have
    something of everything.
    """
    chosen = [(plot, True) for plot, _ in _PLOTS][:count]
    chosen += [(choose(random, _PLOTS), False) for _ in range(count - len(chosen))]
    random.shuffle(chosen)
    yield from chosen


def _past(cast: Cast, until: int, mood: Mood) -> None:
    """Tell the years before, up to some days ago."""
    since = cast.client.customer_since
    begun = cast.calendar.moment(since) if since else cast.calendar.ago(until + 200)
    last = cast.calendar.now - timedelta(days=until)
    if (last - begun).days < 70:
        return
    life.tell_onboarding(cast, begun)
    life.tell_years(cast, begun + timedelta(days=70), last, mood)
    duties.add_done_tasks(cast, begun, cast.random.randrange(2, 6))


def _ends_in(cast: Cast, low: int, high: int) -> Contract:
    """Add the contract that ends in some days, and the one before it."""
    ends_on: date = cast.calendar.today + timedelta(days=cast.random.randrange(low, high))
    contract = add_contract(cast, ends_on)
    since = cast.client.customer_since
    assert contract.starts_on is not None
    if since is not None and since > contract.starts_on:
        contract.set_term(since, ends_on, contract.notice_days)
    elif since is not None and since < contract.starts_on - timedelta(days=200):
        former = add_contract(cast, contract.starts_on - timedelta(days=1), ContractStatus.ENDED)
        former.auto_renews = False
        cast.contract = contract
    return contract
