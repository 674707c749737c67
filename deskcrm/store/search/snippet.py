"""Cuts the piece out of a text that shows why it was found, and marks the words."""

from dataclasses import dataclass

from deskcrm.store.search.fold import fold, word_spans
from deskcrm.store.search.tokens import TEXT_LIMIT, text_token_of
from deskcrm.store.search.translit import skeleton
from deskcrm.store.search.typed import Piece, Word, read

WIDTH = 120
_LEAD = 30


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text on one line, and where in it the words stand that were looked for."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()


def snippet(text: str, typed: str, width: int = WIDTH) -> Snippet:
    """Cut out the stretch with the most of what was typed; the beginning if nothing is there."""
    text = " ".join(text[:TEXT_LIMIT].split())
    wanted = read(typed)
    spans = [span for span in word_spans(text) if _is_meant(text[slice(*span)], wanted)]
    start = _densest(spans, width)
    start = _at_word(text, max(0, min(start - _LEAD, len(text) - width)))
    end = min(len(text), start + width)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(before) - start
    marks = tuple((a + shift, b + shift) for a, b in spans if start <= a and b <= end)
    return Snippet(before + text[start:end].rstrip() + after, marks)


def _is_meant(word: str, wanted: list[Piece]) -> bool:
    """Tell whether a word of the text is one that was looked for, in any of its forms."""
    folded, token = fold(word), text_token_of(fold(word))
    for piece in wanted:
        if _is_one_of(folded, token, piece.words):
            return True
    return any(_is_one_of(folded, token, piece.swapped) for piece in wanted)


def _is_one_of(folded: str, token: str, words: tuple[Word, ...]) -> bool:
    for word in words:
        is_same = token == text_token_of(word.folded) or token in word.meant
        if is_same or folded.startswith(word.folded):
            return True
        if len(word.folded) > 2 and skeleton(folded).startswith(word.beginnings):
            return True
    return False


def _densest(spans: list[tuple[int, int]], width: int) -> int:
    """Where the stretch begins that holds the most marked words."""
    best, most = 0, 0
    for index, (start, _) in enumerate(spans):
        held = sum(end <= start + width - _LEAD for _, end in spans[index : index + 50])
        if held > most:
            best, most = start, held
    return best


def _at_word(text: str, start: int) -> int:
    """Move on to the beginning of a word, unless that is far."""
    if start == 0 or text[start - 1] == " ":
        return start
    gap = text.find(" ", start, start + _LEAD)
    return start if gap < 0 else gap + 1
