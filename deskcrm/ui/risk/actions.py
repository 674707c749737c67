"""What a person can do about a client at risk."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from deskcrm.base.words import ntr, of, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.health.words import fix_words
from deskcrm.domain.interactions.channels import Direction
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.risk.commands import (
    bring_back,
    put_aside,
    set_read,
    snooze_risk,
    withdraw_read,
)
from deskcrm.domain.risk.model import ReadStep
from deskcrm.domain.risk.queries import RiskRow, list_risk_ids
from deskcrm.domain.risk.words import why
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.tasks.model import TaskKind
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.fields import Choice, Line, Text
from deskcrm.ui.kit.fields_parsed import Day
from deskcrm.ui.kit.list_detail import for_targets, one_selected, some_selected
from deskcrm.ui.playbooks.start import StartCard

if TYPE_CHECKING:
    from deskcrm.ui.risk.screen import RiskScreen

_WIDTH = 480


def _standing_selected(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.left_at is None


def _hidden_selected(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.left_at is None and bool(row.quiet_reason)


@action("risk.task", "Plan a task…", key="T", needs=one_selected, icon="tasks",
        synonyms="follow up todo задача дело запланировать")  # fmt: skip
def plan(screen: "RiskScreen") -> None:
    """Plan what to do about the current client; the day and the words are proposed."""
    row = screen.row()
    if row is None:
        return
    FormCard(
        screen.desk,
        screen,
        tr("Plan a task"),
        [
            Line("title", tr("What is to be done"), required=True),
            (Day("due", tr("Due")), Choice("kind", tr("Kind"), [(k, of(k)) for k in TaskKind])),
            Text("notes", tr("Notes")),
        ],
        lambda values: screen.desk.do(create_task, client_id=row.client_id, **values).tell(),
        place="risk.task",
        subject=row.client_id.hex,
        values={
            "title": _proposed(screen, row),
            "due": dates.today() + timedelta(days=1),
            "kind": TaskKind.CALL,
            "notes": why(row.health) if row.health is not None else "",
        },
        button=tr("Add task"),
        about=row.client,
    )


def _proposed(screen: "RiskScreen", row: RiskRow) -> str:
    """Propose the act that would take most off, else a talk."""
    detail = screen.record.detail
    is_known = detail is not None and detail.health.client_id == row.client_id
    way = detail.way_back if is_known and detail is not None else None
    if way is not None and way.fixes:
        words = fix_words(way.fixes[0])
        return words[:1].upper() + words[1:]
    return tr("Call {client}", client=row.client)


@action("risk.playbook", "Start a playbook…", key="P", needs=some_selected, icon="play",
        synonyms="steps process сценарий запустить")  # fmt: skip
def start(screen: "RiskScreen") -> None:
    """Choose a playbook to start at the picked clients."""
    for_targets(screen, list_risk_ids, lambda ids: StartCard(screen.desk, screen, ids))


@action("risk.log", "Log a call…", key="L", needs=one_selected, icon="phone", synonyms="звонок")
def log(screen: "RiskScreen") -> None:
    """Write down a call with the current client."""
    row = screen.row()
    if row is None:
        return
    outcomes = [
        (one, of(one)) for one in (Outcome.REACHED, Outcome.NO_ANSWER, Outcome.LEFT_MESSAGE)
    ]

    def save(values: dict[str, Any]) -> Any:
        return screen.desk.do(
            log_call, row.client_id, direction=Direction.OUTGOING, **values
        ).tell()

    FormCard(
        screen.desk,
        screen,
        tr("Log a call"),
        [
            Text("text", tr("What was said"), required=True, lines=4),
            Choice("outcome", tr("Outcome"), outcomes),
        ],
        save,
        place="risk.log",
        subject=row.client_id.hex,
        values={"outcome": Outcome.REACHED},
        button=tr("Log call"),
        about=row.client,
        width=_WIDTH,
    )


@action("risk.snooze", "Snooze…", key="Z", needs=some_selected, icon="snooze",
        synonyms="later hide отложить позже")  # fmt: skip
def snooze(screen: "RiskScreen") -> None:
    """Hide the picked clients until a day, with the reason."""

    def ask(ids: list[ClientId]) -> None:
        FormCard(
            screen.desk,
            screen,
            tr("Snooze"),
            [Day("until", tr("Until"), required=True), Line("reason", tr("Why"), required=True)],
            lambda values: screen.desk.do(snooze_risk, ids, **values).tell(),
            place="risk.snooze",
            about=_named(screen, ids),
            values={"until": dates.today() + timedelta(days=7)},
            button=tr("Snooze"),
            width=_WIDTH,
        )

    for_targets(screen, list_risk_ids, ask)


@action("risk.put_aside", "Put aside…", key="A", needs=some_selected, icon="archive",
        synonyms="dismiss hide отклонить убрать")  # fmt: skip
def put_away(screen: "RiskScreen") -> None:
    """Hide the picked clients until they come onto the list anew, with the reason."""

    def ask(ids: list[ClientId]) -> None:
        FormCard(
            screen.desk,
            screen,
            tr("Put aside"),
            [Line("reason", tr("Why"), required=True)],
            lambda values: screen.desk.do(put_aside, ids, **values).tell(),
            place="risk.put_aside",
            about=tr("{client}: hidden until listed again", client=_named(screen, ids)),
            button=tr("Put aside"),
            width=_WIDTH,
        )

    for_targets(screen, list_risk_ids, ask)


@action("risk.bring_back", "Show again", key="B", needs=_hidden_selected, icon="undo",
        synonyms="вернуть показать")  # fmt: skip
def show_again(screen: "RiskScreen") -> None:
    """Show the picked hidden clients again."""
    for_targets(screen, list_risk_ids, lambda ids: screen.desk.do(bring_back, ids).tell())


@action("risk.read", "My read…", key="R", needs=one_selected, icon="eye",
        synonyms="opinion judgement моя оценка мнение")  # fmt: skip
def read(screen: "RiskScreen") -> None:
    """Say how one sees the current client, beside what the score says."""
    row = screen.row()
    if row is None:
        return

    def save(values: dict[str, Any]) -> Any:
        step = values.pop("step")
        if step is None:
            return screen.desk.do(withdraw_read, row.client_id).tell()
        return screen.desk.do(set_read, row.client_id, step=step, **values).tell()

    FormCard(
        screen.desk,
        screen,
        tr("My read"),
        [
            Choice(
                "step", tr("I see the client"), [(one, of(one)) for one in ReadStep],
                none=tr("As the score does"),
            ),
            Line("note", tr("Why")),
        ],
        save,
        place="risk.read",
        subject=row.client_id.hex,
        button=tr("Save"),
        about=tr("{client}: holds for 90 days, and is no part of the score", client=row.client),
        width=_WIDTH,
    )  # fmt: skip


@action("risk.open", "Open client", key="O", needs=one_selected, icon="external",
        synonyms="page страница открыть")  # fmt: skip
def open_client(screen: "RiskScreen") -> None:
    """Go to the current client's page."""
    row = screen.row()
    if row is not None:
        screen.desk.go("clients", client=row.client_id)


def _named(screen: "RiskScreen", clients: list[ClientId]) -> str:
    row = screen.row()
    if row is not None and clients == [row.id]:
        return row.client
    return ntr("{n} client", "{n} clients", len(clients))
