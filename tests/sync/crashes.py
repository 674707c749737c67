"""Kills the program at one of its writes."""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from deskcrm.store.store import Store


class Crash(BaseException):
    """The program was killed here."""


@contextmanager
def killed_at_a_write(store: Store, chance: random.Random) -> Iterator[None]:
    """Let one of the next writes of an exchange be the last, before or after it is on the disk."""
    whole: Callable[[Any], Any] = store.absorb
    left, before = [chance.randrange(4)], chance.random() < 0.5

    def absorb(take: Callable[..., Any]) -> Any:
        left[0] -= 1
        if left[0] != -1:
            return whole(take)
        if not before:
            whole(take)
            raise Crash
        with suppress(ZeroDivisionError):
            whole(lambda connection: (take(connection), 1 // 0))
        raise Crash

    vars(store)["absorb"] = absorb
    try:
        yield
    finally:
        vars(store).pop("absorb", None)
