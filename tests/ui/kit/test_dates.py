"""Dates, numbers and what people type for them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from deskcrm.base import words
from deskcrm.ui.kit import dates, language

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)  # a Tuesday
TUESDAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    ("distance", "said"),
    [
        (timedelta(seconds=-10), "just now"),
        (timedelta(minutes=-5), "5 min ago"),
        (timedelta(hours=-2), "2 h ago"),
        (timedelta(hours=-2, minutes=-40), "2 h ago"),
        (timedelta(hours=3), "in 3 h"),
        (timedelta(days=-1), "yesterday"),
        (timedelta(days=1), "tomorrow"),
        (timedelta(days=-3), "3 days ago"),
        (timedelta(days=5), "in 5 days"),
        (timedelta(days=-400), "3 Feb 2025"),
    ],
)
def test_how_far_away_a_moment_is(distance: timedelta, said: str) -> None:
    assert dates.ago(NOW + distance, NOW) == said


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("today", TUESDAY),
        ("Завтра", date(2026, 3, 11)),
        ("fri", date(2026, 3, 13)),
        ("пятница", date(2026, 3, 13)),
        ("вт", date(2026, 3, 17)),
        ("+3", date(2026, 3, 13)),
        ("2w", date(2026, 3, 24)),
        ("in 2 weeks", date(2026, 3, 24)),
        ("через 3 дня", date(2026, 3, 13)),
        ("24.05", date(2026, 5, 24)),
        ("24.05.27", date(2027, 5, 24)),
        ("24/5/2027", date(2027, 5, 24)),
        ("2027-05-24", date(2027, 5, 24)),
        ("31.02", None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_a_day_is_read_as_people_type_it(typed: str, wanted: date | None) -> None:
    assert dates.parse_day(typed, TUESDAY) == wanted


def test_a_day_long_gone_without_a_year_is_next_years() -> None:
    assert dates.parse_day("10.01", date(2026, 12, 20)) == date(2027, 1, 10)
    assert dates.parse_day("1.12", date(2026, 12, 20)) == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("15", 900), ("1:30", 5400), ("1h 30m", 5400), ("1,5 ч", 5400), ("90 мин", 5400),
        ("45 s", 45), ("2 дня", 172_800), ("long", None), ("5 apples", None), ("", None),
    ],
)  # fmt: skip
def test_a_duration_is_read_as_people_type_it(typed: str, seconds: int | None) -> None:
    assert dates.parse_duration(typed) == seconds


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("1200", 120_000), ("1 200,50", 120_050), ("1,200.50", 120_050), ("1.200,50", 120_050),
        ("1,200", 120_000), ("12k", 1_200_000), ("1,5 млн", 150_000_000), ("0,05", 5),
        ("1.000.000", 100_000_000), ("12 тыс.", 1_200_000), ("abc", None), ("", None),
    ],
)  # fmt: skip
def test_money_is_read_as_people_type_it(typed: str, minor: int | None) -> None:
    assert dates.parse_money(typed) == minor


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [("9", (9, 0)), ("930", (9, 30)), ("9:30", (9, 30)), ("17.05", (17, 5)), ("25", None)],
)
def test_a_time_is_read_as_people_type_it(typed: str, wanted: tuple[int, int] | None) -> None:
    assert dates.parse_time(typed) == wanted


def test_what_is_said_is_read_back() -> None:
    for seconds in (45, 60, 900, 3600, 5400, 36_000):
        assert dates.parse_duration(dates.duration(seconds)) == seconds
    for code in words.LANGUAGES:
        words.set_language(code)
        assert dates.parse_money(dates.number(1234567.5, 2)) == 123_456_750
    words.set_language("en")


def test_numbers_and_days_follow_the_language() -> None:
    assert dates.number(12480) == "12,480"
    assert (dates.percent(0.29), dates.percent(8 / 11)) == ("29%", "73%")
    assert dates.day(date(2020, 3, 3)) == "3 Mar 2020"
    assert dates.money(1_250_000, "EUR") == "€12,500"
    assert dates.money(-1_250_050, "USD") == "−$12,500.50"
    assert dates.money(1_250_000, "CHF") == "12,500\u00a0CHF"
    words.set_language("ru")
    assert dates.number(12480).replace("\u202f", "\u00a0") == "12\u00a0480"
    assert dates.day(date(2020, 3, 3)) == "3 мар. 2020"
    assert dates.money(50_000, "RUB") == "500\u00a0₽"
    assert dates.near_day(dates.today() + timedelta(days=1)) == "завтра"


@pytest.mark.parametrize(
    ("size", "en", "ru"),
    [
        (1, "1 byte", "1 байт"), (2, "2 bytes", "2 байта"), (848, "848 bytes", "848 байт"),
        (2048, "2.0 kB", "2,0 кБ"),
    ],
)  # fmt: skip
def test_a_size_is_said_in_the_right_plural(size: int, en: str, ru: str) -> None:
    assert dates.file_size(size) == en
    with words.speaking("ru"):
        assert dates.file_size(size) == ru


def test_qts_own_words_follow_the_language(qapp: object) -> None:
    from PySide6.QtCore import QCoreApplication

    language.use("ru")
    try:
        said = QCoreApplication.translate("QPlatformTheme", "Cancel")
    finally:
        language.use("en")
    assert said == "Отмена"
    assert QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel"
