"""Once a day a server lets go of what nobody needs, whichever of its processes comes to it."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, text

from deskcrm.base.jobs import Job
from deskcrm.domain.users.model import UserRole
from deskcrm.server import daily
from deskcrm.server.daily import DayDone, go_round
from deskcrm.server.place import Place, keeping
from deskcrm.store.contents import Blob
from deskcrm.store.ledger import version_table
from deskcrm.store.store import Arrived, Store
from deskcrm.sync.hub import contents, horizon
from deskcrm.sync.protocol import Op
from tests.server.site import Site, serving
from tests.server.test_messages import creation
from tests.watch import Watch


@pytest.fixture
def store(site: Site) -> Iterator[Store]:
    with site.keeping() as made:
        yield made


def tombstones(store: Store) -> int:
    query = select(func.count()).select_from(version_table).where(version_table.c.is_deleted)
    return int(store.ask(lambda db: db.scalar(query)) or 0)


def leave_something(site: Site, store: Store, clients: int = 1) -> None:
    """Delete clients, and leave contents that no row names."""
    anna = site.person("Anna", UserRole.MANAGER)
    for made in [creation() for _ in range(clients)]:
        head = anna.push_steps([made]).head
        pushed = anna.push_steps([Op(made.table, made.row_id, "delete", head, None, None)])
        assert [result.status for result in pushed.results] == ["applied"]

    def take(connection: Connection) -> Arrived[None]:
        connection.execute(insert(Blob).values(sha256="0" * 64, size=1))
        return Arrived(None)

    store.absorb(take)


def test_what_was_kept_long_enough_goes_and_nothing_before(
    site: Site, store: Store, watch: Watch
) -> None:
    leave_something(site, store)
    assert go_round(store) == DayDone(0, 0)
    assert go_round(store) is None  # it was today
    watch.move(days=89)
    assert go_round(store) == DayDone(0, 0)
    assert tombstones(store) == 1
    watch.move(days=1)
    assert go_round(store) == DayDone(1, 1)
    assert tombstones(store) == 0


def test_much_is_dropped_in_pieces_and_what_fails_is_left_for_another_day(
    site: Site, store: Store, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave_something(site, store, clients=5)
    go_round(store)
    watch.move(days=90)
    monkeypatch.setattr(daily, "_AT_ONCE", 2)
    pieces: list[int] = []

    def drop(connection: Connection, most: int) -> int:
        if len(pieces) == 1:
            raise OSError("the machine was switched off")
        pieces.append(horizon.drop_tombstones(connection, most))
        return pieces[-1]

    monkeypatch.setattr(daily, "drop_tombstones", drop)
    with pytest.raises(OSError, match="switched off"):
        go_round(store)
    assert (pieces, tombstones(store)) == ([2], 3)
    monkeypatch.undo()
    monkeypatch.setattr(daily, "_AT_ONCE", 2)
    watch.move(days=1)
    assert go_round(store) == DayDone(0, 3)
    assert tombstones(store) == 0


def test_what_was_deleted_since_stays(site: Site, store: Store, watch: Watch) -> None:
    go_round(store)
    watch.move(days=10)
    leave_something(site, store)
    go_round(store)
    watch.move(days=80)
    go_round(store)
    assert tombstones(store) == 1
    watch.move(days=10)
    go_round(store)
    assert tombstones(store) == 0


def test_a_clock_that_is_set_back_does_not_put_it_off(store: Store, watch: Watch) -> None:
    assert go_round(store) is not None
    watch.move(days=-30)
    assert go_round(store) is not None


@pytest.mark.postgres
def test_while_another_process_is_at_it_nobody_waits(postgres_place: Place, watch: Watch) -> None:
    with keeping(postgres_place, clock=watch) as one, keeping(postgres_place, clock=watch) as other:
        with other.database.writer.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": daily._ROUND})
            assert go_round(one) is None
        assert go_round(one) == DayDone(0, 0)


@pytest.mark.postgres
def test_of_several_servers_one_does_it_each_day(
    postgres_place: Place, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily, "LOOK", 0.01)
    done: list[datetime] = []
    looked: list[Any] = []
    collect = contents.collect

    def note(connection: Connection, now: datetime) -> int:
        done.append(now)
        return collect(connection, now)

    def look(store: Store, job: Job) -> DayDone | None:
        found = go_round(store, job)
        looked.append(store)
        return found

    monkeypatch.setattr(daily, "collect", note)
    monkeypatch.setattr(daily, "go_round", look)
    with ExitStack() as servers:
        for _ in range(2):
            servers.enter_context(serving(postgres_place, watch))
        days = [watch()]
        for _ in range(2):
            while done != days or len(set(looked)) < 2 or len(looked) < 8:
                threading.Event().wait(0.01)
                assert len(done) <= len(days)
            days.append(watch.move(days=1))
            looked.clear()
