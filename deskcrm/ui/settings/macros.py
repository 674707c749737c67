"""Macros: the list of them, and the form that says what one does."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import ntr, of, ptr, tr
from deskcrm.domain.absences.queries import Choosable, list_choosable
from deskcrm.domain.macros.commands import create_macro, delete_macro, edit_macro
from deskcrm.domain.macros.model import Handing
from deskcrm.domain.macros.queries import MacroRow, list_macros
from deskcrm.domain.tags.queries import TagChip, list_tag_names
from deskcrm.domain.templates.queries import TemplateRow, list_templates
from deskcrm.domain.tickets.model import Priority, SupportLine, TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.reader import Reader
from deskcrm.ui.absences.words import person_options
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Choice, Field, Line, Text
from deskcrm.ui.kit.several import Several
from deskcrm.ui.settings.lists import LiveCard, another, deeds
from deskcrm.ui.settings.rows import Card, Row
from deskcrm.ui.settings.templates import variable_names, wrong_text

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window

_OF_MACRO = ("name", "is_shared", "template_id", "note", "state", "priority", "kind", "handing",
             "owner_id", "line", "line_reason", "line_tried", "tags")  # fmt: skip


def cards(desk: Desk, window: "Window") -> list[Card]:
    """Build the section of macros."""
    card = LiveCard(
        desk,
        tr("Macros"),
        tr("What is always done together, as one step that Undo takes back: Shift+M in a ticket."),
        list_macros,
        frozenset({"macro", "reply_template", "user"}),
        lambda rows, at: _row(desk, window, rows[at]),
        another(
            tr("Another macro"),
            tr("For yourself, or for everybody."),
            tr("New macro…"),
            partial(open_macro, desk, window, None),
        ),
    )
    return [card]


def _row(desk: Desk, window: "Window", row: MacroRow) -> Row:
    whose = tr("For everybody") if row.is_shared else tr("Only for you")
    return Row(
        row.name,
        f"{whose} · {does_words(row)}",
        *deeds(desk, row, partial(open_macro, desk, window, row), delete_macro),
    )


def does_words(row: MacroRow) -> str:
    """Say in one line what a macro does."""
    said: list[str] = []
    if row.template_id is not None:
        said.append(
            tr("replies with “{name}”", name=row.template) if row.template
            else tr("its reply template is not there any more")
        )  # fmt: skip
    if row.note:
        said.append(tr("writes a note"))
    if row.state is not None:
        said.append(tr("sets the state “{state}”", state=of(row.state)))
    if row.priority is not None:
        said.append(tr("sets the priority “{priority}”", priority=of(row.priority)))
    if row.kind is not None:
        said.append(tr("sets the kind “{kind}”", kind=of(row.kind)))
    if row.tags:
        said.append(ntr("adds {n} tag", "adds {n} tags", len(row.tags)))
    if row.handing is Handing.PERSON:
        said.append(tr("assigns to {name}", name=row.owner))
    elif row.handing is not None:
        said.append(_hands_words(row.handing))
    if row.line is not None:
        said.append(tr("moves it to line {n}", n=row.line.value))
    return ", ".join(said)


def _hands_words(handing: Handing) -> str:
    return {
        Handing.ME: tr("assigns to whoever applies it"),
        Handing.RULES: tr("assigns by the rules"),
        Handing.NOBODY: tr("leaves it without an owner"),
    }[handing]


def handing_words(handing: Handing) -> str:
    """Say whose a macro makes a ticket."""
    return {
        Handing.ME: tr("Assign to whoever applies it"),
        Handing.PERSON: tr("Assign to the person beside"),
        Handing.RULES: tr("Assign by the rules"),
        Handing.NOBODY: tr("Assign to nobody"),
    }[handing]


def _choices(db: Reader) -> tuple[list[TemplateRow], list[Choosable], list[TagChip]]:
    return list_templates(db), list_choosable(db), list_tag_names(db)


def open_macro(desk: Desk, over: QWidget, row: MacroRow | None) -> None:
    """Ask for a new macro, or edit one."""
    asked = desk.ask((over, "macro choices"), _choices)
    asked.then(lambda choices: _open(desk, over, row, *choices))


def _open(
    desk: Desk,
    over: QWidget,
    row: MacroRow | None,
    templates: list[TemplateRow],
    people: list[Choosable],
    tags: list[TagChip],
) -> FormCard:
    def save(values: dict[str, Any]) -> Any:
        if row is None:
            return desk.do(create_macro, **values).tell()
        return desk.do(edit_macro, row.id, **values).tell()

    card = FormCard(
        desk,
        over,
        tr("New macro") if row is None else tr("Edit macro"),
        _fields(templates, people, tags),
        save,
        place="macros.edit",
        subject="" if row is None else row.id.hex,
        values=None if row is None else {key: getattr(row, key) for key in _OF_MACRO},
        changes_only=row is not None,
        width=680,
    )
    card.form.edited.connect(lambda: _show_what_matters(card))
    _show_what_matters(card)
    return card


def _show_what_matters(card: FormCard) -> None:
    """Ask for the person and for what goes with a line only where one is wanted."""
    fields = card.form.fields
    fields["owner_id"].setVisible(fields["handing"].value() is Handing.PERSON)
    for name in ("line_reason", "line_tried"):
        fields[name].setVisible(fields["line"].value() is not None)
    card.relayout()


def _fields(
    templates: list[TemplateRow], people: list[Choosable], tags: list[TagChip]
) -> list[Field | tuple[Field, ...]]:
    as_it_is = tr("as it is")
    states = [one for one in TicketState if one is not TicketState.NEW]
    return [
        (
            Line("name", ptr("thing", "Name"), required=True),
            Check("is_shared", tr("For everybody")),
        ),
        Choice(
            "template_id", tr("Reply with"), [(one.id, one.name) for one in templates],
            none=tr("no reply"),
        ),
        Text("note", tr("Internal note"), lines=2, check=wrong_text, hint=variable_names()),
        (
            Choice("state", tr("State"), [(one, of(one)) for one in states], none=as_it_is),
            Choice("priority", tr("Priority"), [(x, of(x)) for x in Priority], none=as_it_is),
            Choice("kind", tr("Kind"), [(one, of(one)) for one in TicketKind], none=as_it_is),
        ),
        (
            Choice(
                "handing", tr("Owner"), [(one, handing_words(one)) for one in Handing],
                none=as_it_is,
            ),
            Choice("owner_id", tr("Person"), person_options(people), none=tr("nobody chosen")),
        ),
        Several("tags", tr("Tags to add"), [(one.id, one.name) for one in tags]),
        Choice("line", tr("Line"), [(one, of(one)) for one in SupportLine], none=as_it_is),
        (
            Text("line_reason", tr("Why it goes there"), lines=2),
            Text("line_tried", tr("What was tried"), lines=2),
        ),
    ]  # fmt: skip
