"""Where a suggestion is read that is the same as another: nothing is moved, it is looked up."""

from collections.abc import Mapping

from sqlalchemy import select

from deskcrm.domain.suggestions.model import Suggestion, SuggestionId
from deskcrm.store.reader import Reader


def read_homes(db: Reader) -> dict[SuggestionId, SuggestionId]:
    """Give, of each suggestion that was merged into another, the one in which it is read."""
    rows = db.all(
        select(Suggestion.id, Suggestion.merged_into_id).where(
            Suggestion.merged_into_id.is_not(None), ~Suggestion.is_deleted
        )
    )
    into = {SuggestionId(one): SuggestionId(other) for one, other in rows if other is not None}
    homes = {one: _end_of(one, into) for one in into}
    return {one: home for one, home in homes.items() if one != home}


def family_of(db: Reader, suggestion_id: SuggestionId) -> list[SuggestionId]:
    """Give a suggestion and all that are read in it."""
    homes = read_homes(db)
    return [suggestion_id, *(one for one, home in homes.items() if home == suggestion_id)]


def _end_of(one: SuggestionId, into: Mapping[SuggestionId, SuggestionId]) -> SuggestionId:
    """Follow the merges to their end; a circle, which two made apart, ends at its least id."""
    path = [one]
    while (following := into.get(path[-1])) is not None:
        if following in path:
            return min(path[path.index(following) :])
        path.append(following)
    return path[-1]
