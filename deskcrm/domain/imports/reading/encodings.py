"""Finds out in which encoding a text is, and how surely: names of people decide, not luck."""

import codecs
import re
from typing import Final

from deskcrm.base.words import tr
from deskcrm.domain.imports.reading.limits import Unreadable
from deskcrm.domain.imports.reading.sheet import Guess

CYRILLIC: Final = ("cp1251", "koi8-r", "cp866", "mac-cyrillic", "iso8859-5")
LATIN: Final = ("cp1252", "cp1250", "cp437")
OFFERED: Final = ("utf-8", "utf-16", *CYRILLIC, *LATIN)
"""What a person may choose among."""

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_USUAL: Final = {"cp1251": 0.12, "cp1252": 0.12, "koi8-r": 0.06, "cp866": 0.06}
"""How much likelier some encodings are than the others before a letter is read."""
_SAMPLE: Final = 60_000
_WORD: Final = re.compile(r"[^\W\d_]+")
_HIGH: Final = re.compile(r"[^\x00-\x7f]")
_USUAL_SIGNS: Final = frozenset("«»„“”‘’–—…№€§°·•\u00a0±×")
_OPENING: Final = "«„“‘№\u00a0"
_COMMON: Final = frozenset("оеаинтсрвлкмдпуяйзьб")
_COMMON_LATIN: Final = frozenset("äöüßéèêàçñáíóúåøæâîôûëïùčšžłąęśżźćńěřůýőűățș")


def find_encoding(content: bytes) -> Guess:
    """Find the encoding of a text; raises Unreadable when it is no text at all."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return Guess(name, 1.0, tr("the file says so itself"))
    if b"\0" in content[:_SAMPLE]:
        return _without_mark(content)
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return _damaged_utf8(content, error) or _single_byte(content)
    if content.isascii():
        return Guess("utf-8", 1.0, tr("there are only plain Latin letters in it"))
    return Guess("utf-8", 0.99, tr("all of it is valid UTF-8"))


def decode(content: bytes, encoding: str) -> str:
    """Decode; what the encoding does not have becomes the sign of a replacement."""
    try:
        return content.decode(encoding, errors="replace").removeprefix("\ufeff")
    except LookupError:
        raise Unreadable(
            tr("“{name}” is not an encoding.", name=encoding),
            tr("Choose one of: {names}.", names=", ".join(OFFERED)),
        ) from None


def _without_mark(content: bytes) -> Guess:
    """Tell UTF-16 by where its zeros lie; anything else with zeros is no text."""
    sample = content[: _SAMPLE // 2 * 2]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    name, most, least = ("utf-16-le", odd, even) if odd > even else ("utf-16-be", even, odd)
    text = sample.decode(name, errors="replace")
    printable = sum(c.isprintable() or c in "\r\n\t" for c in text)
    if most < len(sample) / 20 or least > most / 20 or printable < len(text) * 0.9:
        raise Unreadable(
            tr("This is not a text."),
            tr("Open it in the program that made it and save it as CSV or XLSX."),
        )
    return Guess(name, 0.9, tr("every second byte is a zero"), ("utf-8", "cp1251"))


def _damaged_utf8(content: bytes, error: UnicodeDecodeError) -> Guess | None:
    """Tell UTF-8 that was damaged in a few places from a text of one byte a letter."""
    text = content.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = sum(1 for _ in _HIGH.finditer(text)) - bad
    if good < 10 or bad * 20 > good:
        return None
    return Guess(
        "utf-8", 0.85, tr("nearly all of it is valid UTF-8; damaged places are marked"), CYRILLIC
    )


def _single_byte(content: bytes) -> Guess:
    sample = b"\n".join(line for line in content.splitlines() if not line.isascii())[:_SAMPLE]
    scores = sorted(
        ((_score(sample, name), -place, name) for place, name in enumerate((*CYRILLIC, *LATIN))),
        reverse=True,
    )
    best, _, name = scores[0]
    # An encoding that reads the same letters is no other answer.
    differing = [
        one
        for one in scores[1:]
        if sample.decode(one[2], "replace") != sample.decode(name, "replace")
    ]
    second = differing[0][0] if differing else -1.0
    others = tuple(one for _, _, one in scores[1:])
    if sum(byte < 32 and byte not in b"\t\r\n\f" for byte in sample) > len(sample) / 50:
        raise Unreadable(
            tr("This is not a text."),
            tr("Open it in the program that made it and save it as CSV or XLSX."),
        )
    words = len({word for word in sample.split() if not word.isascii()})
    confidence = max(0.3, min(0.98, 0.55 + (best - second) * 1.2, 0.45 + words * 0.15))
    if best <= 0:
        confidence = 0.3
    if name in LATIN:  # The usual letters of Western languages are the same in its relatives.
        confidence = min(confidence, 0.9)
    return Guess(name, round(confidence, 2), tr("its letters make the likeliest words"), others)


def _score(sample: bytes, encoding: str) -> float:
    """Tell how much like words a text looks in an encoding, about -1 to 1."""
    text = sample.decode(encoding, errors="replace")
    total, count = 0.0, 0
    for found in _WORD.finditer(text):
        word, before = found[0], text[found.start() - 1 : found.start()]
        if word.isascii():
            continue
        count += 1
        total += _cyrillic(word) if encoding in CYRILLIC else _latin(word)
        if not before.isascii() and before not in _OPENING:
            total -= 0.8  # the capital of the word was taken for a sign
    odd = sum(1 for c in _HIGH.findall(text) if not c.isalpha() and c not in _USUAL_SIGNS)
    high = len(_HIGH.findall(text)) or 1
    likely = _USUAL.get(encoding, 0.0)
    return likely + (total / count - odd / high * 2 if count else -odd / high)


def _cyrillic(word: str) -> float:
    if any(not "\u0400" <= c <= "\u04ff" for c in word):
        return -1.0
    shape = 0.0 if word.islower() or word.isupper() or word.istitle() else -0.8
    lower = word.lower()
    common = sum(c in _COMMON for c in lower) / len(lower)
    # Capitals alone are rarer: KOI8-R read as windows-1251 is all capitals.
    return common + shape - (0.25 if word.isupper() and len(word) > 3 else 0.0)


def _latin(word: str) -> float:
    high = [c for c in word if not c.isascii()]
    if len(high) * 2 > len(word) and len(word) > 1:
        return -1.0
    shape = 0.0 if word.islower() or word.isupper() or word.istitle() else -0.8
    return sum(c.lower() in _COMMON_LATIN for c in high) / len(high) + shape
