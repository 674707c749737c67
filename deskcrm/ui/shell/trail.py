"""Where the person has been: back and forward."""

from dataclasses import dataclass, field
from typing import Any, Final

LONGEST: Final = 50


@dataclass(frozen=True, slots=True)
class Stop:
    """One place, with what was looked at there."""

    place: str
    where: dict[str, Any] = field(default_factory=dict)
    in_tab: bool = False


class Trail:
    """Stops in the order they were made; going somewhere new forgets what was forward."""

    def __init__(self) -> None:
        self._stops: list[Stop] = []
        self._at = -1

    def visit(self, stop: Stop) -> None:
        """Note where the person went; the same again is not another stop."""
        if self._at >= 0 and self._stops[self._at] == stop:
            return
        self._stops = [*self._stops[: self._at + 1], stop][-LONGEST:]
        self._at = len(self._stops) - 1

    @property
    def can_go_back(self) -> bool:
        """Whether there is something behind."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether the person came back from somewhere."""
        return self._at < len(self._stops) - 1

    def back(self) -> Stop | None:
        """Go one stop back, and give it."""
        return self._step(-1) if self.can_go_back else None

    def forward(self) -> Stop | None:
        """Go one stop forward, and give it."""
        return self._step(1) if self.can_go_forward else None

    def _step(self, by: int) -> Stop:
        self._at += by
        return self._stops[self._at]
