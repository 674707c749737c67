"""Where playbooks run: the gravest first, and every step of one."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtWidgets import QWidget

from deskcrm.base.words import ptr, tr
from deskcrm.domain.playbooks.model import PlayId
from deskcrm.domain.playbooks.progress import PlayRow, Standing
from deskcrm.domain.playbooks.queries import count_plays, get_play, page_plays
from deskcrm.domain.users.model import UserId
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.kit.segments import Segments
from deskcrm.ui.playbooks import actions
from deskcrm.ui.playbooks.record import PlayRecord
from deskcrm.ui.playbooks.words import progress_words, standing_chip
from deskcrm.ui.tickets.shapes import Share

_SHELVES: Final[Sequence[dict[str, Any]]] = (
    {"mine": True},
    {},
    {"standing": Standing.STUCK},
    {"standing": Standing.BEHIND},
    {"is_over": True},
)
_ALL, _OVER = 1, 4
_LEAST: Final = 400
"""Room for a client's name beside how its play stands."""


class PlaybooksScreen(ListDetail[PlayRow]):
    """The plays on the left; the steps of one, and what can be done with it, on the right."""

    place = "playbooks"
    title = "Playbooks"
    icon = "play"
    watches = frozenset(
        {"play", "play_step", "playbook", "playbook_edition", "task", "client", "user", "calendar"}
    )
    sort = "standing"
    count_query = staticmethod(count_plays)
    page_query = staticmethod(page_plays)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        names = [
            ptr("Playbook shelf", "Mine"),
            ptr("Playbook shelf", "All that run"),
            ptr("Playbook shelf", "Stuck"),
            ptr("Playbook shelf", "Behind"),
            ptr("Playbook shelf", "Over"),
        ]
        self.shelf = Segments(names, tr("Which ones"))
        self._wanted: PlayId | None = None
        super().__init__(desk, parent)
        self.table.rows.loaded.connect(self._look_for_wanted)
        self.shelf.currentChanged.connect(lambda _: self.load())
        self.share = Share(self.splitter, 0.43, _LEAST)
        self.under_head.addWidget(self.shelf)
        self.head.addWidget(
            parts.button(tr("Templates"), lambda: actions.templates(self), icon="template")
        )

    def columns(self) -> Sequence[Column[PlayRow]]:
        return [
            Column(
                tr("Client"),
                lambda row: row.client,
                under=lambda row: f"{row.playbook} · {row.why or row.reason}",
                avatar=lambda row: row.client,
                sort="client",
                stretch=True,
                strong=True,
            ),
            Column(
                ptr("playbook", "How it stands"),
                lambda row: "",
                chips=lambda row: [standing_chip(row)],
                under=progress_words,
                sort="standing",
                width=150,
            ),
            Column(
                ptr("playbook", "Next"),
                lambda row: row.next.step.title if row.next is not None else "",
                under=lambda row: (
                    dates.due(row.next.due_on or row.next.planned_on) if row.next else ""
                ),
                width=190,
                muted=True,
                hide_below=560,
            ),
            Column(
                tr("Owner"), lambda row: row.owner, sort="owner", width=130, muted=True,
                hide_below=760,
            ),
        ]  # fmt: skip

    def filters(self) -> dict[str, Any]:
        asked = dict(_SHELVES[max(0, self.shelf.currentIndex())])
        if asked.pop("mine", False):
            asked["owner_id"] = UserId(self.desk.store.actor)
        return asked

    def build_record(self) -> QWidget:
        self.record = PlayRecord(self)
        return self.record

    def show_row(self, row: PlayRow) -> None:
        self.record.show_play(row)

    def panes(self) -> list[QWidget]:
        return [self.table, self.record]

    def empty(self) -> Empty:
        why = {
            0: tr("No playbook runs at a client of yours."),
            1: tr("No playbook runs. They begin by themselves when there is a reason."),
            2: tr("Nothing is stuck."),
            3: tr("Nothing is behind."),
        }.get(self.shelf.currentIndex(), tr("No playbook is over yet."))
        return Empty(
            tr("Nothing here"), why, "play", tr("Look at the templates"),
            lambda: actions.templates(self),
        )  # fmt: skip

    def arrive(self, *, play: PlayId | None = None, **where: Any) -> None:
        """Show a play, on whichever shelf it stands."""
        if play is not None:
            self.desk.ask((self, "arrive"), get_play, play).then(self._show)

    def _show(self, row: PlayRow | None) -> None:
        if row is None:
            self.desk.tell(tr("This playbook does not run here any more."))
            return
        if self.table.rows.find(row.id) is None:
            self._wanted = row.id
            is_over = row.standing in (Standing.FINISHED, Standing.STOPPED)
            self.shelf.setCurrentIndex(_OVER if is_over else _ALL)
            self.load()
        self.table.show_id(row.id)

    def _look_for_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.table.show_id(wanted)
