"""Notifications: what is new is told once, in groups; quiet is quiet; one digest a day."""

from dataclasses import replace
from datetime import UTC, datetime, time
from uuid import UUID

import pytest

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.notices.rules import Notice, Rules, Watch, read_time
from deskcrm.domain.today.queries import TodayAction, TodayItem, TodayKind

MONDAY = datetime(2026, 3, 9, 10, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 14, 10, tzinfo=UTC)
RULES = Rules()
NO_DIGEST = Rules(digests=False)


def item(number: int, kind: TodayKind = TodayKind.TASK_DUE) -> TodayItem:
    return TodayItem(
        kind, f"Thing {number}", "", TodayAction.OPEN_CLIENT, ClientId(UUID(int=number)), "Acme"
    )


def numbers(notice: Notice | None) -> list[str]:
    return [one.title for one in notice.items] if notice is not None else []


def test_what_was_there_before_is_not_told() -> None:
    watch = Watch()
    assert watch.look([item(1)], NO_DIGEST, MONDAY) is None
    assert numbers(watch.look([item(1), item(2)], NO_DIGEST, MONDAY)) == ["Thing 2"]
    assert watch.look([item(1), item(2)], NO_DIGEST, MONDAY) is None


def test_what_goes_and_comes_again_is_told_again() -> None:
    watch = Watch()
    watch.look([item(1)], NO_DIGEST, MONDAY)
    watch.look([], NO_DIGEST, MONDAY)
    assert numbers(watch.look([item(1)], NO_DIGEST, MONDAY)) == ["Thing 1"]


def test_what_comes_in_quiet_hours_is_told_together_afterwards_unless_it_is_gone() -> None:
    watch, night = Watch(), MONDAY.replace(hour=22)
    watch.look([], NO_DIGEST, MONDAY)
    assert watch.look([item(1)], NO_DIGEST, night) is None
    assert watch.look([item(1), item(2)], NO_DIGEST, night) is None
    assert watch.look([item(2), item(3)], NO_DIGEST, night) is None
    morning = MONDAY.replace(day=10, hour=8)
    assert numbers(watch.look([item(2), item(3)], NO_DIGEST, morning)) == ["Thing 2", "Thing 3"]


def test_the_digest_comes_once_a_day_when_the_shift_begins_and_says_all_of_it() -> None:
    watch = Watch()
    items = [item(1), item(2, TodayKind.CLIENT_SILENT)]
    assert watch.look(items, RULES, MONDAY.replace(hour=8, minute=30)) is None
    digest = watch.look(items, RULES, MONDAY.replace(hour=9))
    assert digest is not None and digest.is_digest and numbers(digest) == ["Thing 1", "Thing 2"]
    assert watch.look(items, RULES, MONDAY) is None
    assert watch.look(items, RULES, MONDAY.replace(day=10)) is not None


def test_a_program_that_is_started_again_does_not_repeat_the_digest() -> None:
    watch = Watch(digest_on="2026-03-09")
    assert watch.look([item(1)], RULES, MONDAY) is None


def test_an_empty_day_has_no_digest_and_none_later_on_that_day() -> None:
    watch = Watch()
    assert watch.look([], RULES, MONDAY) is None
    notice = watch.look([item(1)], RULES, MONDAY.replace(hour=11))
    assert notice is not None and not notice.is_digest


def test_renewals_and_silent_clients_wait_for_the_digest() -> None:
    watch = Watch()
    watch.look([], NO_DIGEST, MONDAY)
    later = [item(1, TodayKind.RENEWAL_NEAR), item(2, TodayKind.CLIENT_SILENT)]
    assert watch.look(later, NO_DIGEST, MONDAY) is None


def test_what_one_does_oneself_is_not_told() -> None:
    watch = Watch()
    watch.look([], NO_DIGEST, MONDAY)
    watch.absorb([item(1)])
    assert watch.look([item(1)], NO_DIGEST, MONDAY) is None


def test_nothing_is_told_when_that_is_the_wish_and_nothing_is_saved_up() -> None:
    watch, off = Watch(), Rules(shows=False)
    watch.look([], off, MONDAY)
    assert watch.look([item(1)], off, MONDAY) is None
    assert watch.look([item(1)], NO_DIGEST, MONDAY) is None


@pytest.mark.parametrize(
    ("hour", "quiet"), [(7, True), (8, False), (18, False), (19, True), (23, True), (0, True)]
)
def test_quiet_hours_may_go_over_midnight(hour: int, quiet: bool) -> None:
    assert RULES.is_quiet(MONDAY.replace(hour=hour)) is quiet


def test_quiet_hours_may_be_within_a_day_or_none_and_weekends_are_quiet() -> None:
    lunch = Rules(quiet_from=time(13), quiet_until=time(14))
    assert lunch.is_quiet(MONDAY.replace(hour=13)) and not lunch.is_quiet(MONDAY)
    never = Rules(quiet_from=time(8), quiet_until=time(8), is_quiet_at_weekends=False)
    assert not never.is_quiet(MONDAY.replace(hour=8)) and not never.is_quiet(SATURDAY)
    assert RULES.is_quiet(SATURDAY)


def test_items_are_grouped_by_kind_the_most_pressing_first() -> None:
    notice = Notice((item(1), item(2, TodayKind.PROMISE_OVERDUE), item(3)))
    said = [(kind, len(items)) for kind, items in notice.groups()]
    assert said == [(TodayKind.PROMISE_OVERDUE, 1), (TodayKind.TASK_DUE, 2)]


def test_a_time_that_cannot_be_read_is_the_usual_one() -> None:
    assert read_time("07:45", time(9)) == time(7, 45)
    assert read_time("later", time(9)) == time(9)


def vip(minute: int) -> TodayItem:
    return replace(item(7, TodayKind.VIP_WAITS), at=MONDAY.replace(minute=minute))


def test_an_alert_is_told_once_for_each_wait() -> None:
    watch = Watch()
    watch.look([], NO_DIGEST, MONDAY)
    assert numbers(watch.look([vip(1)], NO_DIGEST, MONDAY)) == ["Thing 7"]
    assert watch.look([vip(1)], NO_DIGEST, MONDAY) is None
    # The client was answered and wrote again between two looks: another wait.
    assert numbers(watch.look([vip(9)], NO_DIGEST, MONDAY)) == ["Thing 7"]


def test_an_alert_that_began_while_the_program_was_closed_is_told_and_not_again() -> None:
    watch = Watch()
    assert numbers(watch.look([item(1), vip(1)], NO_DIGEST, MONDAY)) == ["Thing 7"]
    again = Watch(told=watch.told)
    assert again.look([item(1), vip(1)], NO_DIGEST, MONDAY) is None
    assert numbers(again.look([vip(9)], NO_DIGEST, MONDAY)) == ["Thing 7"]
    again.look([], NO_DIGEST, MONDAY)
    assert again.told == frozenset()


def test_an_alert_of_quiet_hours_is_still_untold_after_a_restart() -> None:
    watch, night = Watch(), MONDAY.replace(hour=22)
    assert watch.look([vip(1)], NO_DIGEST, night) is None
    assert watch.told == frozenset()
    assert numbers(Watch(told=watch.told).look([vip(1)], NO_DIGEST, MONDAY)) == ["Thing 7"]


def test_an_alert_is_told_also_to_who_works_here_right_now() -> None:
    watch = Watch()
    watch.look([], NO_DIGEST, MONDAY)
    watch.absorb([item(1), vip(1)])
    assert numbers(watch.look([item(1), vip(1)], NO_DIGEST, MONDAY)) == ["Thing 7"]
    watch.absorb([item(1), vip(1)])
    assert watch.look([item(1), vip(1)], NO_DIGEST, MONDAY) is None
