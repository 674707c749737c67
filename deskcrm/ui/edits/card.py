"""Edits one field of the picked rows: chosen, rehearsed row by row, then done."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.absences.queries import Choosable, list_choosable
from deskcrm.domain.clients.detail import CustomValueRow
from deskcrm.domain.clients.model import FieldKind, Lifecycle, Tier
from deskcrm.domain.clients.rules import NO, YES
from deskcrm.domain.edits.fields import ClientField, TaskField, TicketField, Way, ways_of
from deskcrm.domain.edits.rehearsing import Place, Rehearsal, carry_out, page_outcome, rehearse
from deskcrm.domain.tickets.model import Priority
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store.outcomes import Outcome
from deskcrm.store.reader import Reader
from deskcrm.ui.absences.words import person_options
from deskcrm.ui.clients.custom import list_definitions
from deskcrm.ui.edits.preview import PreviewCard
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice, Field, Line
from deskcrm.ui.kit.fields_parsed import Day
from deskcrm.ui.kit.form import Form
from deskcrm.ui.kit.outcome_card import OutcomeCard, Subject
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.tokens import Tone

FIELDS: Final[dict[Place, type[StrEnum]]] = {
    Place.CLIENTS: ClientField,
    Place.TICKETS: TicketField,
    Place.TASKS: TaskField,
}
_CHOICES: Final[dict[str, type[StrEnum]]] = {
    "tier": Tier,
    "lifecycle": Lifecycle,
    "priority": Priority,
    "state": TicketState,
}
_PEOPLE: Final = frozenset({"owner_id", "assignee_id"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done to which rows."""

    place: Place
    ids: Sequence[Any]
    field: Any
    way: Way
    text: str
    name: str
    """Of the field."""

    def given(self) -> tuple[Any, ...]:
        """Give it as a rehearsal and an edit take it."""
        return self.place, self.ids, self.field, self.way, self.text


def count_words(place: Place, count: int) -> str:
    """Say how many rows of a place: "37 clients"."""
    said = dates.number(count)
    if place is Place.CLIENTS:
        return ntr("{count} client", "{count} clients", count, count=said)
    if place is Place.TICKETS:
        return ntr("{count} ticket", "{count} tickets", count, count=said)
    return ntr("{count} task", "{count} tasks", count, count=said)


def open_edit(desk: Desk, over: QWidget, place: Place, ids: Sequence[Any]) -> None:
    """Ask what is to be done to the rows with these ids."""
    if ids:
        desk.ask((over, "edit choices"), _list_choices).then(
            lambda found: EditCard(desk, over, place, ids, *found)
        )


def _list_choices(db: Reader) -> tuple[list[Choosable], list[CustomValueRow]]:
    """Give who can be chosen, and the fields that the team added to its clients."""
    return list_choosable(db), list_definitions(db)


class EditCard(Overlay):
    """Opens itself over the window; the value's editor follows the field that is chosen."""

    def __init__(
        self,
        desk: Desk,
        over: QWidget,
        place: Place,
        ids: Sequence[Any],
        people: Sequence[Choosable],
        customs: Sequence[CustomValueRow] = (),
    ) -> None:
        super().__init__(over.window(), width=480, top=0.1)
        self.desk, self._over, self._of, self._ids = desk, over, place, ids
        self._people = person_options(list(people))
        added = customs if place is Place.CLIENTS else ()
        self._customs = {one.field_id: one for one in added}
        self._names: dict[Any, str] = {one: of(one) for one in FIELDS[place]}
        self._names |= {one.field_id: one.name for one in added}
        self.field = Choice("field", tr("Field"), list(self._names.items()))
        self.way = Choice("way", tr("What to do"), [])
        self.choice = Choice("choice", tr("Value"), [])
        self.line = Line("line", tr("Value"))
        self.day = Day("day", tr("Value"))
        fields: list[Field | tuple[Field, ...]] = [
            (self.field, self.way), self.choice, self.line, self.day,
        ]  # fmt: skip
        self.form = Form(
            fields, on_save=lambda _: self._rehearse(), on_leave=self.close_card,
            save=tr("Preview"),
        )  # fmt: skip
        self.field.set_value(next(iter(FIELDS[place])))
        heading = parts.label(tr("Edit a field"), "heading", wrap=True)
        about = parts.label(count_words(place, len(ids)), "muted", wrap=True)
        self.card.setLayout(
            parts.column(parts.column(heading, about, spacing=2), self.form, spacing=12, margins=24)
        )
        self.field.edited.connect(self._follow_field)
        self.way.edited.connect(self._follow_way)
        self.form.said.connect(self.relayout)
        self.closed.connect(self.deleteLater)
        self._follow_field()
        self.open_card()

    def wish(self) -> Wish:
        """Give what is chosen."""
        field, way = self.field.value(), self.way.value()
        value = None if way is Way.CLEAR else self._editor().value()
        # A day as it is written in ISO 8601, a choice by its text, a person by the id.
        text = "" if value is None else str(value)
        return Wish(self._of, self._ids, field, way, text, self._names[field])

    def _editor(self) -> Field:
        field = self.field.value()
        own = self._customs.get(field)
        if own is not None:
            return {
                FieldKind.DATE: self.day, FieldKind.CHOICE: self.choice,
                FieldKind.CHECK: self.choice,
            }.get(own.kind, self.line)  # fmt: skip
        if field.value in _PEOPLE or field.value in _CHOICES:
            return self.choice
        return self.day if field == TaskField.DUE else self.line

    def _follow_field(self) -> None:
        field = self.field.value()
        self.way.set_options([(way, of(way)) for way in ways_of(field)])
        self.way.set_value(ways_of(field)[0])
        if self._editor() is self.choice:
            self.choice.set_options(self._options(field))
        self._follow_way()

    def _options(self, field: Any) -> list[tuple[Any, str]]:
        own = self._customs.get(field)
        if own is not None and own.kind is FieldKind.CHECK:
            return [(YES, tr("Yes")), (NO, tr("No"))]
        if own is not None:
            return [(one, one) for one in own.choices]
        if field.value in _PEOPLE:
            return list(self._people)
        return [(one, of(one)) for one in _CHOICES[field.value]]

    def _follow_way(self) -> None:
        editor, is_cleared = self._editor(), self.way.value() is Way.CLEAR
        for one in (self.choice, self.line, self.day):
            one.setVisible(one is editor and not is_cleared)
        self.relayout()

    def _rehearse(self) -> None:
        wish = self.wish()
        asked = self.desk.start(rehearse, self.desk.store, *wish.given())
        asked.then(lambda seen: self._show(wish, seen)).refused(self.form.refuse)

    def _show(self, wish: Wish, seen: Rehearsal) -> None:
        desk, over = self.desk, self._over
        self.close_card()
        PreviewCard(
            desk, over, f"{wish.name} · {count_words(wish.place, len(wish.ids))}", seen,
            lambda: _carry_out(desk, over, wish),
        )  # fmt: skip


def _carry_out(desk: Desk, over: QWidget, wish: Wish) -> None:
    done = desk.start(carry_out, desk.store, *wish.given())
    done.then(lambda outcome: _say(desk, over, wish, outcome)).refused(
        lambda error: _refused(desk, error)
    )


def _refused(desk: Desk, error: UserError) -> None:
    desk.tell(error.title, detail=error.detail, tone=Tone.WARNING)


def _say(desk: Desk, over: QWidget, wish: Wish, outcome: Outcome[Any]) -> None:
    count = count_words(wish.place, len(outcome.changed))
    said = tr("{field} changed: {count}", field=wish.name, count=count)
    subject = Subject(
        of(wish.place), page_outcome(wish.place),
        lambda one: desk.go(wish.place.value, **{wish.place.value[:-1]: one}),
        has_faces=wish.place is Place.CLIENTS,
    )  # fmt: skip
    left = len(outcome.same)
    desk.tell(
        said,
        undo_step=outcome.step,
        detail=ntr("{n} was left as it is.", "{n} were left as they are.", left) if left else "",
        tone=Tone.OK,
        more=lambda: OutcomeCard(desk, over, said, outcome, subject),
    )
