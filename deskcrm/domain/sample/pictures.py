"""Draws the screenshots that clients of the sample send: a window with a table and a red mark."""

import struct
import zlib
from dataclasses import dataclass
from random import Random
from typing import Final

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.sample.cast import Cast, Role
from deskcrm.domain.tickets.model import Ticket, TicketId

_WIDTH: Final = 480
_HEIGHT: Final = 300
# Paper, frame, title bar, line of text, head of a table, mark, shade.
_COLOURS: Final = (
    (250, 250, 248), (70, 84, 104), (52, 101, 164), (150, 156, 166), (222, 228, 236),
    (204, 52, 48), (238, 240, 243),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that belongs to a ticket."""

    client_id: ClientId
    ticket: TicketId
    name: str
    content: bytes


def make_picture(cast: Cast, ticket: Ticket, who: Role) -> Picture:
    """Draw the screenshot that a ticket speaks of."""
    stem = "снимок" if cast.phrases.language == "ru" else "screenshot"
    name = f"{stem}-{who.person.latin[1]}-{cast.random.randrange(1, 99):02d}.png"
    return Picture(cast.client_id, TicketId(ticket.id), name, draw_screenshot(cast.random))


def draw_screenshot(random: Random) -> bytes:
    """Draw a small window as a PNG of a few kilobytes."""
    rows = [bytearray(_WIDTH) for _ in range(_HEIGHT)]
    _fill(rows, 0, 0, _WIDTH, _HEIGHT, 1)
    _fill(rows, 2, 2, _WIDTH - 4, _HEIGHT - 4, 0)
    _fill(rows, 2, 2, _WIDTH - 4, 22, 2)
    _fill(rows, 14, 40, _WIDTH - 28, 18, 4)
    marked = random.randrange(2, 9)
    for line in range(10):
        top = 64 + line * 22
        if line % 2:
            _fill(rows, 14, top - 3, _WIDTH - 28, 20, 6)
        for column in range(4):
            width = random.randrange(24, 92)
            _fill(rows, 22 + column * 112, top + 3, width, 7, 3)
        if line == marked:
            _frame(rows, 16 + random.randrange(3) * 112, top - 4, 112, 22)
    return _as_png(rows)


def _fill(rows: list[bytearray], left: int, top: int, width: int, height: int, colour: int) -> None:
    for row in rows[top : top + height]:
        row[left : left + width] = bytes([colour]) * min(width, _WIDTH - left)


def _frame(rows: list[bytearray], left: int, top: int, width: int, height: int) -> None:
    for x, y, w, h in (
        (left, top, width, 2), (left, top + height, width, 2),
        (left, top, 2, height), (left + width, top, 2, height + 2),
    ):  # fmt: skip
        _fill(rows, x, y, w, h, 5)


def _as_png(rows: list[bytearray]) -> bytes:
    """Write rows of palette indexes as a PNG (ISO/IEC 15948)."""
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 3, 0, 0, 0)
    palette = b"".join(bytes(colour) for colour in _COLOURS)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum
