"""Restored backups, copies, programs of unequal age and bad servers: nothing is lost by any."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from deskcrm.base.ids import new_id
from deskcrm.domain.clients.commands import (
    create_company,
    delete_clients,
    edit_client,
    rename_client,
)
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.interactions.commands import add_note, log_call
from deskcrm.store.changes import from_text
from deskcrm.store.engine import open_sqlite
from deskcrm.store.store import Store
from deskcrm.store.tables import change_table, step_table
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.protocol import Pulled, Welcome
from deskcrm.sync.station.answers import allow_deletion, labels_of
from tests import toys
from tests.fixtures_store import KEY
from tests.sync.conftest import MakeDesk, join
from tests.sync.desks import Desk, snapshot
from tests.sync.http_world import Site, restore_site, rows_of, welcome


@pytest.fixture
def anna(site: Site, make_desk: MakeDesk) -> Desk:
    return join(site, make_desk, "anna")


@pytest.fixture
def ivan(site: Site, make_desk: MakeDesk, anna: Desk) -> Desk:
    desk = join(site, make_desk, "ivan")
    anna.sync()
    return desk


def settle(*desks: Desk) -> None:
    """Let everybody exchange everything until nothing is new."""
    for _ in range(2):
        for desk in desks:
            receipt = desk.sync()
            assert (receipt.waiting, receipt.agrees, receipt.was_repaired) == (0, True, False)


def names(desk: Desk, table: str = "client") -> list[str]:
    return sorted(row.name for row in rows_of(desk.store, table))


def trouble(desk: Desk) -> SyncError:
    with pytest.raises(SyncError) as raised:
        desk.sync()
    return raised.value


# Permission.


def test_what_is_granted_comes_and_what_is_taken_goes_at_once(
    anna: Desk, ivan: Desk, site: Site
) -> None:
    north = new_id()
    site.grants = {anna.user: {north}}
    box = anna.store.do(toys.add_box, name="Box", scope=north).value
    anna.store.do(toys.put, box, name="Ball")
    settle(anna, ivan)
    assert rows_of(ivan.store, "toy_box") == []
    site.grants[ivan.user] = {north}
    settle(anna, ivan)
    assert (names(ivan, "toy_box"), names(ivan, "toy_thing")) == (["Box"], ["Ball"])
    site.grants[ivan.user] = set()
    ivan.store.do(toys.rename_box, box, name="Mine")
    receipt = ivan.sync()
    assert [one.detail for one in receipt.refused] == ["rights"]
    assert labels_of(ivan.store, [receipt.refused[0].no]) == {receipt.refused[0].no: "Rename box"}
    assert rows_of(ivan.store, "toy_box") == rows_of(ivan.store, "toy_thing") == []
    assert names(anna, "toy_box") == ["Box"]
    settle(anna, ivan)


def test_what_is_ones_own_is_nobody_elses(anna: Desk, ivan: Desk, site: Site) -> None:
    anna.store.do(toys.add_box, name="Diary", scope=anna.user)
    settle(anna, ivan)
    assert rows_of(ivan.store, "toy_box") == []
    assert len(rows_of(site.hub.store, "toy_box")) == 1


# Restored backups.


def test_what_a_restored_server_lost_comes_home_from_the_workstations(
    anna: Desk, ivan: Desk, site: Site, tmp_path: Path
) -> None:
    client = anna.store.do(create_company, name="Before").value
    settle(anna, ivan)
    backup = snapshot(tmp_path / "server.db", tmp_path / "old.db")
    anna.store.do(rename_client, client, name="After")
    ivan.store.do(create_company, name="Ivans")
    settle(anna, ivan)
    ivan.store.do(create_company, name="Not sent")
    restore_site(site, backup)
    assert [row.name for row in rows_of(site.hub.store, "client")] == ["Before"]
    anna.sync()
    ivan.sync()
    settle(anna, ivan)
    assert names(anna) == names(ivan) == ["After", "Ivans", "Not sent"]


def test_a_workstation_restored_from_a_backup_signs_in_and_catches_up(
    anna: Desk, ivan: Desk, tmp_path: Path
) -> None:
    client = anna.store.do(create_company, name="1").value
    anna.store.do(create_company, name="Waiting in the backup")
    backup = anna.snapshot(tmp_path / "annas.db")
    anna.store.do(rename_client, client, name="2")
    anna.store.do(log_call, client, text="after the backup")
    settle(anna, ivan)
    ivan.store.do(rename_client, client, name="3")
    settle(ivan)
    anna.restore(backup)
    anna.store.do(create_company, name="New after the restore")
    assert trouble(anna).trouble is Trouble.SIGN_IN  # it is another device now
    anna.connect()
    settle(anna, ivan)
    assert names(anna) == names(ivan) == ["3", "New after the restore", "Waiting in the backup"]
    assert len(rows_of(anna.store, "interaction")) == 1


def test_a_backup_from_before_the_first_exchange_joins_again(
    site: Site, make_desk: MakeDesk, tmp_path: Path
) -> None:
    site.add_person("anna")
    desk = make_desk("anna", site)
    client = desk.store.do(create_company, name="1").value
    backup = desk.snapshot(tmp_path / "alone.db")
    desk.connect()
    desk.store.do(rename_client, client, name="2")
    desk.sync()
    desk.restore(backup)
    desk.store.do(create_company, name="New")
    desk.connect()
    settle(desk)
    assert names(desk) == ["2", "New"]


def test_a_profile_that_was_copied_becomes_two_devices(
    anna: Desk, ivan: Desk, tmp_path: Path, site: Site
) -> None:
    anna.store.do(create_company, name="Waiting in both")
    copy = anna.copy_to(tmp_path / "copy")
    anna.store.do(create_company, name="Only here")
    copy.store.do(create_company, name="Only in the copy")
    try:
        anna.sync()
        site.sessions[:] = [one for one in site.sessions if one.device != copy.store.device]
        assert trouble(copy).trouble is Trouble.SIGN_IN  # its token was used by the other
        copy.connect()
        assert copy.store.device != anna.store.device
        anna.connect()
        settle(anna, copy, ivan)
        wanted = ["Only here", "Only in the copy", "Waiting in both"]
        assert names(anna) == names(copy) == names(ivan) == wanted
    finally:
        copy.store.close()


# Unequal ages.


def test_a_server_one_step_behind_gets_what_it_knows_and_the_rest_waits(
    anna: Desk, ivan: Desk, site: Site
) -> None:
    client = anna.store.do(create_company, name="Acme").value
    settle(anna, ivan)

    def forget_industry(path: str, answer: Any) -> Any:
        if isinstance(answer, Welcome):
            known = [name for name in answer.columns["client"] if name != "industry"]
            return replace(answer, columns={**answer.columns, "client": known})
        return without_column(answer, "client", "industry")

    site.edit = forget_industry
    anna.store.do(rename_client, client, name="Acme Ltd")
    anna.store.do(edit_client, client, industry="trade")
    anna.store.do(edit_client, client, city="Kazan")
    receipt = anna.sync()
    assert receipt.is_held_back
    assert receipt.waiting == 2
    assert receipt.agrees
    ivan.store.do(edit_client, client, website="acme.ru")
    ivan.sync()
    anna.sync()
    (row,) = rows_of(anna.store, "client")
    assert (row.name, row.industry, row.city) == ("Acme Ltd", "trade", "Kazan")
    assert row.website != ""
    site.edit = lambda path, answer: answer  # the server was updated
    settle(anna, ivan)
    (row,) = rows_of(ivan.store, "client")
    assert (row.industry, row.city) == ("trade", "Kazan")


def without_column(answer: Any, table: str, column: str) -> Any:
    """Give a page as a server sends it that does not have a column."""
    if not isinstance(answer, Pulled):
        return answer
    rows = []
    for page in answer.rows:
        if page.table == table and column in page.columns:
            place = page.columns.index(column)
            columns = [name for name in page.columns if name != column]
            cut = [[v for n, v in enumerate(row) if n != place + 4] for row in page.rows]
            rows.append(replace(page, columns=columns, rows=cut))
        else:
            rows.append(page)
    return replace(answer, rows=rows)


def test_a_server_one_step_ahead_is_understood_as_far_as_one_can(
    anna: Desk, ivan: Desk, site: Site
) -> None:
    def add(path: str, answer: Any) -> Any:
        if isinstance(answer, Welcome):
            columns = {
                **answer.columns,
                "client": [*answer.columns["client"], "mood"],
                "pet": ["x"],
            }
            return replace(answer, columns=columns, schema="9999")
        if isinstance(answer, Pulled):
            rows = [
                replace(page, columns=[*page.columns, "mood"], rows=[[*r, "?"] for r in page.rows])
                if page.table == "client"
                else page
                for page in answer.rows
            ]
            return replace(answer, rows=rows)
        return answer

    site.edit = add
    client = anna.store.do(create_company, name="Acme").value
    anna.store.do(add_contact, client, name="Maria")
    settle(anna, ivan)
    assert names(ivan) == ["Acme"]
    assert names(ivan, "contact") == ["Maria"]


def test_a_server_that_no_longer_speaks_to_this_age_says_so_and_nothing_is_lost(
    anna: Desk, site: Site
) -> None:
    anna.store.do(create_company, name="Acme")
    site.edit = lambda path, answer: (
        replace(answer, oldest_schema="9999") if isinstance(answer, Welcome) else answer
    )
    assert trouble(anna).trouble is Trouble.OLD_WORKSTATION
    assert names(anna) == ["Acme"]
    site.edit = lambda path, answer: answer
    settle(anna)


def test_a_workstation_one_step_behind_leaves_what_it_does_not_know_as_it_is(
    anna: Desk, ivan: Desk, site: Site
) -> None:
    client = ivan.store.do(create_company, name="Acme", industry="trade").value
    settle(ivan, anna)
    # It never heard of the column: neither in what it gets nor in what it sends.
    site.edit = lambda path, answer: without_column(answer, "client", "industry")
    anna.store.do(rename_client, client, name="Acme Ltd")
    made = anna.store.do(create_company, name="Other").value
    forget_logged(anna, made, "industry")
    anna.sync()
    site.edit = lambda path, answer: answer
    settle(ivan)
    rows = {row.name: row.industry for row in rows_of(ivan.store, "client")}
    assert rows == {"Acme Ltd": "trade", "Other": ""}


def forget_logged(desk: Desk, row_id: UUID, column: str) -> None:
    """Write a creation as a program logs it that does not have a column."""
    c = change_table.c
    with desk.store.database.writer.begin() as connection:
        (text,) = connection.execute(select(c.after).where(c.row_id == row_id)).one()
        values = from_text(text)
        values.pop(column, None)
        changed = change_table.update().where(c.row_id == row_id)
        connection.execute(changed.values(after=json.dumps(values)))


# Bad servers.


def everything(desk: Desk) -> tuple[Any, ...]:
    waiting = desk.store.ask(
        lambda db: db.all(select(step_table.c.no).where(step_table.c.state == "waiting"))
    )
    return rows_of(desk.store, "client"), waiting


def test_a_server_that_knows_less_than_before_stops_the_exchange(
    anna: Desk, ivan: Desk, site: Site, tmp_path: Path
) -> None:
    backup = snapshot(tmp_path / "server.db", tmp_path / "old.db")
    client = ivan.store.do(create_company, name="Acme").value
    settle(ivan, anna)
    ivan.store.do(rename_client, client, name="Acme Ltd")
    # Put back by copying the file, without the tool that begins a new epoch.
    site.replace(Store.open(open_sqlite(backup, KEY), clock=ivan.watch))
    for desk in (ivan, anna):
        before = everything(desk)
        assert trouble(desk).trouble is Trouble.SHRUNKEN
        assert everything(desk) == before
    assert rows_of(site.hub.store, "client") == []


def test_another_server_under_the_same_address_gets_and_gives_nothing(
    anna: Desk, site: Site, make_site: Callable[..., Site]
) -> None:
    anna.store.do(create_company, name="Acme")
    before = everything(anna)
    other = make_site(name="other.db")
    other.hub.store.do(welcome, anna.user, name="anna")
    site.hub.store.close()
    site.replace(other.hub.store)
    assert trouble(anna).trouble is Trouble.LINEAGE
    assert everything(anna) == before
    assert rows_of(other.hub.store, "client") == []


def test_a_mass_deletion_is_kept_back_until_somebody_allows_it(anna: Desk, ivan: Desk) -> None:
    clients = [anna.store.do(create_company, name=f"Client {n}").value for n in range(40)]
    settle(anna, ivan)
    ivan.store.do(delete_clients, clients[:30])
    ivan.sync()
    anna.store.do(add_note, clients[0], text="still needed")
    error = trouble(anna)
    assert (error.trouble, error.detail) == (Trouble.MASS_DELETE, "30")
    assert len(rows_of(anna.store, "client")) == 40
    assert trouble(anna).trouble is Trouble.MASS_DELETE
    allow_deletion(anna.store)
    settle(anna, ivan)
    assert len(rows_of(anna.store, "client")) == 10
    assert len(rows_of(ivan.store, "interaction")) == 1


def spoil_rows(pulled: Pulled, **changes: Any) -> Pulled:
    return replace(pulled, rows=[replace(rows, **changes) for rows in pulled.rows])


SPOILED: dict[str, Callable[[Any], Any]] = {
    "hello": lambda answer: replace(answer, lineage=b"short"),
    "push": lambda answer: replace(answer, lineage=b""),
    "pull": lambda answer: replace(answer, scopes=[b"x" * 17]),
    "pull rows": lambda answer: spoil_rows(answer, columns=["name"]),
    "pull ids": lambda answer: spoil_rows(answer, rows=[["x"] * 5], columns=["name"]),
    "pull numbers": lambda answer: spoil_rows(
        answer, rows=[[b"x" * 16, b"x" * 16, -1, False, "name"]], columns=["name"]
    ),
}


@pytest.mark.parametrize("case", SPOILED)
def test_a_server_that_says_nonsense_within_a_message_is_broken_and_harms_nothing(
    anna: Desk, ivan: Desk, site: Site, case: str
) -> None:
    ivan.store.do(create_company, name="Bolt")
    ivan.sync()  # there is something to come
    anna.store.do(create_company, name="Acme")
    before = rows_of(anna.store, "client")
    name, spoil = case.partition(" ")[0], SPOILED[case]
    site.edit = lambda path, answer: spoil(answer) if path == name else answer
    assert trouble(anna).trouble is Trouble.BROKEN
    assert rows_of(anna.store, "client") == before
    site.edit = lambda path, answer: answer
    settle(anna)
