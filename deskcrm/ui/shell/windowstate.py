"""The window as it was left: where it stood, and what was open in it."""

import base64
import json
from typing import Any, Final
from uuid import UUID

from PySide6.QtCore import QByteArray, QSize
from PySide6.QtWidgets import QMainWindow

from deskcrm.ui.shell import places
from deskcrm.ui.shell.pages import Pages
from deskcrm.ui.shell.trail import Stop

MOST_TABS = 12
FIRST_SIZE: Final = QSize(1280, 800)
SMALLEST: Final = QSize(1000, 560)
"""What a laptop's screen shows at one and a quarter; with less, words would be cut off."""
FRAME: Final = 40
"""Room for the title bar: how high it is, is known only once it is there."""


def tabs_of(pages: Pages) -> list[Stop]:
    """Give what is open, the first tab first."""
    return [tab.stop for tab in pages.tabs]


def write(window: QMainWindow, pages: Pages) -> str:
    """Give it as text."""
    geometry = bytes(window.saveGeometry().toBase64().data()).decode()
    tabs = [
        {"place": stop.place, "where": where, "tab": stop.in_tab}
        for stop in tabs_of(pages)[:MOST_TABS]
        if (where := _written(stop.where)) is not None
    ]
    return json.dumps({"geometry": geometry, "tabs": tabs, "at": pages.strip.currentIndex()})


def left_at(place: str) -> str:
    """Give the text of a window that was left at a place, wherever it stood."""
    return json.dumps(
        {"geometry": "", "tabs": [{"place": place, "where": {}, "tab": False}], "at": 0}
    )


def read(text: str) -> tuple[bytes, list[Stop], int]:
    """Read what was written; nothing where it cannot be read."""
    try:
        kept = json.loads(text)
        stops = [
            Stop(one["place"], _read(one["where"]), bool(one["tab"]))
            for one in kept["tabs"]
            if one["place"] in places.BY_ID
        ]
        return base64.b64decode(kept["geometry"]), stops, int(kept["at"])
    except (ValueError, KeyError, TypeError):
        return b"", [], 0


def restore_geometry(window: QMainWindow, geometry: bytes) -> bool:
    """Put the window where it stood; False when that is nowhere on these screens."""
    return bool(geometry) and window.restoreGeometry(QByteArray(geometry))


def first_size(room: QSize) -> QSize:
    """Give the size of a window that opens for the first time on a screen with so much room."""
    return FIRST_SIZE.boundedTo(QSize(room.width(), room.height() - FRAME))


def _written(where: dict[str, Any]) -> dict[str, Any] | None:
    """Write ids as text; a stop that holds anything else is not kept."""
    out: dict[str, Any] = {}
    for key, value in where.items():
        if isinstance(value, UUID):
            out[key] = {"id": value.hex}
        elif isinstance(value, str | int | bool):
            out[key] = value
        else:
            return None
    return out


def _read(where: dict[str, Any]) -> dict[str, Any]:
    return {
        key: UUID(value["id"]) if isinstance(value, dict) else value for key, value in where.items()
    }
