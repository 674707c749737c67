"""What a person can do with an entry of the timeline, while the timeline has the focus."""

from typing import TYPE_CHECKING

from deskcrm.base.words import tr
from deskcrm.domain.interactions.channels import InteractionId
from deskcrm.domain.interactions.correcting import delete_interaction
from deskcrm.domain.interactions.entries import TimelineEntry
from deskcrm.domain.interactions.queries import InteractionDetail, get_interaction
from deskcrm.domain.interactions.timeline import EntryKind
from deskcrm.ui.interactions.correction import open_correction, open_details
from deskcrm.ui.interactions.files import attach as attach_files
from deskcrm.ui.interactions.item import ItemCard, go_to_source
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from deskcrm.ui.interactions.stream import Stream

# None of these asks whether it can run: a key that nobody takes here goes on to the list of
# clients, and Del on a ticket's line must not delete the client.


def _logged(stream: "Stream") -> TimelineEntry | None:
    """Give the current entry if it was logged by hand; else say where to change it."""
    entry = stream.timeline.current()
    if entry is not None and entry.kind is EntryKind.INTERACTION:
        return entry
    if entry is not None:
        said = tr("This line comes from a ticket, a task or a promise.")
        stream.desk.tell(said, detail=tr("Change it where it was made."), tone=Tone.WARNING)
    return None


def _with_detail(stream: "Stream", run: "Callable[[InteractionDetail], object]") -> None:
    entry = _logged(stream)
    if entry is None:
        return
    asked = stream.desk.ask((stream, "detail"), get_interaction, InteractionId(entry.id))
    asked.then(lambda detail: run(detail) if detail is not None else None)


@action("timeline.open", "Open", icon="eye", synonyms="read открыть прочитать")
def open_entry(stream: "Stream") -> None:
    """Read the current entry in full."""
    entry = stream.timeline.current()
    if entry is not None:
        ItemCard(stream.desk, stream, entry)


@action("timeline.edit", "Correct…", key="E", icon="edit", synonyms="edit править исправить")
def correct(stream: "Stream") -> None:
    """Change the wording of the current entry."""
    _with_detail(stream, lambda detail: open_correction(stream.desk, stream, detail))


@action(
    "timeline.details",
    "Edit details…",
    key="D",
    icon="settings",
    synonyms="outcome детали",
)
def change_details(stream: "Stream") -> None:
    """Change what is known about the current entry."""
    _with_detail(stream, lambda detail: open_details(stream.desk, stream, detail))


@action("timeline.attach", "Attach file…", key="A", icon="attach", synonyms="file файл вложение")
def attach(stream: "Stream") -> None:
    """Attach files to the current entry."""
    entry = _logged(stream)
    if entry is not None and stream.client is not None:
        attach_files(stream.desk, stream, stream.client, InteractionId(entry.id))


@action("timeline.go", "Go to its ticket or task", key="G", icon="external", synonyms="перейти")
def go(stream: "Stream") -> None:
    """Go to the ticket or task that the current entry belongs to."""
    entry = stream.timeline.current()
    if entry is not None and not go_to_source(stream.desk, entry):
        stream.desk.tell(tr("It belongs to no ticket and no task."))


@action("timeline.delete", "Delete", key="Del", icon="trash", synonyms="remove удалить")
def delete(stream: "Stream") -> None:
    """Delete the current entry; Undo brings it back."""
    entry = _logged(stream)
    if entry is not None:
        stream.desk.do(delete_interaction, InteractionId(entry.id)).tell()
