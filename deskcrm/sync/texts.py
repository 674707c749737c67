"""Merges two edits of one text, word by word; where both touched the same words, both are kept."""

import re
from difflib import SequenceMatcher
from typing import Final

OPEN: Final = "⟦"
CLOSE: Final = "⟧"
"""What stands around the words that came second, where both changed the same place."""
_WORDS: Final = re.compile(r"\w+|\s+|[^\w\s]")
_LINES: Final = re.compile(r"[^\n]*\n|[^\n]+")
_MOST_WORDS: Final = 3_000
"""Comparing takes the square of it; a longer text is compared line by line."""

_Region = tuple[int, int, list[str]]


def merge_texts(base: str, first: str, second: str) -> tuple[str, bool]:
    """Give what ``first`` and ``second`` made of ``base`` together, and whether they overlapped."""
    if first == second or second == base:
        return first, False
    if first == base:
        return second, False
    cut = _WORDS if max(map(len, (base, first, second))) < _MOST_WORDS * 4 else _LINES
    pieces = cut.findall(base)
    regions = [
        *((start, end, 0, words) for start, end, words in _regions(pieces, cut.findall(first))),
        *((start, end, 1, words) for start, end, words in _regions(pieces, cut.findall(second))),
    ]
    regions.sort(key=lambda region: region[:3])
    return _join(pieces, regions)


def _regions(base: list[str], changed: list[str]) -> list[_Region]:
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    return [
        (start, end, changed[to_start:to_end])
        for tag, start, end, to_start, to_end in matcher.get_opcodes()
        if tag != "equal"
    ]


def _join(base: list[str], regions: list[tuple[int, int, int, list[str]]]) -> tuple[str, bool]:
    merged: list[str] = []
    position, overlapped = 0, False
    while regions:
        group, end = _take_group(regions)
        start = group[0][0]
        merged += base[position:start]
        first, second = (_side(base, group, side, start, end) for side in (0, 1))
        sides = {region[2] for region in group}
        if sides == {0} or first == second:
            merged += first
        elif sides == {1}:
            merged += second
        else:
            overlapped = True
            merged += [*first, OPEN, *second, CLOSE]
        position = end
    return "".join(merged + base[position:]), overlapped


def _take_group(
    regions: list[tuple[int, int, int, list[str]]],
) -> tuple[list[tuple[int, int, int, list[str]]], int]:
    """Take the regions off the front that touch one another, from either side."""
    group = [regions.pop(0)]
    end = group[0][1]
    while regions and _touches(group, regions[0], end):
        end = max(end, regions[0][1])
        group.append(regions.pop(0))
    return group, end


def _touches(
    group: list[tuple[int, int, int, list[str]]], region: tuple[int, int, int, list[str]], end: int
) -> bool:
    start, stop, side, _ = region
    if start < end:
        return True
    # At one place: two insertions, or an insertion at the edge of what the other replaced.
    return start == end and (start == group[0][0] or (start == stop and side != group[-1][2]))


def _side(
    base: list[str],
    group: list[tuple[int, int, int, list[str]]],
    side: int,
    start: int,
    end: int,
) -> list[str]:
    words: list[str] = []
    position = start
    for from_, to, whose, changed in group:
        if whose == side:
            words += base[position:from_] + changed
            position = to
    return words + base[position:end]
