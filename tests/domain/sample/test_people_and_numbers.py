"""Made-up people, companies and numbers hold what the program expects of real ones."""

from random import Random

import pytest

from deskcrm.domain.contacts import emails, phones
from deskcrm.domain.sample.companies import make_company, make_tax_number
from deskcrm.domain.sample.people import make_person
from deskcrm.domain.sample.places import choose_place
from deskcrm.domain.sample.telephone import Telephones


@pytest.mark.parametrize("is_fictional", [True, False])
@pytest.mark.parametrize("country", ["RU", "GB", "US", "DE"])
def test_numbers_are_read_back_as_they_are_kept(country: str, is_fictional: bool) -> None:
    telephones = Telephones(Random(5), is_fictional=is_fictional)
    for _ in range(150):
        area = "8442" if country == "RU" else ""
        for number in (telephones.mobile(country), telephones.office(country, area)):
            read = phones.parse(number.typed, "RU")
            assert read is not None, number
            assert (read.e164, read.extension) == (number.normal, number.extension)


def test_numbers_are_typed_in_many_ways() -> None:
    telephones = Telephones(Random(5), is_fictional=True)
    shapes = {
        "".join("0" if sign.isdigit() else sign for sign in telephones.mobile("RU").typed)
        for _ in range(200)
    }
    assert len(shapes) >= 7


@pytest.mark.parametrize("nation", ["ru", "en", "de"])
def test_people_have_addresses_that_can_be_written_to(nation: str) -> None:
    random = Random(2)
    for _ in range(200):
        person, company = make_person(nation, random), make_company(nation, random)
        address = f"{person.latin[0]}.{person.latin[1]}@{company.domain}"
        assert emails.normalize(address) == address


def test_companies_do_not_repeat_soon() -> None:
    random = Random(4)
    assert len({make_company("ru", random).name for _ in range(500)}) > 480
    assert len({make_company("en", random).name for _ in range(500)}) > 480


def test_russian_tax_numbers_have_their_check_digit() -> None:
    place, weights = choose_place("ru", Random(1)), (2, 4, 10, 3, 5, 9, 4, 6, 8)
    for seed in range(50):
        digits = [int(sign) for sign in make_tax_number(place, Random(seed))]
        total = sum(d * w for d, w in zip(digits, weights, strict=False))
        assert len(digits) == 10
        assert total % 11 % 10 == digits[-1]
