"""How fast a signed-in device may ask: no workstation that works meets it, a loop gone wild does.

Counted in this process only, by sign-in, and before the database is asked anything.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from deskcrm.server.attempts import TooMany

RATE: Final = 50.0
"""Requests a second that can go on for ever; catching up and handing over need some twenty."""
BURST: Final = 3_000.0
"""Requests that may come at once before that."""
PIECE: Final = 0.1
"""What a piece of a file counts: a line that is fast carries hundreds of them in a second."""
KNOWN: Final = 20_000
"""Sign-ins that are kept in mind; whoever has not asked for longest is forgotten first."""
_NAME: Final = 21
"""Letters of a token that name the sign-in: they stay when its tokens are renewed."""


class Pace:
    """How much each sign-in has left to ask."""

    def __init__(
        self,
        rate: float = RATE,
        burst: float = BURST,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate, self._burst, self._monotonic = rate, burst, monotonic
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, token: str, path: str) -> None:
        """Count a request; raises TooMany with the seconds after which it will be taken."""
        now, name = self._monotonic(), token[:_NAME]
        left, since = self._left.pop(name, (self._burst, now))
        left = min(left + (now - since) * self._rate, self._burst)
        cost = (
            PIECE if path.startswith(("/sync/v1/contents/send", "/sync/v1/contents/fetch")) else 1.0
        )
        is_too_much = left < cost
        self._left[name] = (left if is_too_much else left - cost, now)
        if len(self._left) > KNOWN:
            self._left.popitem(last=False)
        if is_too_much:
            raise TooMany(max(math.ceil((cost - left) / self._rate), 1))
