"""What is recorded after a moment never changes a signal as of it, whatever it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

import deskcrm.domain.all  # noqa: F401 - any command is called
from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact, mark_left
from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import log_interaction
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.risk.signals import list_customers, read_signals
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.model import TicketKind
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.commands import ALL_COMMANDS, Command
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import record_models
from tests.domain.arguments import calls
from tests.domain.beginning import begin
from tests.fixtures_store import MakeStore
from tests.watch import Watch

FEATURES: Final = (
    "calendars", "clients", "contacts", "contracts", "departures", "feedback", "interactions",
    "invoices", "merges", "promises", "sla", "tags", "teams", "tickets", "usage",
)  # fmt: skip
COMMANDS: Final = sorted(
    one.id
    for one in ALL_COMMANDS.values()
    if one.id.split(".")[0] in FEATURES
    and one.__module__.startswith("deskcrm.")
    and one.id not in ("calendars.set_up", "interactions.mark_seen")
)
MODEL_OF: Final = {"CalendarId": "WorkCalendar", "PolicyId": "SlaPolicy"}
Known = dict[ClientId, tuple[Any, ...]]


def known(
    db: Reader, moment: datetime | None = None, among: Sequence[ClientId] | None = None
) -> Known:
    """Give everything that is known of all customers, but for silence."""
    clients = list_customers(db, among=among, moment=moment)
    return {
        client: (
            facts.signals, facts.traces, facts.failures, facts.notices, facts.decision_on,
            facts.annual_value, facts.last_heard_at,
        )
        for client, facts in read_signals(db, clients, moment=moment).items()
    }  # fmt: skip


class Desk:
    """A workspace in which anything can be done."""

    def __init__(self, make_store: MakeStore, folder: Path) -> None:
        self.watch, self.folder = Watch(), folder
        self.store: Store = make_store(clock=self.watch)
        self.done = 0
        (folder / "letter.txt").write_text("Dear Anna")
        self.do(create_first_user, name="Anna")
        begin(self.do)

    def do(self, command: Command[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        self.watch.move(minutes=7)
        return self.store.do(command, *args, **kwargs).value

    def ids(self, of: str) -> Sequence[UUID]:
        wanted = MODEL_OF.get(of, of.removesuffix("Id"))
        (model,) = (one for one in record_models() if one.__name__ == wanted)
        return sorted(self.store.ask(lambda db: db.scalars(select(model.id))))

    def call(self, data: st.DataObject, command_id: str) -> None:
        command = ALL_COMMANDS[command_id]
        wanted = data.draw(calls(command, self.ids, self.folder))
        try:
            self.do(command, *wanted.args, **wanted.kwargs)
            self.done += 1
        except UserError:
            pass  # it may not be done now; another will


def test_nothing_recorded_later_changes_a_signal(make_store: MakeStore, tmp_path: Path) -> None:
    desk = Desk(make_store, tmp_path)
    some = st.lists(st.sampled_from(COMMANDS), max_size=15)

    @settings(max_examples=12, phases=[Phase.generate], derandomize=True, database=None)
    @given(data=st.data(), before=some, after=some, days=st.sampled_from((0, 3, 40)))
    def check(data: st.DataObject, before: list[str], after: list[str], days: int) -> None:
        for command_id in before:
            desk.call(data, command_id)
        moment, was = desk.watch.at, desk.store.ask(known)
        desk.watch.move(days=days)
        for command_id in after:
            desk.call(data, command_id)
        desk.watch.move(minutes=1)
        assert desk.store.ask(known, moment) == was

    check()
    assert desk.done > 30, "nearly all was refused"
    together = desk.store.ask(known)
    for client, facts in together.items():
        assert desk.store.ask(known, None, [client]) == {client: facts}, "whoever else is asked for"


def test_a_signal_does_change_when_something_is_recorded(
    make_store: MakeStore, tmp_path: Path
) -> None:
    """Control: each of these would be seen as of then, were only its own date asked."""
    desk = Desk(make_store, tmp_path)
    client = desk.do(create_company, name="Zeta")
    champion = desk.do(add_contact, client, name="Zoe", role=ContactRole.CHAMPION)
    moment, was = desk.watch.at, desk.store.ask(known)
    desk.watch.move(days=2)
    earlier = moment - timedelta(days=1)
    desk.do(
        log_interaction, client, channel=Channel.CALL, outcome=Outcome.REACHED, text="Late entry",
        started_at=earlier,
    )  # fmt: skip
    desk.do(mark_left, champion, on=earlier.date())
    desk.do(open_ticket, client, subject="Broken", kind=TicketKind.COMPLAINT, opened_at=earlier)
    desk.watch.move(minutes=1)
    now = desk.store.ask(known)[client]
    assert now[-1] == earlier
    assert now != was[client]
    assert desk.store.ask(known, moment) == was
