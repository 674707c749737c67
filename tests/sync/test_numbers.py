"""Numbers that clients are told: leased by the server ahead, and nowhere told twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from deskcrm.base.ids import new_id
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.numbers import take_numbers
from deskcrm.store import series
from deskcrm.store.commands import Command
from deskcrm.store.engine import open_postgres
from deskcrm.store.series import AHEAD, LEASED, MOST_A_DAY
from deskcrm.store.store import Arrived, Store
from deskcrm.sync.peer import SyncError
from deskcrm.sync.station.identity import become_another
from tests.sync.conftest import MakeDesk
from tests.sync.desks import Desk, snapshot
from tests.sync.http_world import Site, found, restore_site, rows_of
from tests.watch import Watch

TAKE = Command("tests.take_some", "Take", lambda work, count: list(take_numbers(work, count)))


def told(desk: Desk, count: int) -> list[int]:
    numbers: list[int] = desk.store.do(TAKE, count).value
    return numbers


def opened(desk: Desk, client: ClientId) -> int:
    ticket = desk.store.do(open_ticket, client, subject="It does not start").value
    (row,) = [row for row in rows_of(desk.store, "ticket") if row.id == ticket]
    number: int = row.number
    return number


def person(site: Site, make_desk: MakeDesk, name: str, folder: str = "") -> Desk:
    if name not in site.people:
        site.add_person(name)
    return make_desk(name, site, folder=folder)


def leases(store: Store, device: UUID, newest: int = 0, count: int = 2) -> list[int]:
    """Ask for blocks as a device would; gives where each begins."""

    def take(connection: Connection) -> Arrived[list[series.Lease]]:
        asked = [("ticket", newest, count)]
        return Arrived(series.lease(connection, device, asked, store.clock()))

    return [first for _, first, _ in store.absorb(take).value]


def test_two_who_work_offline_tell_numbers_that_nobody_else_tells(
    either_site: Site, make_desk: MakeDesk
) -> None:
    desks = [person(either_site, make_desk, name) for name in ("anna", "ivan")]
    for desk in desks:
        desk.connect()
    acme = desks[0].store.do(create_company, name="Acme").value
    for desk in (*desks, *desks):
        desk.sync()
    numbers = [opened(desk, acme) for desk in desks for _ in range(3)]
    assert numbers == [10_000, 10_001, 10_002, 11_000, 11_001, 11_002]
    for desk in (*desks, *desks):
        desk.sync()
    # What was told on the phone is what the other reads.
    for desk in desks:
        assert sorted(row.number for row in rows_of(desk.store, "ticket")) == numbers


def test_numbers_told_before_the_first_server_stand_and_new_ones_are_leased(
    site: Site, make_desk: MakeDesk
) -> None:
    desk = person(site, make_desk, "anna")
    acme = desk.store.do(create_company, name="Acme").value
    assert opened(desk, acme) == 1_000
    desk.connect()
    assert opened(desk, acme) == 10_000
    desk.sync()
    assert [row.number for row in rows_of(site.hub.store, "ticket")] == [1_000, 10_000]


def test_a_block_is_renewed_before_it_runs_out(site: Site, make_desk: MakeDesk) -> None:
    desk = person(site, make_desk, "anna")
    desk.connect()
    numbers = []
    for _ in range(4):
        numbers += told(desk, LEASED)
        desk.sync()
    assert numbers == list(range(10_000, 10_000 + 4 * LEASED))
    assert told(desk, AHEAD) == list(range(12_000, 12_000 + AHEAD))


def test_one_who_runs_out_offline_goes_on_with_longer_numbers_of_their_own(
    site: Site, make_desk: MakeDesk
) -> None:
    desks = [person(site, make_desk, name) for name in ("anna", "ivan")]
    for desk in desks:
        desk.connect()
    numbers = [told(desk, AHEAD + 2_000) for desk in desks]
    assert numbers[0][AHEAD : AHEAD + 2] == [105_000_000, 105_000_001]
    assert len({*numbers[0], *numbers[1]}) == 2 * (AHEAD + 2_000)
    desks[0].sync()
    assert told(desks[0], 1) == [12_000]


def test_what_was_begun_alone_is_given_up_for_good(site: Site, make_desk: MakeDesk) -> None:
    """Another who also began alone may go on in the same block."""
    desk = person(site, make_desk, "anna")
    assert told(desk, 1) == [1_000]
    desk.connect()
    assert min(told(desk, AHEAD + 2)) == 10_000


@pytest.mark.parametrize("place", range(4))
def test_an_answer_that_is_lost_leaves_no_block_unused(
    site: Site, make_desk: MakeDesk, place: int
) -> None:
    """The requests are: sign in, hello, hello, pull."""
    desk = person(site, make_desk, "anna")
    site.faults.extend([""] * place + ["answer lost"])
    with pytest.raises(SyncError):
        desk.connect()
    desk.connect()
    assert told(desk, AHEAD) == list(range(10_000, 10_000 + AHEAD))


def test_a_restored_workstation_and_a_copy_tell_no_number_again(
    site: Site, make_desk: MakeDesk, tmp_path: Path
) -> None:
    desk = person(site, make_desk, "anna")
    desk.connect()
    backup = desk.snapshot(tmp_path / "backup.db")
    numbers = told(desk, 10)
    desk.restore(backup)
    numbers += told(desk, 10)  # before the server is reached again
    desk.connect()
    numbers += told(desk, 10)
    become_another(desk.store)
    numbers += told(desk, 10)
    desk.connect()
    numbers += told(desk, 10)
    assert len(set(numbers)) == len(numbers)


def test_a_restored_server_leases_nothing_that_it_leased_before(
    site: Site, make_desk: MakeDesk, tmp_path: Path, watch: Watch
) -> None:
    """Twice from one backup, and a device that was away keeps what it has."""
    first = person(site, make_desk, "anna")
    first.connect()
    path = tmp_path / "server.db"
    numbers = []
    for life in range(2):
        backup = snapshot(path, tmp_path / "backup.db") if life == 0 else tmp_path / "backup.db"
        late = person(site, make_desk, "anna", f"late {life}")
        late.connect()
        numbers += told(late, 10)
        watch.move(hours=1)
        site.hub.store.close()
        path = tmp_path / f"again{life}.db"
        snapshot(backup, path)
        restore_site(site, path)
        watch.move(minutes=1)
        fresh = person(site, make_desk, "anna", f"fresh {life}")
        fresh.connect()
        for desk in (first, late, fresh):
            numbers += told(desk, 10)
            desk.connect()
            numbers += told(desk, AHEAD)
    assert len(set(numbers)) == len(numbers)
    assert not [one for one in numbers if 1_000_000 <= one < 100_000_000]


def test_without_the_leap_a_restored_server_leases_a_block_again(
    site: Site, tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control of the one before."""
    backup = snapshot(tmp_path / "server.db", tmp_path / "backup.db")
    given = leases(site.hub.store, new_id())
    site.hub.store.close()
    restore_site(site, backup)
    monkeypatch.setattr(series, "_LEAP", 0)
    monkeypatch.setattr(series, "_LEAP_AN_HOUR", 0)
    assert leases(site.hub.store, new_id()) == given


def test_processes_that_lease_at_once_lease_to_each_its_own(blank_url: str, watch: Watch) -> None:
    stores = [found(open_postgres(blank_url), watch)]
    stores += [Store.open(open_postgres(blank_url), clock=watch) for _ in range(2)]
    devices = [new_id() for _ in range(30)]

    def ask(number: int) -> list[int]:
        return leases(stores[number % 3], devices[number // 2])  # each device twice at once

    with ThreadPoolExecutor(6) as pool:
        given = list(pool.map(ask, range(60)))
    for store in stores:
        store.close()
    starts = [one for blocks in given[::2] for one in blocks]
    assert given[::2] == given[1::2]
    assert sorted(starts) == [10_000 + number * LEASED for number in range(60)]


def test_a_device_gets_so_many_blocks_a_day_and_nothing_for_a_series_that_is_none(
    site: Site, watch: Watch
) -> None:
    store, device, given = site.hub.store, new_id(), [0]
    for _ in range(MOST_A_DAY):
        given += leases(store, device, newest=given[-1], count=1 << 62)
    assert len(given) - 1 == MOST_A_DAY
    watch.move(days=2)
    assert len(leases(store, device, newest=given[-1])) == 2
    asked: Any = [("toy", 0, 2), ("ticket", 1 << 63, -5)]
    done = store.absorb(
        lambda db: Arrived(series.lease(db, device, asked, watch() + timedelta(days=2)))
    )
    assert done.value == []


def test_a_server_of_another_age_leases_nothing_and_one_counts_alone(
    site: Site, make_desk: MakeDesk
) -> None:
    def hear_nothing(message: Any) -> Any:
        if hasattr(message, "series"):
            message.series = []
        return message

    site.hello_from = hear_nothing
    desk = person(site, make_desk, "anna")
    desk.connect()
    assert told(desk, 1) == [1_000]
    site.hello_from = lambda message: message
    desk.sync()
    assert told(desk, 1) == [10_000]
