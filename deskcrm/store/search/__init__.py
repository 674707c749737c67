"""Search as people type it: prefixes, typos, spellings, layouts, forms, phone pieces."""

from deskcrm.store.search.alike import Alike, find_alike
from deskcrm.store.search.document import Document, Hit, Match, Named, Reason
from deskcrm.store.search.index import (
    Refiled,
    fill,
    gathering,
    note_moments,
    refile,
    remove_documents,
    write_documents,
)
from deskcrm.store.search.numbers import digits_of, mentioned_numbers, typed_number
from deskcrm.store.search.phones import find as find_numbers
from deskcrm.store.search.query import search
from deskcrm.store.search.schema import COMPARED, VERSION, NoSearchHere, reset
from deskcrm.store.search.snippet import Snippet, snippet
from deskcrm.store.search.within import WITHIN_SQL, Sought, seek_within

__all__ = [
    "COMPARED",
    "VERSION",
    "WITHIN_SQL",
    "Alike",
    "Document",
    "Hit",
    "Match",
    "Named",
    "NoSearchHere",
    "Reason",
    "Refiled",
    "Snippet",
    "Sought",
    "digits_of",
    "fill",
    "find_alike",
    "find_numbers",
    "gathering",
    "mentioned_numbers",
    "note_moments",
    "refile",
    "remove_documents",
    "reset",
    "search",
    "seek_within",
    "snippet",
    "typed_number",
    "write_documents",
]
