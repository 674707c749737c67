"""What a person can do with a play and its steps."""

from typing import TYPE_CHECKING, Any

from deskcrm.base.words import of, tr
from deskcrm.domain.playbooks.model import Ending, PlayId, PlayState
from deskcrm.domain.playbooks.plays import begin_step, finish_play, skip_step, stop_play
from deskcrm.domain.playbooks.progress import PlayRow, StepRow
from deskcrm.domain.tasks.commands import complete_task
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.fields import Choice, Text
from deskcrm.ui.kit.list_detail import one_selected

if TYPE_CHECKING:
    from deskcrm.ui.playbooks.screen import PlaybooksScreen


def _runs(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.state is PlayState.RUNNING


def _has_step(screen: Any) -> bool:
    row = screen.row()
    return _runs(screen) and row.next is not None


def _has_task(screen: Any) -> bool:
    row = screen.row()
    return _has_step(screen) and row.next.task_id is not None


@action(
    "playbooks.done", "Step done", key="D", needs=_has_task, icon="check",
    synonyms="complete task готово шаг сделан",
)  # fmt: skip
def done(screen: "PlaybooksScreen") -> None:
    """Mark the next step of the current play as done."""
    row = screen.row()
    if row is not None and row.next is not None:
        complete(screen, row.next)


@action(
    "playbooks.skip", "Skip step…", key="S", needs=_has_step, icon="close",
    synonyms="leave out пропустить",
)  # fmt: skip
def skip(screen: "PlaybooksScreen") -> None:
    """Leave out the next step of the current play, with a reason."""
    row = screen.row()
    if row is not None and row.next is not None:
        skip_row(screen, row, row.next)


@action(
    "playbooks.finish", "Finish…", key="F", needs=_runs, icon="flag",
    synonyms="outcome end завершить итог",
)  # fmt: skip
def finish(screen: "PlaybooksScreen") -> None:
    """End the current play with its outcome."""
    row = screen.row()
    if row is None:
        return
    FormCard(
        screen.desk,
        screen,
        tr("Finish playbook"),
        [
            Choice(
                "is_achieved", tr("How did it end?"),
                [(True, of(Ending.ACHIEVED)), (False, of(Ending.NOT_ACHIEVED))],
            ),
            Text("note", tr("What came of it"), lines=3),
        ],
        lambda values: screen.desk.do(finish_play, row.id, **values).tell(),
        place="playbooks.finish",
        subject=row.id.hex,
        values={"is_achieved": True},
        about=f"{row.playbook} · {row.client}",
        button=tr("Finish"),
    )  # fmt: skip


@action(
    "playbooks.stop",
    "Stop…",
    key="Shift+S",
    needs=_runs,
    icon="minus",
    synonyms="cancel остановить",
)
def stop(screen: "PlaybooksScreen") -> None:
    """Give the current play up, and say why."""
    row = screen.row()
    if row is None:
        return
    FormCard(
        screen.desk,
        screen,
        tr("Stop playbook"),
        [Text("reason", tr("Why?"), lines=3, required=True)],
        lambda values: screen.desk.do(stop_play, row.id, **values).tell(),
        place="playbooks.stop",
        subject=row.id.hex,
        about=f"{row.playbook} · {row.client}",
        button=tr("Stop"),
    )


@action(
    "playbooks.client", "Open client", key="C", needs=one_selected, icon="clients",
    synonyms="клиент",
)  # fmt: skip
def open_client(screen: "PlaybooksScreen") -> None:
    """Go to the client of the current play."""
    row = screen.row()
    if row is not None:
        screen.desk.go("clients", client=row.client_id)


@action("playbooks.task", "Open task", key="T", needs=_has_task, icon="tasks", synonyms="задача")
def open_task(screen: "PlaybooksScreen") -> None:
    """Go to the task of the next step."""
    row = screen.row()
    if row is not None and row.next is not None:
        screen.desk.go("tasks", task=row.next.task_id)


@action(
    "playbooks.templates", "Templates", key="P", icon="template",
    synonyms="playbook steps edit шаблоны сценарии шаги",
)  # fmt: skip
def templates(screen: "PlaybooksScreen") -> None:
    """Look at what playbooks are made of, and change it."""
    screen.desk.go("settings", section="playbooks")


def complete(screen: "PlaybooksScreen", row: StepRow) -> None:
    """Mark the task of a step as done."""
    if row.task_id is not None:
        screen.desk.do(complete_task, row.task_id).tell()


def begin(screen: "PlaybooksScreen", play_id: PlayId, row: StepRow) -> None:
    """Begin a step before its day."""
    screen.desk.do(begin_step, play_id, step=row.step.key).tell()


def skip_row(screen: "PlaybooksScreen", play: PlayRow, row: StepRow) -> None:
    """Ask why a step is left out."""
    FormCard(
        screen.desk,
        screen,
        tr("Skip step"),
        [Text("reason", tr("Why?"), lines=2, required=True)],
        lambda values: screen.desk.do(skip_step, play.id, step=row.step.key, **values).tell(),
        place="playbooks.skip",
        subject=play.id.hex,
        about=row.step.title,
        button=tr("Skip"),
    )
