"""A large sample keeps the log's rules: every row logged, every step undone, all of it found."""

from typing import Any

import pytest
from sqlalchemy import func, select

from deskcrm.base.errors import Cancelled
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.model import Client
from deskcrm.domain.contacts.model import ContactPoint
from deskcrm.domain.contacts.phones import parse
from deskcrm.domain.contracts.model import Contract
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.lookup.queries import lookup
from deskcrm.domain.names import sort_key
from deskcrm.domain.sample import bulk
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.tickets.model import Ticket, TicketMessage
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store import derived
from deskcrm.store.store import Store
from deskcrm.store.tables import change_table, record_models, shape_of
from tests.fixtures_store import MakeStore


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST", 0)
    monkeypatch.setattr(bulk, "A_STEP", 40)


@pytest.fixture
def filled(store: Store, small_steps: None) -> Store:
    store.do(create_first_user, name="Ada")
    bulk.fill_workspace(Job(), store, clients=100, seed=5, language="both")
    return store


def count(store: Store, table: Any) -> int:
    def ask(db: Any) -> int:
        found: int = db.scalar(select(func.count()).select_from(table))
        return found

    return store.ask(ask)


def test_every_row_is_logged_once(filled: Store) -> None:
    rows = sum(count(filled, shape_of(model).table) for model in record_models())
    assert count(filled, change_table) == rows
    assert count(filled, Client) == 100
    assert count(filled, Interaction) > 200
    assert count(filled, TicketMessage) == 2 * count(filled, Ticket)


def test_each_step_can_be_undone(filled: Store) -> None:
    filled.undo()
    living = filled.ask(lambda db: db.scalars(select(Client.id).where(~Client.is_deleted)))
    assert len(living) == 80
    filled.redo()


def test_all_of_it_is_found_and_summed_up(filled: Store) -> None:
    assert count(filled, client_summary) == 100
    names = filled.ask(lambda db: db.scalars(select(Client.name).limit(5)))
    for name in names:
        found = filled.ask(lookup, name, limit=50)
        assert name in {row.name for row in found}
    assert filled.ask(lambda db: derived.is_stale(db.connection)) is False


def test_rows_hold_what_the_models_would_make_of_them(filled: Store) -> None:
    for row in filled.ask(lambda db: db.all(select(Client.name, Client.sort_name))):
        assert row.sort_name == sort_key(row.name)
    points = filled.ask(
        lambda db: db.all(select(ContactPoint).where(ContactPoint.kind == "phone").limit(100))
    )
    for point in points:
        read = parse(point.typed, "RU")
        assert read is not None
        assert read.e164 == point.normal
    terms = filled.ask(
        lambda db: db.all(select(Contract.ends_on, Contract.decision_on, Contract.notice_days))
    )
    assert all((row.ends_on - row.decision_on).days == row.notice_days for row in terms)


def test_a_fill_that_is_cut_short_is_mended_when_the_store_is_opened(
    make_store: MakeStore, small_steps: None
) -> None:
    store = make_store()

    def stop(done: int, _total: int, _text: str) -> None:
        if done >= 40:
            job.cancel()

    job = Job(on_progress=stop)
    with pytest.raises(Cancelled):
        bulk.fill_workspace(job, store, clients=100, seed=5, language="ru")
    clients = count(store, Client)
    assert clients == 80
    assert count(store, client_summary) == 0
    store.close()
    assert count(make_store(), client_summary) == clients


def test_the_same_seed_makes_the_same_clients(make_store: MakeStore, small_steps: None) -> None:
    names = []
    for file in ("one.db", "two.db"):
        store = make_store(file)
        bulk.fill_workspace(Job(), store, clients=50, seed=5, language="both")
        names.append(store.ask(lambda db: sorted(db.scalars(select(Client.name)))))
    assert names[0] == names[1]
