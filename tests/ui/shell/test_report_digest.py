"""The short report of the morning: when it is due, what it says, told once."""

from datetime import UTC, date, datetime, time

import pytest

from deskcrm.base import clock
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.metrics.digest import digest_period, get_digest
from deskcrm.domain.metrics.figures import Period
from deskcrm.domain.metrics.settings import DIGEST, Cadence
from deskcrm.domain.notices.rules import Rules
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk, Told
from deskcrm.ui.shell import report_digest
from deskcrm.ui.shell.notices import Notices
from deskcrm.ui.shell.report_digest import ReportDigest
from deskcrm.ui.shell.window import Window
from tests.ui.settle import settle

WEDNESDAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("cadence", "period"),
    [
        (Cadence.NEVER, None),
        (Cadence.DAILY, Period(date(2026, 3, 10), date(2026, 3, 10))),
        (Cadence.WEEKLY, Period(date(2026, 3, 2), date(2026, 3, 8))),
        (Cadence.MONTHLY, Period(date(2026, 2, 1), date(2026, 2, 28))),
    ],
)
def test_the_last_period_that_is_over_is_told_of(cadence: Cadence, period: Period | None) -> None:
    assert digest_period(cadence, WEDNESDAY) == period


def test_it_waits_for_the_shift_and_for_the_end_of_the_quiet_hours(
    desk: Desk, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ReportDigest(Notices(window, None))
    settle(desk)
    morning = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
    assert made.due(morning) == Period(date(2026, 3, 2), date(2026, 3, 8))
    assert made.due(morning.replace(hour=8)) is None  # the shift begins at nine
    assert made.due(morning.replace(hour=20)) is None  # it is quiet
    assert made.due(morning.replace(day=14)) is None  # a Saturday
    desk.setting(DIGEST, Cadence.NEVER.value)
    assert made.due(morning) is None
    desk.setting(DIGEST, Cadence.WEEKLY.value)
    monkeypatch.setattr(report_digest, "rules_of", lambda _desk: Rules(shows=False))
    assert made.due(morning) is None


def test_a_report_is_told_of_once_and_opens_the_reports(
    desk: Desk, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    always = Rules(
        shift_begins=time(0), quiet_from=time(9), quiet_until=time(9), is_quiet_at_weekends=False
    )
    monkeypatch.setattr(report_digest, "rules_of", lambda _desk: always)
    client = desk.store.do(create_company, name="Acme").value
    desk.store.do(open_ticket, client, subject="Dark", text="Help", channel=Channel.EMAIL)
    today = dates.local(clock.now()).date()
    lines = desk.store.ask(get_digest, Period(today, today))
    assert lines == ["Opened tickets: 1 (+1)", "Backlog: 1 (+1)"]
    monkeypatch.setattr(report_digest, "digest_period", lambda _cadence, day: Period(day, day))
    heard: list[Told] = []
    desk.told.connect(heard.append)
    made = ReportDigest(Notices(window, None))
    for _ in range(2):
        made.look()
        settle(desk)
    reports = [one for one in heard if one.text.startswith("Report: ")]
    assert [one.detail for one in reports] == ["Opened tickets: 1 (+1) · Backlog: 1 (+1)"]
    went: list[str] = []
    desk.went.connect(lambda place, _where: went.append(place))
    assert reports[0].more is not None
    reports[0].more()
    assert went == ["reports"]
