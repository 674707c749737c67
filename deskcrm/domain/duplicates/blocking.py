"""Which pairs of records are worth comparing: those that share something that few others have."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from deskcrm.domain.duplicates.reading import Read

_MOST: Final = 16
"""Of a block of more the key says little; what is alike in it is alike in something else too."""
_HEAD: Final = 4
_LONG: Final = 5


def pair_numbers(records: Sequence[Read], new_from: int = 0) -> set[int]:
    """Give the pairs to compare, each once: the lower position times the number of records, plus
    the higher. With ``new_from``: only of a record before that position with one from there on."""
    blocks: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, record in enumerate(records):
        for key in _keys(record):
            blocks[key].append(at)
    # Millions of pairs: each as one number, at which the garbage collector need not look.
    size = len(records)
    pairs: set[int] = set()
    for members in blocks.values():
        if 1 < len(members) <= _MOST:
            pairs.update(
                one * size + other
                for one, other in combinations(members, 2)
                if not new_from or one < new_from <= other
            )
    return pairs


def _keys(record: Read) -> set[tuple[str, ...]]:
    return {
        *(("phone", one) for one in record.phones),
        *(("email", one) for one in record.emails),
        *(("code", one) for one in record.codes),
        *_of_emails(record),
        *_of_name(record),
        *_of_both(record),
    }


def _of_emails(record: Read) -> Iterator[tuple[str, ...]]:
    """Reach over a slip in the domain, or in the name before it."""
    for email in record.emails:
        local, _, domain = email.partition("@")
        if len(local) >= _LONG:
            yield "local", local
        yield "domain", domain, local[:2]


def _of_name(record: Read) -> Iterator[tuple[str, ...]]:
    """Reach over one misspelt word, over one that is missing, and over a name told in two ways."""
    name = record.name
    if name:
        yield "name", *name
    for word in name:
        if len(word) >= _HEAD:
            yield "word", word
    for one, other in combinations(name, 2):
        yield "heads", one[:_HEAD], other[:_HEAD]
        yield "first", one[:1], other
        yield "second", one, other[:1]
    for at in range(len(name)):
        if len(name) > 2:
            yield "but one", *name[:at], *name[at + 1 :]


def _of_both(record: Read) -> Iterator[tuple[str, ...]]:
    """Join a word of the name with what is beside it: common names then make small blocks."""
    beside = [*record.places, *(one[-4:] for one in record.phones)]
    for word in record.name:
        for one in beside:
            yield "beside", word[:_HEAD], one
