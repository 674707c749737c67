"""One play: why it runs, how it stands, and its steps one under another."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.playbooks.model import PlayState
from deskcrm.domain.playbooks.progress import PlayRow, StepRow, StepStanding
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Chip, ChipRow
from deskcrm.ui.kit.deed_bar import DeedBar
from deskcrm.ui.kit.scroll import Scroll
from deskcrm.ui.playbooks import actions
from deskcrm.ui.playbooks.words import doer_words, progress_words, standing_chip, step_chip
from deskcrm.ui.tickets.shapes import Link

if TYPE_CHECKING:
    from deskcrm.ui.playbooks.screen import PlaybooksScreen


class PlayRecord(QWidget):
    """Shows the current play; its buttons are the screen's actions."""

    def __init__(self, screen: "PlaybooksScreen") -> None:
        super().__init__()
        self.screen_ = screen
        self.title = parts.label("", "display", wrap=True, select=True)
        self.client = Link("", lambda: actions.open_client(screen))
        self.chips = ChipRow()
        self.reason = parts.label("", wrap=True, select=True)
        self.why = parts.label("", "strong", wrap=True)
        self.note = parts.label("", "muted", wrap=True, select=True)
        self.version = parts.label("", "faint", wrap=True)
        self.steps = QVBoxLayout()
        self.steps.setSpacing(14)
        self.deeds = DeedBar(
            screen,
            (tr("Step done"), "check", actions.done),
            (tr("Skip step…"), "close", actions.skip),
            (tr("Finish…"), "flag", actions.finish),
            (tr("Stop…"), "minus", actions.stop),
        )
        self._lay_out()

    def _lay_out(self) -> None:
        line = parts.row(parts.Picture("clients"), spacing=4)
        line.addWidget(self.client, 1)
        inside = parts.Page()
        inside.setLayout(
            parts.column(
                self.title, line, self.chips, self.reason, self.why, self.note,
                self.deeds, parts.line(), self.steps, self.version, None,
                spacing=12, margins=(24, 20, 20, 20),
            )
        )  # fmt: skip
        self.setLayout(parts.column(Scroll(inside)))

    def show_play(self, play: PlayRow) -> None:
        """Show a play."""
        is_running = play.state is PlayState.RUNNING
        self.title.setText(play.playbook)
        self.client.say(play.client, tr("Open {name}", name=play.client))
        chips = [standing_chip(play), Chip(progress_words(play))]
        chips.append(Chip(play.owner or tr("No owner"), icon="person"))
        self.chips.set_chips(chips)
        self.reason.setText(f"{play.reason} · {dates.ago(play.started_at)}")
        self.why.setText(play.why)
        self.why.setVisible(bool(play.why))
        ended = ""
        if play.ended_at is not None:
            ended = tr("Ended on {when}", when=dates.full(play.ended_at))
        self.note.setText(" · ".join(one for one in (ended, play.note) if one))
        self.note.setVisible(bool(ended or play.note))
        version = tr("Playbook version {n}", n=play.edition)
        if not play.is_newest and is_running:
            version = tr(
                "Playbook version {n}, with which it began; there is a newer one.", n=play.edition
            )
        self.version.setText(version)
        self.deeds.setVisible(is_running)
        parts.clear(self.steps)
        for row in play.steps:
            self.steps.addLayout(self._step(play, row))

    def _step(self, play: PlayRow, row: StepRow) -> QHBoxLayout:
        about = [of(row.step.kind), row.assignee or doer_words(row.step)]
        if not row.step.is_required:
            about.append(tr("may be left out"))
        body = parts.column(
            parts.label(row.step.title, "strong", wrap=True),
            parts.label(" · ".join(about), "muted", wrap=True),
            spacing=2,
        )
        if row.note:
            body.addWidget(parts.label(row.note, wrap=True, select=True))
        # Under the words, not beside them: in a narrow window they need the width.
        mark = ChipRow()
        mark.set_chips([step_chip(row)])
        body.addWidget(mark)
        line = parts.row(spacing=10)
        line.addLayout(body, 1)
        for button in self._of_step(play, row):
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _of_step(self, play: PlayRow, row: StepRow) -> list[QWidget]:
        """Make what can be done with a step beside it."""
        if play.state is not PlayState.RUNNING or row.standing.is_over:
            return []
        screen, title, made = self.screen_, row.step.title, list[QWidget]()
        if row.standing is StepStanding.WAITING:
            begin = partial(actions.begin, screen, play.id, row)
            made.append(parts.icon_button("play", tr("Begin now: {step}", step=title), begin))
        else:
            done = partial(actions.complete, screen, row)
            made.append(parts.icon_button("check", tr("Done: {task}", task=title), done))
            show = partial(screen.desk.go, "tasks", task=row.task_id)
            made.append(parts.icon_button("external", tr("Open {name}", name=title), show))
        skip = partial(actions.skip_row, screen, play, row)
        made.append(parts.icon_button("close", tr("Skip: {step}", step=title), skip))
        return made
