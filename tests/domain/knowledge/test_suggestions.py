"""A ticket is offered the articles that share its telling words; none rather than a poor one."""

import pytest

from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.knowledge import commands
from deskcrm.domain.knowledge.model import ArticleId
from deskcrm.domain.knowledge.suggestions import Suggestion, suggest_articles
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.lookup.queries import lookup, search_everything
from deskcrm.domain.tickets.commands import client_wrote, open_ticket
from deskcrm.domain.tickets.model import TicketId
from deskcrm.store.store import Store
from tests.watch import Watch

ARTICLES = {
    "How do I reset my password?": "Open Settings, choose Reset. The link is valid for an hour.",
    "The printer prints blank labels": "Clean the head, then calibrate the labels.",
    "How long does delivery take?": "Two days in town, five days elsewhere.",
    "Возврат денег": "Деньги возвращаются за десять дней после заявления.",
}


@pytest.fixture
def articles(desk: Store) -> dict[str, ArticleId]:
    """Give some published articles by title."""
    made = {}
    for title, body in ARTICLES.items():
        language = "ru" if title.startswith("Возврат") else "en"
        article = desk.do(commands.create_article, title=title, body=body, language=language).value
        desk.do(commands.publish_article, article)
        made[title] = article
    return made


def suggested(desk: Store, ticket: TicketId) -> list[Suggestion]:
    return desk.ask(suggest_articles, ticket)


def open_one(desk: Store, client: ClientId, subject: str) -> TicketId:
    return desk.do(open_ticket, client, subject=subject).value


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("I cannot reset the passwords of two colleagues", "How do I reset my password?"),
        ("Labels come out blank since the morning", "The printer prints blank labels"),
        ("Когда возвращают деньги?", "Возврат денег"),
    ],
)
def test_the_subject_leads_to_the_article_in_any_word_form(
    desk: Store, client: ClientId, articles: dict[str, ArticleId], subject: str, expected: str
) -> None:
    first = suggested(desk, open_one(desk, client, subject))[0]
    assert first.title == expected
    assert first.id == articles[expected]
    assert first.words


def test_what_the_client_wrote_counts_as_well(
    desk: Store, client: ClientId, watch: Watch, articles: dict[str, ArticleId]
) -> None:
    ticket = open_one(desk, client, "Question")
    assert suggested(desk, ticket) == []
    watch.move(minutes=1)
    desk.do(client_wrote, ticket, text="How long does your delivery take?", channel=Channel.EMAIL)
    assert [one.title for one in suggested(desk, ticket)] == ["How long does delivery take?"]


def test_nothing_is_suggested_rather_than_something_poor(
    desk: Store, client: ClientId, articles: dict[str, ArticleId]
) -> None:
    assert suggested(desk, open_one(desk, client, "Please call me back about the contract")) == []


def test_a_draft_or_a_retired_article_is_not_suggested(
    desk: Store, client: ClientId, articles: dict[str, ArticleId]
) -> None:
    ticket = open_one(desk, client, "Blank labels")
    assert len(suggested(desk, ticket)) == 1
    desk.do(commands.retire_article, articles["The printer prints blank labels"])
    desk.do(commands.create_article, title="Blank labels, draft", body="Labels")
    assert suggested(desk, ticket) == []


def test_what_is_inserted_is_the_published_edition(
    desk: Store, client: ClientId, articles: dict[str, ArticleId]
) -> None:
    ticket = open_one(desk, client, "Blank labels")
    desk.do(commands.edit_article, articles["The printer prints blank labels"], body="Half a sent")
    assert suggested(desk, ticket)[0].body == ARTICLES["The printer prints blank labels"]


def test_an_article_in_the_clients_language_and_one_that_served_come_first(
    desk: Store, client: ClientId
) -> None:
    made = []
    for language in ("en", "ru"):
        article = desk.do(
            commands.create_article,
            title="VPN certificate",
            body=f"Import the certificate ({language}).",
            language=language,
        ).value
        desk.do(commands.publish_article, article)
        made.append(article)
    desk.do(edit_client, client, language="ru")
    ticket = open_one(desk, client, "VPN certificate expired")
    assert [one.id for one in suggested(desk, ticket)] == [made[1], made[0]]
    desk.do(edit_client, client, language="")
    for number in range(5):
        other = open_one(desk, client, f"Another {number}")
        desk.do(commands.use_article, made[0], ticket_id=other)
    assert [one.id for one in suggested(desk, ticket)] == [made[0], made[1]]


def test_a_bad_word_of_colleagues_moves_an_article_down(desk: Store, client: ClientId) -> None:
    made = [
        desk.do(commands.create_article, title="VPN certificate", body=body).value
        for body in ("First", "Second")
    ]
    for one in made:
        desk.do(commands.publish_article, one)
    ticket = open_one(desk, client, "VPN certificate expired")
    best = suggested(desk, ticket)[0].id
    desk.do(commands.vote_article, best, is_helpful=False)
    assert suggested(desk, ticket)[0].id != best


def test_articles_stand_among_what_search_finds_and_lead_to_no_client(
    desk: Store, articles: dict[str, ArticleId]
) -> None:
    desk.do(create_company, name="Labels and More")
    found = desk.ask(search_everything, "labels")
    assert {row.kind for row in found} == {Kind.CLIENT, Kind.ARTICLE}
    article = next(row for row in found if row.kind is Kind.ARTICLE)
    assert article.client_id is None
    assert article.title == "The printer prints blank labels"
    inside = desk.ask(search_everything, "calibrate")
    assert [row.why for row in inside] == [
        "In the article: Clean the head, then calibrate the labels."
    ]
    assert [row.name for row in desk.ask(lookup, "labels")] == ["Labels and More"]
