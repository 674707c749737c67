"""The sample workspace: said quietly above the pages, and gone with one click."""

from typing import TYPE_CHECKING

from deskcrm.base.words import tr
from deskcrm.domain.sample.queries import find_sample
from deskcrm.store.store import Undone
from deskcrm.ui.kit.actions import EVERYWHERE, action
from deskcrm.ui.kit.tasks import Lane
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window


def say_if_sample(window: "Window") -> None:
    """Say above the pages that the clients are invented, as long as they are."""
    window.desk.ask((window, "sample"), find_sample).then(lambda step: _say(window, step))


def _say(window: "Window", step: int | None) -> None:
    if step is None:
        return
    window.banner.say(
        tr("Every client in this workspace is invented. Look around, nothing can break."),
        tr("Remove the sample"),
        lambda: remove(window),
        icon="info",
    )


def remove(window: "Window") -> None:
    """Take the sample out in one step; what the person added stays."""
    window.desk.ask((window, "sample"), find_sample).then(lambda step: _remove(window, step))


def _remove(window: "Window", step: int | None) -> None:
    if step is None:
        window.desk.tell(tr("There is no sample here any more."))
        return
    window.banner.hide()
    answer = window.desk.tasks.run(Lane.WRITE, lambda: window.desk.store.undo(step), window)
    answer.then(lambda undone: _removed(window, undone))


def _removed(window: "Window", undone: Undone) -> None:
    window.desk.go("clients")
    window.desk.tell(
        tr("The sample is gone. What you added yourself is still here."),
        detail=tr("Ctrl+Shift+Z brings it back."),
        tone=Tone.OK,
    )


@action(
    "sample.remove",
    "Remove the sample workspace",
    icon="trash",
    place=EVERYWHERE,
    synonyms="demo invented clear убрать пример удалить",
)
def remove_sample(window: "Window") -> None:
    """Remove the sample workspace."""
    remove(window)
