"""Summaries: always what the records say, by whichever path the records were written."""

from contextlib import closing
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from deskcrm.domain.clients.commands import create_company, delete_clients, rename_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.model import Contract
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.commands import add_note, log_call, log_interaction
from deskcrm.domain.interactions.correcting import (
    delete_interaction,
    edit_interaction,
    move_interaction,
)
from deskcrm.domain.interactions.model import Interaction, Outcome
from deskcrm.domain.promises.commands import keep_promise, make_promise
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.summary.queries import ClientSummary, get_summary
from deskcrm.domain.tasks.commands import complete_task, create_task
from deskcrm.domain.tickets.commands import add_note as add_ticket_note
from deskcrm.domain.tickets.commands import client_wrote, open_ticket, reply, set_state
from deskcrm.domain.tickets.standing import ticket_standing
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store import derived
from deskcrm.store.commands import Command
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests.watch import START, Watch


def summary(desk: Store, client: ClientId) -> ClientSummary:
    found = desk.ask(get_summary, client)
    assert found is not None
    return found


def every_row(db: Reader) -> list[tuple[Any, ...]]:
    return sorted(
        [
            tuple(row)
            for table in (client_summary, ticket_standing)
            for row in db.all(select(table))
        ],
        key=str,
    )


def is_as_refilled(desk: Store) -> bool:
    """Tell whether what was kept step by step is what making all of it again gives."""
    kept = desk.ask(every_row)
    with desk.database.writer.begin() as connection:
        derived.refresh(connection, everything=True)
    return kept == desk.ask(every_row)


def test_a_new_client_has_an_empty_summary(desk: Store, client: ClientId) -> None:
    found = summary(desk, client)
    assert found.last_contact_at is None and found.unanswered == 0 and found.open_tickets == 0


def test_the_last_contact_is_when_who_and_which(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    desk.do(log_call, client, text="x")
    later = watch.move(hours=1)
    mail = desk.do(log_interaction, client, channel=Channel.EMAIL, text="y").value
    watch.move(hours=1)
    desk.do(add_note, client, text="Only a note.")
    found = summary(desk, client)
    assert (found.last_contact_at, found.last_contact_id) == (later, mail)
    assert (found.last_contact_name, found.last_contact_channel, found.last_contact_table) == (
        "Anna",
        Channel.EMAIL,
        "interaction",
    )
    assert (found.last_two_way_at, found.unanswered) == (START, 1)
    desk.do(delete_interaction, mail)
    assert summary(desk, client).last_contact_at == START
    desk.undo()
    assert summary(desk, client).last_contact_id == mail


def test_two_way_is_told_from_what_had_no_answer(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    for outcome in (Outcome.NO_ANSWER, Outcome.LEFT_MESSAGE, Outcome.BUSY):
        desk.do(log_call, client, outcome=outcome)
        watch.move(minutes=1)
    desk.do(log_call, client, outcome=Outcome.WRONG_NUMBER)
    found = summary(desk, client)
    assert (found.last_two_way_at, found.unanswered) == (None, 3)
    watch.move(minutes=1)
    heard = desk.do(
        log_interaction, client, channel=Channel.CHAT, direction=Direction.INCOMING, text="Hi"
    ).value
    found = summary(desk, client)
    assert (found.last_two_way_at, found.unanswered) == (watch.at, 0)
    desk.do(edit_interaction, heard, direction=Direction.OUTGOING)
    assert summary(desk, client).unanswered == 4
    desk.undo()
    assert summary(desk, client).unanswered == 0


def test_the_thread_of_a_ticket_is_contact_too(desk: Store, client: ClientId, watch: Watch) -> None:
    desk.do(log_call, client, outcome=Outcome.NO_ANSWER)
    watch.move(minutes=1)
    ticket = desk.do(open_ticket, client, subject="Dark", text="Dark.", channel=Channel.EMAIL).value
    heard = watch.at
    found = summary(desk, client)
    assert (found.last_contact_table, found.last_two_way_at, found.unanswered) == (
        "ticket_message",
        heard,
        0,
    )
    watch.move(minutes=1)
    answer = desk.do(reply, ticket, text="We look.").value
    answered = watch.at
    watch.move(minutes=1)
    desk.do(add_ticket_note, ticket, text="Hm.")
    found = summary(desk, client)
    assert (found.last_contact_at, found.last_contact_id) == (answered, answer)
    assert (found.last_two_way_at, found.last_contact_name) == (heard, "Anna")


def test_open_work_is_counted_with_its_next_date(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    first = desk.do(open_ticket, client, subject="Dark").value
    watch.move(minutes=1)
    desk.do(open_ticket, client, subject="Cold")
    friday, monday = date(2026, 3, 13), date(2026, 3, 16)
    task = desk.do(create_task, title="Call", client_id=client, due=friday).value
    desk.do(create_task, title="Write", client_id=client, due=monday)
    promise = desk.do(make_promise, client, text="Light", due_on=monday).value
    desk.do(make_promise, client, text="Heat")
    found = summary(desk, client)
    assert (found.open_tickets, found.oldest_open_ticket_at) == (2, START)
    assert (found.open_tasks, found.next_task_due) == (2, friday)
    assert (found.open_promises, found.next_promise_due) == (2, monday)
    desk.do(set_state, [first], state=TicketState.CLOSED)
    desk.do(complete_task, task)
    desk.do(keep_promise, promise)
    found = summary(desk, client)
    assert (found.open_tickets, found.oldest_open_ticket_at) == (1, START + timedelta(minutes=1))
    assert (found.open_tasks, found.next_task_due) == (1, monday)
    assert (found.open_promises, found.next_promise_due) == (1, None)


def test_the_renewal_decision_comes_from_the_contracts(desk: Store, client: ClientId) -> None:
    def sign(work: Work) -> None:
        for month in (9, 6):
            ends_on = date(2026, month, 30)
            work.add(
                Contract(client_id=client, title=f"No {month}", ends_on=ends_on, notice_days=30)
            )

    desk.do(Command("tests.sign", "Sign", sign))
    assert summary(desk, client).renewal_decision_on == date(2026, 5, 31)


def test_moving_an_interaction_changes_both_summaries(desk: Store, client: ClientId) -> None:
    other = desk.do(create_company, name="Other").value
    call = desk.do(log_call, client, text="x").value
    desk.do(move_interaction, call, client_id=other)
    assert summary(desk, client).last_contact_at is None
    assert summary(desk, other).last_contact_id == call


def test_a_deleted_client_has_no_summary_until_it_is_back(desk: Store, client: ClientId) -> None:
    desk.do(log_call, client, text="x")
    desk.do(delete_clients, [client])
    assert desk.ask(get_summary, client) is None
    desk.undo()
    assert summary(desk, client).last_contact_at == START


def test_bulk_writes_reach_the_summaries(desk: Store, client: ClientId) -> None:
    def fill(work: Work) -> None:
        work.insert_many(
            Interaction,
            (
                {
                    "client_id": client,
                    "channel": Channel.CALL,
                    "outcome": Outcome.BUSY,
                    "started_at": START - timedelta(days=n),
                    "logged_by": work.actor,
                }
                for n in range(100)
            ),
        )

    desk.do(Command("tests.fill_summary", "Fill", fill))
    assert (summary(desk, client).unanswered, summary(desk, client).last_contact_at) == (100, START)
    desk.undo()
    assert summary(desk, client).unanswered == 0
    assert is_as_refilled(desk)


_ACTIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ["call", "mail", "note", "ticket", "reply", "word", "close", "task", "promise",
             "delete", "move", "rename", "undo", "redo", "done", "keep", "remove"]
        ),
        st.integers(min_value=0, max_value=5),
        st.sampled_from(list(Outcome)),
        st.sampled_from(list(Direction)),
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=_ACTIONS)
def test_whatever_is_done_the_summaries_are_what_the_records_say(
    make_store: Any, watch: Watch, actions: list[tuple[str, int, Outcome, Direction]]
) -> None:
    desk = make_store(f"{id(actions)}.db", clock=watch)
    Acting(desk, watch).act(actions)
    assert is_as_refilled(desk)
    desk.close()


class Acting:
    """Does what is drawn, with whatever there is to do it to."""

    def __init__(self, desk: Store, watch: Watch) -> None:
        self.desk, self.watch = desk, watch
        self.clients = [desk.do(create_company, name=name).value for name in ("A", "B")]
        self.made: dict[str, list[Any]] = {}

    def act(self, actions: list[tuple[str, int, Outcome, Direction]]) -> None:
        from deskcrm.base.errors import UserError

        for name, which, outcome, direction in actions:
            self.watch.move(minutes=1)
            try:
                self.one(name, which, outcome, direction)
            except UserError:
                continue  # what cannot be done now is refused; that is tested elsewhere

    def one(self, name: str, which: int, outcome: Outcome, direction: Direction) -> None:
        do, client = self.desk.do, self.clients[which % 2]
        if name in ("call", "mail", "note"):
            channel = {"call": Channel.CALL, "mail": Channel.EMAIL, "note": Channel.NOTE}[name]
            done = do(
                log_interaction, client, channel=channel, text="x", direction=direction,
                outcome=outcome,
            )  # fmt: skip
            self.made.setdefault("interaction", []).append(done.value)
        elif name == "ticket":
            ticket = do(open_ticket, client, subject="x", text="x", channel=Channel.EMAIL)
            self.made.setdefault("ticket", []).append(ticket.value)
        elif name == "task":
            due = START.date() + timedelta(days=which)
            task = do(create_task, title="x", client_id=client, due=due)
            self.made.setdefault("task", []).append(task.value)
        elif name == "promise":
            self.made.setdefault("promise", []).append(do(make_promise, client, text="x").value)
        elif name == "rename":
            do(rename_client, client, name="C")
        elif name == "remove":
            do(delete_clients, [client])
        elif name in ("undo", "redo"):
            getattr(self.desk, name)()
        else:
            self.change(name, which)

    def change(self, name: str, which: int) -> None:
        do = self.desk.do
        table = {"delete": "interaction", "move": "interaction", "done": "task",
                 "keep": "promise"}.get(name, "ticket")  # fmt: skip
        made = self.made.get(table, [])
        if not made:
            return
        row = made[which % len(made)]
        if name == "delete":
            do(delete_interaction, row)
        elif name == "move":
            do(move_interaction, row, client_id=self.clients[which % 2])
        elif name == "done":
            do(complete_task, row)
        elif name == "keep":
            do(keep_promise, row)
        elif name == "reply":
            do(reply, row, text="x")
        elif name == "word":
            do(client_wrote, row, text="x")
        else:
            do(set_state, [row], state=list(TicketState)[which % 6])


@pytest.mark.postgres
def test_the_server_works_the_summaries_out_alike(blank_url: str, watch: Watch) -> None:
    from deskcrm.store.engine import open_postgres

    with closing(Store.open(open_postgres(blank_url), clock=watch)) as desk:
        client = desk.do(create_company, name="Acme").value
        desk.do(log_call, client, outcome=Outcome.NO_ANSWER)
        watch.move(minutes=1)
        ticket = desk.do(
            open_ticket, client, subject="Dark", text="Dark.", channel=Channel.EMAIL
        ).value
        watch.move(minutes=1)
        desk.do(reply, ticket, text="We look.")
        desk.do(create_task, title="Call", client_id=client, due=date(2026, 3, 13))
        found = summary(desk, client)
        assert (found.unanswered, found.open_tickets, found.next_task_due) == (
            0,
            1,
            date(2026, 3, 13),
        )
        assert found.last_two_way_at == START + timedelta(minutes=1)
        assert is_as_refilled(desk)


def test_a_summary_is_looked_up_in_the_indexes_made_for_it(desk: Store) -> None:
    from deskcrm.domain.summary.derive import _summaries

    with desk.database.readers.connect() as connection:
        compiled = _summaries().compile(dialect=connection.dialect)
        plan = connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {compiled}", tuple(compiled.params.values())
        )
        steps = [row[3] for row in plan if "SEARCH" in row[3]]
    used = {step.split(" INDEX ")[-1].split(" ")[0] for step in steps}
    assert used == {
        "ix_interaction_contact",
        "ix_interaction_heard",
        "ix_ticket_message_public",
        "ix_ticket_message_heard",
        "ix_ticket_open_by_client",
        "ix_task_open_by_client",
        "ix_promise_open_by_client",
        "ix_contract_client_id",
        "sqlite_autoindex_interaction_1",
        "sqlite_autoindex_ticket_message_1",
    }
