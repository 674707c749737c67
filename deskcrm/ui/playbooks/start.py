"""The card on which a playbook is chosen by typing, to be started at clients."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base.words import ntr, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.names import fold
from deskcrm.domain.playbooks.plays import start_playbook
from deskcrm.domain.playbooks.proposing import Proposal, can_start, propose_playbook
from deskcrm.domain.playbooks.queries import PlaybookRow, list_playbooks
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.chooser import Chooser
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.playbooks.words import step_words

_HEIGHT: Final = 540
"""So that the steps of a usual playbook are all seen."""


class StartCard(Chooser[PlaybookRow]):
    """Opens itself over the window; says what a playbook does before it is started."""

    def __init__(self, desk: Desk, over: QWidget, client_ids: Sequence[ClientId]) -> None:
        super().__init__(over, tr("Start a playbook"), tr("Search playbooks"), tall=_HEIGHT)
        self.desk, self._clients = desk, client_ids
        self._proposed: Proposal | None = None
        self._steps = QVBoxLayout()
        self._steps.setSpacing(8)
        self.about = parts.label("", "muted", wrap=True)
        inside = parts.Page()
        inside.setLayout(
            parts.column(self.about, self._steps, None, spacing=12, margins=(4, 0, 4, 0))
        )
        self.button = parts.button(tr("Start"), self.choose, look="primary", icon="play")
        self.button.setEnabled(False)
        said = ntr("For {n} client", "For {n} clients", len(client_ids))
        edit = parts.button(tr("Templates"), self._edit, look="quiet", icon="template")
        self.open_with(
            Scroll(inside), parts.row(parts.label(said, "muted"), None, edit, self.button)
        )
        desk.ask(self, propose_playbook, client_ids).then(self._ask)

    def _ask(self, proposed: Proposal | None) -> None:
        self._proposed = proposed
        self.desk.ask(self, list_playbooks).then(self._offer)

    def _offer(self, rows: Sequence[PlaybookRow]) -> None:
        """Offer what can be started, what fits best first: Enter takes it."""
        self.offer(sorted(filter(can_start, rows), key=lambda row: not self._fits_best(row)))

    def _fits_best(self, row: PlaybookRow) -> bool:
        return self._proposed is not None and row.id == self._proposed.playbook_id

    def words_of(self, row: PlaybookRow) -> str:
        return row.name

    def fits(self, row: PlaybookRow, typed: str) -> bool:
        return fold(typed) in fold(f"{row.name} {row.about}")

    def show_row(self, row: PlaybookRow | None) -> None:
        parts.clear(self._steps)
        self.button.setEnabled(row is not None)
        if row is None:
            self.about.setText(
                tr("There are no playbooks yet: take over one that comes with the program.")
                if self.is_empty
                else tr("Nothing matches.")
            )
            return
        self.about.setText(row.about)
        if self._proposed is not None and self._fits_best(row):
            why = self._proposed.reason
            fits = tr("It fits: {reason}", reason=why[:1].lower() + why[1:])
            self._steps.addWidget(parts.label(fits, "strong", wrap=True))
        for step in row.steps:
            title = parts.label(step.title, "strong", wrap=True)
            said = parts.label(step_words(step), "muted", wrap=True)
            self._steps.addLayout(parts.column(title, said, spacing=1))

    def choose(self) -> None:
        row = self.current()
        if row is None:
            return
        deed = self.desk.do(start_playbook, row.id, self._clients).tell()
        deed.then(lambda _: self.close_card())

    def _edit(self) -> None:
        self.close_card()
        self.desk.go("settings", section="playbooks")
