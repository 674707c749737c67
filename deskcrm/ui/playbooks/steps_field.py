"""The field for the steps of a playbook: a line for each, edited, moved and removed."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.playbooks.steps import Step, steps_from_json, steps_to_json
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Field, Wrong
from deskcrm.ui.playbooks.step_form import StepChoices, open_step
from deskcrm.ui.playbooks.words import step_words


class StepsField(Field):
    """Holds the steps in the order of their days; those of one day in the order given."""

    def __init__(
        self, name: str, label: str, desk: Desk, over: QWidget, choices: StepChoices
    ) -> None:
        self._desk, self._over, self._choices = desk, over, choices
        self._steps: tuple[Step, ...] = ()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self.add = parts.button(tr("Add step…"), self._add, look="link", icon="plus")
        holder = QWidget()
        holder.setLayout(parts.column(self._lines, parts.flush(self.add), spacing=6))
        super().__init__(name, label, holder)

    def stop(self) -> QWidget:
        return self.add

    def _name_editor(self) -> None:
        self.add.setAccessibleName(f"{self.label}: {tr('Add step…')}")

    def value(self) -> tuple[Step, ...]:
        if not self._steps:
            raise Wrong(tr("Say what is done first."))
        return self._steps

    def set_value(self, value: Any) -> None:
        self._steps = tuple(sorted(value or (), key=lambda step: step.after_days))
        self._show()

    def draft(self) -> Any:
        return steps_to_json(self._steps)["steps"]

    def set_draft(self, draft: Any) -> None:
        self.set_value(steps_from_json({"steps": draft or []}))

    def _show(self) -> None:
        parts.clear(self._lines)
        for at, step in enumerate(self._steps):
            title = parts.label(f"{at + 1}. {step.title}", "strong", wrap=True)
            said = parts.label(step_words(step), "muted", wrap=True)
            line = parts.row(spacing=2)
            line.addLayout(parts.column(title, said, spacing=1), 1)
            for button in self._buttons(at, step):
                line.addLayout(parts.column(button, None))
            self._lines.addLayout(line)

    def _buttons(self, at: int, step: Step) -> Sequence[QWidget]:
        made: list[QWidget] = []
        # They stand in the order of their days: only among those of one day is there a choice.
        if at and self._steps[at - 1].after_days == step.after_days:
            run = partial(self._move_up, at)
            made.append(parts.icon_button("chevron-up", tr("Move {name} up", name=step.title), run))
        return (
            *made,
            parts.icon_button("edit", tr("Edit {name}", name=step.title), partial(self.edit, at)),
            parts.icon_button(
                "trash", tr("Delete {name}", name=step.title), partial(self._remove, at)
            ),
        )

    def _add(self) -> None:
        open_step(self._desk, self._over, self._choices, None,
                  lambda step: self._change([*self._steps, step]))  # fmt: skip

    def edit(self, at: int) -> None:
        """Ask what a step becomes."""

        def take(step: Step) -> None:
            self._change([*self._steps[:at], step, *self._steps[at + 1 :]])

        open_step(self._desk, self._over, self._choices, self._steps[at], take)

    def _remove(self, at: int) -> None:
        self._change([*self._steps[:at], *self._steps[at + 1 :]])

    def _move_up(self, at: int) -> None:
        steps = list(self._steps)
        steps[at - 1], steps[at] = steps[at], steps[at - 1]
        self._change(steps)

    def _change(self, steps: Sequence[Step]) -> None:
        self.set_value(steps)
        self.edited.emit()
