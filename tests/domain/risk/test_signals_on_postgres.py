"""A server sees in a client what a workstation with the same records sees, now and as of then."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Table, select

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import (
    create_company,
    delete_clients,
    edit_client,
    rename_client,
)
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.commands import add_contact, mark_left
from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.contracts.commands import add_contract
from deskcrm.domain.feedback.questions import QuestionKind
from deskcrm.domain.health import Signal
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.invoices.commands import InvoiceFigures, record_invoices
from deskcrm.domain.promises.commands import make_promise
from deskcrm.domain.tickets.commands import set_state
from deskcrm.domain.tickets.model import TicketKind
from deskcrm.domain.tickets.states import TicketState
from deskcrm.store import raw
from deskcrm.store.as_of import as_of
from deskcrm.store.engine import open_postgres
from deskcrm.store.reader import Reader
from deskcrm.store.store import Arrived, Store
from deskcrm.store.tables import change_table, record_models, shape_of, step_table
from tests.domain.risk import test_signals as signals
from tests.domain.risk.test_signals_as_of import Known, known
from tests.sync.http_world import found
from tests.watch import Watch

pytestmark = pytest.mark.postgres


@pytest.fixture
def server(blank_url: str, watch: Watch) -> Iterator[Store]:
    """Give a server's empty store over PostgreSQL."""
    store = found(open_postgres(blank_url), watch)
    yield store
    store.close()


def copy(store: Store, server: Store) -> None:
    """Let PostgreSQL hold the same records, and the same log of them."""
    own = [m for m in record_models() if m.__module__.startswith("deskcrm.")]
    for table in (step_table, change_table, *(shape_of(model).table for model in own)):
        copy_rows(store, server, table)


def copy_rows(store: Store, server: Store, table: Table) -> None:
    keys = tuple(column.key for column in table.columns)
    names = ", ".join(f'"{key}"' for key in keys)
    rows = store.ask(lambda db: raw.fetch(db.connection, f'SELECT {names} FROM "{table.name}"'))

    def take(connection: Connection) -> Arrived[None]:
        raw.write_rows(connection, table, keys, rows, new=True)
        return Arrived(None)

    server.absorb(take)


def worsen(desk: Store, client: ClientId, watch: Watch) -> Iterator[datetime]:
    """Let all go wrong that a signal can tell of, and give moments between."""
    today, monday = watch.at.date(), watch.at.date() - timedelta(days=watch.at.weekday())
    desk.do(create_company, name="Beta")
    desk.do(edit_client, client, customer_since=today - timedelta(days=300))
    ann = desk.do(add_contact, client, name="Ann", role=ContactRole.CHAMPION).value
    desk.do(add_contract, client, title="Support", ends_on=today + timedelta(days=120))
    for days in (20, 12, 4):
        signals.talk(desk, client, days)
    for week in range(1, 17):
        signals.use(desk, client, monday - timedelta(weeks=week), 20 if week > 4 else 10)
    desk.do(record_invoices, [InvoiceFigures(client, "7", today, 100_00, "EUR")])
    signals.ask(desk, client, QuestionKind.CSAT, 5, 2)
    signals.ask(desk, client, QuestionKind.NPS, 9, 3)
    yield watch.at
    watch.move(days=16)
    late = signals.ticket(desk, client)
    other = signals.ticket(desk, client, TicketKind.INCIDENT)
    signals.settle(desk, other)
    desk.do(set_state, [other], state=TicketState.OPEN)
    desk.do(make_promise, client, text="To send it", due_on=watch.at.date() + timedelta(days=1))
    signals.talk(desk, client, 1, outcome=Outcome.NO_ANSWER)
    yield watch.at
    watch.move(days=30)
    desk.do(mark_left, ann, on=watch.at.date())
    signals.settle(desk, late)
    yield watch.at
    watch.move(days=30)
    paid = InvoiceFigures(client, "7", today, 100_00, "EUR", paid_on=watch.at.date())
    desk.do(record_invoices, [paid])
    signals.talk(desk, client, 0)
    desk.do(edit_client, client, customer_since=today - timedelta(days=800))
    desk.undo()
    desk.do(delete_clients, [desk.do(create_company, name="Gone").value])
    watch.move(days=1)


def said(seen: Known) -> set[str]:
    """Name the signals that say anything of anybody."""
    return {name for one in seen.values() for name, value in one[0].items() if value}


def test_both_see_the_same(desk: Store, client: ClientId, watch: Watch, server: Store) -> None:
    moments = list(worsen(desk, client, watch))
    copy(desk, server)
    seen = [(desk.ask(known, at), server.ask(known, at)) for at in (*moments, None)]
    for here, there in seen:
        assert there == here
    assert len({repr(here) for here, _ in seen}) == len(seen), "each moment is another"
    assert set().union(*(said(here) for here, _ in seen)) == set(Signal)


def test_a_server_looks_back_from_a_view_that_cannot_be_written(
    desk: Store, client: ClientId, watch: Watch, server: Store
) -> None:
    moment = watch.at
    watch.move(days=1)
    desk.do(rename_client, client, name="Another")
    watch.move(days=1)
    copy(desk, server)

    def names(db: Reader) -> list[str | None]:
        name = select(Client.name)
        seen = [db.scalar(name)]
        with as_of(db, moment):
            seen.append(db.scalar(name))
        with pytest.raises(UserError), as_of(db, moment):  # whatever happens within
            raise UserError("No")
        return [*seen, db.scalar(name)]

    for _ in range(7):  # the driver prepares what is asked often, and then looks past the views
        assert server.ask(names) == ["Another", "Acme", "Another"]
    with pytest.raises(Exception, match="read-only"):
        server.ask(lambda db: db.connection.exec_driver_sql("CREATE TEMP TABLE a (b text)"))
