"""The sample workspace: said quietly above the pages, and gone with one click."""

from typing import TYPE_CHECKING, Final

from deskcrm.base.words import tr
from deskcrm.domain.sample.queries import find_sample
from deskcrm.domain.sample.removal import Removed
from deskcrm.domain.sample.removal import remove_sample as remove_sample_command
from deskcrm.ui.kit.actions import EVERYWHERE, action
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window

_NAMED: Final = 5


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
    window.desk.do(remove_sample_command).then(lambda done: _removed(window, done.value))


def _removed(window: "Window", removed: Removed) -> None:
    window.desk.go("clients")
    detail = tr("Ctrl+Z brings it back.")
    if removed.kept_clients:
        names = ", ".join(removed.kept_clients[:_NAMED])
        stay = tr("These stay, since you wrote something about them: {names}.", names=names)
        detail = f"{stay} {detail}"
    window.desk.tell(
        tr("The sample is gone. What you added yourself is still here."),
        detail=detail,
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
