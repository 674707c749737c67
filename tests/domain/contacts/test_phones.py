"""Phone numbers as people write them."""

import random
import subprocess
import sys

import pytest

from deskcrm.domain.contacts.phones import (
    PhoneNumber,
    digits,
    display,
    find_numbers,
    is_region,
    normalize,
    parse,
)

MOBILE = "+79161234567"


@pytest.mark.parametrize(
    ("text", "region", "expected"),
    [
        ("8 (916) 123-45-67", "RU", MOBILE),
        ("8(916)1234567", "RU", MOBILE),
        ("+7 916 123 45 67", "RU", MOBILE),
        ("7 916 123 45 67", "RU", MOBILE),
        ("9161234567", "RU", MOBILE),
        ("8.916.123.45.67", "RU", MOBILE),
        ("8‑916‑123‑45‑67", "RU", MOBILE),
        ("+ 7 (916) 123-45-67", "RU", MOBILE),
        ("８（９１６）１２３－４５－６７", "RU", MOBILE),
        ("+٧٩١٦١٢٣٤٥٦٧", "RU", MOBILE),
        ("8 916 O12 34 56", "RU", "+79160123456"),
        ("tel:+7-916-123-45-67", "RU", MOBILE),
        ("tel:%2B79161234567", "RU", MOBILE),
        ("callto://+79161234567", "RU", MOBILE),
        ("sip:+79161234567@pbx.example.org", "RU", MOBILE),
        ("тел. 8-916-123-45-67 (Иван)", "RU", MOBILE),
        ("8-916-123-45-67 tomorrow", "RU", MOBILE),
        ("810 44 20 7946 0958", "RU", "+442079460958"),
        ("0044 20 7946 0958", "RU", "+442079460958"),
        ("375 29 123-45-67", "RU", "+375291234567"),
        ("+44 (0)20 7946 0958", "RU", "+442079460958"),
        ("020 7946 0958", "GB", "+442079460958"),
        ("0221/1234567", "DE", "+492211234567"),
        ("8 727 258 1234", "KZ", "+77272581234"),
        ("1-800-FLOWERS", "US", "+18003569377"),
        ("8 (916) 123-45-67", "ru", MOBILE),
    ],
)
def test_a_number_is_read_in_any_format(text: str, region: str, expected: str) -> None:
    assert normalize(text, region) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "+",
        "call me",
        "12345",
        "123-45-67",
        "00000000000",
        "+7 000 000 00 00",
        "+7 916 123",
        "+7 (916) 123-45-6",
        "2026-11-22 10:30",
        "ИНН 7707083893",
        "дом 8, кв 916, 1234567",
        "+7 495 abcdefg",
        "8 916 12 abcde",
        "+" * 5000,
        "9" * 5000,
    ],
)
def test_nonsense_is_no_number(text: str) -> None:
    assert normalize(text, "RU") is None


def test_an_unknown_region_still_reads_full_numbers() -> None:
    assert normalize("+79161234567", "XX") == MOBILE
    assert normalize("8 (916) 123-45-67", "XX") is None


@pytest.mark.parametrize(
    "text",
    [
        "8 (916) 123-45-67 доб. 12",
        "8 (916) 123-45-67, доб 12",
        "8 (916) 123-45-67 (внутр. 12)",
        "8 (916) 123-45-67 ext. 12",
        "8 (916) 123-45-67 x12",
        "8 (916) 123-45-67 #12",
        "tel:+7-916-123-45-67;ext=12",
    ],
)
def test_an_extension_is_kept_apart(text: str) -> None:
    assert parse(text, "RU") == PhoneNumber(MOBILE, "12")


@pytest.mark.parametrize(
    "text",
    [
        "+7 916 123-45-67, +7 916 123-45-68",
        "8 916 123-45-67/8 916 123-45-68",
        "89161234567 89161234568",
        "+79161234567;89161234568",
        "8(916)123-45-67 или 8(916)123-45-68",
        "моб. 8 916 123 45 67, другой: 8 916 123 45 68, снова 8 916 123 45 67",
    ],
)
def test_several_numbers_in_one_text_are_all_found(text: str) -> None:
    assert [one.e164 for one in find_numbers(text, "RU")] == [MOBILE, "+79161234568"]


def test_each_number_keeps_its_own_extension() -> None:
    text = "Офис: (495) 123-45-67, доб. 101; моб. 8 916 123 45 67"
    assert find_numbers(text, "RU") == (PhoneNumber("+74951234567", "101"), PhoneNumber(MOBILE))


def test_the_shorthand_of_a_second_number_does_not_spoil_the_first() -> None:
    assert normalize("8 495 123-45-67/68", "RU") == "+74951234567"


def test_a_full_number_in_a_range_not_known_yet_is_taken() -> None:
    assert normalize("+1 555 123 4567", "RU") == "+15551234567"


def test_digits_are_kept_whatever_their_script() -> None:
    assert digits("+７ (916) ١٢٣-45 доб") == "791612345"


def test_a_number_is_shown_as_its_country_groups_it() -> None:
    assert display("+79161234567") == "+7 916 123-45-67"
    assert display("+74872482314") == "+7 4872 48-23-14", "a code of four digits, as in Tula"
    assert display("+74951234567") == "+7 495 123-45-67"
    assert display("+78001234567") == "+7 800 123-45-67"
    assert display("+442079460958") == "+44 20 7946 0958"
    assert display("not a number") == "not a number"


def test_a_region_is_two_known_letters() -> None:
    assert is_region("ru")
    assert not is_region("XX")


def test_the_tables_of_numbers_are_not_loaded_before_a_number_is_read() -> None:
    probe = (
        "import sys, deskcrm.domain.all, deskcrm.domain.contacts.queries;"
        "sys.exit(any(m.startswith(('phonenumbers', 'zoneinfo')) for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", probe], check=False).returncode == 0


@pytest.mark.parametrize("text", ["+7 9{}", "8 (9{})", "8-9{}", "+79{}", "8.9{}"])
def test_the_quick_way_to_a_russian_mobile_is_the_way_of_all_rules(text: str) -> None:
    rolls = random.Random(3)
    for _ in range(60):
        number = text.format(f"{rolls.randrange(10**9):09}")
        slow = parse(f" {number}\u00a0", "RU")  # a space that the quick way does not know
        assert parse(number, "RU") == slow
    assert parse("8 916 123-45-67", "US") is None
