"""Reply templates: the list of them, and the form in which one is written in two languages."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import language, ptr, tr
from deskcrm.domain.templates.commands import create_template, delete_template, edit_template
from deskcrm.domain.templates.queries import TemplateRow, list_templates
from deskcrm.domain.templates.variables import Variable, parse, variable_name
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Line, Text
from deskcrm.ui.settings.lists import LiveCard, another, deeds
from deskcrm.ui.settings.rows import Card, Row

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window

_SHOWN = 150


def cards(desk: Desk, window: "Window") -> list[Card]:
    """Build the section of reply templates."""
    card = LiveCard(
        desk,
        tr("Reply templates"),
        tr("Ctrl+T in a ticket puts one into the answer, filled in for the client and the ticket."),
        list_templates,
        frozenset({"reply_template"}),
        lambda rows, at: _row(desk, window, rows[at]),
        another(
            tr("Another template"),
            tr("For yourself, or for everybody."),
            tr("New template…"),
            partial(open_template, desk, window, None),
        ),
    )
    return [card]


def _row(desk: Desk, window: "Window", row: TemplateRow) -> Row:
    whose = tr("For everybody") if row.is_shared else tr("Only for you")
    texts = (("English", row.text_en), ("Русский", row.text_ru))
    spoken = ", ".join(name for name, text in texts if text)
    return Row(
        row.name,
        f"{whose} · {spoken}\n{short(row.text_en or row.text_ru)}",
        *deeds(desk, row, partial(open_template, desk, window, row), delete_template),
    )


def short(text: str) -> str:
    """Give the beginning of a text, up to a whole word and a whole variable."""
    words = " ".join(text.split())
    if len(words) <= _SHOWN:
        return words
    kept = words[: words.rfind(" ", 0, _SHOWN + 1)]
    if kept.rfind("{") > kept.rfind("}"):
        kept = kept[: kept.rfind("{")]
    return f"{kept.rstrip(' .,;:')}…"


def open_template(desk: Desk, over: QWidget, row: TemplateRow | None) -> FormCard:
    """Ask for a new template, or edit one."""

    def save(values: dict[str, Any]) -> Any:
        if row is None:
            return desk.do(create_template, **values).tell()
        return desk.do(edit_template, row.id, **values).tell()

    return FormCard(
        desk,
        over,
        tr("New template") if row is None else tr("Edit template"),
        [
            Line("name", ptr("thing", "Name"), required=True),
            Text("text_en", tr("In English"), lines=5, check=wrong_text, hint=variable_names("en")),
            Text("text_ru", tr("In Russian"), lines=5, check=wrong_text, hint=variable_names("ru")),
            Check("is_shared", tr("For everybody")),
        ],
        save,
        place="templates.edit",
        subject="" if row is None else row.id.hex,
        values={} if row is None else {
            "name": row.name, "text_en": row.text_en, "text_ru": row.text_ru,
            "is_shared": row.is_shared,
        },
        changes_only=row is not None,
        width=680,
    )  # fmt: skip


def variable_names(code: str = "") -> str:
    """Name the variables as they are written in a language, one's own unless it is given."""
    code = code or language()
    names = ", ".join(f"{{{variable_name(one, code)}}}" for one in Variable)
    first = variable_name(Variable.CONTACT_FIRST_NAME, code)
    fallback = "коллеги" if code == "ru" else "there"
    return tr(
        "What is filled in: {names}. After | stands what to say where nothing is known: {example}.",
        names=names,
        example=f"{{{first}|{fallback}}}",
    )


def wrong_text(text: str) -> str:
    """Say under the field what cannot be filled in."""
    try:
        parse(text)
    except UserError as error:
        return f"{error.title} {error.detail}".strip()
    return ""
