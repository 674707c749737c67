"""One entry of the timeline on a card, in full: who, when, every word, its files and its past."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.attachments.queries import AttachmentRow, list_interaction_attachments
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.interactions.correcting import delete_interaction
from deskcrm.domain.interactions.entries import TimelineEntry
from deskcrm.domain.interactions.queries import FormerWording, InteractionDetail, get_interaction
from deskcrm.domain.interactions.timeline import EntryKind
from deskcrm.domain.knowledge.addresses import readable
from deskcrm.domain.promises.queries import PromiseRow, list_promises_of
from deskcrm.store.reader import Reader
from deskcrm.ui.interactions.correction import open_correction, open_details
from deskcrm.ui.interactions.entry import as_entry
from deskcrm.ui.interactions.files import Files, attach, attach_brought
from deskcrm.ui.interactions.incoming import Brought, Incoming
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import ChipRow
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.tokens import Tone

_WATCHES = frozenset({"interaction", "attachment", "revision", "participant", "promise", "contact"})


@dataclass(frozen=True, slots=True)
class Item:
    """An interaction with everything that hangs on it."""

    detail: InteractionDetail
    files: Sequence[AttachmentRow]
    promises: Sequence[PromiseRow]


def get_item(db: Reader, interaction_id: InteractionId) -> Item | None:
    """Gather one interaction; None when it is not there any more."""
    detail = get_interaction(db, interaction_id)
    if detail is None:
        return None
    files = list_interaction_attachments(db, interaction_id)
    return Item(detail, files, list_promises_of(db, interaction_id))


class ItemCard(Overlay):
    """Opens itself over the window; Esc closes it."""

    def __init__(self, desk: Desk, over: QWidget, entry: TimelineEntry) -> None:
        super().__init__(over.window(), width=720, top=0.08)
        self.desk = desk
        self.entry = entry
        self.detail: InteractionDetail | None = None
        self.heading = parts.label("", "heading", wrap=True, select=True)
        self.meta = parts.label("", "muted", wrap=True)
        self.chips = ChipRow()
        self.text = parts.label("", wrap=True, select=True)
        self.promises = parts.label("", wrap=True)
        self.files = Files(desk)
        self.past = QVBoxLayout()
        self.bar = QWidget()
        self._buttons = parts.row(spacing=6)
        self.bar.setLayout(self._buttons)
        self._lay_out()
        self.closed.connect(self.deleteLater)
        self._show_entry(entry)
        self._show_buttons()
        self.open_card()
        desk.touched.connect(self._hear)
        self._ask()

    @classmethod
    def of_interaction(cls, desk: Desk, over: QWidget, interaction_id: InteractionId) -> None:
        """Open the card of an interaction of which only the id is known."""

        def show(item: Item | None) -> None:
            if item is None:
                desk.tell(tr("This is not there any more."), tone=Tone.WARNING)
            else:
                cls(desk, over, item.detail.entry)

        desk.ask((over, "item"), get_item, interaction_id).then(show)

    def height_wanted(self) -> int:
        """Tall enough for all of it, where the window has room."""
        layout = self._inside.layout()
        width = (self.card.width() or 720) - 16
        inside = layout.heightForWidth(width) if layout is not None else 0
        return max(inside, 0) + self.bar.sizeHint().height() + 110

    def _lay_out(self) -> None:
        self._inside = QWidget()
        self._inside.setLayout(
            parts.column(
                self.meta,
                self.chips,
                self.text,
                self.promises,
                self.files,
                self.past,
                None,
                spacing=10,
                margins=(24, 0, 24, 16),
            )
        )
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(self._inside)
        head = parts.row(spacing=8, margins=(24, 16, 12, 6))
        head.addWidget(self.heading, 1)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        foot = parts.row(self.bar, margins=(16, 8, 16, 12))
        self.card.setLayout(parts.column(head, scroll, parts.line(), foot, spacing=0))
        self.incoming = Incoming(self.card, [], self._take)

    def _hear(self, tables: frozenset[str]) -> None:
        if _WATCHES & tables:
            self._ask()

    def _ask(self) -> None:
        if self.entry.kind is EntryKind.INTERACTION:
            asked = self.desk.ask((self, "item"), get_item, InteractionId(self.entry.id))
            asked.then(self._show_item)

    def _show_entry(self, entry: TimelineEntry) -> None:
        shown = as_entry(entry)
        self.heading.setText(shown.title)
        self.meta.setText(" · ".join(one for one in (dates.full(entry.at), shown.meta) if one))
        self.chips.set_chips([chip for chip in shown.chips if chip.icon != "attach"])
        self.text.setText(readable(entry.text) or tr("Nothing was written down."))
        self.promises.hide()
        self.files.hide()

    def _show_item(self, item: Item | None) -> None:
        if item is None:
            self.close_card()
            return
        self.detail, self.entry = item.detail, item.detail.entry
        self._show_entry(self.entry)
        self.files.show_files(item.files)
        said = [_promise_words(promise) for promise in item.promises]
        self.promises.setText("\n".join(said))
        self.promises.setVisible(bool(said))
        parts.clear(self.past)
        for former in item.detail.former:
            self._show_former(former)
        self._show_buttons()
        self.relayout()

    def _show_former(self, former: FormerWording) -> None:
        when = dates.full(former.at)
        said = tr("Before the correction by {who}, {when}:", who=former.by, when=when)
        self.past.addWidget(parts.label(said, "caption", wrap=True))
        if former.reason:
            self.past.addWidget(parts.label(former.reason, "muted", wrap=True))
        self.past.addWidget(parts.label(former.text, "muted", wrap=True, select=True))

    def _show_buttons(self) -> None:
        parts.clear(self._buttons)
        detail = self.detail
        if detail is not None:
            words = tr("Edit…") if detail.is_editable else tr("Correct…")
            for text, run, icon in (
                (words, self.correct, "edit"),
                (tr("Details…"), self.change_details, "settings"),
                (tr("Attach…"), self.attach, "attach"),
            ):
                self._buttons.addWidget(parts.button(text, run, look="quiet", icon=icon))
        if self.entry.ticket_id is not None:
            number = self.entry.ticket_number
            words = tr("Ticket #{number}", number=number) if number else tr("Ticket")
            go = parts.button(words, self.go_on, look="quiet", icon="tickets")
            self._buttons.addWidget(go)
        elif goes_to_task(self.entry):
            go = parts.button(tr("Task"), self.go_on, look="quiet", icon="tasks")
            self._buttons.addWidget(go)
        self._buttons.addStretch(1)
        if detail is not None:
            delete = parts.button(tr("Delete"), self.delete, look="quiet", icon="trash")
            self._buttons.addWidget(delete)

    def correct(self) -> None:
        """Change the wording: in place at first, as a correction later."""
        if self.detail is not None:
            open_correction(self.desk, self, self.detail)

    def change_details(self) -> None:
        """Change with whom it was, when, how long, and how it ended."""
        if self.detail is not None:
            open_details(self.desk, self, self.detail)

    def attach(self) -> None:
        """Attach files to it."""
        if self.detail is not None:
            client: ClientId = self.detail.client_id
            attach(self.desk, self, client, InteractionId(self.entry.id))

    def _take(self, brought: Brought) -> None:
        if self.detail is not None:
            to = InteractionId(self.entry.id)
            attach_brought(self.desk, brought, self.detail.client_id, interaction_id=to)

    def go_on(self) -> None:
        """Go to its ticket or its task."""
        self.close_card()
        go_to_source(self.desk, self.entry)

    def delete(self) -> None:
        """Delete it; Undo brings it back."""
        self.desk.do(delete_interaction, InteractionId(self.entry.id)).tell()
        self.close_card()


def goes_to_task(entry: TimelineEntry) -> bool:
    """Whether an entry has a task to go to."""
    return entry.kind is EntryKind.TASK_DONE or entry.task_id is not None


def go_to_source(desk: Desk, entry: TimelineEntry) -> bool:
    """Go to the ticket or task that an entry belongs to; tells whether there is one."""
    if entry.ticket_id is not None:
        desk.go("tickets", ticket=entry.ticket_id)
    elif entry.kind is EntryKind.SURVEY_ANSWERED:
        desk.go("feedback", response=entry.id)
    elif entry.kind is EntryKind.TASK_DONE:
        desk.go("tasks", task=entry.id)
    elif entry.task_id is not None:
        desk.go("tasks", task=entry.task_id)
    else:
        return False
    return True


def _promise_words(promise: PromiseRow) -> str:
    state = of(promise.state)
    due = dates.day(promise.due_on) if promise.due_on else tr("no date")
    return tr("Promised: {text} · {due} · {state}", text=promise.text, due=due, state=state)
