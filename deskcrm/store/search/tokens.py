"""Turns names and texts into the tokens that the index keeps, the same way at both ends."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from deskcrm.store.search.fold import compounds, fold, words
from deskcrm.store.search.stems import stem
from deskcrm.store.search.translit import skeleton

TEXT_LIMIT = 50_000
"""Letters of one text that are indexed: enough for any mail, not for a pasted log file."""


@lru_cache(maxsize=1 << 17)
def name_tokens_of(word: str) -> tuple[str, ...]:
    """The tokens of one word of a name: its skeletons, and its stem if that leads elsewhere."""
    folded = fold(word)
    spelled = skeleton(folded)
    tokens = {spelled, skeleton(folded, hears_h=True)}
    if word != folded:
        tokens.add(skeleton(word))  # č is ch to those who write it, c to those who do not
    root = skeleton(stem(folded))
    if not spelled.startswith(root):
        tokens.add(root)
    return tuple(tokens)


@lru_cache(maxsize=1 << 17)
def text_token_of(word: str) -> str:
    """The token of one word of a text: the skeleton of its stem."""
    return skeleton(stem(fold(word)))


@lru_cache(maxsize=1 << 15)
def name_tokens(name: str) -> frozenset[str]:
    """The tokens of one name: of its words, and of what is written with a joint."""
    found = (*words(name), *compounds(name))
    return frozenset(token for word in found for token in name_tokens_of(word))


def text_tokens(texts: Iterable[str]) -> set[str]:
    """The tokens of the texts of one record."""
    return {text_token_of(word) for text in texts for word in words(text[:TEXT_LIMIT])}


# Marks that no word has, so that they cannot be typed by accident.


def kind_token(kind: str) -> str:
    """The token that every record of a kind has."""
    return "¤" + kind.replace("_", "")


def subject_token(subject: UUID) -> str:
    """The token that every text of one subject has."""
    return "§" + subject.hex
