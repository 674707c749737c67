"""What came of taking something in that other systems told."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recorded:
    """How much was new, changed what was there, and was known already."""

    new: int = 0
    changed: int = 0
    same: int = 0
