"""Tells which rows of a file are likely the client of an earlier row, though no key is the same."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from deskcrm.base.words import tr
from deskcrm.domain.duplicates.decisions import get_learned
from deskcrm.domain.duplicates.reading import Read, name_words, read
from deskcrm.domain.duplicates.reasons import reason_of
from deskcrm.domain.duplicates.weighing import Scale, Weights, weights_of
from deskcrm.domain.imports.likely import record_of
from deskcrm.domain.imports.preparing import Prepared
from deskcrm.store.reader import Reader

_ENOUGH: Final = 0.7
"""Less than between clients: one file says somebody twice more often than two have one name."""
_COMPARED: Final = 8
"""Earlier rows of the same name with which one is compared: it stays quick, whatever the file."""


@dataclass(frozen=True, slots=True)
class Twin:
    """The earlier line that most likely speaks of the same client, how likely, and why."""

    line: int
    probability: float
    weights: Weights


def find_twins(db: Reader, rows: Sequence[Prepared]) -> dict[int, Twin]:
    """Find for each line an earlier one whose name has the same words, but for the legal form.

    Those of the same number or address need not be looked for: they are found by it.
    """
    named: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        if row.name and not row.trouble:
            named[name_words(row.name)].append(at)
    groups = [group for group in named.values() if _differ(rows, group)]
    if not groups:
        return {}
    known = {at: read(record_of(rows[at])) for group in groups for at in group}
    others = (words for words, group in named.items() for at in group if at not in known)
    scale = Scale([*known.values(), *map(_of_name, others)])
    learned, found = get_learned(db), {}
    for group in groups:
        firsts: list[int] = []
        for at in group:
            bits = [(scale.bits_of(known[one], known[at]), one) for one in firsts]
            likely = [(learned.probability_of(each), one, each) for each, one in bits]
            sure, one, each = max(likely, default=(0.0, at, ()))
            if sure >= _ENOUGH:
                found[rows[at].number] = Twin(
                    rows[one].number, sure, weights_of(learned.weigh(each))
                )
            elif len(firsts) < _COMPARED:
                firsts.append(at)
    return found


def _differ(rows: Sequence[Prepared], group: Sequence[int]) -> bool:
    """Tell whether names of the same words are written in several ways."""
    return len(group) > 1 and len({rows[at].name_key for at in group}) > 1


def _of_name(words: tuple[str, ...]) -> Read:
    none: frozenset[str] = frozenset()
    return Read(words, (), none, none, none, none)


def said_of_twin(twin: Twin) -> str:
    """Say of which line the client most likely is, how surely, and why."""
    return tr(
        "most likely the client of line {n} ({sure}). {reason}",
        n=twin.line, sure=f"{twin.probability:.0%}", reason=reason_of(twin.weights),
    )  # fmt: skip
