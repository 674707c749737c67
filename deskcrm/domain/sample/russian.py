"""What a text in Russian needs to be right: plurals, cases of names, months, small words."""

import re
from datetime import date
from functools import cache
from typing import Final

from deskcrm.domain.sample.words import CASES, FEMININE, MASCULINE

_MONTHS: Final = (
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь"
).split()
# Vowels that come and go: Павел, Павла.
_UNUSUAL: Final = {"Павел": "Павл", "Пётр": "Петр", "Лев": "Льв"}
_FEMININE_SOFT: Final = ("Любовь",)
_HUSHED = "гкхжчшщ"
_WITH = re.compile(r"\b([СсКкВв]) (?=([А-Яа-яЁё]+))")
_ABOUT = re.compile(r"\b([Оо]) (?=[АОИУЭаоиуэ])")
_HARD_START = re.compile(r"[сзшж][бвгджзклмнпрстфхцчшщ]|мн|льв|вс", re.IGNORECASE)
_HARD_IN = re.compile(r"[вф][бвгджзклмнпрстфхцчшщ]", re.IGNORECASE)


def plural(number: int) -> int:
    """Choose among the forms of a counted noun: 1 день, 2 дня, 5 дней."""
    if number % 10 == 1 and number % 100 != 11:
        return 0
    return 1 if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else 2


def day(on: date) -> str:
    """Write a day: 5 марта."""
    return f"{on.day} {month(on, 'gen')}"


def month(on: date, case: str = "") -> str:
    """Name a month: март, марта, в марте."""
    name = _MONTHS[on.month - 1]
    stem = name[:-1] if name[-1] in "ьй" else name
    soft = name[-1] in "ьй"
    if case == "gen":
        return stem + ("я" if soft else "а")
    if case == "pre":
        return f"в {stem}е"
    return name


def mend(text: str) -> str:
    """Give small words the vowel that the next word asks for: со Светланой, об обмене."""
    return _ABOUT.sub(r"\1б ", _WITH.sub(_with_vowel, text))


def _with_vowel(found: re.Match[str]) -> str:
    small, following = found[1], found[2]
    pattern = _HARD_IN if small in "Вв" else _HARD_START
    if small in "Кк":
        needs = following.lower().startswith(("мн", "вс", "льв"))
    else:
        needs = bool(pattern.match(following))
    return f"{small}о " if needs else f"{small} "


@cache
def decline_given(name: str, gender: int) -> dict[str, str]:
    """Give the cases of a given name: Ольга, Ольги, Ольге, Ольгу, Ольгой, Ольге."""
    return dict(zip(CASES, _given(name, gender), strict=True))


def _given(name: str, gender: int) -> tuple[str, ...]:
    stem, last = _UNUSUAL.get(name, name[:-1] if name[-1] in "аяйь" else name), name[-1]
    if name in _FEMININE_SOFT:
        return name, f"{stem}и", f"{stem}и", name, f"{name}ю", f"{stem}и"
    if last == "а":
        i = "и" if stem[-1] in _HUSHED else "ы"
        ins = "ей" if stem[-1] in "жчшщц" else "ой"
        return name, stem + i, f"{stem}е", f"{stem}у", stem + ins, f"{stem}е"
    if last == "я":
        e = "и" if stem[-1] == "и" else "е"
        ins = "ёй" if name == "Илья" else "ей"
        return name, f"{stem}и", stem + e, f"{stem}ю", stem + ins, stem + e
    if gender == FEMININE:
        return (name,) * 6
    if last in "йь":
        e = "и" if stem[-1] == "и" else "е"
        return name, f"{stem}я", f"{stem}ю", f"{stem}я", f"{stem}ем", stem + e
    return name, f"{stem}а", f"{stem}у", f"{stem}а", f"{stem}ом", f"{stem}е"


@cache
def decline_patronymic(name: str) -> dict[str, str]:
    """Give the cases of a patronymic: Петровна, Петровны; Ильич, Ильича."""
    if name.endswith("а"):
        stem = name[:-1]
        forms = (name, f"{stem}ы", f"{stem}е", f"{stem}у", f"{stem}ой", f"{stem}е")
    else:
        forms = (name, f"{name}а", f"{name}у", f"{name}а", f"{name}ем", f"{name}е")
    return dict(zip(CASES, forms, strict=True))


@cache
def patronymic(father: str, gender: int) -> str:
    """Make a patronymic from a father's name: Пётр gives Петрович and Петровна."""
    his, hers = _PATRONYMICS.get(father) or _regular_patronymic(father)
    return his if gender == MASCULINE else hers


def _regular_patronymic(father: str) -> tuple[str, str]:
    if father.endswith("ий"):
        stem = father[:-2]
        soft = f"{stem}ь" if stem[-2:] not in ("тр", "рк") else f"{stem}и"
        return f"{soft}евич", f"{soft}евна"
    if father[-1] in "йь":
        return f"{father[:-1]}евич", f"{father[:-1]}евна"
    return f"{father}ович", f"{father}овна"


_PATRONYMICS: Final = {
    "Павел": ("Павлович", "Павловна"),
    "Пётр": ("Петрович", "Петровна"),
    "Лев": ("Львович", "Львовна"),
    "Илья": ("Ильич", "Ильинична"),
    "Никита": ("Никитич", "Никитична"),
    "Михаил": ("Михайлович", "Михайловна"),
    "Даниил": ("Даниилович", "Данииловна"),
    "Яков": ("Яковлевич", "Яковлевна"),
    "Игорь": ("Игоревич", "Игоревна"),
}


@cache
def feminine_surname(surname: str) -> str:
    """Give a family name as a woman bears it: Волкова, Горская; Шевченко stays."""
    if surname.endswith(("ов", "ев", "ёв", "ин", "ын")):
        return f"{surname}а"
    if surname.endswith(("ский", "цкий", "ской", "цкой")):
        return f"{surname[:-2]}ая"
    return surname


@cache
def adjective(word: str, gender: int) -> str:
    """Give an adjective the ending of its noun: Северный, Северная, Северное, Северные."""
    stem, ending = word[:-2], word[-2:]
    is_soft = ending == "ий" and stem[-1] not in _HUSHED
    feminine, neuter = ("яя", "ее") if is_soft else ("ая", "ое")
    if ending == "ий" and stem[-1] in "жчшщ":
        neuter = "ее"
    plural_ending = "ие" if is_soft or stem[-1] in _HUSHED else "ые"
    return stem + (ending, feminine, neuter, plural_ending)[gender]


@cache
def to_latin(text: str) -> str:
    """Write Russian in Latin letters, as addresses of mail and sites do."""
    return "".join(_LATIN.get(letter, letter) for letter in text.lower())


_LATIN: Final = {
    **dict(zip("абвгдезийклмнопрстуфхц", "abvgdeziyklmnoprstufhc", strict=True)),
    "ё": "e", "ж": "zh", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "", "э": "e",
    "ю": "yu", "я": "ya",
}  # fmt: skip
