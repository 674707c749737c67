"""A form: fields, a button that saves, and a draft that nothing can lose."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.fields import Check, Choice, Field, Wrong

DRAFT_MS = 400

Draft = dict[str, Any]


class Form(QWidget):
    """Fields one under another; a tuple of fields stands side by side.

    Ctrl+Enter or the button validates and calls ``on_save(values)``. Esc calls ``on_leave``
    and the draft stays. ``on_draft`` is given what was typed shortly after typing pauses and
    when a field is left, and None when there is nothing to keep any more.
    """

    edited = Signal()
    said = Signal()
    """What is wrong was said, or is said no more: the form may be taller."""

    def __init__(
        self,
        fields: Sequence[Field | tuple[Field, ...]],
        *,
        on_save: Callable[[dict[str, Any]], object],
        on_leave: Callable[[], object] | None = None,
        on_draft: Callable[[Draft | None], object] | None = None,
        save: str = "",
    ) -> None:
        super().__init__()
        self.on_save, self.on_leave, self.on_draft = on_save, on_leave, on_draft
        self.fields: dict[str, Field] = {}
        self._baseline: Draft = {}
        self._kept: Draft | None = None
        self._soon = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._soon.timeout.connect(self.keep_draft)
        self.banner = parts.label("", "error", wrap=True)
        self.banner.hide()
        self.buttons = QHBoxLayout()
        self.save_button = parts.button(
            save or tr("Save"), self.save, look="primary", hint=_ctrl_enter()
        )
        self._lay_out(fields)
        self.serve(self)
        self.set_baseline()

    def _lay_out(self, fields: Sequence[Field | tuple[Field, ...]]) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(self.banner)
        for item in fields:
            side_by_side = item if isinstance(item, tuple) else (item,)
            line = QHBoxLayout()
            line.setSpacing(12)
            for field in side_by_side:
                self._adopt(field)
                if isinstance(field, Check | Choice) and len(side_by_side) > 1:
                    field.stand_beside()
                line.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
            layout.addLayout(line)
        self.buttons.setSpacing(8)
        self.buttons.addWidget(self.save_button)
        if self.on_leave is not None:
            self.leave_button = parts.button(tr("Close"), self.leave, look="quiet")
            self.buttons.addWidget(self.leave_button)
        self.buttons.addStretch(1)
        layout.addLayout(self.buttons)

    def take_buttons(self) -> QHBoxLayout:
        """Give the buttons to whoever puts them somewhere else than under the fields."""
        layout = self.layout()
        if layout is not None:
            layout.removeItem(self.buttons)
        self.buttons.setParent(None)
        return self.buttons

    def _adopt(self, field: Field) -> None:
        self.fields[field.name] = field
        field.edited.connect(lambda: self._on_edited(field))
        field.left.connect(self.keep_draft)

    def serve(self, place: QWidget) -> None:
        """Save at Ctrl+Enter and leave at Esc here too: a field may be put outside of the form."""
        for key in ("Ctrl+Return", "Ctrl+Enter"):
            self._shortcut(place, key, self.save)
        if self.on_leave is not None:
            self._shortcut(place, "Escape", self.leave)

    def _shortcut(self, place: QWidget, key: str, run: Callable[[], object]) -> None:
        made = QShortcut(QKeySequence(key), place)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.activated.connect(lambda: run())

    # Values.

    def fill(self, values: dict[str, Any]) -> None:
        """Show these values; the form is clean afterwards. Unnamed fields stay as they are."""
        for name, value in values.items():
            self.fields[name].set_value(value)
        self.set_baseline()

    def values(self) -> dict[str, Any] | None:
        """Every field's value, or None after saying under the fields what is wrong."""
        found: dict[str, Any] = {}
        first: Field | None = None
        for name, field in self.fields.items():
            try:
                found[name] = field.checked()
                field.show_wrong("")
            except Wrong as wrong:
                field.show_wrong(str(wrong))
                first = first or field
        if first is not None:
            self.said.emit()
            first.stop().setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        return found

    def changed_values(self) -> dict[str, Any] | None:
        """Only what differs from what was filled in, or None if something is wrong."""
        found = self.values()
        if found is None:
            return None
        now = self.typed()
        return {n: v for n, v in found.items() if now[n] != self._baseline.get(n)}

    def save(self) -> None:
        """Validate, and hand the values over."""
        self.keep_draft()
        self.refuse(None)
        found = self.values()
        if found is not None:
            self.on_save(found)

    def refuse(self, error: UserError | None, field: str = "") -> None:
        """Say why it was not saved, at the top or under one field; None takes it back."""
        words = f"{error.title} {error.detail}".strip() if error is not None else ""
        if error is not None and field in self.fields:
            self.fields[field].show_wrong(words)
            self.said.emit()
            self.fields[field].stop().setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.banner.setText(words)
        self.banner.setVisible(bool(words))
        self.said.emit()

    def finish(self) -> None:
        """It was saved: what is shown is the new beginning, and the draft is let go."""
        self.set_baseline()
        self._soon.stop()
        self._kept = None
        if self.on_draft is not None:
            self.on_draft(None)

    def leave(self) -> None:
        """Leave; what was typed is kept as a draft."""
        self.keep_draft()
        if self.on_leave is not None:
            self.on_leave()

    # Drafts.

    @property
    def is_dirty(self) -> bool:
        """Whether something was typed since the form was filled."""
        return self.typed() != self._baseline

    def typed(self) -> Draft:
        """What stands in the fields, as it was typed."""
        return {name: field.draft() for name, field in self.fields.items()}

    def set_baseline(self) -> None:
        """What stands in the fields now counts as clean."""
        self._baseline = self.typed()
        self._soon.stop()
        for field in self.fields.values():
            field.show_wrong("")

    def restore_draft(self, draft: Draft) -> None:
        """Put back what was typed before; fields that no longer exist are skipped."""
        for name, typed in draft.items():
            if name in self.fields:
                self.fields[name].set_draft(typed)
        self._kept = self.typed()

    def keep_draft(self) -> None:
        """Hand over what was typed, if it was not handed over yet."""
        self._soon.stop()
        typed = self.typed()
        if self.on_draft is None or typed == self._kept:
            return
        if typed == self._baseline:
            if self._kept is not None:
                self._kept = None
                self.on_draft(None)
            return
        self._kept = typed
        self.on_draft(typed)

    def _on_edited(self, field: Field) -> None:
        if field.stop().property("wrong"):
            field.show_wrong("")
        # Not restarted while running: fast typing must not put the draft off for ever.
        if not self._soon.isActive():
            self._soon.start()
        self.edited.emit()


def _ctrl_enter() -> str:
    return QKeySequence("Ctrl+Return").toString(QKeySequence.SequenceFormat.NativeText)
