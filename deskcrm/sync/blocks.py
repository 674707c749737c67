"""What the segments of a snapshot hold."""

from typing import Any

import msgspec

from deskcrm.sync.protocol import LogStep


class Block(msgspec.Struct, array_like=True):
    """What a segment of rows holds: each column from first row to last, in stored values.

    The first four columns are id, scope, seq and is_deleted.
    """

    table: str
    columns: list[str]
    values: list[list[Any]]


class Past(msgspec.Struct, array_like=True):
    """What a segment of the history holds."""

    steps: list[LogStep]
