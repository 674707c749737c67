"""Keeps Python's collector of cycles from going, again and again, through much that stays."""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

_SELDOM: Final = (100_000, 1_000, 1_000)
_SERVING: Final = (10_000, 20, 20)
_lock: Final = threading.Lock()
_within: Final[list[tuple[int, int, int]]] = []
"""The thresholds that hold otherwise, once for each that is within :func:`seldom_collected`."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cycles only among what was made last, and seldom, while very much is made.

    What nothing names any more is freed as ever. Also a decorator: ``@seldom_collected()``. The
    thresholds are the process's: they come back when the last of several threads is done.
    """
    with _lock:
        _within.append(_within[0] if _within else gc.get_threshold())
        gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        with _lock:
            usual = _within.pop()
            if not _within:
                gc.set_threshold(*usual)


def keep_what_is_there() -> None:
    """Pass over all that a process that serves has now: its program, which stays to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_SERVING)
