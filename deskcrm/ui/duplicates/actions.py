"""What a person can do with pairs of clients that are likely one."""

from typing import TYPE_CHECKING, Any

from deskcrm.base.words import tr
from deskcrm.domain.client_merges.commands import set_apart
from deskcrm.ui.client_merges.merge_card import MergeCard
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.list_detail import one_selected

if TYPE_CHECKING:
    from deskcrm.ui.duplicates.screen import DuplicatesScreen


def _is_scanning(screen: Any) -> bool:
    return screen.errand is not None


def _is_idle(screen: Any) -> bool:
    return screen.errand is None


@action(
    "duplicates.merge", "Merge…", key="M", needs=one_selected, icon="merge",
    synonyms="join unite объединить слить",
)  # fmt: skip
def merge(screen: "DuplicatesScreen") -> None:
    """Merge the current pair, side by side."""
    row = screen.row()
    if row is not None:
        MergeCard(screen.desk, screen, row.id, lambda _into: None, bits=row.bits, reason=row.reason)


@action(
    "duplicates.apart", "Not the same", key="A", needs=one_selected, icon="split",
    synonyms="different distinct разные не дубль",
)  # fmt: skip
def keep_apart(screen: "DuplicatesScreen") -> None:
    """Note that the two are not the same, so that nobody is asked again."""
    row = screen.row()
    if row is not None:
        deed = screen.desk.do(set_apart, row.id[0], other_id=row.id[1], bits=row.bits)
        deed.tell(tr("They will not be proposed again."))


@action(
    "duplicates.first", "Open the first", key="1", needs=one_selected, icon="external",
    synonyms="client клиент открыть",
)  # fmt: skip
def open_first(screen: "DuplicatesScreen") -> None:
    """Open the first of the two in a tab."""
    _open(screen, 0)


@action(
    "duplicates.second", "Open the second", key="2", needs=one_selected, icon="external",
    synonyms="client клиент открыть",
)  # fmt: skip
def open_second(screen: "DuplicatesScreen") -> None:
    """Open the second of the two in a tab."""
    _open(screen, 1)


def _open(screen: "DuplicatesScreen", which: int) -> None:
    row = screen.row()
    if row is not None:
        screen.desk.go("clients", client=row.id[which], tab=True)


@action(
    "duplicates.scan", "Look again", key="R", needs=_is_idle, icon="sync",
    synonyms="scan find искать дубли повторно",
)  # fmt: skip
def scan(screen: "DuplicatesScreen") -> None:
    """Look through all clients anew."""
    screen.scan()


@action(
    "duplicates.stop", "Stop looking", needs=_is_scanning, icon="close",
    synonyms="cancel остановить отменить",
)  # fmt: skip
def stop(screen: "DuplicatesScreen") -> None:
    """Stop looking through the clients; what was found before stays."""
    screen.stop()
