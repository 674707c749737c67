"""An article is linked to: for clients by an address, for colleagues by a link into the program."""

from collections.abc import Callable
from uuid import UUID

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import edit_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.knowledge import addresses
from deskcrm.domain.knowledge.commands import (
    create_article,
    edit_article,
    publish_article,
    retire_article,
    translate_article,
)
from deskcrm.domain.knowledge.linking import ArticleLink, link_article
from deskcrm.domain.knowledge.model import ArticleId, Audience
from deskcrm.domain.knowledge.queries import get_article
from deskcrm.domain.knowledge.settings import BASE_ADDRESS
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.settings.queries import list_set
from deskcrm.domain.tickets.commands import add_note, open_ticket, reply
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.thread import ThreadMessage, get_thread
from deskcrm.store.store import Store

ONE = ArticleId(UUID("01906b1e-0000-7000-8000-00000000002a"))
HEX = "01906b1e00007000800000000000002a"


@pytest.fixture
def article(desk: Store) -> ArticleId:
    """Give a published article for clients."""
    made = desk.do(
        create_article, title="Blank labels", body="Clean it.", audience=Audience.PUBLIC
    ).value
    desk.do(publish_article, made)
    return made


@pytest.fixture
def ticket(desk: Store, client: ClientId) -> TicketId:
    """Give an open ticket of the client."""
    return desk.do(open_ticket, client, subject="Labels").value


@pytest.fixture
def linked(desk: Store, article: ArticleId, ticket: TicketId) -> Callable[[], ArticleLink]:
    """Give how the article is linked to in the ticket, as things stand."""
    return lambda: desk.ask(link_article, article, ticket_id=ticket)


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("https://help.example.com", f"https://help.example.com/{HEX}"),
        ("https://help.example.com/", f"https://help.example.com/{HEX}"),
        ("https://example.com/{language}/kb", f"https://example.com/ru/kb/{HEX}"),
        ("https://example.com/?a={id}&l={language}", f"https://example.com/?a={HEX}&l=ru"),
        ("", ""),
    ],
)
def test_an_article_stands_where_the_knowledge_base_says(base: str, address: str) -> None:
    assert addresses.web_address(base, ONE, language="ru") == address


def test_an_address_of_its_own_comes_first() -> None:
    own = "https://example.com/blank"
    assert addresses.web_address("https://help.example.com", ONE, language="en", own=own) == own


def test_the_base_is_a_web_address_with_places_for_what_articles_have(desk: Store) -> None:
    desk.do(set_setting, BASE_ADDRESS, value=" help.example.com/{language}/{id} ")
    kept = desk.ask(list_set)[BASE_ADDRESS.key]
    assert kept == "https://help.example.com/{language}/{id}"
    for wrong, why in (
        ("javascript:alert(1)", "not a web address"),
        ("the help pages", "not a web address"),
        ("https://help.example.com/{number}", "do not have"),
        ("https://help.example.com/{id", "do not have"),
    ):
        with pytest.raises(UserError, match=why):
            desk.do(set_setting, BASE_ADDRESS, value=wrong)
    assert desk.ask(list_set)[BASE_ADDRESS.key] == kept
    desk.undo()
    assert BASE_ADDRESS.key not in desk.ask(list_set)


def test_a_client_is_given_the_title_and_the_address(
    desk: Store, linked: Callable[[], ArticleLink]
) -> None:
    desk.do(set_setting, BASE_ADDRESS, value="https://help.example.com")
    link = linked()
    assert link.refusal is None
    assert link.for_client == f"Blank labels: https://help.example.com/{link.id.hex}"
    assert link.anywhere == link.for_client


def test_an_article_has_an_address_of_its_own_and_undo_takes_it_back(
    desk: Store, article: ArticleId, linked: Callable[[], ArticleLink]
) -> None:
    desk.do(edit_article, article, address="example.com/blank")
    assert linked().for_client == "Blank labels: https://example.com/blank"
    with pytest.raises(UserError, match="not a web address"):
        desk.do(edit_article, article, address="on the shelf")
    desk.undo()
    found = desk.ask(get_article, article)
    assert found is not None and found.address == ""


def test_without_an_address_or_where_it_is_internal_a_client_cannot_be_given_it(
    desk: Store, article: ArticleId, linked: Callable[[], ArticleLink]
) -> None:
    refusal = linked().refusal
    assert refusal is not None and "no address" in refusal.title
    assert linked().anywhere == f"Blank labels: deskcrm:article/{article.hex}"
    desk.do(set_setting, BASE_ADDRESS, value="https://help.example.com")
    desk.do(edit_article, article, audience=Audience.INTERNAL)
    refusal = linked().refusal
    assert refusal is not None and "may not read" in refusal.title


def test_the_link_is_in_the_language_of_the_client_once_that_is_published(
    desk: Store, client: ClientId, article: ArticleId, linked: Callable[[], ArticleLink]
) -> None:
    desk.do(set_setting, BASE_ADDRESS, value="https://help.example.com/{language}")
    desk.do(edit_client, client, language="ru")
    russian = desk.do(translate_article, article).value
    desk.do(edit_article, russian, title="Пустые этикетки")
    assert linked().title == "Blank labels"
    desk.do(publish_article, russian)
    assert linked().for_client == (f"Пустые этикетки: https://help.example.com/ru/{russian.hex}")
    desk.do(edit_article, russian, audience=Audience.INTERNAL)
    assert linked().title == "Blank labels"  # a client is never led to what is internal


def test_what_is_not_in_use_is_not_linked_to(
    desk: Store, article: ArticleId, linked: Callable[[], ArticleLink]
) -> None:
    desk.do(retire_article, article)
    with pytest.raises(UserError, match="published article"):
        linked()


def test_a_link_for_colleagues_stays_in_the_note_and_is_refused_in_a_reply(
    desk: Store, ticket: TicketId, linked: Callable[[], ArticleLink]
) -> None:
    words = f"See {linked().for_colleagues} first"
    with pytest.raises(UserError, match="cannot open a link into DeskCRM"):
        desk.do(reply, ticket, text=words)
    desk.do(add_note, ticket, text=words)
    (said,) = [one for one in desk.ask(get_thread, ticket) if isinstance(one, ThreadMessage)]
    assert addresses.readable(said.text) == "See Blank labels first"
    desk.undo()
    assert not any(isinstance(one, ThreadMessage) for one in desk.ask(get_thread, ticket))


def test_a_text_is_taken_apart_into_words_and_articles() -> None:
    link = addresses.inner_link(ONE, "Labels [A4]\nand more")
    assert link == f"[Labels (A4) and more](deskcrm:article/{HEX})"
    linked = addresses.LinkedArticle(ONE, "Labels (A4) and more")
    assert addresses.take_apart(f"See {link}.") == ["See ", linked, "."]
    assert addresses.take_apart(link + link) == [linked, linked]
    for plain in ("", "[x](deskcrm:article/12)", "[x](https://example.com)"):
        assert addresses.readable(plain) == plain


@pytest.mark.parametrize(
    ("link", "article"),
    [
        (f"deskcrm:article/{HEX}", ONE),
        (f" DESKCRM:article/{ONE}\n", ONE),
        ("deskcrm:+79990001122", None),
        ("deskcrm:article/12", None),
        (f"deskcrm:article/{'-' * 32}", None),
        (f"https://deskcrm:article/{HEX}", None),
        ("", None),
    ],
)
def test_a_link_of_ours_is_told_from_a_number(link: str, article: ArticleId | None) -> None:
    assert addresses.article_of(link) == article
