"""Writes vCards (RFC 2426, version 3.0, which phones and old mail programs take) of people."""

from collections.abc import Iterator, Sequence
from typing import Final

from deskcrm.domain.contacts.model import PointKind
from deskcrm.domain.exports.of_clients import PersonItem

_LONGEST: Final = 75
"""Bytes in a line; what is longer goes on in the next one, after a space."""
_ESCAPED: Final = str.maketrans(
    {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None, "\x00": None}
)


def card_of(one: PersonItem) -> bytes:
    """Write one card, with the line ends that the format wants."""
    lines = ["BEGIN:VCARD", "VERSION:3.0", *_lines(one), "END:VCARD"]
    return b"".join(_folded(line) for line in lines)


def _lines(one: PersonItem) -> Iterator[str]:
    client, person = one.client, one.own
    yield f"FN:{_text(one.name)}"
    # Which word is the family name nobody said, so all of them stand together.
    yield f"N:{_text(one.name)};;;;"
    yield f"ORG:{_text(client.name)}"
    if person is not None and person.position:
        yield f"TITLE:{_text(person.position)}"
    for kind, name in _KINDS:
        for address in one.points.get(kind, ()):
            yield f"{name}:{_text(address)}"
    place = (client.street, client.city, client.province, client.postal_code, client.country)
    if any(place):
        yield f"ADR;TYPE=WORK:;;{';'.join(map(_text, place))}"
    if client.website:
        yield f"URL:{_text(client.website)}"
    notes = client.about if person is None else person.notes
    if notes:
        yield f"NOTE:{_text(notes)}"
    yield f"UID:urn:uuid:{client.id if person is None else person.id}"


_KINDS: Final[Sequence[tuple[PointKind, str]]] = (
    (PointKind.PHONE, "TEL;TYPE=WORK"),
    (PointKind.EMAIL, "EMAIL;TYPE=INTERNET"),
    (PointKind.MESSENGER, "IMPP"),
)


def _text(value: str) -> str:
    return value.translate(_ESCAPED)


def _folded(line: str) -> bytes:
    """Cut a line where it is too long, never within a letter."""
    pieces, piece = [], b""
    for letter in line:
        encoded = letter.encode()
        if len(piece) + len(encoded) > _LONGEST:
            pieces.append(piece)
            piece = b" "
        piece += encoded
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
