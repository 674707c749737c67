"""Of a large deletion that nobody meant everything can be kept, and offered back to the server."""

from pathlib import Path

import pytest

from deskcrm.domain.clients.commands import create_company, delete_clients
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.answers import allow_deletion, keep_deleted, labels_of
from tests.sync.conftest import MakeDesk, join
from tests.sync.desks import Desk, snapshot
from tests.sync.http_world import Site, restore_site, rows_of
from tests.sync.people import both, tables
from tests.sync.world import forget


def pair(site: Site, make_desk: MakeDesk) -> tuple[Desk, Desk]:
    anna, ivan = (join(site, make_desk, name) for name in ("anna", "ivan"))
    return anna, ivan


def clients(desk: Desk, count: int = 30) -> list[ClientId]:
    made = [desk.store.do(create_company, name=f"Client {n}").value for n in range(count)]
    desk.store.do(add_contact, made[0], name="Maria", phones=["+7 912 345-67-89"], emails=[])
    return made


def stopped(desk: Desk) -> None:
    with pytest.raises(SyncError) as caught:
        desk.sync()
    assert caught.value.trouble is Trouble.MASS_DELETE


def test_what_was_deleted_comes_back_for_all_and_can_still_be_let_go(
    either_site: Site, make_desk: MakeDesk
) -> None:
    anna, ivan = pair(either_site, make_desk)
    ids = clients(anna)
    both(anna, ivan)
    ivan.store.do(delete_clients, ids[:25])
    ivan.sync()
    stopped(anna)
    keep_deleted(anna.store)
    receipt = anna.sync()
    assert (dict(receipt.kept), receipt.waiting, receipt.agrees) == ({"client": 25}, 0, True)
    both(ivan, anna)
    assert len(rows_of(ivan.store, "client")) == 30
    assert tables(anna) == tables(ivan)
    anna.store.undo()
    anna.sync()
    allow_deletion(ivan.store)
    both(anna, ivan)
    assert len(rows_of(ivan.store, "client")) == len(rows_of(anna.store, "client")) == 5
    # It was for that once: the next deletion asks again.
    anna.store.redo()
    both(anna, ivan)
    ivan.store.do(delete_clients, ids[:25])
    ivan.sync()
    stopped(anna)


def test_what_a_restored_server_never_had_is_made_again(
    site: Site, make_desk: MakeDesk, tmp_path: Path
) -> None:
    """Whoever wrote it is gone with their workstation."""
    anna, ivan = pair(site, make_desk)
    backup = snapshot(tmp_path / "server.db", tmp_path / "backup.db")
    clients(ivan)
    both(ivan, anna)
    before = rows_of(anna.store, "client")
    site.hub.store.close()
    restore_site(site, backup)
    stopped(anna)
    keep_deleted(anna.store)
    receipt = anna.sync()
    assert (receipt.kept["client"], receipt.kept["contact"], receipt.agrees) == (30, 1, True)
    names = [row.name for row in before]
    assert [row.name for row in rows_of(site.hub.store, "client")] == names
    assert [row.name for row in rows_of(anna.store, "client")] == names
    third = make_desk("anna", site, folder="third", alone=False)
    third.connect()
    assert tables(third) == tables(anna)
    both(ivan, anna)  # who comes back after all makes nothing twice
    assert tables(ivan) == tables(anna)


def test_what_was_deleted_so_long_ago_that_it_is_forgotten_is_made_again(
    site: Site, make_desk: MakeDesk
) -> None:
    anna, ivan = pair(site, make_desk)
    ids = clients(anna)
    both(anna, ivan)
    ivan.store.do(delete_clients, ids[:25])
    ivan.sync()
    site.hub.store.absorb(forget)
    stopped(anna)
    keep_deleted(anna.store)
    receipt = anna.sync()
    assert (receipt.kept["client"], receipt.agrees) == (25, True)
    both(ivan, anna)
    assert len(rows_of(ivan.store, "client")) == 30
    assert tables(anna) == tables(ivan)


def test_what_one_may_not_bring_back_goes_and_is_told(site: Site, make_desk: MakeDesk) -> None:
    anna, ivan = pair(site, make_desk)
    ids = clients(anna)
    both(anna, ivan)
    ivan.store.do(delete_clients, ids[:25])
    ivan.sync()
    site.refuses.add("client")
    stopped(anna)
    keep_deleted(anna.store)
    receipt = anna.sync()
    (refused,) = receipt.refused
    assert refused.detail == "rights"
    assert labels_of(anna.store, [refused.no]) == {refused.no: "Keep everything"}
    assert len(rows_of(anna.store, "client")) == 5
    assert tables(anna) == tables(ivan)


def test_without_offering_it_back_what_is_kept_is_here_alone(
    site: Site, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the exchange itself does not bring it back."""
    from deskcrm.sync.station import rounds

    anna, ivan = pair(site, make_desk)
    ids = clients(anna)
    both(anna, ivan)
    ivan.store.do(delete_clients, ids[:25])
    ivan.sync()
    stopped(anna)
    keep_deleted(anna.store)
    monkeypatch.setattr(rounds, "offer_back", lambda *_: None)
    anna.sync()
    both(ivan, anna)
    assert len(rows_of(ivan.store, "client")) == 5
