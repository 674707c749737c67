"""Notifications: put into words, told where the person looks, and hushed."""

from datetime import time, timedelta
from uuid import UUID

import pytest

from deskcrm.base import clock
from deskcrm.domain.calendars.commands import create_calendar, use_calendar
from deskcrm.domain.calendars.model import WEEKDAYS
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.notices import settings as chosen
from deskcrm.domain.notices.rules import Notice, Rules
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.today.queries import TodayAction, TodayItem, TodayKind
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.desk import Desk, Told
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.shell import notices
from deskcrm.ui.shell.notices import Notices, count_words, lines_of, title_of
from deskcrm.ui.shell.tray import Tray
from deskcrm.ui.shell.window import Window
from tests.ui.settle import settle

ALWAYS = Rules(digests=False, quiet_from=time(9), quiet_until=time(9), is_quiet_at_weekends=False)


def item(number: int, kind: TodayKind, client: str = "Acme") -> TodayItem:
    return TodayItem(
        kind, f"Thing {number}", "It is time.", TodayAction.OPEN_CLIENT,
        ClientId(UUID(int=number)), client,
    )  # fmt: skip


def test_one_thing_is_named_with_its_reason() -> None:
    notice = Notice((item(1, TodayKind.TASK_DUE),))
    assert title_of(notice) == "1 task is due"
    assert lines_of(notice) == ["Acme · Thing 1", "It is time."]


def test_several_are_put_together_kind_by_kind() -> None:
    items = [item(n, TodayKind.TICKET_UNANSWERED, f"Client {n}") for n in range(1, 6)]
    notice = Notice((item(9, TodayKind.TASK_DUE), *items))
    assert title_of(notice) == "6 things are new"
    assert lines_of(notice) == [
        "5 tickets wait for an answer: Client 1, Client 2, Client 3 and 2 more",
        "1 task is due: Acme",
    ]


def test_the_digest_counts() -> None:
    notice = Notice((item(1, TodayKind.TASK_DUE), item(2, TodayKind.TASK_DUE)), is_digest=True)
    assert (title_of(notice), lines_of(notice)) == ("Your day", ["2 tasks are due"])


@pytest.mark.parametrize("kind", TodayKind)
def test_every_kind_is_counted_in_words(kind: TodayKind) -> None:
    assert count_words(kind, 3).startswith("3 ")


@pytest.fixture
def told(desk: Desk, window: Window, monkeypatch: pytest.MonkeyPatch) -> list[Told]:
    monkeypatch.setattr(notices, "rules_of", lambda _desk: ALWAYS)
    # A case looks when it wants to: however slow the machine is, nobody looks meanwhile.
    monkeypatch.setattr(notices, "_SOON_MS", 3_600_000)
    heard: list[Told] = []
    desk.told.connect(heard.append)
    return heard


def due_today(desk: Desk, title: str) -> None:
    desk.store.do(create_task, title=title, due=dates.today())
    settle(desk)


def test_a_task_that_comes_due_is_told_once_and_opens_the_day(
    desk: Desk, window: Window, told: list[Told]
) -> None:
    made = Notices(window, None)
    settle(desk)
    due_today(desk, "Call them")
    made._is_own = False
    made.look()
    settle(desk)
    (said,) = told
    assert said.text == "1 task is due" and "Call them" in said.detail
    went: list[str] = []
    desk.went.connect(lambda place, _where: went.append(place))
    assert said.more is not None
    said.more()
    assert went == ["today"]
    made.look()
    settle(desk)
    assert len(told) == 1


def test_a_message_opens_what_it_is_about_also_after_another_came(
    desk: Desk, window: Window, told: list[Told]
) -> None:
    made = Notices(window, None)
    settle(desk)
    made.tell_report("Report: March", ["Opened tickets: 1"])
    client = desk.store.do(create_company, name="Acme").value
    ticket = desk.store.do(
        open_ticket, client, subject="Dark", text="Help", channel=Channel.EMAIL
    ).value
    settle(desk)
    made._is_own = False
    made.look()
    settle(desk)
    report, news = told
    went: list[tuple[str, dict[str, object]]] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    for message in (report, news):
        assert message.more is not None
        message.more()
    made.open_told()  # the desktop's own message: what was told last
    opened = ("tickets", {"ticket": ticket})
    assert went == [("reports", {}), opened, opened]


def test_what_was_done_here_is_not_told(desk: Desk, window: Window, told: list[Told]) -> None:
    made = Notices(window, None)
    settle(desk)
    due_today(desk, "Call them")
    made._is_own = True
    made.look()
    settle(desk)
    made.look()
    settle(desk)
    assert told == []


def test_an_hour_of_peace_ends_by_itself_or_when_it_is_wished(
    desk: Desk, window: Window, told: list[Told]
) -> None:
    made = Notices(window, None)
    settle(desk)
    made.hush(on=True)
    assert made.is_hushed
    due_today(desk, "Call them")
    made._is_own = False
    made.look()
    settle(desk)
    assert told == []
    made.hush(on=False)
    made.look()
    settle(desk)
    assert len(told) == 1


def test_the_tray_offers_an_hour_of_peace(desk: Desk, window: Window) -> None:
    tray = Tray(window)
    tray.notices = Notices(window, tray)
    settle(desk)
    tray.name_items()
    hush = next(one for one in tray.menu.actions() if one.isCheckable())
    hush.trigger()
    assert tray.notices.is_hushed


def test_what_the_person_chose_is_followed_and_nonsense_is_the_usual(desk: Desk) -> None:
    desk.setting(chosen.QUIET_FROM, "21:30")
    desk.setting(chosen.SHIFT_BEGINS, "early")
    rules = notices.rules_of(desk)
    assert rules.quiet_from.hour == 21 and rules.shift_begins == Rules().shift_begins
    assert timedelta(hours=1) == notices.HUSH


def test_a_vip_who_waits_too_long_is_told_once_also_after_a_restart(
    desk: Desk, window: Window, told: list[Told]
) -> None:
    day_and_night = dict.fromkeys(WEEKDAYS, "00:00–24:00")
    always = desk.store.do(create_calendar, name="All", time_zone="UTC", **day_and_night).value
    desk.store.do(use_calendar, always)
    client = desk.store.do(create_company, name="Gold", tier=Tier.GOLD).value
    desk.store.do(
        open_ticket, client, subject="Printer", text="Help", channel=Channel.EMAIL,
        opened_at=clock.now() - timedelta(hours=1),
    )  # fmt: skip
    settle(desk)
    for _ in range(2):  # the second one is the program when it is started again
        made = Notices(window, None)
        settle(desk)
        made.look()
        settle(desk)
        made._timer.stop()
    (said,) = told
    assert said.text == "1 important client waits" and said.tone is Tone.WARNING
    assert "Gold · Printer" in said.detail and "30 min is the limit" in said.detail
