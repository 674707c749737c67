"""Finds the row that names the columns, the titles above it, and the notes and totals below."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from deskcrm.base.words import tr
from deskcrm.domain.imports.reading.sheet import Guess, LeftOut, Line

Known = Callable[[str], bool]
"""Tells whether a text is what people call a column."""
Merged = Sequence[tuple[tuple[int, int], tuple[int, int]]]

_LOOKED_AT: Final = 30
_LONGEST_NAME: Final = 80
_BELOW_AT_MOST: Final = 60
_DATA: Final = re.compile(
    r"\S+@\S+\.\S+|[+(]?\d[\d\s().,:/\-–−%+]*(?:\s?(?:₽|руб\.?|р\.|€|\$|usd|eur|rub|%))?|https?://\S+"
    r"|[$€₽£]\s?\d[\d\s.,]*",
    re.IGNORECASE,
)
_CLOSING: Final = re.compile(
    r"\W*(total|sum|note|source|as of|generated|printed|page|"
    r"итог|всего|сумма|примечани|прим\.|источник|данные на|составил|сформирован|страница)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Arranged:
    """Rows, told apart: names of columns, rows that are meant, lines that are none."""

    headers: list[str]
    lines: list[Line]
    header: Guess
    header_lines: tuple[int, ...]
    left_out: tuple[LeftOut, ...]


def arrange(
    lines: list[Line], known: Known, *, header: int | None = None, merged: Merged = ()
) -> Arranged:
    """Tell the rows of a grid apart; ``header`` is the line that a person named (0: none)."""
    filled = [line for line in lines if any(line.cells)]
    width = max((_last(line) + 1 for line in filled), default=0)
    for line in filled:
        line.cells = [*line.cells[:width], *[""] * (width - len(line.cells))]
    place, guess, upper = _place(filled, known, header, merged)
    names, header_lines = _names(filled, place, upper, width, merged)
    begins = 0 if place is None else place + 1
    first = begins if place is None else (place if upper is None else upper)
    above = [_left_out(line) for line in filled[:first]]
    body = filled[begins:]
    _fill_merged(body, merged)
    width = _cut(body, filled[first : place + 1] if place is not None else (), width)
    names = names[:width]
    ends = _end(body)
    kept, repeated = _without_repeats(body[:ends], filled[place].cells if place is not None else [])
    left = (*above, *map(_left_out, repeated), *map(_left_out, body[ends:]))
    return Arranged(names, kept, guess, header_lines, left)


def _cut(body: Sequence[Line], named: Sequence[Line], width: int) -> int:
    """Cut off what lies beside all names in a few rows; gives the width that is left."""
    last = max((_last(line) + 1 for line in named), default=width)
    beside = [line for line in body if _last(line) >= last]
    if not last or len(beside) > len(body) * 0.3 + 1:
        return width
    for line in beside:
        line.trouble = line.trouble or tr("it has more cells than there are columns")
    for line in (*body, *named):
        line.cells = line.cells[:last]
    return last


def looks_like_data(cell: str) -> bool:
    """Tell whether a cell is an address, a number, a date or a link, and so no name of a column."""
    return bool(_DATA.fullmatch(cell))


def _last(line: Line) -> int:
    return max((index for index, cell in enumerate(line.cells) if cell), default=-1)


def _fill(line: Line) -> int:
    return sum(map(bool, line.cells))


def _usual_fill(lines: Sequence[Line]) -> int:
    fills = sorted(map(_fill, lines[:400]))
    return fills[len(fills) // 2] if fills else 0


def _is_label(cell: str) -> bool:
    return len(cell) <= _LONGEST_NAME and cell.count("\n") < 3 and not looks_like_data(cell)


def _place(
    lines: list[Line], known: Known, asked: int | None, merged: Merged
) -> tuple[int | None, Guess, int | None]:
    """Give the place of the row that names the columns, how sure that is, and of a row above it."""
    offered = tuple(str(line.number) for line in lines[:5])
    if asked is not None:
        place = next((i for i, line in enumerate(lines) if line.number == asked), None)
        guess = Guess(str(asked), 1.0, tr("you said so"), offered)
        return place, guess, None if place is None else _upper(lines, place, known, merged)
    usual = _usual_fill(lines)
    for place, line in enumerate(lines[:_LOOKED_AT]):
        if _fill(line) < max(min(2, usual), usual * 0.4):
            continue
        cells = [cell for cell in line.cells if cell]
        names = sum(map(known, cells))
        labels = sum(map(_is_label, cells))
        if labels < len(cells) * 0.8 or len(set(cells)) < len(cells) * 0.5:
            break
        below = _lower(lines, place, known, merged)
        found = place if below is None else below
        confidence = _confidence(lines, found, names, len(cells))
        if found == len(lines) - 1 and not names:
            break  # a name that nothing stands under is none
        if below is not None:
            confidence = max(confidence, 0.85)
        upper = place if below is not None else _upper(lines, place, known, merged)
        why = tr("it holds names, and the rows below it do not")
        return found, Guess(str(lines[found].number), confidence, why, (*offered, "0")), upper
    return None, Guess("0", 0.6, tr("no row looks like names of columns"), offered), None


def _confidence(lines: list[Line], place: int, known: int, filled: int) -> float:
    if known >= 2 or known == filled:
        return 0.95
    body = lines[place + 1 : place + 50]
    for index, name in enumerate(lines[place].cells):
        cells = [line.cells[index] for line in body if line.cells[index]]
        if name and len(cells) > 1 and sum(map(looks_like_data, cells)) > len(cells) * 0.7:
            return 0.85
    return 0.82 if known else 0.6


def _lower(lines: list[Line], place: int, known: Known, merged: Merged) -> int | None:
    """Give the row below, if the two name the columns together: groups above, names below."""
    if place + 1 >= len(lines):
        return None
    upper, lower = lines[place].cells, lines[place + 1].cells
    named = [cell for cell in lower if cell]
    if not named or not all(map(_is_label, named)):
        return None
    gaps = sum(not above and bool(below) for above, below in zip(upper, lower, strict=True))
    row = lines[place].number - 1
    is_merged = any(top <= row <= bottom for (top, _), (bottom, _) in merged)
    is_named = sum(map(known, named)) * 2 >= len(named)
    return place + 1 if gaps and (is_named or (is_merged and gaps > 1)) else None


def _upper(lines: list[Line], place: int, known: Known, merged: Merged) -> int | None:
    """Give the row above, if it groups the columns that the row at ``place`` names."""
    if place == 0 or lines[place - 1].number != lines[place].number - 1:
        return None
    above = lines[place - 1]
    row = above.number - 1
    is_merged = any(top == row and right > left for (top, left), (_, right) in merged)
    fill = _fill(above)
    if fill < 2 and not (is_merged and above.cells[0] == ""):
        return None
    return place - 1 if fill < _fill(lines[place]) and all(map(_is_label, above.cells)) else None


def _names(
    lines: list[Line], place: int | None, upper: int | None, width: int, merged: Merged
) -> tuple[list[str], tuple[int, ...]]:
    if place is None:
        return [tr("Column {letters}", letters=letters(index)) for index in range(width)], ()
    own = [" ".join(cell.split()) for cell in lines[place].cells]
    if upper is None:
        return _distinct(own), (lines[place].number,)
    groups = _spread(lines[upper], own, merged)
    both = [
        f"{group}: {name}" if group and name and group != name else name or group
        for group, name in zip(groups, own, strict=True)
    ]
    return _distinct(both), (lines[upper].number, lines[place].number)


def _spread(line: Line, below: list[str], merged: Merged) -> list[str]:
    """Give each column the group above it: as far as it is merged, else over the gaps beside it."""
    cells = [" ".join(cell.split()) for cell in line.cells]
    row = line.number - 1
    spans = [(left, right) for (top, left), (_, right) in merged if top == row and right > left]
    if spans:
        for left, right in spans:
            for index in range(left, min(right + 1, len(cells))):
                cells[index] = cells[left]
        return cells
    group = ""
    for index, name in enumerate(below):
        group = cells[index] or group
        if name:
            cells[index] = group
    return cells


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    distinct = []
    for index, name in enumerate(names):
        name = name or tr("Column {letters}", letters=letters(index))
        seen[name] = seen.get(name, 0) + 1
        distinct.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return distinct


def letters(index: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def _fill_merged(body: list[Line], merged: Merged) -> None:
    """Give each row what is merged downwards over it: a company beside its three people."""
    if not merged:
        return
    by_row = {line.number - 1: line for line in body}
    for (top, left), (bottom, right) in merged:
        first = by_row.get(top)
        if first is None or left != right or bottom <= top or left >= len(first.cells):
            continue
        for row in range(top + 1, min(bottom, top + 10_000) + 1):
            if row in by_row:
                by_row[row].cells[left] = first.cells[left]


def _end(body: list[Line]) -> int:
    """Give where the rows end and totals and notes begin."""
    usual = _usual_fill(body)
    end = len(body)
    if usual < 3:
        return end
    for index in range(len(body) - 1, max(len(body) - _BELOW_AT_MOST, 0) - 1, -1):
        line = body[index]
        text = next(filter(None, line.cells))
        if _fill(line) > usual * 0.67 or line.trouble:
            break
        is_apart = index > 0 and line.number > body[index - 1].number + 1
        is_few = _fill(line) <= max(1, usual * 0.34)
        if _CLOSING.match(text) or (is_few and (is_apart or (_fill(line) == 1 and len(text) > 40))):
            end = index
        elif not is_few:
            break
    return end


def _without_repeats(body: list[Line], header: list[str]) -> tuple[list[Line], list[Line]]:
    """Take out the names of the columns where they are printed again at the top of a page."""
    repeated = [line for line in body if line.cells == header]
    return ([line for line in body if line.cells != header], repeated) if repeated else (body, [])


def _left_out(line: Line) -> LeftOut:
    return LeftOut(line.number, " · ".join(filter(None, line.cells))[:300])
