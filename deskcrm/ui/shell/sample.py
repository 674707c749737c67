"""The sample workspace: said quietly above the pages, and gone with one click."""

from typing import TYPE_CHECKING, Final

from deskcrm.base.words import tr
from deskcrm.domain.sample.queries import find_sample
from deskcrm.ui.kit.tokens import Tone

if TYPE_CHECKING:
    from deskcrm.domain.sample.removal import Removed
    from deskcrm.store.store import Done
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
    """Take the sample out in one step; what the person added stays, with what it hangs on."""
    from deskcrm.domain.sample.removal import remove_sample

    window.banner.hide()
    deed = window.desk.do(remove_sample)
    deed.then(lambda done: _removed(window, done))


def _removed(window: "Window", done: "Done[Removed]") -> None:
    window.desk.go("clients")
    kept = done.value.kept_clients
    detail = ""
    if kept:
        names = ", ".join(kept[:_NAMED]) + ("…" if len(kept) > _NAMED else "")
        detail = tr("Kept, because you worked with them: {names}", names=names)
    window.desk.tell(tr("The sample is gone."), done.step, detail, Tone.OK)
