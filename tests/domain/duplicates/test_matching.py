"""Which records are the same: written otherwise they are, colleagues of one office are not."""

from collections.abc import Mapping

import pytest

from bench.duplicates import measured
from bench.duplicates_world import make_world
from deskcrm.domain.duplicates import find_pairs, match
from deskcrm.domain.duplicates.reading import read
from deskcrm.domain.duplicates.weighing import Ground, is_slip

Record = Mapping[str, str]
IVAN = {"name": "Иван Сергеевич Петров", "phone": "+7 912 345-67-89", "email": "petrov@example.com"}


def is_one(one: Record, other: Record) -> bool:
    return [pair[:2] for pair in match([one, other])] == [(0, 1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (IVAN, {"name": "Петров Иван", "phone": "8 (912) 345 67 89"}),
        (IVAN, {"name": "Petrov Ivan", "email": "PETROV+crm@example.com"}),
        (IVAN, {"name": "Иван Петорв", "phone": "9123456789"}),
        (IVAN, {"name": "petrov@example.com", "email": "Петров Иван Сергеевич"}),
        ({"name": "ООО «Ромашка»", "city": "Тверь"}, {"name": "Ромашка, ооо", "city": "г. Тверь"}),
        ({"name": "ООО «Северный ветер»"}, {"name": "OOO Severnyj veter"}),
        ({"name": "Acme Widgets LLC"}, {"name": "Widgets Acme, Ltd."}),
        ({"name": "Müller Technik GmbH"}, {"name": "Mueller Technik GmbH & Co. KG",
                                           "address": "Hauptstr. 1"}),
        ({"name": "Blumstein Pharma"}, {"company": "Blumstien Pharma GmbH"}),
        ({"name": "А", "tax_number": "7707083893"}, {"name": "А", "tax_number": "77 07 08 38 93"}),
        ({"ФИО": "Петров Иван", "Моб. телефон": "8 912 345-67-89"},
         {"Full name": "Petrov Ivan", "Phone number": "+79123456789"}),
        ({"Организация": "ООО «Северный ветер»", "Населённый пункт": "Тверь"},
         {"Company name": "OOO Severnyj veter", "Town": "Тверь"}),
        ({"First name": "Ann", "Last name": "Blackwood", "Customer id": "10000001"},
         {"Имя": "Ann", "Фамилия": "Blackwood", "id": "20000002", "Дата рождения": "1990-01-31"}),
        ({"Who": "Blackwood Ann", "Mail": "ann@example.com"},
         {"Contact": "Ann Blackwood", "E-mail address": "ann@example.com"}),
    ],
)  # fmt: skip
def test_one_written_in_two_ways_is_found(one: Record, other: Record) -> None:
    assert is_one(one, other)
    assert is_one(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (IVAN, {"name": "Мария Сидорова", "email": "sidorova@example.com"}),
        (IVAN, {"name": "Иван Кузнецов", "phone": "+7 912 345-67-88"}),
        ({"name": "Ann Lee", "company": "Acme"}, {"name": "Bob Roe", "company": "Acme"}),
        ({"name": "ООО «Вектор»", "city": "Тверь"}, {"name": "ООО «Ромашка»", "city": "Тверь"}),
        ({"name": "Service"}, {"name": ""}),
        ({"name": "Ann Lee", "created": "2024-01-15", "city": "Oslo"},
         {"name": "Bob Roe", "created": "2024-01-15", "city": "Oslo"}),
        # Somebody of a company, whose fields were swapped, is not the company.
        ({"name": "Blue Cove", "company": "Monika Hellewege", "address": "High Road 81, 16651"},
         {"name": "Blue Cove GmbH", "address": "High Road 81, 16651"}),
        ({}, {}),
    ],
)  # fmt: skip
def test_two_are_two(one: Record, other: Record) -> None:
    assert match([one, other]) == []


def test_a_number_that_an_office_shares_says_little() -> None:
    office = [
        {"name": name, "company": "Acme", "phone": "+44 20 7946 0000", "address": "1 High Road"}
        for name in ("Ann Lee", "Bob Roe", "Cid Poe", "Dan Fox", "Eve Day", "Fay Orr", "Guy Ash")
    ]
    assert match(office) == []
    again = {"name": "Lee Ann", "phone": "020 7946 0000"}
    assert [pair[:2] for pair in match([*office, again])] == [(0, len(office))]


def test_each_pair_says_what_speaks_for_it_and_against() -> None:
    other = {"name": "Петров Иван", "phone": "+7 912 345-67-89", "email": "other@example.org"}
    (pair,) = find_pairs([IVAN, other])
    bits = {one.ground: one.bits for one in pair.weights}
    assert bits[Ground.NAME] > 0 and bits[Ground.PHONE] > 0 > bits[Ground.EMAIL]
    assert 0.85 <= pair.probability < 1


def test_the_likeliest_comes_first_and_the_threshold_is_kept() -> None:
    records = [IVAN, dict(IVAN), {"name": "Петров Иван", "phone": "8 912 345 67 89"}]
    found = match(records, threshold=0.5)
    assert {pair[:2] for pair in found} == {(0, 1), (0, 2), (1, 2)}
    assert found[0][:2] == (0, 1)
    assert [how for *_, how in found] == sorted((how for *_, how in found), reverse=True)
    assert all(one < other and 0.5 <= how <= 1 for one, other, how in found)
    assert match(records, threshold=1.01) == []


def test_numbers_and_addresses_are_known_in_whatever_field_they_stand() -> None:
    found = read({"notes": "call +7 (912) 345-67-89 or ANN+x@Example.com", "Имя": "Анна", "n": ""})
    assert found.phones == {"9123456789"}
    assert found.emails == {"ann@example.com"}
    assert len(found.name) == 1


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [
        ("ivanov", "ivanov", 0), ("ivanov", "ivanof", 1), ("ivanov", "ivano", 1),
        ("ivanov", "ivannov", 1), ("ivanov", "iavnov", 1), ("ivanov", "iavnof", 2),
        ("ivanov", "petrov", 3), ("", "a", 1), ("ab", "ba", 1),
    ],
)  # fmt: skip
def test_slips_are_counted_as_they_are_made(one: str, other: str, slips: int) -> None:
    for most in range(3):
        assert is_slip(one, other, most) == is_slip(other, one, most) == (slips <= most)


@pytest.mark.parametrize("seed", [1, 2])
def test_most_of_what_was_written_twice_is_found_and_little_else(seed: int) -> None:
    world = make_world(1_500, seed)
    found = [(one, other) for one, other, _ in match(world.records)]
    precision, recall = measured(found, world)
    assert precision >= 0.93 and recall >= 0.93, (precision, recall)
