"""A clock that a test moves on."""

from datetime import UTC, datetime, timedelta
from typing import Final

START: Final = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
"""A Wednesday morning."""


class Watch:
    """Shows START until the test lets time pass."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at

    def move(self, **span: float) -> datetime:
        """Let time pass, and give the new moment."""
        self.at += timedelta(**span)
        return self.at
