"""The recovery code: read as people type it, and no typing mistake gets past it."""

from collections.abc import Callable

import pytest

from deskcrm.base.errors import UserError
from deskcrm.store.keys import code


def test_a_code_has_enough_bits_and_seven_groups() -> None:
    made = {code.new_code() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        groups = one.split("-")
        assert [len(group) for group in groups] == [4] * 7
        assert code.read_code(one) == one


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda shown: shown.replace("-", " "),
        lambda shown: shown.replace("-", ""),
        lambda shown: shown.replace("0", "o").replace("1", "l"),
        lambda shown: shown.replace("0", "O").replace("1", "I"),
        lambda shown: f"  {shown}\n",
        lambda shown: shown.replace("A", "А").replace("K", "К").replace("M", "м"),
        lambda shown: shown.replace("-", "–"),
    ],
)
def test_a_code_is_read_as_people_type_it(typed: Callable[[str], str]) -> None:
    shown = code._grouped(code._checked(0x20A1_B001_0A2B_C3D4_E5F6_0718_293A_4B5C))
    assert code.read_code(typed(shown)) == shown


def test_every_wrong_character_and_every_swap_is_noticed() -> None:
    for _ in range(5):
        shown = code.new_code().replace("-", "")
        for place in range(len(shown)):
            for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
                wrong = shown[:place] + other + shown[place + 1 :]
                if wrong != shown:
                    with pytest.raises(UserError, match="mistyped"):
                        code.read_code(wrong)
            for second in range(place):
                letters = list(shown)
                letters[place], letters[second] = letters[second], letters[place]
                swapped = "".join(letters)
                if swapped != shown:
                    with pytest.raises(UserError, match="mistyped"):
                        code.read_code(swapped)


def test_what_is_wrong_with_a_code_is_said() -> None:
    with pytest.raises(UserError) as caught:
        code.read_code("K7QF-2M9X")
    assert "28 letters and digits; 8 were typed" in caught.value.detail
    with pytest.raises(UserError) as caught:
        code.read_code("K7QF-2M9X-U")
    assert "“U” is in no recovery code" in caught.value.detail
