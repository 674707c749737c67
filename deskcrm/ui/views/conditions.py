"""One condition of a filter as it is built: the field, how it is compared, and with what."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import reduce
from typing import Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from deskcrm.base import places
from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.views.filters import (
    ME,
    Comparison,
    Condition,
    FilterField,
    Value,
    ValueKind,
)
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.fields import Choice, Field, Line, Wrong
from deskcrm.ui.kit.fields_parsed import Day

_C = Comparison
_EMPTY: Final = (_C.IS_EMPTY, _C.IS_NOT_EMPTY)
_DAYS: Final = (_C.MORE_DAYS_AGO_THAN, _C.WITHIN_PAST_DAYS, _C.WITHIN_NEXT_DAYS)
_WIDTH: Final = 205
_SEVERAL: Final = (_C.ANY_OF, _C.NONE_OF)
_CHOSEN: Final = (
    ValueKind.CHOICE, ValueKind.PERSON, ValueKind.TAG, ValueKind.COUNTRY, ValueKind.IMPORT,
)  # fmt: skip

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything that can be chosen in a filter."""

    fields: Sequence[FilterField]
    people: Options
    tags: Options
    imports: Options = ()

    def options(self, field: FilterField) -> Options:
        """List what a field can be compared with: (value, words)."""
        if field.kind is ValueKind.PERSON:
            return [(ME, tr("Me")), *self.people]
        if field.kind is ValueKind.TAG:
            return self.tags
        if field.kind is ValueKind.COUNTRY:
            return places.countries()
        if field.kind is ValueKind.IMPORT:
            return self.imports
        return [(_kept(one), _said(one)) for one in field.choices]


class Several(Field):
    """Some of several, chosen in a menu that stays open."""

    def __init__(self, name: str, label: str, options: Options) -> None:
        self.button = QPushButton()
        self._chosen: list[str] = []
        self._options = options
        super().__init__(name, label, self.button)
        self.button.clicked.connect(self._open)
        self._say()

    def value(self) -> tuple[str, ...]:
        return tuple(value for value, _ in self._options if value in self._chosen)

    def set_value(self, value: Any) -> None:
        self._chosen = [str(one) for one in value or ()]
        self._say()

    def draft(self) -> Any:
        return list(self._chosen)

    def set_draft(self, draft: Any) -> None:
        self.set_value(draft)

    def _say(self) -> None:
        words = [said for value, said in self._options if value in self._chosen]
        shown = ", ".join(words) or tr("Choose…")
        fitting = shown if len(shown) <= 30 else shown[:29] + "…"
        self.button.setText(parts.mnemonic_free(fitting))
        self.button.setAccessibleName(f"{self.label}: {shown}")
        parts.set_tooltip(self.button, shown)

    def _open(self) -> None:
        menu = QMenu(self.button)
        menu.aboutToHide.connect(menu.deleteLater)
        for value, said in self._options:
            item = menu.addAction(parts.mnemonic_free(said))
            item.setCheckable(True)
            item.setChecked(value in self._chosen)
            item.toggled.connect(lambda on, value=value: self._choose(value, on=on))
        menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _choose(self, value: str, *, on: bool) -> None:
        self._chosen.append(value) if on else self._chosen.remove(value)
        self._say()
        self.edited.emit()


class ConditionRow(QWidget):
    """A line of the builder; ``condition`` raises Wrong after saying so under the value."""

    removed = Signal(object)

    def __init__(self, choices: Choices, condition: Condition | None = None) -> None:
        super().__init__()
        self._choices = choices
        self.field = ComboBox(tr("Field"))
        for each in choices.fields:
            self.field.addItem(tr(each.label))
        self.comparison = ComboBox(tr("Comparison"))
        for box in (self.field, self.comparison):
            box.setFixedWidth(_WIDTH)
        self.editor: Field | None = None
        self._place = parts.row(spacing=0)
        remove = parts.icon_button("close", tr("Remove this condition"))
        remove.clicked.connect(lambda: self.removed.emit(self))
        line = parts.row(spacing=8)
        line.addLayout(parts.column(self.field, None))
        line.addLayout(parts.column(self.comparison, None))
        line.addLayout(self._place, 1)
        line.addLayout(parts.column(remove, None))
        self.setLayout(line)
        self.field.currentIndexChanged.connect(lambda _: self._offer_comparisons())
        self.comparison.currentIndexChanged.connect(lambda _: self._offer_editor())
        self._show(condition)

    @property
    def chosen(self) -> FilterField:
        """The field that is chosen."""
        return self._choices.fields[max(0, self.field.currentIndex())]

    @property
    def compared(self) -> Comparison:
        """The comparison that is chosen."""
        return self.chosen.comparisons[max(0, self.comparison.currentIndex())]

    def condition(self) -> Condition:
        """What is asked in this line."""
        if self.editor is None:
            return Condition(self.chosen.key, self.compared)
        try:
            value = self.editor.checked()
            if value in (None, "", ()):
                raise Wrong(tr("Fill this in."))
        except Wrong as wrong:
            self.editor.show_wrong(str(wrong))
            self.editor.stop().setFocus()
            raise
        self.editor.show_wrong("")
        kept: Value = value.isoformat() if isinstance(value, date) else value
        return Condition(self.chosen.key, self.compared, kept)

    def _show(self, condition: Condition | None) -> None:
        keys = [each.key for each in self._choices.fields]
        if condition is not None and condition.field in keys:
            self.field.setCurrentIndex(keys.index(condition.field))
        self._offer_comparisons()
        if condition is None or condition.comparison not in self.chosen.comparisons:
            return
        self.comparison.setCurrentIndex(self.chosen.comparisons.index(condition.comparison))
        if self.editor is not None:
            self.editor.set_value(_shown(self.editor, condition.value))

    def _offer_comparisons(self) -> None:
        self.comparison.blockSignals(True)
        self.comparison.clear()
        for each in self.chosen.comparisons:
            self.comparison.addItem(of(each).lower())
        self.comparison.blockSignals(False)
        # "Open: yes" needs no "is" between: there is nothing to choose.
        self.comparison.setHidden(len(self.chosen.comparisons) < 2)
        self._offer_editor()

    def _offer_editor(self) -> None:
        parts.clear(self._place)
        self.editor = make_editor(self._choices, self.chosen, self.compared)
        if self.editor is not None:
            self.editor.caption.hide()
            self._place.addWidget(self.editor, 0, Qt.AlignmentFlag.AlignTop)
        else:
            self._place.addStretch(1)


def make_editor(choices: Choices, field: FilterField, comparison: Comparison) -> Field | None:
    """Make the editor that a comparison needs; None where nothing is to be filled in."""
    label = tr("Value")
    if comparison in _EMPTY:
        return None
    if comparison in _DAYS:
        return Number("value", label, hint=tr("Days"))
    if comparison in _SEVERAL:
        return Several("value", label, choices.options(field))
    if field.kind in _CHOSEN and comparison is not _C.CONTAINS:
        return Choice("value", label, choices.options(field))
    if field.kind is ValueKind.CHECK:
        return Choice("value", label, [(True, tr("yes")), (False, tr("no"))])
    if field.kind is ValueKind.DATE:
        return Day("value", label)
    if field.kind is ValueKind.COUNT:
        return Number("value", label)
    if field.kind is ValueKind.NUMBER:
        return Number("value", label, is_whole=False)
    return Line("value", label)


class Number(Line):
    """A number as a filter compares it."""

    def __init__(self, name: str, label: str, *, is_whole: bool = True, hint: str = "") -> None:
        super().__init__(name, label, required=True, hint=hint)
        self._read: Callable[[str], int | float] = int if is_whole else float

    def value(self) -> Any:
        typed = self.line.text().strip().replace(",", ".")
        try:
            number = self._read(typed)
        except ValueError as error:
            raise Wrong(tr("Write a number, like 30.")) from error
        if number < 0:
            raise Wrong(tr("Write a number, like 30."))
        return number


def condition_words(condition: Condition, choices: Choices) -> str:
    """Say a condition as a person would: "Tier is Gold or Silver"."""
    fields: Mapping[str, FilterField] = {each.key: each for each in choices.fields}
    field = fields.get(condition.field)
    if field is None:
        return condition.field
    value, options = condition.value, dict(choices.options(field))
    if isinstance(value, tuple):
        said = reduce(_or, [options.get(one, one) for one in value]) if value else ""
    elif isinstance(value, bool):
        said = tr("yes") if value else tr("no")
    elif field.kind is ValueKind.DATE and isinstance(value, str):
        said = _day_words(value)
    elif condition.comparison is _C.CONTAINS:
        said = str(value)
    else:
        said = options.get(str(value), str(value))
    name, count = tr(field.label), value if isinstance(value, int) else 0
    if isinstance(value, bool):
        return tr("{field}: {value}", field=name, value=said)
    if condition.comparison in _DAYS:
        return _days_words(condition.comparison, name, count)
    return _compared(condition.comparison, name, said)


def _compared(comparison: Comparison, field: str, value: str) -> str:
    sentence = {
        _C.IS: tr("{field} is {value}", field=field, value=value),
        _C.IS_NOT: tr("{field} is not {value}", field=field, value=value),
        _C.CONTAINS: tr("{field} contains “{value}”", field=field, value=value),
        _C.AT_LEAST: tr("{field} at least {value}", field=field, value=value),
        _C.AT_MOST: tr("{field} at most {value}", field=field, value=value),
        _C.BEFORE: tr("{field} before {value}", field=field, value=value),
        _C.AFTER: tr("{field} after {value}", field=field, value=value),
        _C.IS_EMPTY: tr("{field} is empty", field=field),
        _C.IS_NOT_EMPTY: tr("{field} is not empty", field=field),
    }
    return sentence[{_C.ANY_OF: _C.IS, _C.NONE_OF: _C.IS_NOT}.get(comparison, comparison)]


def _days_words(comparison: Comparison, field: str, n: int) -> str:
    if comparison is _C.MORE_DAYS_AGO_THAN:
        return ntr(
            "{field} more than {n} day ago", "{field} more than {n} days ago", n, field=field
        )
    if comparison is _C.WITHIN_PAST_DAYS:
        return ntr("{field} in the last {n} day", "{field} in the last {n} days", n, field=field)
    return ntr("{field} in the next {n} day", "{field} in the next {n} days", n, field=field)


def _or(one: str, other: str) -> str:
    return tr("{one} or {other}", one=one, other=other)


def _day_words(text: str) -> str:
    try:
        return dates.day(date.fromisoformat(text))
    except ValueError:
        return text


def _shown(editor: Field, value: Value) -> Any:
    if isinstance(editor, Day) and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value


def _kept(choice: Any) -> str:
    return str(choice.value) if isinstance(choice, Enum) else str(choice)


def _said(choice: Any) -> str:
    return of(choice) if isinstance(choice, Enum) else str(choice)
