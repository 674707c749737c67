"""Reads vCard 2.1, 3 and 4 as phones and old mail programs write them, one card a row.

Own, since vobject, the one library that is kept, stops at the first odd line of a file and cannot
read the broken lines of quoted-printable that every old phone writes.
"""

import quopri
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final, NamedTuple

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.imports.reading.encodings import decode
from deskcrm.domain.imports.reading.limits import Limits, Unreadable, too_many_rows
from deskcrm.domain.imports.reading.sheet import Line

COLUMNS: Final = {
    "ORG": "Organization", "TITLE": "Job title", "ROLE": "Job title", "TEL": "Phone",
    "EMAIL": "Email", "NOTE": "Notes", "URL": "Website", "NICKNAME": "Nickname",
    "IMPP": "Messenger", "X-TELEGRAM": "Messenger", "BDAY": "Birthday", "CATEGORIES": "Tags",
    "UID": "UID", "LANG": "Language",
}  # fmt: skip
_REPEATED: Final = ("Phone", "Email", "Messenger")
_ADDRESS: Final = ("", "", "Street", "City", "Region", "Postal code", "Country")
_MOST: Final = 5
"""So many phones of a card get a column of their own; the others stand in the last one."""
_LINES_OF_ONE: Final = 2_000


class Property(NamedTuple):
    """One line of a card, unfolded."""

    name: str
    parameters: str
    value: str


def read_vcards(content: bytes, encoding: str, limits: Limits, job: Job) -> list[Line]:
    """Read cards; the first line that is given back names the columns."""
    if encoding.startswith(("utf-16", "utf-32", "utf-8")):
        content, encoding = decode(content, encoding).encode("utf-8", "replace"), "utf-8"
    text = content.decode(encoding, errors="surrogateescape")
    cards: list[tuple[int, dict[str, str], str]] = []
    for number, properties, trouble in _cards(text):
        if len(cards) >= limits.rows:
            raise too_many_rows(limits)
        if len(cards) % 500 == 0:
            job.progress(len(cards), 0)
        cells = _cells(properties, encoding)
        if any(len(cell) > limits.cell for cell in cells.values()):
            trouble = tr("a cell is longer than {n} characters", n=f"{limits.cell:,}")
            cells = {name: cell[: limits.cell] for name, cell in cells.items()}
        elif not trouble and any("\ufffd" in cell for cell in cells.values()):
            trouble = tr("letters in it could not be read")
        cards.append((number, cells, trouble))
    if not cards:
        raise Unreadable(tr("There is no card in the file."), tr("Choose another file."))
    columns = list(dict.fromkeys(name for _, cells, _ in cards for name in cells)) or ["Name"]
    lines = [Line(0, columns)]
    for number, cells, trouble in cards:
        lines.append(Line(number, [cells.get(name, "") for name in columns], trouble))
    return lines


def _cards(text: str) -> Iterator[tuple[int, list[Property], str]]:
    """Give each card with the line it begins on; cards within cards are passed over."""
    card: list[Property] = []
    begins, depth, trouble = 0, 0, ""
    for number, line in _unfolded(text):
        head, colon, value = line.partition(":")
        name = head.strip().upper()
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            if depth == 1 and card and begins:
                depth += 1  # an AGENT within the card, or an END that is missing
                if any(one.name in ("FN", "N") for one in card) and not _is_agent(card):
                    yield begins, card, tr("the card is never ended")
                    depth = 1
            else:
                depth += 1
            if depth == 1:
                card, begins, trouble = [], number, ""
        elif name == "END" and value.strip().upper() == "VCARD":
            if depth == 1:
                yield begins, card, trouble
            depth = max(depth - 1, 0)
            card = [] if depth == 0 else card
        elif depth == 1 and colon and len(card) < _LINES_OF_ONE:
            label, _, parameters = head.partition(";")
            card.append(Property(label.rpartition(".")[2].strip().upper(), parameters, value))
    if depth >= 1 and card:
        yield begins, card, tr("the card is never ended")


def _is_agent(card: list[Property]) -> bool:
    return card[-1].name == "AGENT"


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Join folded lines: those that begin with a space, and those that quoted-printable breaks."""
    whole: list[str] = []
    begins = 0
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        if whole and _is_broken(whole):
            whole[-1] = whole[-1][:-1]
            whole.append(line.removeprefix(" ").removeprefix("\t"))
        elif whole and line[:1] in (" ", "\t") and line.strip():
            whole.append(line[1:])
        else:
            if whole:
                yield begins, "".join(whole)
            whole, begins = [line], number
    if whole:
        yield begins, "".join(whole)


def _is_broken(whole: list[str]) -> bool:
    head = whole[0].partition(":")[0].upper()
    return "QUOTED-PRINTABLE" in head and whole[-1].endswith("=")


def _decoded(one: Property, encoding: str) -> str:
    """Undo quoted-printable and the card's own charset."""
    parameters = one.parameters.upper()
    charset = re.search(r"CHARSET=\"?([\w-]+)", parameters)
    raw = one.value.encode(encoding, errors="surrogateescape")
    if "QUOTED-PRINTABLE" in parameters:
        raw = quopri.decodestring(raw)
    name = charset[1] if charset else ("utf-8" if _is_utf8(raw) else encoding)
    try:
        return raw.decode(name, errors="replace")
    except LookupError:
        return raw.decode("utf-8", errors="replace")


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _parts(value: str) -> list[str]:
    """Cut a value at semicolons that are not escaped."""
    return [_plain(part) for part in re.split(r"(?<!\\);", value)]


def _plain(value: str) -> str:
    text = re.sub(r"\\([nN,;:\\])", lambda found: "\n" if found[1] in "nN" else found[1], value)
    return text.replace("\x00", "").strip()


def _cells(properties: list[Property], encoding: str) -> dict[str, str]:
    cells: dict[str, str] = {}
    count: Counter[str] = Counter()
    for one in properties:
        if "BASE64" in one.parameters.upper() or "ENCODING=B" in one.parameters.upper():
            continue  # a picture, a sound, a key
        value = _decoded(one, encoding)
        if one.name == "FN":
            cells["Name"] = _plain(value)
        elif one.name == "N":
            family, given, middle, *_ = (*_parts(value), "", "", "")
            name = " ".join(filter(None, (given, middle, family)))
            cells.setdefault("Name", name)
            cells["Name"] = cells["Name"] or name
        elif one.name == "ADR":
            for column, part in zip(_ADDRESS, _parts(value), strict=False):
                if column and part:
                    cells.setdefault(column, part.replace("\n", ", "))
        elif column := COLUMNS.get(one.name, ""):
            _put(cells, count, column, value)
    return cells


def _put(cells: dict[str, str], count: Counter[str], column: str, value: str) -> None:
    if column == "Organization":
        text = next(filter(None, _parts(value)), "")
    else:
        text = re.sub(r"^(tel|mailto|xmpp|skype|sip):", "", _plain(value), flags=re.IGNORECASE)
    if not text or text in cells.values():
        return
    if column not in _REPEATED:
        cells[column] = f"{cells[column]}\n{text}" if column in cells else text
        return
    count[column] += 1
    place = min(count[column], _MOST)
    name = column if place == 1 else f"{column} {place}"
    cells[name] = f"{cells[name]}; {text}" if name in cells else text
