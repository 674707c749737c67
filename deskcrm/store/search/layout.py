"""Reads what was typed as if the other keyboard layout had been on."""

import re

_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./" + '~QWERTYUIOP{}ASDFGHJKL:"ZXCVBNM<>?' + "@#$^&"
_CYRILLIC = "ёйцукенгшщзхъфывапролджэячсмитьбю." + "ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ," + '"№;:?'
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_HAS_LATIN = re.compile("[A-Za-z]")
_HAS_CYRILLIC = re.compile("[А-Яа-яЁё]")
_KEYS_ONLY = re.compile(r"""[\[\];',.`{}:"<>~]+""")


def other_layout(typed: str) -> str | None:
    """The same keys under the other layout (bdfyjd: иванов), or None where it makes no sense.

    Must be given the text before it is cut into words: х ъ ж э б ю ё are punctuation keys.
    """
    latin, cyrillic = _HAS_LATIN.search(typed), _HAS_CYRILLIC.search(typed)
    if latin and not cyrillic:
        return typed.translate(_TO_CYRILLIC)
    if cyrillic and not latin:
        return typed.translate(_TO_LATIN)
    if not cyrillic and _KEYS_ONLY.fullmatch(typed):
        return typed.translate(_TO_CYRILLIC)
    return None
