"""A form on a card over the window, whose draft survives whatever happens to the program."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.drafts.commands import discard_draft, save_draft
from deskcrm.domain.drafts.queries import DraftRow, get_draft
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Field
from deskcrm.ui.kit.form import Form
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll, height_at
from deskcrm.ui.kit.tasks import Answer

Save = Callable[[dict[str, Any]], Answer[Any] | None]


class FormCard(Overlay):
    """Opens itself over a window; gone once it is saved or left.

    ``save`` is given the values (with ``changes_only``: only those that the person changed) and
    answers the command or query under way, or None if nothing needs to be done. ``place`` and
    ``subject`` name the draft; ``about`` says whom or what the card changes where the title
    does not.
    """

    def __init__(
        self,
        desk: Desk,
        over: QWidget,
        title: str,
        fields: Sequence[Field | tuple[Field, ...]],
        save: Save,
        *,
        place: str,
        subject: str = "",
        values: dict[str, Any] | None = None,
        button: str = "",
        changes_only: bool = False,
        width: int = 560,
        about: str = "",
    ) -> None:
        super().__init__(over.window(), width=width, top=0.08)
        self.desk = desk
        self._save, self._changes_only = save, changes_only
        self._draft = {"place": place, "subject": subject}
        self.form = Form(
            fields,
            on_save=self._on_save,
            on_leave=self.close_card,
            on_draft=self._on_draft,
            save=button,
        )
        if values:
            self.form.fill(values)
        self.heading = parts.label(title, "heading", wrap=True)
        self.about = parts.label(about, "muted", wrap=True)
        if not about:
            self.about.hide()
        self.restored = parts.label(tr("What you were writing is here again."), "muted")
        self.restored.hide()
        self._lay_out()
        self.closed.connect(self.deleteLater)
        self.open_card()
        desk.ask(self, get_draft, **self._draft).then(self._restore)

    def height_wanted(self) -> int:
        """Tall enough for the whole form, where the window has room."""
        tall = height_at(self._inside, self.width_given())
        return tall + self._foot.sizeHint().height() + 8

    def _lay_out(self) -> None:
        self._inside = QWidget()
        self._inside.setLayout(
            parts.column(
                parts.column(self.heading, self.about, spacing=2),
                self.restored,
                self.form,
                spacing=12,
                margins=(24, 24, 24, 4),
            )
        )
        scroll = Scroll(self._inside)
        # The buttons stay in sight however long the form is.
        self._foot = QWidget()
        self._foot.setLayout(parts.column(self.form.take_buttons(), margins=(24, 12, 24, 20)))
        edge = parts.line()
        edge.hide()
        scroll.verticalScrollBar().rangeChanged.connect(lambda _, end: edge.setVisible(end > 0))
        self.card.setLayout(parts.column(scroll, edge, self._foot, margins=0, spacing=0))
        self.form.edited.connect(self.relayout)
        self.form.said.connect(self.relayout)

    def _restore(self, draft: DraftRow | None) -> None:
        if draft is not None:
            self.form.restore_draft(draft.content)
            self.restored.show()
            self.relayout()

    def _on_draft(self, draft: dict[str, Any] | None) -> None:
        if draft is None:
            self.desk.do(discard_draft, **self._draft)
        else:
            self.desk.do(save_draft, **self._draft, content=draft)

    def _on_save(self, values: dict[str, Any]) -> None:
        wanted = self.form.changed_values() if self._changes_only else values
        if not wanted:
            self.close_card()
            return
        try:
            deed = self._save(wanted)
        except UserError as error:  # what is kept by no command is refused here
            self.form.refuse(error)
            return
        if deed is None:
            self._finish()
        else:
            deed.then(lambda _done: self._finish()).refused(self.form.refuse)

    def _finish(self) -> None:
        self.form.finish()
        self.close_card()
