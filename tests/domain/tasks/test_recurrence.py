"""Tasks that come back: by which rule, and on which day."""

from datetime import date

import pytest

from deskcrm.base import words
from deskcrm.base.errors import UserError
from deskcrm.domain.tasks.recurrence import (
    Unit,
    carried,
    check_rule,
    later,
    make_rule,
    next_day,
    rule_in_words,
)

WEDNESDAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("rule", "due_on", "done_on", "expected"),
    [
        ("FREQ=DAILY", WEDNESDAY, WEDNESDAY, date(2026, 3, 12)),
        ("FREQ=DAILY", date(2026, 3, 1), WEDNESDAY, date(2026, 3, 12)),
        ("FREQ=WEEKLY", WEDNESDAY, WEDNESDAY, date(2026, 3, 18)),
        ("FREQ=WEEKLY", date(2026, 3, 13), WEDNESDAY, date(2026, 3, 20)),
        ("FREQ=WEEKLY", date(2026, 2, 27), WEDNESDAY, date(2026, 3, 13)),
        ("FREQ=WEEKLY;INTERVAL=2", WEDNESDAY, WEDNESDAY, date(2026, 3, 25)),
        ("FREQ=WEEKLY;BYDAY=MO,FR", WEDNESDAY, WEDNESDAY, date(2026, 3, 13)),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", date(2026, 3, 13), WEDNESDAY, date(2026, 3, 16)),
        ("FREQ=MONTHLY", date(2026, 1, 31), date(2026, 1, 31), date(2026, 3, 31)),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", date(2026, 1, 31), date(2026, 1, 31), date(2026, 2, 28)),
        ("FREQ=MONTHLY;BYDAY=1MO", date(2026, 3, 2), WEDNESDAY, date(2026, 4, 6)),
        ("FREQ=YEARLY", date(2024, 2, 29), date(2024, 3, 1), date(2028, 2, 29)),
        ("FREQ=DAILY;UNTIL=20260312", WEDNESDAY, WEDNESDAY, date(2026, 3, 12)),
        ("FREQ=DAILY;UNTIL=20260311", WEDNESDAY, WEDNESDAY, None),
        ("FREQ=DAILY;COUNT=1", WEDNESDAY, WEDNESDAY, None),
    ],
)
def test_the_next_day_follows_the_rule(
    rule: str, due_on: date, done_on: date, expected: date | None
) -> None:
    assert next_day(check_rule(rule), due_on, done_on) == expected


def test_a_counted_rule_counts_what_is_left() -> None:
    rule = "FREQ=DAILY;COUNT=3"
    second = carried(rule, WEDNESDAY, date(2026, 3, 12))
    assert second == "FREQ=DAILY;COUNT=2"
    third = carried(second, date(2026, 3, 12), date(2026, 3, 13))
    assert third == "FREQ=DAILY;COUNT=1"
    assert next_day(third, date(2026, 3, 13), date(2026, 3, 13)) is None


@pytest.mark.parametrize(
    "rule", ["often", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=XX", "INTERVAL=2"]
)
def test_what_does_not_say_how_often_is_refused(rule: str) -> None:
    with pytest.raises(UserError, match="does not say how often"):
        check_rule(rule)


def test_no_rule_is_fine() -> None:
    assert check_rule("  ") == ""
    assert rule_in_words("") == ""


def test_rules_are_made_and_said() -> None:
    made = make_rule(2, Unit.WEEK, [4, 0])
    assert made == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"
    assert rule_in_words(made) == "every 2 weeks: Monday, Friday"
    assert rule_in_words(make_rule(1, Unit.WORKING_DAY)) == "every working day"
    assert rule_in_words(make_rule(1, Unit.MONTH)) == "every month"
    assert rule_in_words("FREQ=DAILY;COUNT=2") == "every day, 2 times left"
    with pytest.raises(UserError, match="every 0 days"):
        make_rule(0, Unit.DAY)
    words.set_language("ru")
    assert rule_in_words("FREQ=DAILY")


@pytest.mark.parametrize(
    ("count", "unit", "expected"),
    [
        (0, Unit.DAY, WEDNESDAY),
        (3, Unit.DAY, date(2026, 3, 14)),
        (3, Unit.WORKING_DAY, date(2026, 3, 16)),
        (2, Unit.WEEK, date(2026, 3, 25)),
        (1, Unit.MONTH, date(2026, 4, 11)),
        (1, Unit.YEAR, date(2027, 3, 11)),
    ],
)
def test_later_counts_in_its_unit(count: int, unit: Unit, expected: date) -> None:
    assert later(WEDNESDAY, count, unit) == expected
