"""Finds words that differ from what was typed by a slip of the finger.

Every known word is filed under what is left of it when letters are dropped; a mistyped word
loses a letter too and meets it there (the deletion neighbourhood of Mor and Fraenkel). What
meets is then measured exactly, so a hash that clashes costs nothing but the look.
"""

from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations
from zlib import crc32

SHORTEST = 4
"""A word of three letters has more neighbours than meanings."""
LONG = 8
"""From this length on two slips are forgiven."""
_HEAD = 7  # only the beginning is filed: it bounds the entries of a word to 29
_MOST = 12


def slips_allowed(word: str) -> int:
    """How many slips a word of this length may have and still be meant."""
    if len(word) < SHORTEST or not word.isalpha():
        return 0
    return 1 if len(word) < LONG else 2


@lru_cache(maxsize=1 << 14)
def deletions(word: str) -> tuple[int, ...]:
    """The keys under which a word is filed and looked for; none for what is too short."""
    slips = slips_allowed(word)
    if not slips:
        return ()
    head = word[:_HEAD]
    left = {head}
    for count in range(1, slips + 1):
        for kept in combinations(head, len(head) - count):
            left.add("".join(kept))
    return tuple({crc32(one.encode()) for one in left})


def nearest(typed: str, known: Iterable[str]) -> dict[str, int]:
    """The known words that were probably meant, best first, with their slips (not the word itself).

    A slip is a letter too many, too few, another, or two neighbours swapped (optimal string
    alignment).
    """
    from rapidfuzz.distance import OSA  # 30 ms to import, and most searches have no typo
    from rapidfuzz.process import extract_iter

    most = slips_allowed(typed)
    measured = [
        (int(slips), word[:1] != typed[:1], abs(len(word) - len(typed)), word)
        for word, slips, _ in extract_iter(typed, known, scorer=OSA.distance, score_cutoff=most)
        if 0 < slips <= max(1, slips_allowed(word))
    ]
    return {word: slips for slips, _, _, word in sorted(measured)[:_MOST]}
