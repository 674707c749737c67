"""The field for which clients something is: a filter, said in words and put together on a card."""

from typing import Any

from PySide6.QtWidgets import QPushButton, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.views.filters import Filter, filter_from_json, filter_to_json
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.fields import Field
from deskcrm.ui.views.conditions import Choices, condition_words
from deskcrm.ui.views.filtering import FilterCard


class AskedField(Field):
    """Shows a filter of clients; a click puts it together."""

    def __init__(self, name: str, label: str, over: QWidget, choices: Choices) -> None:
        self.button = QPushButton()
        self._over, self._choices, self._asked = over, choices, Filter()
        super().__init__(name, label, self.button)
        self.button.clicked.connect(self._open)
        self._say()

    def value(self) -> Filter:
        return self._asked

    def set_value(self, value: Any) -> None:
        self._asked = value or Filter()
        self._say()

    def draft(self) -> Any:
        return filter_to_json(self._asked) if self._asked else None

    def set_draft(self, draft: Any) -> None:
        self.set_value(filter_from_json(draft or {}))

    def _say(self) -> None:
        said = asked_words(self._asked, self._choices)
        fitting = said if len(said) <= 70 else said[:69] + "…"
        self.button.setText(parts.mnemonic_free(fitting))
        self.button.setAccessibleName(f"{self.label}: {said}")
        parts.set_tooltip(self.button, "" if fitting == said else said)

    def _open(self) -> None:
        FilterCard(self._over, self.label, self._choices, self._asked, self._take)

    def _take(self, asked: Filter) -> None:
        self.set_value(asked)
        self.edited.emit()


def asked_words(asked: Filter, choices: Choices) -> str:
    """Say which clients a filter asks for."""
    said = "; ".join(condition_words(one, choices) for one in asked.conditions)
    return said or tr("Every client")
