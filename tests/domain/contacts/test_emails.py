"""Email addresses and messenger names."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.contacts.emails import checked, normalize, normalize_messenger


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" Anna@Example.ORG ", "anna@example.org"),
        ("Анна Петрова <Anna@example.org>", "anna@example.org"),
        ("mailto:anna@example.org?subject=hi", "anna@example.org"),
        ("first.last+tag@sub.example.co.uk", "first.last+tag@sub.example.co.uk"),
        ("Анна@пример.рф", "анна@пример.рф"),
    ],
)
def test_an_address_is_read_in_small_letters(text: str, expected: str) -> None:
    assert normalize(text) == expected


@pytest.mark.parametrize("text", ["", "anna", "anna@", "@example.org", "a b@example.org", "a@b"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert normalize(text) is None


def test_a_bad_address_is_refused_in_words() -> None:
    with pytest.raises(UserError, match="is not an email address"):
        checked("anna@")
    assert checked("  ") == ""


@pytest.mark.parametrize("text", ["@Anna_P", "https://t.me/Anna_P", "t.me/anna_p/", " anna_p "])
def test_a_messenger_name_is_one_however_it_is_written(text: str) -> None:
    assert normalize_messenger(text) == "anna_p"
