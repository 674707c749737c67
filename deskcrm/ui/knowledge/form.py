"""The forms of articles: what is written is Markdown, and stays as it was typed."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base import words
from deskcrm.base.errors import UserError
from deskcrm.base.words import LANGUAGES, of, tr
from deskcrm.domain.clients.rules import check_website
from deskcrm.domain.knowledge.commands import create_article, edit_article
from deskcrm.domain.knowledge.model import ArticleId, ArticleKind, Audience
from deskcrm.domain.knowledge.queries import ArticleDetail
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice, Field, Line, Text
from deskcrm.ui.knowledge.words import language_name

_WIDTH: Final = 760
_LINES: Final = 14


def open_new(desk: Desk, over: QWidget, on_made: Callable[[ArticleId], object]) -> FormCard:
    """Begin an article."""

    def save(values: dict[str, Any]) -> Any:
        return desk.do(create_article, **values).tell().then(lambda done: on_made(done.value))

    return FormCard(
        desk, over, tr("New article"), _fields(), save, place="knowledge.new",
        button=tr("Save as draft"), width=_WIDTH,
        values={
            "kind": ArticleKind.ANSWER,
            "audience": Audience.INTERNAL,
            "language": words.language(),
        },
    )  # fmt: skip


def open_edit(desk: Desk, over: QWidget, detail: ArticleDetail) -> FormCard:
    """Write on at an article; what is published stays as it is."""
    row = detail.row
    return FormCard(
        desk, over, tr("Edit article"), _fields(),
        lambda changes: desk.do(edit_article, row.id, **changes).tell(),
        place="knowledge.edit", subject=row.id.hex, width=_WIDTH, changes_only=True,
        values={
            "title": row.title,
            "body": detail.body,
            "kind": row.kind,
            "audience": row.audience,
            "language": row.language,
            "keywords": detail.keywords,
            "address": detail.address,
        },
    )  # fmt: skip


def _fields() -> list[Field | tuple[Field, ...]]:
    return [
        Line("title", tr("Title"), required=True),
        (
            Choice("kind", tr("Kind"), [(one, of(one)) for one in ArticleKind]),
            Choice("audience", tr("Who may read it"), [(one, of(one)) for one in Audience]),
            Choice("language", tr("Language"), [(one, language_name(one)) for one in LANGUAGES]),
        ),
        Text("body", tr("Text, in Markdown: # heading, **bold**, - list"), lines=_LINES),
        (
            Line("keywords", tr("Other words that people ask with")),
            Line(
                "address", tr("Where clients find it on the web"), placeholder="https://",
                check=_wrong_address,
            ),
        ),
    ]  # fmt: skip


def _wrong_address(typed: str) -> str:
    """Say what is wrong with an address; nothing if it is one."""
    try:
        check_website(typed)
    except UserError as error:
        return f"{error.title} {error.detail}"
    return ""
