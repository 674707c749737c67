"""Usage: taken in day by day, once however often it is read, and added up by whole weeks."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.recorded import Recorded
from deskcrm.domain.usage.commands import UsageFigure, delete_usage, record_usage
from deskcrm.domain.usage.model import UsageWeek
from deskcrm.domain.usage.queries import WeekTotal, list_usage, weekly_usage
from deskcrm.store.store import Store
from tests.watch import START, Watch

TODAY = START.date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())


def figures(client: ClientId, values: dict[date, float], **more: Any) -> list[UsageFigure]:
    return [UsageFigure(client, "Orders", day, value, **more) for day, value in values.items()]


def shown(desk: Store, client: ClientId) -> Sequence[float | None]:
    (series,) = desk.ask(list_usage, client)
    return [day.value for day in series.days]


def test_figures_are_written_down_once_however_often_they_are_read(
    desk: Store, client: ClientId
) -> None:
    days = {MONDAY - timedelta(days=n): float(n) for n in (1, 2, 4)}
    assert desk.do(record_usage, figures(client, days)).value == Recorded(new=3)
    assert shown(desk, client) == [4.0, None, 2.0, 1.0]
    again = desk.do(record_usage, figures(client, days))
    assert (again.value, again.step) == (Recorded(same=3), None)


def test_a_figure_that_was_corrected_takes_the_place_of_the_former(
    desk: Store, client: ClientId
) -> None:
    desk.do(record_usage, figures(client, {MONDAY: 5.0}, ceiling=10.0))
    assert desk.do(record_usage, figures(client, {MONDAY: 7.0})).value == Recorded(changed=1)
    (series,) = desk.ask(list_usage, client)
    assert (series.days[0].value, series.ceiling) == (7.0, 10.0)
    desk.undo()
    assert shown(desk, client) == [5.0]
    desk.undo()
    assert desk.ask(list_usage, client) == []


def test_what_was_undone_comes_back_only_as_far_as_it_is_told_again(
    desk: Store, client: ClientId
) -> None:
    two = {MONDAY - timedelta(days=7): 5.0, MONDAY - timedelta(days=6): 6.0}
    desk.do(record_usage, figures(client, two, ceiling=9.0))
    desk.undo()
    one = {MONDAY - timedelta(days=7): 4.0}
    assert desk.do(record_usage, figures(client, one)).value == Recorded(new=1)
    (series,) = desk.ask(list_usage, client)
    assert ([day.value for day in series.days], series.ceiling) == ([4.0], None)


def test_a_metric_is_one_in_any_spelling(desk: Store, client: ClientId) -> None:
    desk.do(record_usage, [UsageFigure(client, "Отчёты", MONDAY, 1)])
    desk.do(record_usage, [UsageFigure(client, " отчеты ", MONDAY - timedelta(days=7), 2)])
    (series,) = desk.ask(list_usage, client)
    assert series.metric == "Отчёты"
    assert [day.value for day in series.days if day.value is not None] == [2.0, 1.0]


@pytest.mark.parametrize(
    ("metric", "day", "value", "words"),
    [
        (" ", MONDAY, 1.0, "needs the name"),
        ("Orders", MONDAY, -1.0, "less than not at all"),
        ("Orders", MONDAY, float("nan"), "less than not at all"),
        ("Orders", TODAY + timedelta(days=2), 1.0, "has not come yet"),
    ],
)
def test_what_cannot_have_been_counted_is_refused(
    desk: Store, client: ClientId, metric: str, day: date, value: float, words: str
) -> None:
    with pytest.raises(UserError, match=words):
        desk.do(record_usage, [UsageFigure(client, metric, day, value)])
    assert desk.ask(list_usage, client) == []


def test_weeks_are_added_up_whole_and_what_nobody_told_is_not_zero(
    desk: Store, client: ClientId
) -> None:
    other = desk.do(create_company, name="Other").value
    days = {MONDAY - timedelta(weeks=3) + timedelta(days=n): 2.0 for n in range(7)}
    days |= {MONDAY - timedelta(weeks=1): 3.0, MONDAY: 100.0}
    desk.do(record_usage, figures(client, days))
    desk.do(record_usage, figures(other, {MONDAY - timedelta(weeks=20): 1.0}))
    found = desk.ask(weekly_usage, until=TODAY)
    assert found == {
        client: [
            WeekTotal("Orders", MONDAY - timedelta(weeks=3), 14.0, 7),
            WeekTotal("Orders", MONDAY - timedelta(weeks=1), 3.0, 1),
        ]
    }
    assert desk.ask(weekly_usage, until=TODAY, clients=[other], weeks=30).keys() == {other}


def test_as_of_a_moment_only_what_was_reported_by_then_counts(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(record_usage, figures(client, {MONDAY - timedelta(weeks=2): 1.0}))
    then = desk.ask(lambda db: db.now)
    watch.move(hours=1)
    desk.do(record_usage, figures(client, {MONDAY - timedelta(weeks=3): 9.0}))
    asked: dict[str, Any] = {"until": TODAY, "clients": [client]}
    (known,) = desk.ask(weekly_usage, **asked, recorded_by=then)[client]
    assert known.total == 1.0
    assert len(desk.ask(weekly_usage, **asked)[client]) == 2


def test_the_figures_of_a_metric_are_deleted_and_come_back(desk: Store, client: ClientId) -> None:
    desk.do(record_usage, figures(client, {MONDAY: 5.0, MONDAY - timedelta(days=7): 4.0}))
    assert desk.do(delete_usage, client, metric="orders").value == 2
    with pytest.raises(UserError, match="no figures"):
        desk.do(delete_usage, client, metric="orders")
    desk.undo()
    assert len(shown(desk, client)) == 8


def test_two_devices_that_read_one_feed_make_the_same_rows(client: ClientId) -> None:
    week = {"client_id": client, "metric": "Orders", "week_on": MONDAY}
    assert UsageWeek.work_out_id(week) == UsageWeek.work_out_id(week | {"metric": "ORDERS "})
    assert UsageWeek.work_out_id(week) != UsageWeek.work_out_id(week | {"metric": "Seats"})
