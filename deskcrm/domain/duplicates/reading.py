"""Reads a record for comparison: what is a name, a number or an address in it, whatever field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from typing import Final

from deskcrm.domain.names import fold_words
from deskcrm.store.search.translit import skeleton

_EMAIL: Final = re.compile(r"[^\s,;:<>()\"']+@[^\s,;:<>()\"']+\.[^\s,;:<>()\"']+")
_PHONE: Final = re.compile(r"\+?\d[\d\s().\-/\u2013\u00a0]{5,}\d")
_DIGITS: Final = re.compile(r"\D")
_LOCAL_DIGITS: Final = 10
"""Behind these no country writes more of a national number than its trunk or country code."""
_FEWEST_DIGITS: Final = 7
_COMPANIES: Final = (
    "company", "organi", "employer", "firm", "business", "account", "компан", "организ",
    "работодат", "фирм", "предприят", "контрагент", "заказчик", "место работы",
)  # fmt: skip
_NAMES: Final = (
    "name", "client", "customer", "contact", "person", "employee", "partner", "lead", "имя", "фио",
    "ф.и.о", "назван", "наимен", "клиент", "контакт", "фамил", "отчеств", "сотрудник", "партнер",
    "партнёр", "покупател",
)  # fmt: skip
_PLACES: Final = (
    "address", "street", "city", "town", "postal", "postcode", "zip", "адрес", "город", "улиц",
    "индекс", "насел",
)  # fmt: skip
_CODES: Final = ("tax", "vat", "инн", "registration", "огрн")
_CODE_WORDS: Final = frozenset("inn tin ein ogrn унп бин".split())
_UNTOLD: Final = frozenset(
    """id uid uuid guid ид date day birthday birthdate born created updated modified since дата день
    рождения создан создано изменен изменено amount sum total price revenue сумма цена итого оборот
    url website site сайт position title должность status статус tags теги""".split()
)
"""Words of fields that do not say who it is, though what looks like a number stands there."""
_WORDS: Final = re.compile(r"[^\W_]+")
_LEGAL_FORMS: Final = frozenset(
    """ооо оао зао пао ао нко ано ип гк тк тд тоо чп чуп уп одо фгуп муп гуп нпо пк кфх
    ltd limited llc llp lp inc incorporated corp corporation company co plc gmbh mbh ag kg ohg ug
    se sa sas sarl srl spa bv nv oy ab as aps pty pte ooo oao zao pao ip the and und и""".split()
)
_FORMS_ALONE: Final = _LEGAL_FORMS - frozenset("the and und и company co se sa as ab".split())
"""Those that are not also words of other names."""
_STREET_WORDS: Final = frozenset(
    """ул улица пр просп проспект пер переулок пл площадь д дом корп корпус стр строение кв квартира
    оф офис г город ш шоссе наб street st str road rd avenue ave lane ln square sq drive dr house
    suite ste floor unit office strasse straße city""".split()
)
_DOTTED_FORM: Final = re.compile(r"\b(?:[a-zа-я]\.){2,}", re.IGNORECASE)
_STREET_END: Final = re.compile("(?<=[a-zäöü]{3})(?:straße|strasse|str)$")


@dataclass(frozen=True, slots=True)
class Read:
    """A record as it is compared."""

    name: tuple[str, ...]
    """The words of the name as skeletons, without the legal form; sorted, each once."""
    company: tuple[str, ...]
    """Where a person works, in the same way."""
    phones: frozenset[str]
    emails: frozenset[str]
    places: frozenset[str]
    """The words of the address as skeletons, and its numbers."""
    codes: frozenset[str]
    is_company: bool = False
    """Whether the name says so: with a legal form."""


class Part(Enum):
    """What a field tells of a record."""

    NAME = auto()
    COMPANY = auto()
    PLACE = auto()
    CODE = auto()
    OTHER = auto()
    """A number or an address at most: a field of a name that is not known."""
    UNTOLD = auto()


@lru_cache(maxsize=1 << 10)
def part_of(field: str) -> Part:
    """Tell what a field tells, by what it is called in either language."""
    called = field.casefold()
    words = set(_WORDS.findall(called))
    if words & _CODE_WORDS or any(word in called for word in _CODES):
        return Part.CODE
    for part, told in ((Part.PLACE, _PLACES), (Part.COMPANY, _COMPANIES), (Part.NAME, _NAMES)):
        if any(word in called for word in told):
            # "Contact id", "client since": of somebody, and yet not who it is.
            return Part.UNTOLD if words & _UNTOLD and part is not Part.PLACE else part
    return Part.UNTOLD if words & _UNTOLD else Part.OTHER


def read(record: Mapping[str, str]) -> Read:
    """Read a record; an address or a number is known by its looks, in whatever field it stands."""
    names: list[str] = []
    companies: list[str] = []
    places: list[str] = []
    others: list[str] = []
    codes: set[str] = set()
    phones: set[str] = set()
    emails: set[str] = set()
    by_part = {Part.NAME: names, Part.COMPANY: companies, Part.PLACE: places, Part.OTHER: others}
    for field, value in record.items():
        part, rest = part_of(field), str(value or "")
        if part is Part.UNTOLD or not rest:
            continue
        if "@" in rest:
            emails.update(_email(found) for found in _EMAIL.findall(rest))
            rest = _EMAIL.sub(" ", rest)
        if part is Part.CODE:
            codes |= {code for code in (_DIGITS.sub("", rest),) if len(code) >= _FEWEST_DIGITS}
            continue
        if part is not Part.PLACE:
            for found in _PHONE.findall(rest):
                phones |= _phone(found)
            rest = _PHONE.sub(" ", rest)
        by_part[part].append(rest)
    if not names and not companies:
        names = others
    name, company = name_words(" ".join(names)), name_words(" ".join(companies))
    return Read(
        name or company,
        company if name else (),
        frozenset(phones),
        frozenset(emails),
        frozenset(_place_words(" ".join(places))),
        frozenset(codes),
        is_company=any(map(_has_legal_form, names or companies)),
    )


def _phone(typed: str) -> set[str]:
    digits = _DIGITS.sub("", typed)
    return {digits[-_LOCAL_DIGITS:]} if len(digits) >= _FEWEST_DIGITS else set()


def _email(typed: str) -> str:
    local, _, domain = typed.casefold().strip(".").rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def telling_words(name: str) -> list[str]:
    """Give the words of a name without its legal form, folded; all where there are no others."""
    joined = _DOTTED_FORM.sub(lambda found: found[0].replace(".", ""), name)
    words = fold_words(joined.replace("&", " ")).split()
    return [word for word in words if word not in _LEGAL_FORMS] or words


def _has_legal_form(name: str) -> bool:
    return any(word in _FORMS_ALONE for word in fold_words(name).split())


def name_words(name: str) -> tuple[str, ...]:
    """Give the words of a name as they are compared, without the legal form; sorted, each once."""
    return tuple(sorted({_as_compared(word) for word in telling_words(name)}))


def _as_compared(word: str) -> str:
    # A number is its own skeleton, and there may be as many as records: none is remembered.
    return word if word.isascii() and word.isdecimal() else word_of(word)


def _place_words(address: str) -> set[str]:
    words = fold_words(address).split()
    telling = (_STREET_END.sub("", word) for word in words if word not in _STREET_WORDS)
    return {word if word.isdigit() else word_of(word) for word in telling if word}


@lru_cache(maxsize=1 << 17)
def word_of(word: str) -> str:
    """Give a folded word as it is compared: the same in whichever alphabet it was written."""
    return skeleton(word)
