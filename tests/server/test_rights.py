"""Every cell of the rights over HTTP: what is refused leaves no trace, what is allowed happens."""

import json
from uuid import UUID

import pytest
from sqlalchemy import func, select

from deskcrm.base.ids import new_id
from deskcrm.domain.rights.matrix import RIGHTS, known_records
from deskcrm.domain.users.model import UserRole
from deskcrm.server import fence
from deskcrm.store.ledger import version_table
from deskcrm.store.tables import record_models, shape_named, shape_of
from deskcrm.sync.protocol import Op
from tests.server.grounds import SEEN, Grounds, Place, cells, plain_values
from tests.server.site import Site, Speaker


def pushed(person: Speaker, trials: list[list[Op]]) -> list[str]:
    """Give what became of each of many steps."""
    statuses: list[str] = []
    for start in range(0, len(trials), 400):
        answer = person.push_steps(*trials[start : start + 400])
        statuses += [result.status for result in answer.results]
    return statuses


@pytest.mark.parametrize("role", UserRole)
def test_every_cell_is_as_the_table_says(site: Site, role: UserRole) -> None:
    grounds = Grounds(site, role)
    grounds.plant()
    every = list(cells())
    trials = {cell: grounds.trial(cell) for cell in every}
    grounds.plant()
    refused = [cell for cell in every if not grounds.may(cell)]
    allowed = [cell for cell in every if grounds.may(cell)]
    before = site.dump()
    statuses = pushed(grounds.person, [trials[cell] for cell in refused])
    assert [c for c, s in zip(refused, statuses, strict=True) if s != "refused"] == []
    assert site.dump() == before
    statuses = pushed(grounds.person, [trials[cell] for cell in allowed])
    assert [c for c, s in zip(allowed, statuses, strict=True) if s == "refused"] == []
    assert len(every) > 1_000
    assert bool(allowed) is (role is not UserRole.VIEWER)
    assert not allowed or site.dump() != before


SIGNED = [
    (str(shape.name), column)
    for shape in map(shape_of, record_models())
    if shape.name in known_records()
    for column in shape.signatures
]


@pytest.mark.parametrize("role", UserRole)
def test_nobody_but_an_administrator_changes_whose_name_a_row_carries(
    site: Site, role: UserRole
) -> None:
    grounds = Grounds(site, role)
    mine, other = grounds.person.user.hex, grounds.stranger.user.hex
    trials = []
    for table, column in SIGNED:
        for place, before, after in ((True, mine, other), (True, mine, None), (False, other, mine)):
            row_id = new_id()
            grounds.steps.append([grounds.creation(table, Place("workspace", place), row_id)])
            sides = (json.dumps({column: before}), json.dumps({column: after}))
            trials.append([Op(table, row_id.bytes, "set", SEEN, *sides)])
    grounds.plant()
    before_all = site.dump()
    statuses = set(pushed(grounds.person, trials))
    if role is UserRole.ADMINISTRATOR:
        assert "applied" in statuses  # the control: the same steps, of somebody who may
    else:
        assert statuses == {"refused"}
        assert site.dump() == before_all


def test_the_columns_that_carry_a_name_are_declared() -> None:
    assert {column for _, column in SIGNED} == {
        "added_by", "asked_by", "assigned_by", "author_id", "changed_by", "corrected_by",
        "erased_by", "kept_by", "logged_by", "made_by", "merged_by", "moved_by", "opened_by",
        "postponed_by", "raised_by", "read_by", "said_by", "skipped_by", "split_by",
    }  # fmt: skip


@pytest.mark.parametrize("role", UserRole)
def test_everybody_is_sent_their_scopes_whole_and_nothing_else(site: Site, role: UserRole) -> None:
    grounds = Grounds(site, role)
    grounds.plant()
    for cell in cells():
        # Another team would be another scope of those who see all teams.
        if cell.kind in ("set", "undelete") and cell.table != "team":
            grounds.trial(cell)
    grounds.plant()
    seen = {scope for where, scope in grounds.scopes.items() if grounds._sees(where)}
    pulled = grounds.person.pull()
    assert {UUID(bytes=scope) for scope in pulled.scopes} == seen
    rows = [UUID(bytes=row[1]) for table in pulled.rows for row in table.rows]
    assert not pulled.more
    assert set(rows) <= seen
    assert {UUID(bytes=op.scope) for step in pulled.steps for op in step.ops} <= seen
    v = version_table.c
    with fence.as_server():
        count = select(func.count()).where(v.scope.in_(seen))
        assert len(rows) == site.desk.store.ask(lambda db: db.scalar(count))
        foreign = select(v.table_name, v.row_id).where(v.scope.not_in(seen))
        others = site.desk.store.ask(lambda db: db.all(foreign))
    assert others
    wanted = [(table, row_id.bytes) for table, row_id in others]
    cursors = [(scope.bytes, SEEN) for scope in seen]
    asked = grounds.person.pull(wanted=wanted[:5_000], cursors=cursors)
    assert asked.rows == []
    assert {row for _, row in asked.absent} == {row for _, row in wanted[:5_000]}


def test_every_kind_of_record_stands_in_the_table() -> None:
    names = {shape_of(model).name for model in record_models()}
    assert {name for name in names if not name.startswith("toy_")} == known_records()
    assert len(RIGHTS) % len(UserRole) == 0


def change(table: str, row: UUID, **values: object) -> list[Op]:
    """Give the op of an edit."""
    before = json.dumps(dict.fromkeys(values))
    return [Op(table, row.bytes, "set", SEEN, before, json.dumps(values))]


@pytest.mark.parametrize("role", UserRole)
def test_nobody_changes_their_own_role(site: Site, role: UserRole) -> None:
    person = site.person("Anna", role)
    before = site.dump()
    for wanted in UserRole:
        (result,) = person.push_steps(change("user", person.user, role=wanted.value)).results
        assert (result.status == "refused") is (
            wanted is not role or role is not UserRole.ADMINISTRATOR
        )
        person.sign_in()
    if role is not UserRole.ADMINISTRATOR:
        assert site.dump() == before


def test_one_changes_ones_own_entry_but_nobody_elses(site: Site) -> None:
    anna = site.person("Anna", UserRole.AGENT)
    boris = site.person("Boris", UserRole.VIEWER)
    (own,) = anna.push_steps(change("user", anna.user, position="Support")).results
    before = site.dump()
    (other,) = anna.push_steps(change("user", boris.user, position="Support")).results
    (viewers,) = boris.push_steps(change("user", boris.user, position="Chief")).results
    assert (own.status, other.status, viewers.status) == ("applied", "refused", "refused")
    assert site.dump() == before


def test_an_administrator_gives_roles_and_takes_them(site: Site) -> None:
    chief = site.person("Chief", UserRole.ADMINISTRATOR)
    anna = site.person("Anna", UserRole.AGENT)
    (raised,) = chief.push_steps(change("user", anna.user, role="lead")).results
    assert raised.status == "applied"
    south = site.team("South")
    assert south.bytes in anna.pull().scopes
    chief.push_steps(change("user", anna.user, role="agent"))
    assert south.bytes not in anna.pull().scopes


def test_nobody_puts_themselves_into_a_team(site: Site) -> None:
    anna = site.person("Anna", UserRole.MANAGER)
    south = site.team("South")
    before = site.dump()
    values = {"team_id": south.hex, "user_id": anna.user.hex, "created_at": 0}
    op = Op("team_member", new_id().bytes, "create", 0, None, json.dumps(values))
    (result,) = anna.push_steps([op]).results
    assert result.status == "refused"
    assert site.dump() == before
    assert south.bytes not in anna.pull().scopes


TAG = '{"name": "late", "folded": "late", "created_at": 0}'


def test_who_makes_a_record_may_undo_it_and_redo_it(site: Site) -> None:
    """An agent makes tags, but deletes none: not a colleague's, nor from another workstation."""
    anna, boris = (site.person(name, UserRole.AGENT) for name in ("Anna", "Boris"))
    tag = new_id().bytes
    made, undone, redone = anna.push_steps(
        [Op("tag", tag, "create", 0, None, TAG)],
        [Op("tag", tag, "delete", SEEN)],
        [Op("tag", tag, "undelete", SEEN)],
    ).results
    assert [one.status for one in (made, undone, redone)] == ["applied"] * 3
    elsewhere = Speaker(site, anna.name, anna.user)
    elsewhere.sign_in()
    elsewhere.hello()
    before = site.dump()
    for person in (boris, elsewhere):
        (result,) = person.push_steps([Op("tag", tag, "delete", SEEN)]).results
        assert (result.status, result.detail) == ("refused", "rights")
    assert site.dump() == before


def test_what_nobody_deletes_stays_though_one_has_made_it_oneself(site: Site) -> None:
    chief = site.person("Chief", UserRole.ADMINISTRATOR)
    row_id = new_id().bytes
    values = plain_values(shape_named("erasure")) | {"erased_by": chief.user.hex}
    made, undone = chief.push_steps(
        [Op("erasure", row_id, "create", 0, None, json.dumps(values))],
        [Op("erasure", row_id, "delete", SEEN)],
    ).results
    assert (made.status, undone.status) == ("applied", "refused")


def test_a_step_is_judged_by_what_the_one_before_it_has_made(site: Site) -> None:
    """A team that somebody makes offline, and whom they put there, are handed over together."""
    chief = site.person("Chief", UserRole.ADMINISTRATOR)
    team, client = new_id(), new_id()
    new_team, new_client = (json.dumps(plain_values(shape_named(t))) for t in ("team", "client"))
    ops = [
        [Op("team", team.bytes, "create", 0, None, new_team)],
        [Op("client", client.bytes, "create", 0, None, new_client)],
        change("client", client, scope=team.hex),
        [Op("team", team.bytes, "delete", SEEN)],
        change("client", client, name="Acme & Co"),
    ]
    results = chief.push_steps(*ops).results
    assert [(one.status, one.detail) for one in results] == [("applied", "")] * len(ops)


def test_an_unknown_table_is_refused(site: Site) -> None:
    chief = site.person("Chief", UserRole.ADMINISTRATOR)
    before = site.dump()
    for table in ("account", "sign_in", "local_meta", "no_such_table", "row_version"):
        op = Op(table, new_id().bytes, "create", 0, None, '{"name": "x"}')
        (result,) = chief.push_steps([op]).results
        assert (result.status, result.detail) == ("refused", "unknown")
        chief.sign_in()
    assert site.dump() == before
