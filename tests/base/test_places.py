"""Cities and countries in words, and how far a city's time is from UTC."""

import json
from datetime import UTC, datetime

import pytest

from deskcrm.base import clock, places
from deskcrm.base.words import speaking
from deskcrm.domain.timezones import time_zone_names
from tools.places import FILE, text


@pytest.fixture(autouse=True)
def _winter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 1, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("zone", "en", "ru"),
    [
        ("Europe/Moscow", "Moscow, UTC+3", "Москва, UTC+3"),
        ("Asia/Kolkata", "Kolkata, UTC+5:30", "Калькутта, UTC+5:30"),
        ("America/New_York", "New York, UTC−5", "Нью-Йорк, UTC−5"),
        ("America/St_Johns", "St. John’s, UTC−3:30", "Сент-Джонс, UTC−3:30"),
        ("Europe/London", "London, UTC", "Лондон, UTC"),
        ("UTC", "UTC", "UTC"),
        ("US/Pacific", "Pacific, UTC−8", "Pacific, UTC−8"),
    ],
)
def test_a_time_zone_is_a_city_and_how_far_it_is(zone: str, en: str, ru: str) -> None:
    assert places.zone_words(zone) == en
    with speaking("ru"):
        assert places.zone_words(zone) == ru


def test_every_zone_to_choose_from_is_one_that_is_taken() -> None:
    zones = dict(places.zones())
    assert set(zones) <= set(time_zone_names())
    assert len(set(zones.values())) == len(zones) > 400
    assert "US/Pacific" not in zones
    assert dict(places.zones("US/Pacific"))["US/Pacific"] == "Pacific, UTC−8"


def test_a_country_is_called_as_the_language_calls_it() -> None:
    assert places.country("DE") == "Germany"
    assert places.country("??") == "??"
    with speaking("ru"):
        assert places.country("DE") == "Германия"
        names = [name for _, name in places.countries()]
        assert len(names) > 240 and names.index("Австрия") < names.index("Япония")


def test_the_names_are_those_of_the_locale_data() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "run python -m tools.places"
    cities = json.loads(text())["ru"]["cities"]
    assert [name for name in cities.values() if name.isascii()] == []
