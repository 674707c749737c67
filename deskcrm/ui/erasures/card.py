"""Erases a person: shows what goes, lets texts and files be chosen, and asks for the name."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import ntr, ptr, sentence, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.erasures.commands import erase_person
from deskcrm.domain.erasures.queries import (
    Erasable,
    ErasurePreview,
    Mention,
    get_erasure,
    list_erasable,
    may_erase,
    preview_erasure,
)
from deskcrm.ui.erasures.certificate import CertificateCard
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Choice, Field, Line
from deskcrm.ui.kit.form import Form
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.scroll import Scroll, height_at
from deskcrm.ui.kit.several import Several

MOST_SHOWN: Final = 100
"""Mentions that are ticked one by one; of more, the rest goes or stays together."""


def open_erasure(desk: Desk, over: QWidget, client_id: ClientId) -> None:
    """Ask who of a client is to be erased; say it where nobody can be, or may."""

    def show(people: list[Erasable]) -> None:
        if people:
            ErasureCard(desk, over, people)
        else:
            desk.tell(tr("Nobody is known at this client who could be erased."))

    def ask(may: bool) -> None:
        if may:
            desk.ask((over, "erasable"), list_erasable, client_id).then(show)
        else:
            desk.tell(
                tr("Only an administrator may erase a person."),
                detail=tr("Ask an administrator to do it; nothing was changed."),
            )

    desk.ask((over, "may erase"), may_erase).then(ask)


class ErasureCard(Overlay):
    """Opens itself over the window; the form is made for who is chosen."""

    def __init__(self, desk: Desk, over: QWidget, people: Sequence[Erasable]) -> None:
        super().__init__(over.window(), width=620, top=0.06)
        self.desk, self._people, self._over = desk, people, over
        self.form: Form | None = None
        self.seen: ErasurePreview | None = None
        who = [(at, one.name) for at, one in enumerate(people)]
        self.who = Choice("who", tr("Who"), who)
        self.who.set_value(0)
        self.who.setVisible(len(people) > 1)
        self.what = parts.label("", wrap=True)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(24, 24, 24, 4)
        self._column.setSpacing(12)
        self._foot = QWidget()
        self._foot.setLayout(parts.column(spacing=12, margins=(24, 12, 24, 20)))
        self._lay_out()
        self.who.edited.connect(self.load)
        self.closed.connect(self.deleteLater)
        self.open_card()
        self.load()

    def load(self) -> None:
        """Look where the values of who is chosen stand."""
        person = self._people[self.who.value()]
        self.what.setText(tr("Looking where their values stand…"))
        asked = self.desk.ask((self, "preview"), preview_erasure, person.kind, person.id)
        asked.then(self._show)

    def height_wanted(self) -> int:
        """Tall enough for the whole form, where the window has room."""
        tall = height_at(self._inside, self.width_given())
        return tall + height_at(self._foot, self.width_given()) + 8

    def _lay_out(self) -> None:
        warning = tr(
            "Their data goes for good: from the records, the history, the search and the drafts,"
            " here and on every other workstation. It cannot be undone."
        )
        heading = parts.label(tr("Erase a person"), "heading", wrap=True)
        self._column.addLayout(
            parts.column(heading, parts.label(warning, "muted", wrap=True), spacing=2)
        )
        self._column.addWidget(self.who)
        self._column.addWidget(self.what)
        edge = parts.line()
        edge.hide()
        self.page = Scroll(self._inside)
        bar = self.page.verticalScrollBar()
        bar.rangeChanged.connect(lambda _, end: edge.setVisible(end > 0))
        whole = parts.column(self.page, edge, self._foot, margins=0, spacing=0)
        whole.setStretch(0, 1)
        self.card.setLayout(whole)

    def _show(self, seen: ErasurePreview) -> None:
        self.seen = seen
        counted = [
            f"{ptr('table', sentence(table))}: {ntr('{n} record', '{n} records', count)}"
            for table, count in seen.counts.items()
        ]
        self.what.setText(" · ".join([tr("Goes at once"), *counted]))
        if self.form is not None:
            parts.clear(self._buttons())
            self._column.removeWidget(self.form)
            self.form.deleteLater()
        self.form = Form(
            _fields(seen), on_save=self._erase, on_leave=self.close_card, save=tr("Erase")
        )
        self.form.save_button.setProperty("look", "danger")
        self.form.fill(_ticked(seen))
        self._column.addWidget(self.form)
        if len(self.form.fields) == 1:
            self.form.hide()  # what confirms it stands in the foot, and nothing is left here
        # However long the list is, what confirms it stays in sight, and so does why it was refused.
        self._buttons().addWidget(self.form.fields["typed_name"])
        self.form.serve(self.form.fields["typed_name"])
        self._buttons().addLayout(self.form.take_buttons())
        self.form.edited.connect(self.relayout)
        self.form.said.connect(self.relayout)
        self.relayout()
        self.form.fields["typed_name"].stop().setFocus()

    def _buttons(self) -> Any:
        return self._foot.layout()

    def _erase(self, values: dict[str, Any]) -> None:
        seen, form = self.seen, self.form
        assert seen is not None
        assert form is not None
        chosen = _chosen(seen, values)
        deed = self.desk.do(
            erase_person, seen.person.kind, seen.person.id, typed_name=values["typed_name"],
            mentions=[(one.table, one.row_id, one.column) for one in chosen],
            attachments=values.get("files", ()),
        )  # fmt: skip
        deed.then(lambda done: self._certify(done.value)).refused(
            lambda error: form.refuse(error, "typed_name")
        )

    def _certify(self, made: Any) -> None:
        desk, over = self.desk, self._over
        self.close_card()
        desk.ask((over, "certificate"), get_erasure, made).then(
            lambda row: CertificateCard(desk, over, [row])
        )


def _fields(seen: ErasurePreview) -> list[Field | tuple[Field, ...]]:
    made: list[Field | tuple[Field, ...]] = []
    if seen.attachments:
        files = [(one.id, one.name) for one in seen.attachments]
        made.append(Several("files", tr("Files that go too"), files))
    if seen.mentions:
        texts = [(at, _words(one)) for at, one in enumerate(seen.mentions[:MOST_SHOWN])]
        made.append(Several("texts", tr("Erase the words about the person in these texts"), texts))
    rest = len(seen.mentions) - MOST_SHOWN
    if rest > 0:
        made.append(Check("rest", ntr("and in {n} more text", "and in {n} more texts", rest)))
    name = tr("To confirm, type the name: {name}", name=seen.person.name)
    made.append(Line("typed_name", name, required=True))
    return made


def _ticked(seen: ErasurePreview) -> dict[str, Any]:
    """Tick what is most likely of the person: nobody must look for it, everybody can look."""
    found: dict[str, Any] = {}
    if seen.attachments:
        found["files"] = [one.id for one in seen.attachments if one.is_suggested]
    if seen.mentions:
        found["texts"] = range(min(len(seen.mentions), MOST_SHOWN))
    if len(seen.mentions) > MOST_SHOWN:
        found["rest"] = True
    return found


def _chosen(seen: ErasurePreview, values: dict[str, Any]) -> list[Mention]:
    chosen = [seen.mentions[at] for at in values.get("texts", ())]
    return [*chosen, *seen.mentions[MOST_SHOWN:]] if values.get("rest") else chosen


def _words(one: Mention) -> str:
    return f"{ptr('table', sentence(one.table))}: {one.words}"
