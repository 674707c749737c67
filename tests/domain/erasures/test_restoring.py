"""Who restores a backup from before an erasure erases again, and old backups go in time."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from deskcrm.base.jobs import Job
from deskcrm.domain.erasures.queries import list_erasures
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store import backup, erased, opening, restore
from deskcrm.store.backup import Reason
from deskcrm.store.engine import open_sqlite
from deskcrm.store.keys.key import Key
from deskcrm.store.profile import Hold, Profile
from deskcrm.store.store import Store
from deskcrm.store.tables import Base
from tests.domain.erasures.people import found_in, make_marfa
from tests.domain.erasures.test_erasing import erase_all
from tests.fixtures_store import KEY
from tests.watch import Watch


def traces(store: Store) -> set[str]:
    """Name the traces that stand in any row of any table."""
    tables = Base.metadata.sorted_tables
    rows = [store.ask(lambda db, t=t: db.connection.execute(t.select()).all()) for t in tables]  # type: ignore[misc]  # a default of a lambda
    return found_in(repr(rows).encode())


@pytest.fixture
def opened(tmp_path: Path, blank_profile: Path, watch: Watch) -> tuple[Profile, Store, Hold]:
    profile = Profile(tmp_path / "profile")
    hold = profile.acquire()
    shutil.copyfile(blank_profile, profile.database)
    store = opening.open_store(profile, Key(KEY), clock=watch)
    store.sign_in(store.device)
    store.do(create_first_user, name="Anna")
    return profile, store, hold


def test_a_restored_backup_does_not_bring_the_person_back(
    opened: tuple[Profile, Store, Hold], watch: Watch
) -> None:
    profile, store, hold = opened
    known = make_marfa(store)
    older = backup.make_backup(profile, Key(KEY), Reason.DAILY, now=watch.at)
    erase_all(store, known)
    (certificate,) = store.ask(list_erasures)
    assert erased.settle(Job(), profile, store)
    noted = (profile.backups / "erased.json").read_bytes()
    assert certificate.reference.encode() in noted
    assert not found_in(noted)
    store.close()
    restore.restore(hold, Key(KEY), older.path, now=watch.at)

    bare = Store.open(open_sqlite(profile.database, KEY), clock=watch)
    assert "Марфа" in traces(bare)  # the control: it is what the program does when it opens
    bare.close()
    store = opening.open_store(profile, Key(KEY), clock=watch)
    assert traces(store) == set()
    assert store.ask(list_erasures) == [certificate]
    store.close()
    store = opening.open_store(profile, Key(KEY), clock=watch)  # once more changes nothing
    assert store.ask(list_erasures) == [certificate]
    store.close()
    hold.release()


def test_backups_from_before_it_go_after_six_weeks_whatever_they_were_made_for(
    opened: tuple[Profile, Store, Hold], watch: Watch
) -> None:
    profile, store, hold = opened
    known = make_marfa(store)
    backup.make_backup(profile, Key(KEY), Reason.IMPORT, now=watch.at)
    watch.move(days=1)
    erase_all(store, known)
    (certificate,) = store.ask(list_erasures)
    erased.note(profile, store)
    after = backup.make_backup(profile, Key(KEY), Reason.MIGRATION, now=watch.at)
    watch.move(days=40)
    erased.let_go_of_old(profile, watch.at)
    assert len(backup.list_backups(profile)) == 2
    watch.move(days=2)
    assert watch.at.astimezone().date() <= certificate.backups_until + timedelta(days=1)
    erased.let_go_of_old(profile, watch.at)
    assert [one.path for one in backup.list_backups(profile)] == [after.path]
    store.close()
    hold.release()
