"""What a person can do with the things of today."""

from typing import TYPE_CHECKING, Any

from deskcrm.base.words import of, tr
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.commands import Consequences, log_interaction
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.promises.commands import break_promise, keep_promise, renegotiate_promise
from deskcrm.domain.tasks.commands import complete_task
from deskcrm.domain.tickets.commands import claim_ticket
from deskcrm.domain.today.queries import TodayAction, TodayItem
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.fields import Check, Choice, Field, Text
from deskcrm.ui.kit.fields_parsed import Duration
from deskcrm.ui.promises.offers import PromiseOffers
from deskcrm.ui.queue.next_card import NextCard
from deskcrm.ui.tasks.putting_off import ask_day, just, open_rescheduling, open_snooze
from deskcrm.ui.today.why import WhyCard

if TYPE_CHECKING:
    from deskcrm.ui.today.screen import TodayScreen


def _some(screen: Any) -> bool:
    return screen.row() is not None


def _has_task(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.task_id is not None


def _has_promise(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.promise_id is not None


def _can_settle(screen: Any) -> bool:
    return _has_task(screen) or _has_promise(screen)


def _has_client(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.client_id is not None


def _is_unowned(screen: Any) -> bool:
    row = screen.row()
    return row is not None and row.action is TodayAction.CLAIM


@action("today.open", "Open", needs=_some, icon="external", synonyms="go открыть перейти")
def open_item(screen: "TodayScreen") -> None:
    """Go to the ticket, the task or the client that the current line is about."""
    row = screen.row()
    if row is None:
        return
    if row.ticket_id is not None:
        screen.desk.go("tickets", ticket=row.ticket_id)
    elif row.client_id is not None:
        screen.desk.go("clients", client=row.client_id)
    elif row.task_id is not None:
        screen.desk.go("tasks", task=row.task_id)


@action(
    "today.next", "Next ticket…", key="G", icon="play",
    synonyms="queue what now следующий очередь что дальше",
)  # fmt: skip
def following(screen: "TodayScreen") -> None:
    """Show the one ticket that matters most now, and why."""
    NextCard(screen.desk, screen)


@action("today.done", "Done", key="D", needs=_can_settle, icon="check", synonyms="kept готово")
def done(screen: "TodayScreen") -> None:
    """Mark the task as done, or the promise as kept."""
    row = screen.row()
    if row is None:
        return
    if row.promise_id is not None:
        screen.desk.do(keep_promise, row.promise_id).tell()
    elif row.task_id is not None:
        screen.desk.do(complete_task, row.task_id).tell()


@action("today.log", "Log a call…", key="L", needs=_has_client, icon="phone", synonyms="звонок")
def log(screen: "TodayScreen") -> None:
    """Write down a call or an email with the client of the current line."""
    row = screen.row()
    if row is not None and row.client_id is not None:
        LogCard(screen, row)


@action("today.take", "Take it", key="A", needs=_is_unowned, icon="person", synonyms="claim взять")
def take(screen: "TodayScreen") -> None:
    """Make oneself responsible for the current ticket."""
    row = screen.row()
    if row is not None and row.ticket_id is not None:
        screen.desk.do(claim_ticket, row.ticket_id).tell()


@action("today.snooze", "Snooze…", key="S", needs=_has_task, icon="snooze", synonyms="отложить")
def snooze(screen: "TodayScreen") -> None:
    """Take the task out of sight for a while, with a reason."""
    row = screen.row()
    if row is None or row.task_id is None:
        return
    task = row.task_id
    open_snooze(screen.desk, screen, just(task), what=row.title, subject=task.hex)


@action(
    "today.move",
    "Reschedule…",
    key="R",
    needs=_can_settle,
    icon="calendar",
    synonyms="another day renegotiate перенести другой день",
)
def move(screen: "TodayScreen") -> None:
    """Set another day for the task, or agree on another day for the promise."""
    row = screen.row()
    if row is None:
        return

    if row.promise_id is not None:
        promise = row.promise_id
        ask_day(
            screen.desk,
            screen,
            lambda values: screen.desk.do(
                renegotiate_promise, promise, due_on=values["due"], note=values["reason"]
            ).tell(),
            due=None,
            what=row.title,
            place="today.move",
            subject=promise.hex,
        )
    elif row.task_id is not None:
        task = row.task_id
        open_rescheduling(
            screen.desk, screen, just(task), due=None, what=row.title, subject=task.hex
        )


@action("today.why", "Why here…", key="W", needs=_some, icon="help", synonyms="order points почему")
def why(screen: "TodayScreen") -> None:
    """Show the arithmetic behind the place of the current line."""
    row = screen.row()
    if row is not None:
        WhyCard(screen, row, screen.list.rows.today)


@action("today.broken", "Promise broken", key="B", needs=_has_promise, icon="close")
def broken(screen: "TodayScreen") -> None:
    """Say that the promise was not kept and will not be."""
    row = screen.row()
    if row is not None and row.promise_id is not None:
        screen.desk.do(break_promise, row.promise_id).tell()


@action("today.client", "Open client", key="C", needs=_has_client, icon="clients")
def open_client(screen: "TodayScreen") -> None:
    """Go to the client of the current line."""
    row = screen.row()
    if row is not None and row.client_id is not None:
        screen.desk.go("clients", client=row.client_id)


@action("today.task", "Open task", key="T", needs=_has_task, icon="tasks")
def open_task(screen: "TodayScreen") -> None:
    """Go to the task of the current line."""
    row = screen.row()
    if row is not None and row.task_id is not None:
        screen.desk.go("tasks", task=row.task_id)


class LogCard(FormCard):
    """Writes down a call or an email, the promises in it, and that the task is done by it."""

    def __init__(self, screen: "TodayScreen", item: TodayItem) -> None:
        self._item = item
        self._said = Text("said", tr("What was said"), required=True, lines=4)
        by_mail = item.action is TodayAction.WRITE
        values: dict[str, Any] = {
            "channel": Channel.EMAIL if by_mail else Channel.CALL,
            "outcome": Outcome.REACHED,
        }
        if item.task_id is not None:
            values["done"] = True
        subject = item.task_id or item.client_id
        super().__init__(
            screen.desk,
            screen,
            tr("Log contact"),
            self._fields(),
            self._log,
            place="today.log",
            subject=subject.hex if subject else "",
            values=values,
            button=tr("Log it"),
            about=item.client,
        )
        self.offers = PromiseOffers(self._said.text)
        self.offers.changed.connect(self.relayout)
        layout = self._said.layout()
        if layout is not None:
            layout.addWidget(self.offers)

    def _fields(self) -> list[Field | tuple[Field, ...]]:
        outcomes = [(one, of(one)) for one in Outcome if one is not Outcome.UNKNOWN]
        channels = [(one, of(one)) for one in (Channel.CALL, Channel.EMAIL, Channel.CHAT)]
        fields: list[Field | tuple[Field, ...]] = [
            self._said,
            (
                Choice("channel", tr("Channel"), channels),
                Choice("outcome", tr("Outcome"), outcomes),
            ),
            Duration("lasted", tr("Duration")),
        ]
        if self._item.task_id is not None:
            fields.append(Check("done", tr("The task is done with this")))
        return fields

    def _log(self, values: dict[str, Any]) -> Any:
        item = self._item
        assert item.client_id is not None  # the action needs a client
        details: dict[str, Any] = {}
        if item.task_id is not None:
            details["task_id"] = item.task_id
        if item.ticket_id is not None:
            details["ticket_id"] = item.ticket_id
        return self.desk.do(
            log_interaction,
            item.client_id,
            channel=values["channel"],
            direction=Direction.OUTGOING,
            outcome=values["outcome"],
            text=values["said"],
            duration_seconds=values["lasted"] or 0,
            consequences=Consequences(
                promises=self.offers.chosen(),
                completes_task=bool(values.get("done")),
            ),
            **details,
        ).tell()
