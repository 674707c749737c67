"""How much two records agree, in the manner of Fellegi and Sunter: bits for and against, field by
field, each the logarithm of how much likelier such a pair is among duplicates than among others.

What many records share tells little: a number of two records is that of one person, one of forty
is an office's; "Rosneft" tells more than "Service". So the bits of agreement fall with how many
have the value, as they do in "A Theory for Record Linkage" (Fellegi, Sunter 1969), and the words
of names weigh by their rarity.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import log2
from typing import Final

from deskcrm.domain.duplicates.reading import Read


class Ground(StrEnum):
    """What speaks for a pair, or against it."""

    NAME = "name"
    COMPANY = "company"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Weight:
    """Bits for (or, below nought, against) two records being one."""

    ground: Ground
    bits: float


Weights = tuple[Weight, ...]

PRIOR: Final = -7.0
"""Of the pairs that are compared about one in a hundred and thirty is one."""
_UNSEEN: Final = 2_000
"""So many others are thought to be there, or a word would say nothing among three records."""
_ROLES: Final = frozenset(
    "info office sales mail contact admin support hello service post buh zakaz reception".split()
)
_NAME_CAP: Final = 11.0
_ANOTHER: Final = -9.0
_SAME, _CLOSE, _PARTLY, _HARDLY = 0.92, 0.74, 0.5, 0.28


class Scale:
    """Weighs pairs of these records; how rare a value is among them is counted once."""

    def __init__(self, records: Sequence[Read]) -> None:
        self._size = len(records) + _UNSEEN
        words = Counter(word for one in records for word in {*one.name, *one.company})
        self._rarities = {word: log2(self._size / (1 + count)) for word, count in words.items()}
        self._phones = Counter(phone for one in records for phone in one.phones)
        self._emails = Counter(email for one in records for email in one.emails)
        self._places = Counter(place for one in records for place in one.places)
        self._codes = Counter(code for one in records for code in one.codes)

    def weigh(self, one: Read, other: Read) -> Weights:
        """Give what speaks for and against; a field that one of them lacks says nothing."""
        return weights_of(self.bits_of(one, other))

    def bits_of(self, one: Read, other: Read) -> tuple[float, ...]:
        """Give the bits of each ground, in their order; nought where it says nothing."""
        return (
            self._names(one, other),
            self._company(one.company, other.company),
            self._phone(one.phones, other.phones),
            self._email(one.emails, other.emails),
            self._address(one.places, other.places),
            _shared(self._codes, one.codes, other.codes, 14, -7),
        )

    def _weight(self, name: tuple[str, ...]) -> float:
        return sum([self._rarities[word] for word in name])

    def _names(self, one: Read, other: Read) -> float:
        """Weigh the names; one may have been put where the company belongs."""
        bits = self._name(one.name, other.name)
        if bits > 0 and (_works_at(one, other) or _works_at(other, one)):
            return _ANOTHER
        if bits < 0 and (_any_in(one.name, other.company) or _any_in(one.company, other.name)):
            crossed = (
                self._name(one.company, other.name),
                self._name(one.name, other.company),
            )
            bits = max(bits, min(crossed) if all(crossed) else bits)
        return bits

    def _company(self, one: tuple[str, ...], other: tuple[str, ...]) -> float:
        """Weigh where people work; whoever works there shares it."""
        return max(-2.0, min(2.0, self._name(one, other) / 3))

    def _name(self, one: tuple[str, ...], other: tuple[str, ...]) -> float:
        if not one or not other:
            return 0.0
        told, agreed = self._agreement(one, other)
        least, whole = sorted((self._weight(one), self._weight(other)))
        likeness = agreed / whole if whole else 0.0
        if likeness >= _SAME:
            return min(_NAME_CAP, 0.9 * told)
        if likeness >= _CLOSE:
            return min(_NAME_CAP - 3, 0.55 * told)
        if likeness >= _PARTLY:
            # All that the shorter says is in the longer: "Ivanov" and "Ivanov Ivan Petrovich".
            return min(4.0, 0.3 * told) if agreed >= _SAME * least else 0.5
        return -4.0 if likeness >= _HARDLY else _ANOTHER

    def _agreement(self, one: tuple[str, ...], other: tuple[str, ...]) -> tuple[float, float]:
        """Tell how much the words that agree say, and the same weighed by how well they agree."""
        left = [word for word in other if word not in one]
        missing = [word for word in one if word not in other]
        told = agreed = self._weight(one) - self._weight(tuple(missing))
        for word in missing:
            likeness, likest = max(
                ((likeness_of(word, near), near) for near in left), default=(0.0, "")
            )
            if likeness:
                left.remove(likest)
                rarity = min(self._rarities[word], self._rarities[likest])
                told += 0.8 * rarity * likeness
                agreed += rarity * likeness
        return told, agreed

    def _phone(self, one: Collection[str], other: Collection[str]) -> float:
        bits = _shared(self._phones, one, other, 9, -1.7)
        if bits < 0 and any(is_slip(a, b) for a in one for b in other):
            return 3.0
        return bits

    def _email(self, one: Collection[str], other: Collection[str]) -> float:
        bits = _shared(self._emails, one, other, 11, -2.5)
        if bits > 0:
            is_role = all(each.partition("@")[0] in _ROLES for each in set(one) & set(other))
            return min(bits, 6.0) if is_role else bits
        if bits < 0 and any(_is_near_email(a, b) for a in one for b in other):
            return 6.0
        return bits

    def _address(self, one: Collection[str], other: Collection[str]) -> float:
        if not one or not other:
            return 0.0
        shared = set(one) & set(other)
        told = sum(log2(self._size / (1 + self._places[each])) for each in shared)
        part = len(shared) / min(len(one), len(other))
        if part >= 0.75:
            return min(4.0, 0.2 * told)
        return 0.5 if part >= 0.5 else -1.0 if shared else -2.5


def _works_at(one: Read, other: Read) -> bool:
    """Tell whether the other is a company, and the one somebody there whose fields were swapped."""
    if not other.is_company or other.company or not one.company:
        return False
    return not _any_in(one.company, other.name)


def _shared(
    counted: Counter[str], one: Collection[str], other: Collection[str], most: float, against: float
) -> float:
    """Weigh a value that both have by how many have it; without one, that both have others."""
    if not one or not other:
        return 0.0
    if not _any_in(one, other):
        return against
    shared = set(one) & set(other)
    fewest = min(counted[each] for each in shared)
    return max(0.5, most - 2.2 * log2(max(fewest - 1, 1)))


def _any_in(one: Collection[str], other: Collection[str]) -> bool:
    """Tell whether two share anything; of so few the simple way is the fastest."""
    return any(each in other for each in one)


def weights_of(bits: Sequence[float]) -> Weights:
    """Name the grounds of bits, but for those that say nothing."""
    found = zip(Ground, bits, strict=True)
    return tuple(Weight(ground, one) for ground, one in found if one)


def probability_of(bits: Iterable[float]) -> float:
    """Give the probability that bits for and against make."""
    odds: float = 2.0 ** min(60.0, PRIOR + sum(bits))
    return odds / (1.0 + odds)


@lru_cache(maxsize=1 << 18)
def likeness_of(one: str, other: str) -> float:
    """Tell how alike two words are: 1 for the same, 0 for others; initials and slips between."""
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return 0.6 if long.startswith(short) else 0.0
    # Most pairs of words end here: one slip leaves the first letter or the last as it was.
    if len(long) - len(short) > 3 or (short[0] != long[0] and short[-1] != long[-1]):
        return 0.0
    if short.isdigit() or long.isdigit():
        return 0.0
    if len(short) >= 4 and long.startswith(short) and len(long) - len(short) <= 3:
        return 0.85
    if len(short) >= 3 and is_slip(one, other):
        return 0.9 if len(short) >= 4 else 0.75
    return 0.75 if len(short) >= 8 and is_slip(one, other, 2) else 0.0


def is_slip(one: str, other: str, most: int = 1) -> bool:
    """Tell whether so many slips make one of the other.

    A slip is a letter more, one less, another one, or two neighbours swapped (Damerau 1964).
    """
    if abs(len(one) - len(other)) > most:
        return False
    at = 0
    while at < len(one) and at < len(other) and one[at] == other[at]:
        at += 1
    one, other = one[at:], other[at:]
    if not one or not other or not most:
        return len(one) + len(other) <= most
    fewer = most - 1
    return (
        is_slip(one[1:], other[1:], fewer)
        or is_slip(one[1:], other, fewer)
        or is_slip(one, other[1:], fewer)
        or (one[:2] == other[1::-1] and is_slip(one[2:], other[2:], fewer))
    )


def _is_near_email(one: str, other: str) -> bool:
    (local, _, domain), (local_2, _, domain_2) = one.partition("@"), other.partition("@")
    if local == local_2:
        return is_slip(domain, domain_2) and local not in _ROLES
    return domain == domain_2 and len(local) > 4 and is_slip(local, local_2)
