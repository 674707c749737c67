"""Search as people type it: prefixes, typos, spellings, layouts, forms, phone pieces."""

from deskcrm.store.search.document import Document, Hit, Match, Named, Reason
from deskcrm.store.search.index import (
    filed_names,
    fill,
    names_of,
    remove_documents,
    write_documents,
)
from deskcrm.store.search.numbers import mentioned_numbers, typed_number
from deskcrm.store.search.query import search
from deskcrm.store.search.schema import VERSION, NoSearchHere, reset
from deskcrm.store.search.snippet import Snippet, snippet

__all__ = [
    "VERSION",
    "Document",
    "Hit",
    "Match",
    "Named",
    "NoSearchHere",
    "Reason",
    "Snippet",
    "filed_names",
    "fill",
    "mentioned_numbers",
    "names_of",
    "remove_documents",
    "reset",
    "search",
    "snippet",
    "typed_number",
    "write_documents",
]
