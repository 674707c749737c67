"""Turns names and texts into the tokens that the index keeps, the same way at both ends."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

from deskcrm.store.search.fold import compounds, fold, words
from deskcrm.store.search.legal_forms import LEGAL_FORMS, form_token
from deskcrm.store.search.stems import stem
from deskcrm.store.search.translit import is_reshaped, skeleton

TEXT_LIMIT = 50_000
"""Letters of one text that are indexed: enough for any mail, not for a pasted log file."""
_LONGEST_STEMMED = 20


@lru_cache(maxsize=1 << 14)
def name_tokens_of(word: str) -> tuple[str, ...]:
    """The tokens of one word of a name: its skeletons, and its stem if that leads elsewhere."""
    if word.isascii() and word.isdecimal():
        return (word,)
    folded = fold(word)
    if folded in LEGAL_FORMS:
        return (form_token(folded),)
    spelled = skeleton(folded)
    tokens = {spelled}
    if "h" in folded:
        tokens.add(skeleton(folded, hears_h=True))
    if word != folded:
        tokens.add(skeleton(word))  # č is ch to those who write it, c to those who do not
    root = skeleton(stem(folded)) if len(folded) <= _LONGEST_STEMMED else spelled
    if not spelled.startswith(root):
        tokens.add(root)
    return tuple(tokens)


@lru_cache(maxsize=1 << 14)
def text_token_of(word: str) -> str:
    """The token of one word of a text: the skeleton of its stem."""
    return skeleton(stem(fold(word)))


@lru_cache(maxsize=1 << 13)
def name_tokens(name: str) -> frozenset[str]:
    """The tokens of one name: of its words, and of what is written with a joint."""
    tokens = frozenset(token for word in words(name) for token in name_tokens_of(word))
    return tokens.union(skeleton(fold(word)) for word in compounds(name))


@lru_cache(maxsize=1 << 13)
def name_spellings(name: str) -> tuple[tuple[str, str], ...]:
    """The words of a name that may be mistyped, each with its token; none for an address."""
    if "@" in name:
        return ()
    return tuple(pair for word in words(name) for pair in _spellings_of(word))


@lru_cache(maxsize=1 << 14)
def _spellings_of(word: str) -> tuple[tuple[str, str], ...]:
    """The tokens of a word, and the word itself where one slip in it is several in a token."""
    if not word.isalpha():
        return ()
    pairs = [(token, token) for token in name_tokens_of(word)]
    folded = fold(word)
    if is_reshaped(folded):
        pairs.append((folded, skeleton(folded)))
    return tuple(pairs)


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
