"""With every check of the program switched off, PostgreSQL shows and takes nothing foreign."""

import json
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text

from deskcrm.base.ids import new_id
from deskcrm.domain.users.model import UserRole
from deskcrm.server import fence
from deskcrm.server.place import Place
from deskcrm.store.tables import WORKSPACE
from deskcrm.sync.protocol import Hello, Op, Pull, Pulled, Push, Pushed, Welcome, unpack
from tests.server.grounds import SEEN, Grounds, cells
from tests.server.site import Site, Speaker, allow_everything, serving
from tests.watch import Watch

pytestmark = pytest.mark.postgres


@pytest.fixture
def naive(postgres_place: Place, watch: Watch) -> Iterator[Site]:
    """Give a server that checks nothing by itself."""
    with serving(postgres_place, watch, allow_everything) as site:
        yield site


def filled(site: Site, role: UserRole) -> Grounds:
    grounds = Grounds(site, role)
    grounds.plant()
    for cell in cells():
        if cell.kind == "set" and cell.table != "team":
            grounds.trial(cell)
    grounds.plant()
    return grounds


def scopes_in(pulled: Pulled) -> set[UUID]:
    """Give the scopes of all that a page brings: rows, exits, history."""
    found = {row[1] for table in pulled.rows for row in table.rows}
    found |= {one[0] for one in pulled.exits} | {one[0] for one in pulled.sums}
    found |= {op.scope for step in pulled.steps for op in step.ops}
    return {UUID(bytes=scope) for scope in found}


def asked_along(person: Speaker, message: Hello | Push) -> Pulled:
    """Give the page that comes along with the answer to a greeting or a push."""
    message.ask = Pull(person.device.bytes, person.epoch, [])
    is_hello = isinstance(message, Hello)
    answer = person.send("/sync/v1/hello" if is_hello else "/sync/v1/push", message)
    assert answer.status_code == 200, answer.text
    kind: type[Welcome | Pushed] = Welcome if is_hello else Pushed
    page = unpack(kind, answer.content).page
    assert page is not None
    return page


READS: dict[str, Callable[[Speaker], Pulled]] = {
    "pulled": Speaker.pull,
    "with a greeting": lambda person: asked_along(person, person.greeting()),
    "with a push": lambda person: asked_along(person, person.pushing()),
}


@pytest.mark.parametrize("way", READS)
@pytest.mark.parametrize("role", UserRole)
def test_nothing_foreign_is_read(naive: Site, role: UserRole, way: str) -> None:
    grounds = filled(naive, role)
    seen = {scope for where, scope in grounds.scopes.items() if grounds._sees(where)}
    sent = scopes_in(READS[way](grounds.person))
    assert sent <= seen
    assert len(sent) > 1


@pytest.mark.parametrize("way", READS)
def test_without_the_fence_everything_would_be_read(
    naive: Site, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    grounds = filled(naive, UserRole.AGENT)
    monkeypatch.setattr(fence, "_acting", AlwaysTheServer())
    monkeypatch.setattr("deskcrm.sync.hub.hub.ROWS_ALONG", 5_000)
    assert scopes_in(READS[way](grounds.person)) >= set(grounds.scopes.values())


class AlwaysTheServer:
    """Stands in for what says for whom a transaction is."""

    def get(self) -> tuple[str, str]:
        return "server", fence.WRITE

    def set(self, _who: object) -> object:
        return None

    def reset(self, _token: object) -> None:
        return None


FOREIGN = ("other team", "stranger")


def tries(grounds: Grounds) -> list[list[Op]]:
    """Give writes that no agent may do: to foreign rows, and to what is the administrators'."""
    client = grounds.clients
    rename = json.dumps({"name": "Taken"})
    made: list[list[Op]] = []
    for where in FOREIGN:
        row = client[where].bytes
        made.append([Op("client", row, "set", SEEN, json.dumps({"name": "x"}), rename)])
        made.append([Op("client", row, "delete", SEEN)])
        mine = json.dumps({"scope": WORKSPACE.hex})
        made.append([Op("client", row, "set", SEEN, None, mine)])
        theirs = json.dumps({"scope": grounds.scopes[where].hex})
        made.append([Op("client", client["team"].bytes, "set", SEEN, None, theirs)])
        new = json.dumps({"name": "New", "scope": grounds.scopes[where].hex, "created_at": 0})
        made.append([Op("client", new_id().bytes, "create", 0, None, new)])
    lead = json.dumps({"role": "administrator"})
    made.append([Op("user", grounds.person.user.bytes, "set", SEEN, None, lead)])
    made.append([Op("user", grounds.stranger.user.bytes, "set", SEEN, None, lead)])
    member = {
        "team_id": grounds.scopes["other team"].hex,
        "user_id": grounds.person.user.hex,
        "created_at": 0,
    }
    made.append([Op("team_member", new_id().bytes, "create", 0, None, json.dumps(member))])
    shared = json.dumps({"key": "k", "value": "v", "scope": WORKSPACE.hex, "created_at": 0})
    made.append([Op("preference", new_id().bytes, "create", 0, None, shared)])
    return made


def test_nothing_foreign_is_written(naive: Site) -> None:
    grounds = Grounds(naive, UserRole.AGENT)
    grounds.plant()
    before = naive.dump(apart=set())
    for ops in tries(grounds):
        answer = grounds.person.send("/sync/v1/push", grounds.person.pushing(ops))
        assert (answer.status_code, answer.json()["code"]) == (403, "rights")
        grounds.person.no -= 1
    assert naive.dump(apart=set()) == before
    own = json.dumps({"name": "Renamed"})
    op = Op("client", grounds.clients["team"].bytes, "set", SEEN, json.dumps({"name": "x"}), own)
    (result,) = grounds.person.push_steps([op]).results
    assert result.status == "applied"


def test_a_viewer_writes_nothing(naive: Site) -> None:
    grounds = Grounds(naive, UserRole.VIEWER)
    grounds.plant()
    before = naive.dump()
    for where in ("workspace", "own", "team"):
        new = json.dumps({"name": "New", "scope": grounds.scopes[where].hex, "created_at": 0})
        ops = [Op("client", new_id().bytes, "create", 0, None, new)]
        answer = grounds.person.send("/sync/v1/push", grounds.person.pushing(ops))
        assert (answer.status_code, answer.json()["code"]) == (403, "rights")
        grounds.person.no -= 1
    assert naive.dump() == before


def test_a_transaction_that_does_not_say_for_whom_sees_nothing(naive: Site) -> None:
    Grounds(naive, UserRole.AGENT).plant()
    database = naive.desk.store.database
    for table in ("client", '"user"', "row_version", "change", "account", "sign_in", "local_meta"):
        count = text(f"SELECT count(*) FROM {table}")
        with database.readers.begin() as connection:
            assert connection.execute(count).scalar() == 0
        with fence.as_server(), database.readers.begin() as connection:
            assert connection.execute(count).scalar() != 0


def test_on_behalf_of_a_person_no_account_is_seen(naive: Site) -> None:
    anna = naive.person("Anna", UserRole.ADMINISTRATOR)
    database = naive.desk.store.database
    with fence.acting_for(anna.user, fence.WRITE), database.readers.begin() as connection:
        for table in ("account", "sign_in", "sign_in_attempt", "local_meta", "row_base"):
            assert connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0


def test_every_record_is_behind_the_fence_also_for_the_owner(postgres_place: Place) -> None:
    engine = create_engine(str(postgres_place.url))
    query = text(
        "SELECT relname FROM pg_class c JOIN information_schema.columns k ON k.table_name = relname"
        " WHERE relkind = 'r' AND column_name = 'scope' AND relname <> 'sync_cursor'"
        " AND NOT (relrowsecurity AND relforcerowsecurity)"
    )
    with engine.connect() as connection:
        assert connection.execute(query).scalars().all() == []
        found = connection.execute(
            text("SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = :r"),
            {"r": fence.ROLE},
        ).one()
        owned = connection.execute(
            text("SELECT count(*) FROM pg_tables WHERE tableowner = :r"), {"r": fence.ROLE}
        ).scalar()
    engine.dispose()
    assert tuple(found) == (False, False, False)
    assert owned == 0
