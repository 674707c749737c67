"""How answers are written: JSON for scripts, lines for people."""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr


def plain(value: Any) -> Any:
    """Turn a row of an answer into what JSON holds."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, UUID | Path):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Sequence | frozenset | set) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value


def write_json(value: Any) -> None:
    """Write a value as JSON, on one line."""
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")


def write_line(text: str) -> None:
    """Write a line and let it through at once: somebody may be waiting for it."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def write_table(rows: Iterable[Sequence[str]]) -> None:
    """Write rows for a person to read, the columns one under another."""
    listed = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    for row in listed:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        write_line("  ".join(cells).rstrip())


def at_least_one(text: str) -> int:
    """Read a number of things asked for."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a number above 0", text=text))
    return number


def read_id(text: str) -> UUID:
    """Read an id from the command line; UserError when it is none."""
    try:
        return UUID(text)
    except ValueError:
        raise UserError(
            tr("“{text}” is not an id.", text=text), tr("Find it with: deskcrm lookup TEXT --json")
        ) from None
