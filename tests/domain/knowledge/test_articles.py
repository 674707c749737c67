"""Articles are written, published in editions, looked over, pinned, translated and rated."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.knowledge import commands
from deskcrm.domain.knowledge.model import (
    LONGEST,
    ArticleEditionId,
    ArticleId,
    ArticleKind,
    ArticleState,
    Audience,
)
from deskcrm.domain.knowledge.queries import (
    ArticleDetail,
    ArticleShelf,
    count_articles,
    count_stale,
    get_article,
    list_pinned,
    page_articles,
)
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.users.commands import add_user
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store
from tests.watch import Watch


@pytest.fixture
def article(desk: Store) -> ArticleId:
    """Give a draft that says how to reset a password."""
    return desk.do(
        commands.create_article,
        title="How do I reset my password?",
        body="Open **Settings**, then choose *Reset*.",
        keywords="login sign-in",
    ).value


@pytest.fixture
def ticket(desk: Store, client: ClientId) -> TicketId:
    """Give an open ticket of the client."""
    return desk.do(open_ticket, client, subject="Password").value


def detail(desk: Store, article: ArticleId) -> ArticleDetail:
    found = desk.ask(get_article, article)
    assert found is not None
    return found


def titles(desk: Store, shelf: ArticleShelf, search: str = "") -> list[str]:
    rows = desk.ask(page_articles, shelf=shelf, search=search)
    assert desk.ask(count_articles, shelf=shelf, search=search) == len(rows)
    return [row.title for row in rows]


def test_a_new_article_is_a_draft_and_undo_takes_it_away(desk: Store, article: ArticleId) -> None:
    found = detail(desk, article)
    assert found.row.state is ArticleState.DRAFT
    assert found.author == "Anna"
    assert found.published is None
    assert titles(desk, ArticleShelf.DRAFTS) == ["How do I reset my password?"]
    desk.undo()
    assert desk.ask(get_article, article) is None


@pytest.mark.parametrize("title", ["", "  \n"])
def test_an_article_without_a_title_is_refused(desk: Store, title: str) -> None:
    with pytest.raises(UserError, match="needs a title"):
        desk.do(commands.create_article, title=title)


def test_an_article_in_another_language_or_too_long_is_refused(
    desk: Store, article: ArticleId
) -> None:
    with pytest.raises(UserError, match="English or Russian"):
        desk.do(commands.edit_article, article, language="de")
    with pytest.raises(UserError, match="too long"):
        desk.do(commands.edit_article, article, body="x" * (LONGEST + 1))
    assert detail(desk, article).body == "Open **Settings**, then choose *Reset*."


def test_what_is_published_stays_while_the_next_edition_is_written(
    desk: Store, article: ArticleId
) -> None:
    desk.do(commands.publish_article, article)
    desk.do(commands.edit_article, article, body="Ask your administrator.")
    found = detail(desk, article)
    assert found.is_ahead
    assert found.published is not None
    assert found.published.body == "Open **Settings**, then choose *Reset*."
    desk.do(commands.publish_article, article, note="It is the administrator now")
    found = detail(desk, article)
    assert not found.is_ahead
    assert [one.note for one in found.editions] == ["It is the administrator now", ""]
    desk.undo()
    found = detail(desk, article)
    assert found.is_ahead
    assert found.published is not None
    assert found.published.body == "Open **Settings**, then choose *Reset*."


def test_publishing_nothing_or_nothing_new_is_refused(desk: Store, article: ArticleId) -> None:
    empty = desk.do(commands.create_article, title="Empty").value
    with pytest.raises(UserError, match="nothing to publish"):
        desk.do(commands.publish_article, empty)
    desk.do(commands.publish_article, article)
    with pytest.raises(UserError, match="published already"):
        desk.do(commands.publish_article, article)


def test_an_earlier_edition_is_taken_back(desk: Store, article: ArticleId) -> None:
    first = desk.do(commands.publish_article, article).value
    desk.do(commands.edit_article, article, title="Password", body="Ask us.")
    desk.do(commands.publish_article, article)
    desk.do(commands.take_back_edition, article, edition_id=first)
    found = detail(desk, article)
    assert found.row.title == "How do I reset my password?"
    assert found.body == "Open **Settings**, then choose *Reset*."
    assert found.is_ahead
    desk.undo()
    assert detail(desk, article).body == "Ask us."


def test_an_edition_of_another_article_is_refused(desk: Store, article: ArticleId) -> None:
    other = desk.do(commands.create_article, title="Other", body="Text").value
    edition: ArticleEditionId = desk.do(commands.publish_article, other).value
    with pytest.raises(UserError, match="another article"):
        desk.do(commands.take_back_edition, article, edition_id=edition)


def test_an_article_is_due_to_be_looked_over_after_half_a_year(
    desk: Store, watch: Watch, article: ArticleId
) -> None:
    desk.do(commands.publish_article, article)
    assert desk.ask(count_stale) == 0
    watch.move(days=190)
    assert desk.ask(count_stale) == 1
    assert titles(desk, ArticleShelf.STALE) == ["How do I reset my password?"]
    assert detail(desk, article).row.is_stale
    desk.do(commands.confirm_article, article)
    assert desk.ask(count_stale) == 0
    desk.undo()
    assert desk.ask(count_stale) == 1


def test_a_retired_article_is_kept_and_can_be_published_again(
    desk: Store, article: ArticleId
) -> None:
    desk.do(commands.publish_article, article)
    desk.do(commands.pin_article, article)
    desk.do(commands.retire_article, article)
    assert titles(desk, ArticleShelf.IN_USE) == []
    assert titles(desk, ArticleShelf.RETIRED) == ["How do I reset my password?"]
    assert not detail(desk, article).row.is_pinned
    with pytest.raises(UserError, match="retired already"):
        desk.do(commands.retire_article, article)
    desk.undo()
    assert titles(desk, ArticleShelf.PINNED) == ["How do I reset my password?"]
    desk.do(commands.retire_article, article)
    desk.do(commands.publish_article, article)
    assert titles(desk, ArticleShelf.IN_USE) == ["How do I reset my password?"]
    assert len(detail(desk, article).editions) == 1


def test_only_what_is_published_is_pinned(desk: Store, article: ArticleId) -> None:
    with pytest.raises(UserError, match="published article"):
        desk.do(commands.pin_article, article)
    desk.do(commands.publish_article, article)
    desk.do(commands.pin_article, article)
    desk.do(commands.pin_article, article, is_pinned=False)
    assert titles(desk, ArticleShelf.PINNED) == []
    desk.undo()
    assert titles(desk, ArticleShelf.PINNED) == ["How do I reset my password?"]


def test_what_is_pinned_is_shown_in_ones_own_language(desk: Store, article: ArticleId) -> None:
    russian = desk.do(commands.translate_article, article).value
    desk.do(commands.edit_article, russian, title="Как сменить пароль?")
    for one in (article, russian):
        desk.do(commands.publish_article, one)
        desk.do(commands.pin_article, one)
    english = [row.title for row in desk.ask(list_pinned, language="en")]
    assert english == ["How do I reset my password?"]
    assert [row.title for row in desk.ask(list_pinned, language="ru")] == ["Как сменить пароль?"]


def test_a_translation_belongs_to_the_article_and_there_is_one(
    desk: Store, article: ArticleId
) -> None:
    russian = desk.do(commands.translate_article, article).value
    (other,) = detail(desk, article).translations
    assert (other.id, other.language) == (russian, "ru")
    (back,) = detail(desk, russian).translations
    assert back.id == article
    for one in (article, russian):
        with pytest.raises(UserError, match="both languages"):
            desk.do(commands.translate_article, one)
    desk.undo()
    assert detail(desk, article).translations == []


def test_a_person_has_one_word_on_an_article_and_may_change_it(
    desk: Store, article: ArticleId
) -> None:
    ivan = UserId(desk.do(add_user, name="Ivan").value)
    anna = desk.actor
    desk.do(commands.vote_article, article, is_helpful=True)
    desk.do(commands.vote_article, article, is_helpful=False, comment="Out of date")
    found = detail(desk, article)
    assert (found.row.helpful, found.row.unhelpful, found.my_vote) == (0, 1, False)
    desk.sign_in(ivan)
    desk.do(commands.vote_article, article, is_helpful=True)
    found = detail(desk, article)
    assert (found.row.helpful, found.row.unhelpful, found.my_vote) == (1, 1, True)
    desk.undo()
    assert detail(desk, article).my_vote is None
    desk.do(commands.vote_article, article, is_helpful=False)  # the word that was undone is back
    assert detail(desk, article).my_vote is False
    desk.sign_in(anna)
    assert detail(desk, article).my_vote is False


def test_a_ticket_counts_once_however_often_it_was_answered(
    desk: Store, article: ArticleId, ticket: TicketId
) -> None:
    with pytest.raises(UserError, match="published article"):
        desk.do(commands.use_article, article, ticket_id=ticket)
    desk.do(commands.publish_article, article)
    desk.do(commands.use_article, article, ticket_id=ticket)
    again = desk.do(commands.use_article, article, ticket_id=ticket)
    assert again.step is None
    assert detail(desk, article).row.tickets == 1
    desk.undo()
    assert detail(desk, article).row.tickets == 0


def test_a_deleted_article_is_gone_from_lists_and_undo_brings_it_back(
    desk: Store, article: ArticleId
) -> None:
    desk.do(commands.delete_article, article)
    assert titles(desk, ArticleShelf.DRAFTS) == []
    assert titles(desk, ArticleShelf.DRAFTS, "password") == []
    desk.undo()
    assert titles(desk, ArticleShelf.DRAFTS, "password") == ["How do I reset my password?"]


@pytest.mark.parametrize(
    "typed", ["reset pass", "pasword", "login", "настройки", "ghbvth", "Settings"]
)
def test_an_article_is_found_as_people_type(desk: Store, article: ArticleId, typed: str) -> None:
    desk.do(
        commands.create_article,
        title="Пример",
        body="Откройте настройки",
        kind=ArticleKind.GUIDE,
        audience=Audience.PUBLIC,
        language="ru",
    )
    expected = "Пример" if typed in ("настройки", "ghbvth") else "How do I reset my password?"
    assert titles(desk, ArticleShelf.DRAFTS, typed) == [expected]
