"""Judges how well the names of a record fit what was typed, and says why."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from deskcrm.store.search.document import HEAVIEST, Match, Named, Reason
from deskcrm.store.search.fold import fold, words_and_compounds
from deskcrm.store.search.index import FIELD_END, unpacked
from deskcrm.store.search.tokens import text_token_of
from deskcrm.store.search.translit import skeleton
from deskcrm.store.search.typed import BEFORE, LONGEST_ENDING, Piece, Word

# How good a match is by itself. The steps are wider than what weight and place can add.
EXACT: Final = 1.0
BEGINNING: Final = 0.85
FORM: Final = 0.76
SPELLING: Final = 0.68
CALLED: Final = 0.64
LAYOUT: Final = 0.6
TYPO: Final = 0.5
UNSURE: Final = 0.3

_SHORT: Final = 2  # whole in a sentence such a word means nothing, in a short name much
_SPREAD: Final = 0.05  # a beginning that is most of the word is better than its first letter
_FORM_MET: Final = 0.02
_SLIP: Final = 0.1
_NOT_TITLE: Final = 0.03
_WHOLE_TITLE: Final = 0.06
_OF_WEIGHT: Final = 0.08
_CYRILLIC = re.compile("[\u0400-\u04ff]")


class Known(NamedTuple):
    """The words of one name, each folded and with its skeleton, and both behind one another."""

    words: tuple[tuple[str, str], ...]
    folded: str
    spelled: str


def score(pieces: Sequence[Piece], names: str, weight: int) -> float:
    """Say how well a record fits by its names (packed), from 0 to about 1.2."""
    total, titles, bonus = 0.0, 0, 0.0
    fields = _fields_of(names)
    for piece in pieces:
        if piece.is_form:
            bonus += _FORM_MET if any(_quality(piece, known) == EXACT for known in fields) else 0
            titles += 1
            continue
        best = UNSURE
        place = 0
        word = piece.words[0] if piece.is_plain else None
        for index, known in enumerate(fields):
            if word is None:
                found = _quality(piece, known)
            else:  # the same without the steps between, a thousand times a keystroke
                found = _best_plainly(word, known) if _may_fit(word, known) else 0.0
            if index and found:
                found -= _NOT_TITLE
            if found > best:
                best, place = found, index
        total += best
        titles += best == EXACT and place == 0
    made = bonus + total / max(1, sum(not piece.is_form for piece in pieces))
    if fields and titles == len(pieces) >= len(fields[0].words):
        made += _WHOLE_TITLE
    return made + _OF_WEIGHT * weight / HEAVIEST


def fits(pieces: Sequence[Piece], names: str) -> bool:
    """Tell whether each piece is met somewhere in the names of a record (packed)."""
    fields = _fields_of(names)
    return all(
        any(_quality(piece, known) for known in fields) for piece in pieces if not piece.is_form
    )


def reasons(pieces: Sequence[Piece], names: str) -> tuple[Reason, ...]:
    """Say why a record was found: one reason for each piece typed, each once."""
    named, fields = unpacked(names), _fields_of(names)
    said: dict[Reason, None] = {}
    for piece in pieces:
        met = [_quality(piece, known) for known in fields]
        if met and not piece.is_form:
            place = max(range(len(met)), key=lambda at: met[at] - (_NOT_TITLE if at else 0))
            said[_reason(piece, met[place], named[place], fields[place])] = None
    return tuple(said)


def _quality(piece: Piece, known: Known) -> float:
    """The best way in which a piece meets the words of one field."""
    typed = piece.words
    if len(typed) == 1:
        best = _best(typed[0], known)
    else:
        best = min((_best(word, known) for word in typed), default=0.0)
        if piece.joined:
            best = max(best, _best(piece.joined, known))
    if piece.swapped and piece.tries_harder and best < LAYOUT:
        swapped = min(_best(word, known) for word in piece.swapped)
        best = max(best, LAYOUT - (EXACT - swapped) / 10 if swapped else 0.0)
    return best


def _best(word: Word, known: Known) -> float:
    """How well one typed word fits the best of some known words. Runs 2,000 times a keystroke."""
    best = _best_plainly(word, known) if _may_fit(word, known) else 0.0
    if best or not (word.called or word.meant):
        return best
    if word.called and any(spelled in word.called for _, spelled in known.words):
        return CALLED
    return _by_slip(word, known) if word.meant else 0.0


def _may_fit(word: Word, known: Known) -> bool:
    """Tell at once of most names that no word in them begins as the typed one does."""
    if word.needle in known.folded or (word.root and BEFORE + word.root in known.folded):
        return True
    return any(map(known.spelled.__contains__, word.needles))


def _best_plainly(word: Word, known: Known) -> float:
    best = 0.0
    typed, beginnings = word.folded, word.beginnings
    for folded, spelled in known.words:
        if folded.startswith(typed):
            if folded == typed and (len(typed) > _SHORT or len(known.words) <= len(typed) + 1):
                return EXACT
            found = BEGINNING + _SPREAD * len(typed) / len(folded)
        elif spelled.startswith(beginnings):
            found = SPELLING + (_SPREAD if spelled == word.skeleton else 0.0)
        else:
            found = 0.0
        if found < FORM and _is_form(word, folded):
            found = FORM
        if found > best:
            best = found
    return best


def _by_slip(word: Word, known: Known) -> float:
    """How well one typed word fits as a slip of the best of some known words."""
    best = 0.0
    for folded, spelled in known.words:
        slips = word.meant.get(spelled) or word.meant.get(text_token_of(folded))
        if slips:
            best = max(best, TYPO - _SLIP * (slips - 1))
    return best


def _is_form(word: Word, folded: str) -> bool:
    """Tell whether a known word looks like another form of the typed one."""
    root = word.root
    return bool(root) and folded.startswith(root) and len(folded) <= len(root) + LONGEST_ENDING


def _reason(piece: Piece, quality: float, name: Named, known: Known) -> Reason:
    return Reason(_match(piece, quality, known), name.field, name.text)


def _match(piece: Piece, quality: float, known: Known) -> Match:
    """Name the way of matching that has this quality."""
    for floor, match in ((EXACT, Match.EXACT), (BEGINNING, Match.BEGINNING), (FORM, Match.FORM)):
        if quality >= floor:
            return match
    if quality == CALLED:
        return Match.CALLED
    if quality >= SPELLING:
        alphabets = {_is_cyrillic(folded) for folded, _ in known.words}
        same = any(_is_cyrillic(word.folded) in alphabets for word in piece.words)
        return Match.SPELLING if same else Match.TRANSLITERATION
    if quality > TYPO:
        return Match.LAYOUT
    return Match.TYPO if quality else Match.SPELLING


def _is_cyrillic(word: str) -> bool:
    return _CYRILLIC.search(word) is not None


@lru_cache(maxsize=1 << 14)
def _fields_of(names: str) -> tuple[Known, ...]:
    """The words of packed names, field by field."""
    return tuple(map(_words_of, names.split(FIELD_END)[1::2]))


@lru_cache(maxsize=1 << 13)
def _words_of(text: str) -> Known:
    known = tuple(dict.fromkeys(map(_spelled, words_and_compounds(text))))
    return Known(
        known,
        BEFORE + BEFORE.join([folded for folded, _ in known]),
        BEFORE + BEFORE.join([spelled for _, spelled in known]),
    )


@lru_cache(maxsize=1 << 16)
def _spelled(word: str) -> tuple[str, str]:
    folded = fold(word)
    return folded, skeleton(folded)
