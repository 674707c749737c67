"""Duplicates: which records speak of the same person or company, how surely, and why."""

from deskcrm.domain.duplicates.matching import (
    Pair as Pair,
)
from deskcrm.domain.duplicates.matching import (
    find_pairs as find_pairs,
)
from deskcrm.domain.duplicates.matching import (
    match as match,
)
