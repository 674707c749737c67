"""Keeps Python's collector of cycles from going, again and again, through much that stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SELDOM: Final = (100_000, 1_000, 1_000)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cycles only among what was made last, and seldom, while very much is made.

    What nothing names any more is freed as ever. Also a decorator: ``@seldom_collected()``.
    """
    usual = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
