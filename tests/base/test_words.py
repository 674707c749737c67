"""Words, days and settings as each language says them."""

from datetime import date, datetime

import pytest

from deskcrm.base.days import said_day, said_moment
from deskcrm.base.settings import Setting, find_setting
from deskcrm.base.words import past, sentence, speaking, tr

LOUD = Setting("testing.loud", False, "Loud")
SIZE = Setting("testing.size", "small", "Size", choices=("small", "tall"), said=str.upper)


@pytest.mark.parametrize(("language", "day"), [("en", "3 March 2026"), ("ru", "3 марта 2026")])
def test_a_day_is_said_in_words_without_qt(language: str, day: str) -> None:
    with speaking(language):
        assert said_day(date(2026, 3, 3)) == day
        assert said_moment(datetime(2026, 3, 3, 14, 5).astimezone()) == f"{day}, 14:05"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("ООО «Ромашка»", "Клиент «ООО «Ромашка»"),
        ("«Лотос» на Неве", "Клиент «Лотос» на Неве»"),
        ("Ромашка", "Клиент «Ромашка»"),
    ],
)
def test_where_two_quotation_marks_meet_russian_writes_one(title: str, said: str) -> None:
    with speaking("ru"):
        assert tr("{noun} “{title}”", noun="Клиент", title=title) == said


def test_a_setting_says_its_values_in_words() -> None:
    assert find_setting("testing.size") is SIZE
    assert find_setting("testing.nothing") is None
    assert (SIZE.say("tall"), SIZE.say("huge")) == ("TALL", "SMALL")
    with speaking("ru"):
        assert (LOUD.say("True"), LOUD.say("False")) == ("да", "нет")


def test_what_was_done_is_said_in_the_past() -> None:
    assert [past(one) for one in ("Rename client", "Add tag", "Keep promise", "Reply")] == [
        "Renamed client", "Added tag", "Kept promise", "Replied",
    ]  # fmt: skip
    with speaking("ru"):
        assert past("Rename client") == "Клиент переименован"


def test_an_abbreviation_stays_in_capitals() -> None:
    assert sentence("sla_policy") == "SLA policy"
    assert sentence("NPS") == "NPS"
    assert sentence("vipers") == "Vipers", "only a whole word"
