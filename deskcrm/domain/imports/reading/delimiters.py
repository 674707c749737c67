"""Finds out what separates the cells of a text, and what quotes them, and how surely."""

import csv
import re
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
    if confidence < 0.8 <= best and second < best * 0.75:
        confidence = 0.8
    return Guess(found, round(confidence, 2), why, others)


def find_dialect(lines: list[str], delimiter: str) -> Dialect:
    """Find what quotes the cells, and how a quotation mark within them is written."""
    text = "".join(lines)
    single = re.compile(rf"^'[^']*'({re.escape(delimiter)}'[^']*')+\s*$")
    if '"' not in text and lines and sum(bool(single.match(one)) for one in lines) > len(lines) / 2:
        return Dialect(delimiter, "'")
    if text.count('\\"') > text.count('""'):
        return Dialect(delimiter, escape="\\")
    return Dialect(delimiter)


def _score(lines: list[str], text: str, delimiter: str) -> float:
    """Tell how evenly a separator cuts the lines; what is in numbers or prose counts less."""
    if delimiter not in text:
        return 0.0
    rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))]
    widths = [len(row) for row in rows if len(row) > 1]
    if not widths:
        return 0.0
    usual = max(set(widths), key=widths.count)
    evenness = widths.count(usual) / len(widths) * (0.8 + 0.2 * len(widths) / len(rows))
    # Titles above and notes below are narrower; rows that are wider speak against it.
    wider = sum(width > usual for width in widths) / len(rows)
    outside = re.sub(r'"[^"]*"', "", text)
    times = outside.count(delimiter) or 1
    numbers = len(re.findall(_BETWEEN_DIGITS.format(re.escape(delimiter)), outside)) / times
    if rows[0] and len(rows[0]) == usual and not any(c.isdigit() for c in lines[0]):
        numbers = 0.0  # it keeps the names of the columns apart, so it is no decimal sign
    prose = 0.0 if delimiter == "\t" else outside.count(f"{delimiter} ") / times
    likely = {"\t": 1.0, ";": 0.97, ",": 0.95, "|": 0.95}[delimiter]
    wide = 1.0 if usual > 2 else 0.9
    return evenness * (1 - wider) * (1 - 0.6 * numbers) * (1 - 0.4 * prose) * likely * wide
