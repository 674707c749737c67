"""What came of an exchange."""

from collections import Counter
from dataclasses import dataclass, field

from deskcrm.sync.protocol import Result


@dataclass(slots=True)
class Receipt:
    """What came of an exchange."""

    sent: Counter[str] = field(default_factory=Counter)
    """Rows handed over, by table."""
    came: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    """Rows that the server had deleted, kept here and offered back to it."""
    steps: int = 0
    merged: int = 0
    """Steps of which, or to which, something was lost: see the conflicts."""
    refused: list[Result] = field(default_factory=list)
    waiting: int = 0
    is_held_back: bool = False
    """Something waits for the server to be updated."""
    agrees: bool = True
    """Whether both sides hold the same rows, by count and digest."""
    was_repaired: bool = False
    head: int = 0
