"""The recovery code: 130 random bits that a person can write down, read out and type back.

    K7QF-2M9X-0HTV-…        seven groups of four, in Crockford's base 32

The last two characters are a check: the number they follow, modulo 1021. That is a prime, so
every single wrong character and every two characters swapped are noticed before the code is
tried.
"""

import re
import secrets
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# What people read and type in place of it; U is in no code.
_ALIKE: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
# The Cyrillic letters that look like, or lie on the same key cap as, a letter of the code.
_CYRILLIC: Final = str.maketrans("АВЕКМНОРСТХ", "ABEKMH0PCTX")
_RANDOM: Final = 26
_CHECK: Final = 2
_PRIME: Final = 1021
_GROUP: Final = 4


def new_code() -> str:
    """Make a recovery code, in groups."""
    return _grouped(_checked(secrets.randbits(_RANDOM * 5)))


def read_code(typed: str) -> str:
    """Give the code that a person typed as it was made; UserError when it is mistyped.

    Case, spaces and dashes do not matter, nor o for 0, i and l for 1, Cyrillic for Latin.
    """
    text = re.sub(r"[\W_]", "", typed).upper().translate(_CYRILLIC).translate(_ALIKE)
    foreign = sorted(set(text) - set(_ALPHABET))
    if foreign:
        raise _mistyped(tr("“{letter}” is in no recovery code.", letter=foreign[0]))
    if len(text) != _RANDOM + _CHECK:
        counted = tr(
            "It has {expected} letters and digits; {found} were typed.",
            expected=_RANDOM + _CHECK,
            found=len(text),
        )
        raise _mistyped(counted)
    if text != _checked(_number(text[:_RANDOM])):
        raise _mistyped(tr("One of its characters is wrong, or two are swapped."))
    return _grouped(text)


def _mistyped(why: str) -> UserError:
    advice = tr("Compare it with the code that was shown at set-up.")
    return UserError(tr("This recovery code is mistyped."), f"{why} {advice}")


def _checked(number: int) -> str:
    return _characters(number, _RANDOM) + _characters(number % _PRIME, _CHECK)


def _characters(number: int, length: int) -> str:
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))


def _number(text: str) -> int:
    value = 0
    for character in text:
        value = value << 5 | _ALPHABET.index(character)
    return value


def _grouped(text: str) -> str:
    return "-".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
