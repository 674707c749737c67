"""Finds out what separates the cells of a text, and what quotes them, and how surely."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from deskcrm.base.words import tr
from deskcrm.domain.imports.reading.sheet import Guess

OFFERED: Final = (",", ";", "\t", "|")
_DECLARED: Final = re.compile(r"^\"?sep=(.)\"?\r?\n?$", re.IGNORECASE)
_BETWEEN_DIGITS: Final = r"(?<=\d){0}(?=\d)"


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a text keeps its cells apart."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None


def declared(first_line: str) -> str:
    """Give the separator that a first line "sep=;" declares, as Excel writes it; or nothing."""
    found = _DECLARED.match(first_line)
    return found[1] if found else ""


def find_delimiter(lines: list[str]) -> Guess:
    """Find the separator from the first lines of a text."""
    text = "".join(lines)
    scores = sorted(
        ((_score(lines, text, one), -place, one) for place, one in enumerate(OFFERED)),
        reverse=True,
    )
    (best, _, found), (second, _, _) = scores[:2]
    others = tuple(one for _, _, one in scores[1:])
    if best <= 0:
        return Guess(",", 0.9, tr("there is only one column"), others)
    confidence = min(0.99, best) * (1 - 0.55 * max(second, 0) / best)
    why = tr("it gives every line the same number of cells")
    if second <= 0 and best >= 0.5:
        confidence = max(confidence, 0.85)  # nothing else cuts the lines at all
    elif confidence < 0.8 <= best and second < best * 0.75:
        confidence = 0.8
    return Guess(found, round(confidence, 2), why, others)


def find_dialect(lines: list[str], delimiter: str) -> Dialect:
    """Find what quotes the cells, and how a quotation mark within them is written."""
    text = "".join(lines)
    if _has_single_quotes(lines, delimiter):
        return Dialect(delimiter, "'")
    if text.count('\\"') > text.count('""'):
        return Dialect(delimiter, escape="\\")
    return Dialect(delimiter)


def _score(lines: list[str], text: str, delimiter: str) -> float:
    """Tell how evenly a separator cuts the lines; what is in numbers or prose counts less."""
    if delimiter not in text:
        return 0.0
    quote = "'" if _has_single_quotes(lines, delimiter) else '"'
    evenness, usual = max(
        _evenness(csv.reader(lines, delimiter=delimiter, quotechar=quote)),
        # Where a quotation is never closed, each line says more by itself.
        _evenness(csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)),
    )
    if not usual:
        return 0.0
    times = _outside(text).count(delimiter) or 1
    numbers = len(re.findall(_BETWEEN_DIGITS.format(re.escape(delimiter)), _outside(text))) / times
    prose = 0.0 if delimiter == "\t" else _outside(text).count(f"{delimiter} ") / times
    [first] = csv.reader(lines[:1], delimiter=delimiter, quotechar=quote)
    keeps_names = len(first) == usual and not any(c.isdigit() for c in lines[0])
    if keeps_names:
        numbers = prose = 0.0  # it keeps the names of the columns apart
    likely = {"\t": 1.0, ";": 0.97, ",": 0.95, "|": 0.95}[delimiter]
    wide = 1.0 if usual > 2 or keeps_names else 0.9
    apart = 1.0 if len(first) > 1 else 0.7
    return evenness * (1 - 0.6 * numbers) * (1 - 0.4 * prose) * likely * wide * apart


def _evenness(read: Iterable[list[str]]) -> tuple[float, int]:
    """Tell what share of the rows has the usual number of cells, and that number."""
    rows = [row for row in read if any(map(str.strip, row))]
    widths = [len(row) for row in rows if len(row) > 1]
    if not widths:
        return 0.0, 0
    usual = max(set(widths), key=widths.count)
    # Titles above and notes below are narrower; rows that are wider speak against it.
    wider = sum(width > usual for width in widths) / len(rows)
    share = widths.count(usual) / len(widths)
    return share * (0.8 + 0.2 * len(widths) / len(rows)) * (1 - 0.5 * wider), usual


def _outside(text: str) -> str:
    return re.sub(r'"[^"\n]*"', "", text)


def _has_single_quotes(lines: list[str], delimiter: str) -> bool:
    single = re.compile(rf"^'[^']*'({re.escape(delimiter)}'[^']*')+\s*$")
    return '"' not in "".join(lines) and sum(map(bool, map(single.match, lines))) > len(lines) / 2
