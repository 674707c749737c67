"""The figures of tickets: a week worked out by hand, as of its end, and what each row adds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskcrm.domain.calendars.working_time import Calendar, working_time_between
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.merges.commands import merge_tickets
from deskcrm.domain.metrics import in_time
from deskcrm.domain.metrics.catalogue import MEANINGS, Metric
from deskcrm.domain.metrics.figures import Figure, Period, Unit
from deskcrm.domain.metrics.lives import Life, Rules
from deskcrm.domain.metrics.narrowing import Narrowing
from deskcrm.domain.metrics.report import Report, get_report
from deskcrm.domain.metrics.rows import RowMark, list_rows
from deskcrm.domain.metrics.support import SUPPORT, Window, entries_of, measure
from deskcrm.domain.metrics.working import Working
from deskcrm.domain.sla.clocks import ClockKind, Terms
from deskcrm.domain.teams.commands import add_member, create_team
from deskcrm.domain.tickets.commands import open_ticket, set_state
from deskcrm.domain.tickets.lines import escalate
from deskcrm.domain.tickets.model import SupportLine
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store
from deskcrm.store.types import to_milliseconds
from tests.domain.metrics.plainly import PLAINLY
from tests.domain.metrics.world import at, tell_ticket
from tests.watch import Watch

HOUR = 3_600
WEEK = Period(date(2026, 3, 2), date(2026, 3, 8))
OPEN, RESOLVED = TicketState.OPEN, TicketState.RESOLVED
M = Metric


@pytest.fixture
def week(desk: Store, client: ClientId) -> ClientId:
    """Four tickets: answered and solved, reopened, never answered, and one that came by phone."""
    desk.do(
        tell_ticket,
        client,
        at(2, 10),
        replied=at(2, 11),
        moves=[(at(2, 15), RESOLVED)],
        number=1,
        owner=desk.actor,
    )
    moves = [(at(4, 17), RESOLVED), (at(5, 9), OPEN), (at(5, 12), RESOLVED)]
    desk.do(
        tell_ticket, client, at(2, 17), replied=at(3, 10), moves=moves, number=2, owner=desk.actor
    )
    desk.do(tell_ticket, client, at(6, 12), number=3)
    desk.do(
        tell_ticket,
        client,
        at(3, 10),
        moves=[(at(3, 10, 30), RESOLVED)],
        number=4,
        channel=Channel.CALL,
    )
    return client  # fmt: skip


def figures(report: Report) -> dict[Metric, Figure]:
    return {one.metric: one.figure for one in report.measured}


def test_a_week_worked_out_by_hand(desk: Store, week: ClientId) -> None:
    found = figures(desk.ask(get_report, WEEK))
    hours = {
        # 1, 2 and, unanswered after six working hours on Friday, more: half are done at 2
        M.FIRST_RESPONSE: 2,
        M.FIRST_RESPONSE_AROUND_THE_CLOCK: 17,
        # 0.5, 5, more than 6, 18
        M.FIRST_RESOLUTION: 5,
        M.LAST_RESOLUTION: 5,
        M.FIRST_RESOLUTION_AROUND_THE_CLOCK: 5,
        M.LAST_RESOLUTION_AROUND_THE_CLOCK: 5,
    }
    assert {metric: found[metric].value for metric in hours} == {
        metric: one * HOUR for metric, one in hours.items()
    }
    assert (found[M.FIRST_RESPONSE].n, found[M.FIRST_RESOLUTION].n) == (3, 4)
    counts = [found[one].value for one in (M.OPENED_TICKETS, M.SOLVED_TICKETS, M.BACKLOG)]
    assert counts == [4, 3, 1]
    assert found[M.REOPEN_RATE].value == pytest.approx(100 / 3)
    # The unanswered one has two working hours left as of Sunday: it is not decided.
    in_time = found[M.FIRST_RESPONSE_IN_TIME]
    assert (in_time.value, in_time.n) == (100, 3)
    assert found[M.RESOLUTION_IN_TIME].n == 3
    assert found[M.BACKLOG].period == WEEK


def test_the_week_before_had_nothing_and_says_so(desk: Store, week: ClientId) -> None:
    trend = {one.metric: one for one in desk.ask(get_report, WEEK).measured}
    assert len(trend[M.BACKLOG].trend) == 12
    before = trend[M.FIRST_RESPONSE].before
    assert before is not None and (before.value, before.n, before.period) == (None, 0, WEEK.before)
    assert trend[M.OPENED_TICKETS].change == 4 and trend[M.FIRST_RESPONSE].change is None


def test_what_happens_later_does_not_change_a_week_that_is_over(
    desk: Store, week: ClientId
) -> None:
    before = figures(desk.ask(get_report, WEEK))
    desk.do(tell_ticket, week, at(9, 10), replied=at(9, 11), number=5)
    third = desk.ask(list_rows, M.BACKLOG, WEEK, Narrowing()).rows[0]
    assert third.ticket_id is not None and third.number == 3
    desk.do(set_state, [third.ticket_id], state=RESOLVED)
    assert figures(desk.ask(get_report, WEEK)) == before
    after = figures(desk.ask(get_report, Period(date(2026, 3, 9), date(2026, 3, 15))))
    assert (after[M.SOLVED_TICKETS].value, after[M.BACKLOG].value) == (1, 1)


def test_a_reply_too_late_and_none_at_all_are_both_not_in_time(
    desk: Store, client: ClientId
) -> None:
    # Eight working hours are promised: from Monday at 10 until Tuesday at 9, at once with them.
    desk.do(tell_ticket, client, at(2, 10), replied=at(2, 18), number=1)
    desk.do(tell_ticket, client, at(2, 10), replied=at(2, 20), number=2)
    desk.do(tell_ticket, client, at(2, 10), replied=at(3, 10), number=3)
    desk.do(tell_ticket, client, at(2, 10), number=4)
    rows = desk.ask(list_rows, M.FIRST_RESPONSE_IN_TIME, WEEK, Narrowing())
    marks = {row.number: row.mark for row in rows.rows}
    late, kept = RowMark.LATE, RowMark.IN_TIME
    assert marks == {1: kept, 2: late, 3: late, 4: late}
    assert [row.mark for row in rows.rows] == [late, late, late, kept]
    assert figures(desk.ask(get_report, WEEK))[M.FIRST_RESPONSE_IN_TIME].value == 25


def test_the_rows_of_a_time_are_the_tickets_that_count(desk: Store, week: ClientId) -> None:
    found = figures(desk.ask(get_report, WEEK))
    for metric in (one for one in M if MEANINGS[one].unit is Unit.SECONDS):
        rows = desk.ask(list_rows, metric, WEEK, Narrowing())
        assert rows.total == found[metric].n == len(rows.rows) and rows.unit is Unit.SECONDS
        took = [row.value or 0 for row in rows.rows]
        assert took == sorted(took, reverse=True) and took[0] > 0
        assert {row.number for row in rows.rows if row.mark is RowMark.GOES_ON} == {3}
        assert len(desk.ask(list_rows, metric, WEEK, Narrowing(), limit=1).rows) == 1


def test_the_rows_of_a_count_and_of_a_share(desk: Store, week: ClientId) -> None:
    def numbers(metric: Metric) -> list[int | None]:
        return [row.number for row in desk.ask(list_rows, metric, WEEK, Narrowing()).rows]

    assert numbers(M.OPENED_TICKETS) == [3, 4, 2, 1]
    assert numbers(M.BACKLOG) == [3]
    assert numbers(M.REOPEN_RATE)[0] == 2
    row = desk.ask(list_rows, M.BACKLOG, WEEK, Narrowing()).rows[0]
    assert (row.client, row.title, row.at) == ("Acme", "Ticket 3", at(6, 12))


def test_figures_of_a_person_a_team_and_some_clients(desk: Store, week: ClientId) -> None:
    boris = desk.do(add_user, name="Boris").value
    outer = desk.do(create_team, name="Support").value
    inner = desk.do(create_team, name="Nights", parent_id=outer).value
    desk.do(add_member, inner, user_id=boris)
    other = desk.do(create_company, name="Other", city="Omsk").value
    desk.do(tell_ticket, other, at(4, 10), owner=boris, number=6)

    anna = UserId(desk.actor)

    def opened(narrowing: Narrowing) -> float | None:
        return figures(desk.ask(get_report, WEEK, narrowing))[M.OPENED_TICKETS].value

    assert opened(Narrowing()) == 5
    assert opened(Narrowing(user_id=boris)) == 1 and opened(Narrowing(user_id=anna)) == 2
    assert opened(Narrowing(team_id=inner)) == opened(Narrowing(team_id=outer)) == 1
    omsk = Filter().also("city", Comparison.IS, "Omsk")
    assert opened(Narrowing(segment=omsk)) == 1
    assert opened(Narrowing(segment=omsk, user_id=anna)) == 0


def test_a_merged_ticket_counts_where_it_is_read(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    first = desk.do(open_ticket, client, subject="Dark", text="Help", channel=Channel.EMAIL).value
    watch.move(hours=1)
    again = desk.do(open_ticket, client, subject="Still", text="Help", channel=Channel.EMAIL).value
    watch.move(hours=1)
    desk.do(merge_tickets, [again], into_id=first)
    watch.move(hours=5)
    today = Period(date(2026, 3, 11), date(2026, 3, 11))
    found = figures(desk.ask(get_report, today))
    assert found[M.OPENED_TICKETS].value == found[M.BACKLOG].value == 1
    assert (found[M.FIRST_RESPONSE].n, found[M.FIRST_RESPONSE_IN_TIME].n) == (1, 0)
    # Nine working hours after the first of them: the eight that were promised are over.
    watch.move(hours=5)
    assert figures(desk.ask(get_report, today))[M.FIRST_RESPONSE_IN_TIME].value == 0


def test_the_load_of_people_and_lines(desk: Store, week: ClientId, watch: Watch) -> None:
    watch.at = at(6, 14)
    boris = desk.do(add_user, name="Boris").value
    third = desk.ask(list_rows, M.BACKLOG, WEEK, Narrowing()).rows[0].ticket_id
    assert third is not None
    desk.do(escalate, third, reason="Odd", tried="Nothing", worker_id=boris)
    watch.at = at(11, 9)
    report = desk.ask(get_report, WEEK)
    people = {one.name: (one.opened.n, one.solved.n, one.backlog.n) for one in report.people}
    assert people == {"Anna": (3, 2, 1), "": (1, 1, 0)}
    assert [one.name for one in report.people] == ["Anna", ""]
    one, two, three = report.lines
    assert (one.line, one.came, one.left, one.backlog) == (SupportLine.FIRST, 4, 4, 0)
    assert (two.came, two.left, two.backlog) == (1, 0, 1) and three.came == 0
    # 0.5, 2, 5 and, of the reopened one, 48 and 3 hours while it was open
    assert one.stay.value == 2 * HOUR and two.stay.value is None


BERLIN = Calendar("Europe/Berlin", dict.fromkeys(range(5), (("09:00", "18:00"),)), {})
MOMENTS = st.integers(0, 14 * 24 * 4).map(lambda n: at(23, month=3) + timedelta(minutes=15 * n))


@given(MOMENTS, MOMENTS)
def test_working_time_counted_fast_is_working_time(one: datetime, other: datetime) -> None:
    start, end = sorted((one, other))
    working = Working(BERLIN)
    working.between(to_milliseconds(other), to_milliseconds(other + timedelta(days=900)))
    took = working.between(to_milliseconds(start), to_milliseconds(end))
    assert timedelta(milliseconds=took) == working_time_between(BERLIN, start, end)
    assert working.between(to_milliseconds(end), to_milliseconds(start)) == 0


def test_a_calendar_without_working_time_counts_none() -> None:
    working = Working(Calendar("UTC", {}, {}))
    assert working.between(0, to_milliseconds(datetime(2026, 1, 1, tzinfo=UTC))) == 0


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """A life of up to six moves; the promises are so short that many end at the last moment."""
    opened = draw(MOMENTS)
    after = st.integers(0, 200).map(lambda n: opened + timedelta(minutes=15 * n))
    states = st.sampled_from([one for one in TicketState if one is not TicketState.NEW])
    moves = sorted(draw(st.lists(st.tuples(after, states), max_size=6)), key=lambda move: move[0])
    hours = st.sampled_from([timedelta(hours=n) for n in (1, 2, 5, 9, 12)])
    targets = {kind: draw(hours) for kind in ClockKind}
    terms = Terms(targets, draw(st.sets(states, max_size=2).map(frozenset)))
    millisecond = timedelta(milliseconds=1)
    rules = Rules.of(terms, Working(BERLIN))
    assert rules.resolution == targets[ClockKind.RESOLUTION] // millisecond
    replied = draw(st.none() | after)
    return Life(
        b"", None, "1", draw(st.booleans()), to_milliseconds(opened),
        None if replied is None else to_milliseconds(replied),
        [(to_milliseconds(moment), state.value) for moment, state in moves], rules,
    )  # fmt: skip


@given(lives(), MOMENTS)
def test_what_is_decided_fast_is_what_the_clocks_say(life: Life, until: datetime) -> None:
    now = to_milliseconds(until)
    if life.opened >= now:
        return
    for kind, fast in (
        (ClockKind.FIRST_RESPONSE, in_time.response_in_time),
        (ClockKind.RESOLUTION, in_time.resolution_in_time),
    ):
        assert fast(life, now) is in_time.exactly(life, kind, now)


@settings(max_examples=50)
@given(st.lists(lives(), max_size=4), MOMENTS)
def test_what_is_worked_out_at_once_is_what_each_figure_says(
    some: list[Life], end: datetime
) -> None:
    until, week = to_milliseconds(end), 7 * 24 * HOUR * 1_000
    chain = [Window(until - back * week, until - (back - 1) * week) for back in (3, 2, 1)]
    for window in chain:
        opened = [one for one in some if window.since <= one.opened < window.until]
        for metric, plainly in PLAINLY.items():
            entries = [(one, plainly(one, window.until)) for one in opened]
            plain = [(one, entry) for one, entry in entries if entry is not None]
            assert entries_of(metric, some, window) == plain
        still = [one for one in some if one.opened < window.until]
        left = [one for one in still if one.settled_since(window.until) is None]
        assert [one for one, _ in entries_of(M.BACKLOG, some, window)] == left
    alone = [measure(some, [window]) for window in chain]
    together = measure(some, chain)
    assert together == {metric: [one[metric][0] for one in alone] for metric in SUPPORT}


@pytest.mark.parametrize(
    ("ended", "kept"),
    [(at(24, 16), True), (at(24, 17), True), (at(24, 17, 15), False), (at(25, 7, 45), False)],
)
def test_a_promise_of_a_day_ends_with_the_day_and_not_with_the_next_morning(
    ended: datetime, kept: bool
) -> None:
    # Nine working hours from Monday evening: until 18 o'clock in Berlin on Tuesday, 17 in UTC.
    terms = Terms(dict.fromkeys(ClockKind, timedelta(hours=9)))
    opened, end = to_milliseconds(at(23, 20)), to_milliseconds(ended)
    rules = Rules.of(terms, Working(BERLIN))
    life = Life(b"", None, "1", False, opened, end, [(end, RESOLVED.value)], rules)
    late = to_milliseconds(at(26))
    assert in_time.response_in_time(life, late) is kept
    assert in_time.resolution_in_time(life, late) is kept
    assert in_time.resolution_in_time(life, end) is (None if kept else False)
