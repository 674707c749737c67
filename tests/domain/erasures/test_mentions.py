"""A person is found in texts by name, number and address, as people write them."""

import pytest

from deskcrm.domain.erasures.mentions import Terms, far, near, redacted

ANNA = Terms(("Анна Петрова", "Anna Lee"), ("79161234567",), ("anna@example.com",))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Звонила Петрова", "Звонила *"),
        ("Сказали Анне Петровой.", "Сказали *."),
        ("с Анной и Петровым", "с * и *"),
        ("Anna Lee's car, and Lee", "* car, and *"),
        ("8 (916) 123-45-67!", "*!"),
        ("+79161234567", "*"),
        ("916 123 45 67 доб. 2", "* доб. 2"),
        ("пишите на ANNA@example.com, да", "пишите на *, да"),
    ],
)
def test_what_speaks_of_the_person_goes(text: str, left: str) -> None:
    assert redacted(text, near(ANNA), "*") == left


@pytest.mark.parametrize(
    "text",
    [
        "Петроград, the sleeve, Hannah",
        "joanna@example.com",
        "89161234568 and 1791612345670",
        "",
    ],
)
def test_what_speaks_of_others_stays(text: str) -> None:
    assert redacted(text, near(ANNA), "*") == text


def test_elsewhere_a_single_word_of_a_name_is_somebody_else() -> None:
    text = "Анна сказала, что Анна Петрова придёт"
    assert redacted(text, far(ANNA), "*") == "Анна сказала, что * придёт"


def test_of_nobody_nothing_is_found() -> None:
    assert redacted("anything at all", near(Terms()), "*") == "anything at all"
