"""What is bound to a statement is stored as what it is, in the short way as in the driver's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskcrm.store.engine import connect

KEY = bytes(range(32))


class Named(bytes):
    """A kind of bytes of somebody's own."""


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Any]:
    made = connect(tmp_path / "some.db", KEY)
    yield made
    made.close()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (b"", "blob"),
        (b"\0\xff" * 8, "blob"),
        (Named(b"name"), "blob"),
        (bytearray(b"some"), "blob"),
        (None, "null"),
        (True, "integer"),
        (False, "integer"),
        (-(2**63), "integer"),
        (0.5, "real"),
        ("", "text"),
        ("Ёж\0", "text"),
    ],
)
def test_a_value_comes_back_as_it_was(connection: Any, value: object, kind: str) -> None:
    """One at a time and many at once, as sync writes them."""
    assert connection.execute("SELECT ?, typeof(?)", (value, value)).fetchone() == (value, kind)
    connection.execute("CREATE TABLE some (value)")
    connection.executemany("INSERT INTO some VALUES (?)", [(value,), (value,)])
    read = connection.execute("SELECT value, typeof(value) FROM some").fetchall()
    assert read == [(value, kind)] * 2
