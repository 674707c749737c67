"""What was typed into a search box, cut into pieces, each in every form it is looked for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from uuid import UUID

from deskcrm.store.search.fold import compounds, fold, words
from deskcrm.store.search.layout import other_layout
from deskcrm.store.search.legal_forms import LEGAL_FORMS, form_token
from deskcrm.store.search.nicknames import called_also
from deskcrm.store.search.numbers import typed_number
from deskcrm.store.search.stems import SHORTEST, stem
from deskcrm.store.search.tokens import kind_token, subject_token, text_token_of
from deskcrm.store.search.translit import skeleton, skeleton_beginnings

MOST_PIECES = 8
"""More words than this only narrow what is narrow already."""
BEFORE = "\n"
"""Stands before each word where words stand behind one another; never in a word."""
SHORTEST_ROOT = 2
LONGEST_ENDING = 4
SHORTEST_TEXT_PREFIX = 3  # what the index of texts keeps beginnings from


class Effort(IntEnum):
    """How far a search goes for a hit; each step is taken only when the one before found few."""

    WHOLE = 0
    BEGINNINGS = 1
    LOOSE = 2


@dataclass(frozen=True, slots=True)
class Word:
    """One typed word: folded, and its skeleton, stem, and the beginnings it may stand for.

    ``meant`` are known tokens that it may be a slip of, each with the number of slips.
    """

    folded: str
    skeleton: str
    stem: str
    beginnings: tuple[str, ...]
    meant: dict[str, int] = field(default_factory=dict, compare=False)
    called: frozenset[str] = frozenset()
    """Other forms of a first name; Саша is also Александр."""
    root: str = ""
    """What other forms of the word begin with; empty if it is too short or too far from it."""
    needle: str = field(default="", compare=False)
    needles: tuple[str, ...] = field(default=(), compare=False)
    """Its beginnings, to be looked for among words that stand behind one another."""

    @classmethod
    def of(cls, word: str) -> "Word":
        """Work the forms out."""
        folded = fold(word)
        spelled, root = skeleton(folded), stem(folded)
        beginnings = skeleton_beginnings(folded)
        has_forms = len(root) > SHORTEST_ROOT and len(folded) <= len(root) + LONGEST_ENDING
        return cls(
            folded,
            spelled,
            root,
            beginnings,
            called=called_also(spelled),
            root=root if has_forms else "",
            needle=BEFORE + folded,
            needles=tuple(BEFORE + one for one in beginnings),
        )

    @property
    def tokens(self) -> tuple[str, str]:
        """What the index has for exactly this word: in names, and in texts."""
        return self.skeleton, text_token_of(self.folded)


@dataclass(slots=True)
class Piece:
    """What stood between two spaces; ``swapped`` is the same keys under the other layout."""

    words: tuple[Word, ...]
    joined: Word | None
    swapped: tuple[Word, ...]
    is_last: bool
    is_form: bool = False
    """A legal form typed beside other words: nice to meet, but not asked for."""
    digits: str = ""
    """Set when the piece may be the end of a phone number."""
    tries_harder: bool = False
    """Whether layout and typos count: only once the plain reading found few."""

    @property
    def is_plain(self) -> bool:
        """Tell whether this is one word that stands for itself alone."""
        word = self.words[0] if len(self.words) == 1 else None
        return not (word is None or word.called or word.meant or self.tries_harder)

    @property
    def is_letter(self) -> bool:
        """Tell whether this is the first letter of something, or a word of one letter."""
        return all(len(word.folded) == 1 for word in self.words)


def read(text: str) -> list[Piece]:
    """Cut what was typed into pieces; those without a letter or a digit are dropped."""
    chunks = text.split()[:MOST_PIECES]
    pieces = []
    for chunk in chunks:
        swapped = other_layout(chunk) or ""
        typed, other = words(chunk), words(swapped)
        if typed or other:
            joined = next(iter(compounds(chunk)), None) if len(typed) > 1 else None
            piece = Piece(
                tuple(Word.of(word) for word in typed),
                Word.of(joined) if joined else None,
                tuple(Word.of(word) for word in other),
                is_last=False,
                digits=typed_number(chunk) or "",
            )
            pieces.append(piece)
    if pieces:
        pieces[-1].is_last = True
    has_more = not all(map(_is_form, pieces))
    for piece in pieces:
        piece.is_form = has_more and _is_form(piece)
    return pieces


def _is_form(piece: Piece) -> bool:
    return len(piece.words) == 1 and piece.words[0].folded in LEGAL_FORMS


# Full-text expressions. Tokens hold letters and digits only, so quoting them is enough.


def name_expression(pieces: list[Piece], effort: Effort, kinds: Iterable[str]) -> str:
    """The expression that finds all pieces among names, in any order; empty if impossible."""
    wanted = [_name_piece(piece, effort) for piece in pieces if not piece.is_form]
    return _all_of([*wanted, _kinds(kinds)]) if wanted else ""


def text_expression(
    pieces: list[Piece], effort: Effort, kinds: Iterable[str], subjects: Iterable[UUID] = ()
) -> str:
    """The expression that finds all pieces, in any form, in one text (of these subjects)."""
    within = _any_of(f'"{subject_token(subject)}"' for subject in subjects)
    wanted = [_text_piece(piece, effort) for piece in pieces if not piece.is_form]
    return _all_of([*wanted, _kinds(kinds), within or None]) if wanted else ""


def _name_piece(piece: Piece, effort: Effort) -> str:
    if effort is Effort.WHOLE:
        whole = _all_of(f'"{_whole(word)}"' for word in piece.words)
        return _any_of([whole, f'"{piece.joined.skeleton}"' if piece.joined else ""])
    is_loose = effort is Effort.LOOSE
    ways = [_all_of(_name_word(word, is_loose) for word in piece.words)]
    if piece.joined:
        ways.append(_name_word(piece.joined, is_loose))
    if is_loose:
        ways.append(_all_of(_name_word(word, is_loose) for word in piece.swapped))
    return _any_of(ways)


def _whole(word: Word) -> str:
    return form_token(word.folded) if word.folded in LEGAL_FORMS else word.skeleton


def _name_word(word: Word, is_loose: bool) -> str:
    begun = list(word.beginnings)
    if is_loose and len(word.stem) >= SHORTEST - 1 and word.stem != word.folded:
        begun.append(skeleton(word.stem))
    others = [f'"{name}"' for name in word.called] if is_loose else []
    return _any_of([*(f'"{one}"*' for one in begun), *others, *_meant(word, is_loose)])


def _text_piece(piece: Piece, effort: Effort) -> str:
    is_loose = effort is Effort.LOOSE
    with_prefix = piece.is_last or is_loose
    ways = [_all_of(_text_word(word, with_prefix, is_loose) for word in piece.words)]
    if is_loose:
        ways.append(_all_of(_text_word(word, with_prefix, is_loose) for word in piece.swapped))
    return _any_of(ways)


def _text_word(word: Word, with_prefix: bool, is_loose: bool) -> str:
    ways = [f'"{text_token_of(word.folded)}"']
    if with_prefix:
        ways.extend(f'"{one}"*' for one in word.beginnings if len(one) >= SHORTEST_TEXT_PREFIX)
    return _any_of([*ways, *_meant(word, is_loose)])


def _meant(word: Word, is_loose: bool) -> Iterable[str]:
    return (f'"{token}"' for token in word.meant) if is_loose else ()


def _kinds(kinds: Iterable[str]) -> str | None:
    return _any_of(f'"{kind_token(kind)}"' for kind in kinds) or None


def _all_of(parts: Iterable[str | None]) -> str:
    """All of them; None is no condition, an empty one can never be met."""
    wanted = [part for part in parts if part is not None]
    if not wanted or not all(wanted):
        return ""
    return wanted[0] if len(wanted) == 1 else " AND ".join(f"({part})" for part in wanted)


def _any_of(parts: Iterable[str]) -> str:
    """Any of them; the empty ones are passed over."""
    ways = list(dict.fromkeys(part for part in parts if part))
    return ways[0] if len(ways) == 1 else " OR ".join(f"({part})" for part in ways)
