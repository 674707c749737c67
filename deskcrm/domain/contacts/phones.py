"""Phone numbers as people write them, turned into E.164 and back.

The import of phonenumbers and its tables is put off to the first call: nothing on the way to
the first window needs a number read.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

SHORTEST = 5
"""Fewer digits than this are an extension, a house or a year, never a number to call."""
LONGEST_EXTENSION = 7
NOWHERE = "ZZ"
"""The region of a number that must bring its own country code."""

_SCHEME = re.compile(r"^\s*(?:tel|callto|sips?|sms|whatsapp|viber)\s*:\s*(?://)?", re.IGNORECASE)
_EXTENSION = re.compile(
    r"[\s,;(]*(?:доб(?:авочн\w*)?|внутр(?:енн\w*)?|вн|extension|extn?|int|[xх](?=\s*\d)|#)"
    r"\s*[.:=№#]?\s*(\d{1,7})(?!\d)\s*\)?",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"%([0-7][0-9a-fA-F])")
# "О" for zero, Latin or Cyrillic, is what hands and scanners produce between two digits.
_LETTER_O = re.compile(r"(?<=[\d\s()-])[OoОо](?=[\s()-]?\d)")
_BETWEEN_NUMBERS = re.compile(r"[,;/|\\\n\r\t]+|\s+(?:и|или|and|or)\s+|\s{2,}", re.IGNORECASE)
# Every number of this form is a Russian mobile phone: a fifth of the time that all rules take.
_MOBILE = re.compile(r"(\+7|8)(9\d{9})")
# A phone in a Russian town: four digits of code, but for the few cities with seven-digit numbers.
_RU_TOWN = re.compile(r"\+7((?:[34]\d|8[1-9])\d\d)(\d\d)(\d\d)(\d\d)")
_RU_SHORT_CODES = frozenset(
    "342 343 347 351 383 391 423 473 495 498 499 812 831 843 846 861 862 863".split()
)
_SIGNS = str.maketrans("", "", " ()-.")
_DIGIT_RUN = re.compile(r"\+?[\d(][\d\s()./\-‐-―]{3,}\d")


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number that can be called: E.164, and the extension kept apart."""

    e164: str
    extension: str = ""


def normalize(text: str, region: str) -> str | None:
    """Read the first phone number of a text as E.164; None when there is none.

    ``region`` is the two-letter country that a number without a country code belongs to.
    """
    number = parse(text, region)
    return number.e164 if number else None


def parse(text: str, region: str) -> PhoneNumber | None:
    """Read the first phone number of a text, with its extension."""
    return next(iter(find_numbers(text, region)), None)


def find_numbers(text: str, region: str) -> tuple[PhoneNumber, ...]:
    """Read every phone number of a text, in order, each once.

    The whole is tried first, so that a slash or a comma inside one number does not cut it
    (0221/1234567); then its parts; then whatever looks like digits amid words.
    """
    quick = _MOBILE.fullmatch(text.translate(_SIGNS)) if text.isascii() else None
    if quick and (quick[1] == "+7" or region.upper() == "RU"):
        return (PhoneNumber(f"+7{quick[2]}"),)
    plain = _plain(text)
    whole = _read(plain, region.upper())
    if whole:
        return (whole,)
    found: dict[str, PhoneNumber] = {}
    for part in _BETWEEN_NUMBERS.split(_glue_extensions(plain)):
        for number in _read_part(part, region.upper()):
            found.setdefault(number.e164, number)
    return tuple(found.values())


def digits(text: str) -> str:
    """Keep only the digits, whatever script they are written in."""
    return "".join(str(unicodedata.decimal(c)) for c in text if c.isdecimal())


@lru_cache(maxsize=8192)
def display(e164: str) -> str:
    """Write an E.164 number the way its country groups it: +7 916 123-45-67, +7 4872 12-34-56."""
    import phonenumbers

    town = _RU_TOWN.fullmatch(e164)
    if town and town[1][:3] not in _RU_SHORT_CODES:
        return "+7 {} {}-{}-{}".format(*town.groups())
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


@lru_cache(maxsize=512)
def is_region(code: str) -> bool:
    """Tell whether a two-letter country code is one that has phone numbers."""
    import phonenumbers

    return code.upper() in phonenumbers.SUPPORTED_REGIONS


def _plain(text: str) -> str:
    """Undo links, full-width signs and percent signs; drop what is after a SIP host's @."""
    western = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    plain = unicodedata.normalize("NFKC", western).strip()
    link = _SCHEME.match(plain)
    if link:
        plain = _PERCENT.sub(lambda code: chr(int(code[1], 16)), plain[link.end() :]).split("@")[0]
    return _LETTER_O.sub("0", plain)


def _glue_extensions(text: str) -> str:
    """Write "…, доб. 12" as "… ext 12", so that splitting at commas leaves it with its number."""
    return _EXTENSION.sub(r" ext\1 ", text)


def _read_part(part: str, region: str) -> Iterator[PhoneNumber]:
    """Read a part of a text: one number, or the stretches of digits amid its words."""
    number = _read(part, region)
    if number:
        yield number
        return
    for run in _DIGIT_RUN.finditer(part):
        after = _EXTENSION.match(part, run.end())
        number = _read(run.group() + (after.group() if after else ""), region)
        # Full numbers that only a space keeps apart: 89161234567 89161234568.
        tries = [number] if number else [_read(word, region) for word in run.group().split()]
        yield from (one for one in tries if one)


def _read(text: str, region: str) -> PhoneNumber | None:
    """Read a text that is one number and nothing else."""
    extension = _EXTENSION.search(text)
    bare = (text[: extension.start()] if extension else text).strip()
    short = extension.group(1) if extension else ""
    rest = text[extension.end() :].strip(" .,;)") if extension else ""
    has_letters = any(c.isalpha() for c in bare)
    if rest or has_letters or len(bare) > 60 or len(digits(bare)) < SHORTEST:
        return _vanity(bare, region)
    return _valid(bare, region, short) or _without_plus(bare, short)


def _vanity(bare: str, region: str) -> PhoneNumber | None:
    """Read 1-800-FLOWERS; only where such numbers are in use, else every word would be one."""
    is_one = re.match(r"\+?1?[\s-]*\(?8\d\d\)?[\s-]*[A-Z]{3,7}[\s-]*[A-Z]{0,4}$", bare)
    return _valid(bare, "US" if region == "CA" else region, "") if is_one else None


def _without_plus(bare: str, extension: str) -> PhoneNumber | None:
    """Try a number whose plus was lost or written 00: 375 29 123-45-67, 0044 20 7946 0958."""
    only = digits(bare)
    if bare.startswith("+") or len(only) < 11:
        return None
    return _valid("+" + only.removeprefix("00"), NOWHERE, extension)


@lru_cache(maxsize=4096)
def _valid(bare: str, region: str, extension: str) -> PhoneNumber | None:
    """Parse with phonenumbers and keep what can be called.

    Full validity is asked of a number without a country code. With one, the right length is
    enough: countries open new ranges faster than programs are updated.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return None
    if len(number.extension or "") > LONGEST_EXTENSION:
        return None  # a second number after a semicolon, taken for an extension
    if not phonenumbers.is_valid_number(number):
        length = phonenumbers.is_possible_number_with_reason(number)
        is_full = bare.startswith("+") and length == phonenumbers.ValidationResult.IS_POSSIBLE
        is_nonsense = region == NOWHERE or len(set(str(number.national_number))) == 1
        if not is_full or is_nonsense:
            return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return PhoneNumber(e164, extension or number.extension or "")
