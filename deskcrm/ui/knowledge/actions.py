"""What a person can do with articles."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QGuiApplication

from deskcrm.base.words import tr
from deskcrm.domain.knowledge.commands import (
    confirm_article,
    delete_article,
    pin_article,
    publish_article,
    retire_article,
    take_back_edition,
    translate_article,
    vote_article,
)
from deskcrm.domain.knowledge.linking import ArticleLink, link_article
from deskcrm.domain.knowledge.model import ArticleState
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.fields import Choice, Line
from deskcrm.ui.kit.list_detail import one_selected
from deskcrm.ui.knowledge import form

if TYPE_CHECKING:
    from deskcrm.ui.knowledge.screen import KnowledgeScreen


def _published_selected(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.state is ArticleState.PUBLISHED


def _is_shown(screen: Any) -> bool:
    return one_selected(screen) and screen.record.detail is not None


def _has_news(screen: Any) -> bool:
    """Tell whether there is something that people do not answer with yet."""
    row, detail = screen.row(), screen.record.detail
    is_out = row is not None and row.state is ArticleState.PUBLISHED
    return one_selected(screen) and (not is_out or (detail is not None and detail.is_ahead))


def _has_editions(screen: Any) -> bool:
    return _is_shown(screen) and bool(screen.record.detail.earlier)


@action(
    "knowledge.new", "New article", key="N", icon="plus", synonyms="write faq статья написать база"
)
def new(screen: "KnowledgeScreen") -> None:
    """Begin an article."""
    form.open_new(screen.desk, screen, lambda made: screen.arrive(article=made))


@action("knowledge.edit", "Edit…", key="E", needs=_is_shown, icon="edit", synonyms="править")
def edit(screen: "KnowledgeScreen") -> None:
    """Write on at the current article."""
    if screen.record.detail is not None:
        form.open_edit(screen.desk, screen, screen.record.detail)


@action(
    "knowledge.publish", "Publish…", key="P", needs=_has_news, icon="upload",
    synonyms="release опубликовать",
)  # fmt: skip
def publish(screen: "KnowledgeScreen") -> FormCard | None:
    """Make what is written the edition that people answer with."""
    row = screen.row()
    if row is None:
        return None

    def save(values: dict[str, Any]) -> Any:
        deed = screen.desk.do(publish_article, row.id, note=values["note"] or "").tell()
        return deed.then(lambda _done: screen.arrive(article=row.id))

    return FormCard(
        screen.desk, screen, tr("Publish “{title}”", title=row.title),
        [Line("note", tr("What is new in it"))], save,
        place="knowledge.publish", subject=row.id.hex, button=tr("Publish"), width=460,
    )  # fmt: skip


@action(
    "knowledge.confirm", "Still true", key="T", needs=_published_selected, icon="check",
    synonyms="review actual проверено актуально",
)  # fmt: skip
def confirm(screen: "KnowledgeScreen") -> None:
    """Say that the current article was looked over and is still true."""
    row = screen.row()
    if row is not None:
        screen.desk.do(confirm_article, row.id).tell()


@action("knowledge.pin", "Pin or unpin", key="I", needs=_published_selected, icon="pin")
def pin(screen: "KnowledgeScreen") -> None:
    """Keep the current article where everybody sees it, or let it go from there."""
    row = screen.row()
    if row is not None:
        deed = screen.desk.do(pin_article, row.id, is_pinned=not row.is_pinned)
        deed.tell(tr("Article unpinned") if row.is_pinned else tr("Article pinned"))


@action(
    "knowledge.copy_link", "Copy link", key="C", needs=_published_selected, icon="link",
    synonyms="url address share ссылка адрес скопировать",
)  # fmt: skip
def copy_link(screen: "KnowledgeScreen") -> None:
    """Put the title and the address of the current article on the clipboard."""
    row = screen.row()
    if row is not None:
        screen.desk.ask((screen, "link"), link_article, row.id).then(partial(_copy, screen))


def _copy(screen: "KnowledgeScreen", link: ArticleLink) -> None:
    QGuiApplication.clipboard().setText(link.anywhere)
    for_whom = tr("It opens in DeskCRM only.") if link.refusal else tr("Clients can open it.")
    screen.desk.tell(f"{tr('The link is on the clipboard.')} {for_whom}")


@action(
    "knowledge.translate", "Translate", key="L", needs=one_selected, icon="language",
    synonyms="language перевести язык",
)  # fmt: skip
def translate(screen: "KnowledgeScreen") -> None:
    """Begin the current article in the other language."""
    row = screen.row()
    if row is not None:
        deed = screen.desk.do(translate_article, row.id).tell()
        deed.then(lambda done: screen.arrive(article=done.value))


@action(
    "knowledge.helpful", "It helped", key="Y", needs=_is_shown, icon="check",
    synonyms="like useful помогло",
)  # fmt: skip
def helpful(screen: "KnowledgeScreen") -> None:
    """Say that the current article helped."""
    row = screen.row()
    if row is not None:
        screen.desk.do(vote_article, row.id, is_helpful=True).tell()


@action(
    "knowledge.unhelpful", "It did not help…", key="Shift+Y", needs=_is_shown, icon="close",
    synonyms="useless не помогло",
)  # fmt: skip
def unhelpful(screen: "KnowledgeScreen") -> None:
    """Say that the current article did not help, and what is missing."""
    row = screen.row()
    if row is None:
        return

    def save(values: dict[str, Any]) -> Any:
        said = values["comment"] or ""
        return screen.desk.do(vote_article, row.id, is_helpful=False, comment=said).tell()

    FormCard(
        screen.desk, screen, tr("What is missing in the article?"),
        [Line("comment", tr("In a few words"))], save, place="knowledge.vote",
        subject=row.id.hex, button=tr("Send"), width=460,
    )  # fmt: skip


@action(
    "knowledge.editions", "Editions…", key="H", needs=_has_editions, icon="history",
    synonyms="versions версии редакции",
)  # fmt: skip
def editions(screen: "KnowledgeScreen") -> FormCard | None:
    """Choose an earlier edition whose text is to be written on."""
    detail = screen.record.detail
    if detail is None or not detail.earlier:
        return None
    options = [
        (
            one.id,
            " · ".join(x for x in (dates.full(one.published_at), one.published_by, one.note) if x),
        )
        for one in detail.earlier
    ]

    def save(values: dict[str, Any]) -> Any:
        chosen = values["edition"]
        return screen.desk.do(take_back_edition, detail.row.id, edition_id=chosen).tell()

    return FormCard(
        screen.desk, screen, tr("Go back to an earlier edition"),
        [Choice("edition", tr("Edition"), options)], save,
        place="knowledge.editions", subject=detail.row.id.hex, button=tr("Take its text"),
        values={"edition": options[0][0]},
    )  # fmt: skip


@action("knowledge.retire", "Retire", key="R", needs=_published_selected, icon="archive")
def retire(screen: "KnowledgeScreen") -> None:
    """Take the current article out of use."""
    row = screen.row()
    if row is not None:
        screen.desk.do(retire_article, row.id).tell()


@action(
    "knowledge.delete", "Delete", key="Del", needs=one_selected, icon="trash", synonyms="удалить"
)
def delete(screen: "KnowledgeScreen") -> None:
    """Delete the current article; Undo brings it back."""
    row = screen.row()
    if row is not None:
        screen.desk.do(delete_article, row.id).tell()
