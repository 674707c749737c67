"""Writes a name as a skeleton that is the same however it was carried into Latin letters."""

import re
from functools import lru_cache

# Pairs before single letters, longest first. The right side is chosen so that the skeleton of
# a beginning is a beginning of the skeleton wherever the alphabets allow it.
_CYRILLIC = {
    "сч": "s", "зч": "s", "дж": "i", "дже": "e", "йо": "e", "ьо": "e", "ье": "e", "ьё": "e",
    "ие": "e",
    "иё": "e", "йе": "e",
    "ью": "iu", "ья": "ia",
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "z", "з": "z",
    "и": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r",
    "с": "s", "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "c", "ш": "s", "щ": "s",
    "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    "і": "i", "ї": "i", "є": "e", "ґ": "g", "ў": "u", "қ": "k", "ғ": "g", "ң": "n", "ә": "a",
    "ө": "o", "ү": "u", "ұ": "u", "һ": "h", "љ": "l", "њ": "n", "ћ": "c", "ђ": "d", "џ": "c",
    "ј": "i",
}  # fmt: skip
_LATIN = {
    "shch": "s", "sch": "s", "tsch": "c", "tch": "c", "sh": "s", "sz": "s", "ch": "c",
    "ck": "k", "cz": "c", "zh": "z", "kh": "h", "ph": "f", "th": "t", "dzh": "i", "dj": "i",
    "tz": "ts", "ye": "e", "yo": "e", "ie": "e", "je": "e", "x": "ks", "w": "v",
    "q": "k", "c": "k", "y": "i", "j": "i",
    "š": "s", "č": "c", "ž": "z", "ć": "c", "ś": "s", "ş": "s", "ź": "z", "ż": "z", "ç": "s",
    "ł": "l", "đ": "d",
}  # fmt: skip


def _alternation(table: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(table, key=len, reverse=True)))


_CYRILLIC_PIECE, _LATIN_PIECE = _alternation(_CYRILLIC), _alternation(_LATIN)
# Nobody says it: Johnson is Джонсон, Fahrenheit is Фаренгейт.
_SILENT_H = re.compile("(?<=[aeiou])h(?=[bcdfgjklmnpqrstvwxz])")
_HAS_CYRILLIC = re.compile("[\u0400-\u04ff]")
_DOUBLED = re.compile(r"([a-zа-я])\1+")
# A Latin letter inside a Cyrillic word is a slip of the layout: it looks the same.
_LOOKALIKES = str.maketrans("aceopxykmthb", "асеорхукмтнв")
_MANY_FOR_ONE = frozenset("цьъюяx")
# What a beginning may still grow into: "k" may become "kh", "c" "ch", "p" "ph", "y" "yo".
_GROWS = {
    "k": ("h",), "c": ("c", "s"), "p": ("f",), "y": ("e",), "j": ("e",), "i": ("e",),
    "d": ("i",), "t": ("c",), "д": ("i", "e"), "дж": ("e",), "tc": ("c",), "й": ("e",),
    "и": ("e",), "з": ("s",), "dz": ("i",),
}  # fmt: skip


@lru_cache(maxsize=1 << 14)
def skeleton(word: str, *, hears_h: bool = False) -> str:
    """The Latin skeleton of one lower-case word: Хрущёв, Khrushchev and Hruschev are one.

    ``hears_h`` keeps a silent h: that is how the word begins while it is being typed.
    """
    heard = word if hears_h or not word.isascii() else _SILENT_H.sub("", word)
    return _once(in_latin(heard)) or word


def in_latin(word: str) -> str:
    """The word letter by letter, doubled letters still double."""
    if word.isascii():
        return _LATIN_PIECE.sub(lambda found: _LATIN[found[0]], word)
    if _HAS_CYRILLIC.search(word):
        word = word.translate(_LOOKALIKES)
        return _CYRILLIC_PIECE.sub(lambda found: _CYRILLIC[found[0]], word)
    return _LATIN_PIECE.sub(lambda found: _LATIN[found[0]], word)


def is_reshaped(word: str) -> bool:
    """Tell whether the skeleton of a word is more than the word letter by letter."""
    return len(skeleton(word)) != len(word) or not _MANY_FOR_ONE.isdisjoint(word)


@lru_cache(maxsize=1 << 12)
def skeleton_beginnings(beginning: str) -> tuple[str, ...]:
    """Every skeleton with which a word can begin that is being typed."""
    found = [skeleton(beginning)]
    for length in (1, 2):
        for grown in _GROWS.get(beginning[-length:], ()) if len(beginning) >= length else ():
            head = skeleton(beginning[:-length]) if len(beginning) > length else ""
            found.append(_once(head + grown))
    return tuple(dict.fromkeys(found))


def _once(word: str) -> str:
    """The word with doubled letters written once."""
    return _DOUBLED.sub(lambda found: found[1], word)
