"""Absences: planning, changing, ending; who is away when, and who acts in the end."""

from datetime import UTC, date, datetime, timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.absences import commands
from deskcrm.domain.absences.model import Absence, AbsenceId
from deskcrm.domain.absences.queries import (
    get_away,
    list_absences,
    list_away,
    list_stood_in_for,
)
from deskcrm.domain.calendars.commands import create_calendar, use_calendar
from deskcrm.domain.users.commands import add_user, deactivate_user, edit_user
from deskcrm.domain.users.model import UserId
from deskcrm.store.commands import command
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests.watch import Watch

WEDNESDAY = date(2026, 3, 11)
FRIDAY = date(2026, 3, 13)
MONDAY = date(2026, 3, 16)


@pytest.fixture
def anna(desk: Store) -> UserId:
    desk.do(edit_user, UserId(desk.actor), time_zone="Europe/Moscow")
    return UserId(desk.actor)


@pytest.fixture
def boris(desk: Store) -> UserId:
    return desk.do(add_user, name="Борис", time_zone="Europe/Moscow").value


@pytest.fixture
def vera(desk: Store) -> UserId:
    return desk.do(add_user, name="Вера", time_zone="Europe/Moscow").value


@command("tests.absences.plan_unseen", "As another device planned it")
def plan_unseen(work: Work, user_id: UserId, substitute_id: UserId) -> None:
    """Write an absence that the other one was not known to: what two devices make by sync."""
    work.add(
        Absence(user_id=user_id, first_day=WEDNESDAY, last_day=FRIDAY, substitute_id=substitute_id)
    )


def plan(
    desk: Store,
    user_id: UserId,
    substitute_id: UserId | None = None,
    first_day: date = WEDNESDAY,
    last_day: date = FRIDAY,
) -> AbsenceId:
    return desk.do(
        commands.plan_absence,
        user_id,
        first_day=first_day,
        last_day=last_day,
        substitute_id=substitute_id,
    ).value


def acting_for(desk: Store, user_id: UserId) -> UserId | None:
    row = desk.ask(get_away, user_id)
    return row.acting_id if row else user_id


def test_an_absence_is_planned_and_undone(desk: Store, anna: UserId, boris: UserId) -> None:
    plan(desk, anna, boris)
    (row,) = desk.ask(list_absences)
    assert (row.name, row.substitute, row.is_now) == ("Anna", "Борис", True)
    assert (row.first_day, row.last_day) == (WEDNESDAY, FRIDAY)
    assert acting_for(desk, anna) == boris
    desk.undo()
    assert desk.ask(list_absences) == []
    assert desk.ask(list_away) == {}


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        ("Europe/Moscow", datetime(2026, 3, 12, 21, tzinfo=UTC)),
        ("Asia/Vladivostok", datetime(2026, 3, 12, 14, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 13, 4, tzinfo=UTC)),
    ],
)
def test_days_begin_and_end_where_the_person_is(
    desk: Store, boris: UserId, zone: str, begins: datetime
) -> None:
    desk.do(edit_user, boris, time_zone=zone)
    plan(desk, boris, None, FRIDAY, FRIDAY)
    second = timedelta(seconds=1)
    ends = begins + timedelta(days=1)
    seen = {at: bool(desk.ask(list_away, at=at)) for at in (begins - second, begins)}
    assert list(seen.values()) == [False, True]
    assert desk.ask(get_away, boris, at=ends - second) is not None
    assert desk.ask(get_away, boris, at=ends) is None


def test_without_a_time_zone_of_ones_own_that_of_the_calendar_counts(desk: Store) -> None:
    ivan = desk.do(add_user, name="Ivan").value
    calendar = desk.do(create_calendar, name="East", time_zone="Asia/Vladivostok").value
    desk.do(use_calendar, calendar)
    plan(desk, ivan, None, FRIDAY, FRIDAY)
    begins = datetime(2026, 3, 12, 14, tzinfo=UTC)
    assert desk.ask(get_away, ivan, at=begins) is not None
    assert desk.ask(get_away, ivan, at=begins - timedelta(seconds=1)) is None


def test_a_substitute_who_is_away_hands_on_to_theirs(
    desk: Store, anna: UserId, boris: UserId, vera: UserId
) -> None:
    plan(desk, boris, vera)
    plan(desk, anna, boris, WEDNESDAY, MONDAY)
    row = desk.ask(get_away, anna)
    assert row is not None
    assert (row.acting_id, row.acting, row.through) == (vera, "Вера", ("Борис",))
    monday = datetime(2026, 3, 16, 9, tzinfo=UTC)
    later = desk.ask(get_away, anna, at=monday)
    assert later is not None
    assert (later.acting_id, later.through) == (boris, ())


def test_nobody_acts_where_no_substitute_is_named_or_they_left(
    desk: Store, anna: UserId, boris: UserId
) -> None:
    absence = plan(desk, anna)
    assert acting_for(desk, anna) is None
    desk.do(commands.change_absence, absence, substitute_id=boris)
    assert acting_for(desk, anna) == boris
    desk.do(deactivate_user, boris)
    assert acting_for(desk, anna) is None
    desk.undo()
    desk.undo()
    assert acting_for(desk, anna) is None
    (row,) = desk.ask(list_absences)
    assert row.substitute_id is None


def test_who_is_stood_in_for_is_known_to_the_substitute(
    desk: Store, anna: UserId, boris: UserId, vera: UserId
) -> None:
    plan(desk, boris, anna, WEDNESDAY, MONDAY)
    plan(desk, vera, boris)
    assert [row.name for row in desk.ask(list_stood_in_for)] == ["Вера", "Борис"]
    desk.sign_in(boris)
    assert desk.ask(list_stood_in_for) == []


def test_what_makes_no_sense_is_refused_in_words(desk: Store, anna: UserId, boris: UserId) -> None:
    with pytest.raises(UserError, match="before the first"):
        plan(desk, anna, boris, FRIDAY, WEDNESDAY)
    with pytest.raises(UserError, match="Nobody stands in for themselves"):
        plan(desk, anna, anna)
    with pytest.raises(UserError, match="These days are over"):
        plan(desk, anna, boris, date(2026, 3, 2), date(2026, 3, 6))
    desk.do(deactivate_user, boris)
    with pytest.raises(UserError, match="does not work here"):
        plan(desk, anna, boris)
    with pytest.raises(UserError, match="does not work here"):
        plan(desk, boris)
    assert desk.ask(list_absences) == []


def test_days_that_are_taken_are_refused_but_not_ones_own_when_changed(
    desk: Store, anna: UserId
) -> None:
    absence = plan(desk, anna)
    with pytest.raises(UserError, match="Anna is away from 11 March 2026 to 13 March 2026"):
        plan(desk, anna, None, FRIDAY, MONDAY)
    plan(desk, anna, None, date(2026, 3, 14), MONDAY)
    desk.do(commands.change_absence, absence, first_day=date(2026, 3, 12), note=" rest ")
    row = desk.ask(list_absences)[0]
    assert (row.first_day, row.note) == (date(2026, 3, 12), "rest")
    with pytest.raises(UserError, match="is away from"):
        desk.do(commands.change_absence, absence, last_day=MONDAY)
    desk.undo()
    assert desk.ask(list_absences)[0].first_day == WEDNESDAY


def test_a_circle_is_refused_in_words(
    desk: Store, anna: UserId, boris: UserId, vera: UserId
) -> None:
    plan(desk, anna, boris)
    plan(desk, boris, vera)
    with pytest.raises(UserError, match="Nobody would be left") as caught:
        plan(desk, vera, anna)
    assert "Вера → Anna → Борис → Вера" in caught.value.detail
    assert acting_for(desk, anna) == vera


def test_those_who_are_never_away_together_may_stand_in_for_one_another(
    desk: Store, anna: UserId, boris: UserId, vera: UserId
) -> None:
    plan(desk, anna, boris, WEDNESDAY, FRIDAY)
    plan(desk, boris, anna, MONDAY, MONDAY)
    # Each two of these meet, but not all three on one day.
    plan(desk, vera, anna, FRIDAY, MONDAY)
    assert acting_for(desk, anna) == boris
    with pytest.raises(UserError, match="Nobody would be left"):
        plan(desk, boris, anna, FRIDAY, FRIDAY)


def test_a_circle_that_two_devices_made_leaves_nobody_and_says_so(
    desk: Store, anna: UserId, boris: UserId, vera: UserId
) -> None:
    plan(desk, anna, boris)
    desk.do(plan_unseen, boris, anna)
    plan(desk, vera, anna)
    for person in (anna, boris, vera):
        row = desk.ask(get_away, person)
        assert row is not None
        assert (row.acting_id, row.is_circle) == (None, True)
    ended = next(row.id for row in desk.ask(list_absences) if row.user_id == boris)
    desk.do(commands.cancel_absence, ended)
    assert acting_for(desk, vera) == boris


def test_of_two_absences_that_two_devices_made_the_one_with_a_substitute_counts(
    desk: Store, anna: UserId, boris: UserId
) -> None:
    plan(desk, anna)
    desk.do(plan_unseen, anna, boris)
    assert acting_for(desk, anna) == boris


def test_an_absence_ends_early_and_undo_sends_them_away_again(
    desk: Store, watch: Watch, anna: UserId, boris: UserId
) -> None:
    absence = plan(desk, anna, boris)
    watch.move(hours=3)
    desk.do(commands.end_absence, absence)
    assert desk.ask(get_away, anna) is None
    assert desk.ask(list_absences) == []
    before = watch.at - timedelta(minutes=1)
    assert desk.ask(get_away, anna, at=before) is not None
    with pytest.raises(UserError, match="is over"):
        desk.do(commands.end_absence, absence)
    with pytest.raises(UserError, match="is over"):
        desk.do(commands.change_absence, absence, note="late")
    plan(desk, anna, boris)  # the days that are left are free again
    desk.undo()
    desk.undo()
    assert acting_for(desk, anna) == boris


def test_an_absence_to_come_is_cancelled_not_ended(desk: Store, anna: UserId) -> None:
    absence = plan(desk, anna, None, FRIDAY, MONDAY)
    with pytest.raises(UserError, match="has not begun"):
        desk.do(commands.end_absence, absence)
    desk.do(commands.cancel_absence, absence)
    assert desk.ask(list_absences) == []
    with pytest.raises(UserError, match="not there any more"):
        desk.do(commands.cancel_absence, absence)
    desk.undo()
    assert [row.id for row in desk.ask(list_absences)] == [absence]
