"""How an article is named where one writes: an address for clients, a link for colleagues."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.rules import check_website
from deskcrm.domain.knowledge.model import ArticleId

ID, LANGUAGE = "{id}", "{language}"

_OWN: Final = "deskcrm:article/"
_OWN_LINK: Final = re.compile(re.escape(_OWN) + r"([0-9a-f-]{32,36})", re.IGNORECASE)
_LINKED: Final = re.compile(r"\[([^\[\]\n]{1,400})\]\(" + _OWN_LINK.pattern + r"\)", re.IGNORECASE)
_PLACE: Final = re.compile(r"[{}]")
_BRACKETS: Final = str.maketrans("[]\n", "() ")


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """A place in a text where an article is linked to."""

    id: ArticleId
    title: str


def check_base(address: str) -> str:
    """Give the address of the public knowledge base back as it is kept, or empty."""
    address = check_website(address)
    if _PLACE.search(address.replace(ID, "").replace(LANGUAGE, "")):
        raise UserError(
            tr("“{address}” has a place for something that articles do not have.", address=address),
            tr("There are {id} and {language}.", id=ID, language=LANGUAGE),
        )
    return address


def web_address(base: str, article_id: ArticleId, *, language: str, own: str = "") -> str:
    """Tell where clients find an article: at an address of its own, or in the knowledge base.

    Without a place for it the article stands at the end. Empty when there is neither.
    """
    if own or not base:
        return own
    whole = base if ID in base else f"{base.rstrip('/')}/{ID}"
    return whole.replace(ID, article_id.hex).replace(LANGUAGE, language)


def own_address(article_id: ArticleId) -> str:
    """Give the address of an article that the program opens."""
    return f"{_OWN}{article_id.hex}"


def inner_link(article_id: ArticleId, title: str) -> str:
    """Write a link that opens an article in a colleague's program."""
    return f"[{title.translate(_BRACKETS)}]({own_address(article_id)})"


def article_of(link: str) -> ArticleId | None:
    """Tell which article a link of ours leads to; None when it is no such link."""
    found = _OWN_LINK.fullmatch(link.strip())
    return None if found is None else _read(found[1])


def take_apart(text: str) -> list[str | LinkedArticle]:
    """Take a text apart into its words and the articles that it links to."""
    found: list[str | LinkedArticle] = []
    end = 0
    for match in _LINKED.finditer(text):
        article_id = _read(match[2])
        if article_id is not None:
            found += [text[end : match.start()], LinkedArticle(article_id, match[1])]
            end = match.end()
    return [one for one in (*found, text[end:]) if one]


def readable(text: str) -> str:
    """Give a text with the titles of articles where links to them stand."""
    return "".join(one if isinstance(one, str) else one.title for one in take_apart(text))


def check_for_client(text: str) -> None:
    """Refuse to send a client what only a colleague can open."""
    if _OWN_LINK.search(text):
        raise UserError(
            tr("A client cannot open a link into DeskCRM."),
            tr("Take it out, or write an internal note."),
        )


def _read(hexadecimal: str) -> ArticleId | None:
    try:
        return ArticleId(UUID(hexadecimal))
    except ValueError:
        return None
