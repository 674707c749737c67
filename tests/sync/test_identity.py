"""A profile that was used alone becomes a server's user's, with everything that was written."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import Client
from deskcrm.domain.notices.settings import QUIET_FROM
from deskcrm.domain.sample.commands import add_sample
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.settings.model import Preference, preference_id
from deskcrm.domain.settings.queries import list_set
from deskcrm.domain.tasks.commands import create_task
from deskcrm.domain.teams.commands import add_member, create_team
from deskcrm.domain.users.commands import edit_user
from deskcrm.domain.users.queries import get_me
from deskcrm.domain.views.commands import save_view
from deskcrm.domain.views.filters import Comparison, Condition, Filter
from deskcrm.store import ledger
from deskcrm.store.store import Store
from deskcrm.store.tables import record_models, shape_of, step_table
from deskcrm.sync.peer import SyncError
from deskcrm.sync.station.identity import count_traces, join
from tests.sync.conftest import MakeDesk
from tests.sync.desks import Desk
from tests.sync.http_world import Site, rows_of


def traces(store: Store, person: UUID) -> int:
    return store.ask(lambda db: count_traces(db.connection, person))


def living(store: Store) -> dict[str, int]:
    return {
        shape_of(model).name: len(rows_of(store, shape_of(model).name)) for model in record_models()
    }


@pytest.fixture
def alone(site: Site, make_desk: MakeDesk) -> Desk:
    """Give a workstation with weeks of work that nobody else has seen."""
    site.add_person("anna")
    desk = make_desk("anna", site)
    store = desk.store
    store.do(add_sample, clients=13, seed=1)
    team = store.do(create_team, name="North").value
    store.do(add_member, team, user_id=desk.user)
    store.do(edit_user, desk.user, position="Boss")
    store.do(set_setting, QUIET_FROM, value="20:00")
    mine = Filter(conditions=(Condition("owner", Comparison.IS, str(desk.user)),))
    store.do(save_view, place="clients", name="Mine", asked=mine)
    done = store.do(create_company, name="Undone")
    store.undo(done.step)
    return desk


def test_everything_written_alone_arrives_under_the_servers_user(alone: Desk, site: Site) -> None:
    former, before = alone.user, living(alone.store)
    receipt = alone.connect()
    user = site.people["anna"]
    assert alone.store.actor == alone.user == user != former
    assert receipt.refused == []
    assert (receipt.waiting, receipt.agrees, receipt.was_repaired) == (0, True, False)
    assert living(alone.store) == before == living(site.hub.store)
    assert traces(alone.store, former) == traces(site.hub.store, former) == 0
    owned = select(Client.id).where(Client.owner_id == user)
    assert alone.store.ask(lambda db: db.scalars(owned)) != []
    actors = select(step_table.c.actor).distinct()
    assert site.hub.store.ask(lambda db: db.scalars(actors)).count(former) == 0


def test_a_second_workstation_of_the_person_gets_all_of_it(
    alone: Desk, site: Site, make_desk: MakeDesk
) -> None:
    alone.connect()
    second = make_desk("anna", site, folder="second")
    second.connect()
    assert living(second.store) == living(alone.store)
    assert second.store.ask(list_set) == alone.store.ask(list_set)
    me = second.store.ask(get_me)
    assert me is not None
    assert me.name == "anna"


def test_a_setting_of_ones_own_has_the_id_that_every_workstation_gives_it(alone: Desk) -> None:
    former = alone.user
    alone.connect()
    ids = {row.id for row in rows_of(alone.store, Preference.__tablename__)}
    assert preference_id(alone.user, QUIET_FROM.key) in ids
    assert preference_id(former, QUIET_FROM.key) not in ids


def test_two_workstations_that_set_one_thing_alone_write_one_record(
    site: Site, make_desk: MakeDesk
) -> None:
    site.add_person("anna")
    desks = [make_desk("anna", site, folder=str(number)) for number in range(2)]
    for number, desk in enumerate(desks):
        desk.store.do(set_setting, QUIET_FROM, value=f"2{number}:00")
    for desk in (*desks, *desks):
        desk.connect()
    values = [desk.store.ask(list_set)[QUIET_FROM.key] for desk in desks]
    assert len(set(values)) == 1
    assert len(rows_of(site.hub.store, "preference")) == 1


def test_what_was_done_alone_can_still_be_undone(site: Site, make_desk: MakeDesk) -> None:
    site.add_person("anna")
    desk = make_desk("anna", site)
    client = desk.store.do(create_company, name="Acme").value
    desk.connect()
    desk.store.undo()
    desk.sync()
    assert [row.id for row in rows_of(site.hub.store, "client")] == []
    desk.store.redo()
    desk.sync()
    assert [row.id for row in rows_of(site.hub.store, "client")] == [client]


def test_another_person_or_another_server_is_refused_and_nothing_changes(
    alone: Desk, site: Site, make_site: Callable[..., Site]
) -> None:
    alone.connect()
    site.add_person("ivan")
    before = (alone.user, living(alone.store), alone.credentials.login())
    with pytest.raises(UserError, match="belongs to another person"):
        alone.connect("ivan")
    other = make_site(name="other.db")
    other.add_person("anna")
    alone.site = other
    with pytest.raises(UserError, match="belongs to another server"):
        alone.connect()
    assert (alone.user, living(alone.store), alone.credentials.login()) == before
    alone.site = site
    assert alone.sync().waiting == 0
    assert rows_of(other.hub.store, "client") == []


def test_a_wrong_password_changes_nothing(alone: Desk) -> None:
    former = alone.user
    with pytest.raises(UserError, match="does not know this name"):
        alone.connect("nobody")
    assert alone.user == former
    assert alone.credentials.login() is None


def test_the_backup_comes_before_the_profile_is_changed(alone: Desk) -> None:
    former, seen = alone.user, []
    alone.connect(backup=lambda: seen.append(alone.user))
    alone.connect(backup=lambda: seen.append(alone.user))
    assert seen == [former]


@pytest.mark.parametrize("place", range(5))
def test_connecting_that_was_cut_short_is_taken_up_again(
    alone: Desk, site: Site, place: int
) -> None:
    """The requests are: sign in, hello, hello, push, pull."""
    former, before = alone.user, living(alone.store)
    site.faults.extend([""] * place + ["answer lost"])
    with pytest.raises(SyncError):
        alone.connect()
    receipt = alone.connect()
    assert (receipt.waiting, receipt.agrees) == (0, True)
    assert living(alone.store) == before == living(site.hub.store)
    assert traces(alone.store, former) == 0


def test_the_one_who_signed_in_as_the_wrong_person_can_change_before_the_first_exchange(
    alone: Desk, site: Site
) -> None:
    ivan = site.add_person("ivan")
    join(alone.store, ivan, uuid4())
    alone.connect()
    owners = {row.owner_id for row in rows_of(site.hub.store, "client")}
    assert site.people["anna"] in owners
    assert ivan not in owners


def test_a_task_that_is_made_after_connecting_is_ones_own(alone: Desk, site: Site) -> None:
    alone.connect()
    alone.store.do(create_task, title="Call back")
    alone.sync()
    newest = max(rows_of(site.hub.store, "task"), key=lambda row: row.seq)
    assert newest.assignee_id == site.people["anna"]


def test_sums_of_both_sides_are_the_same_after_joining(alone: Desk, site: Site) -> None:
    alone.connect()
    scopes = [UUID(int=0), alone.user]
    sums = [
        store.ask(lambda db: ledger.read_sums(db.connection, scopes))
        for store in (alone.store, site.hub.store)
    ]
    assert sums[0] == sums[1]
