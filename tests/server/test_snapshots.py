"""Snapshots over HTTP: everybody gets their scopes whole, and a digest alone opens nothing."""

import json
from uuid import UUID

import pytest
from sqlalchemy import func, select

from deskcrm.domain.users.model import UserRole
from deskcrm.server import fence
from deskcrm.server.place import Place
from deskcrm.store.ledger import version_table
from deskcrm.sync.blocks import Block, Past
from deskcrm.sync.hub import segments
from deskcrm.sync.protocol import Op, unpack
from deskcrm.sync.tables import segment_table
from tests.server.grounds import SEEN, Grounds, cells
from tests.server.site import Site, Speaker, allow_everything, serving
from tests.server.test_fence import AlwaysTheServer
from tests.watch import Watch

TABLES = ("client", "contact", "interaction", "saved_view", "ticket")


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "WORTH_IT", 0)
    monkeypatch.setattr(segments, "ROWS_IN_SEGMENT", 50)


def planted(site: Site, role: UserRole) -> Grounds:
    """Give a workspace with rows in every place."""
    grounds = Grounds(site, role)
    grounds.plant()
    for cell in cells():
        if cell.kind in ("set", "undelete") and cell.table in TABLES:
            grounds.trial(cell)
    grounds.plant()
    return grounds


def loaded(person: Speaker) -> tuple[list[UUID], set[UUID]]:
    """Take a snapshot; gives the scope of each row, and the scopes of the history."""
    rows: list[UUID] = []
    past: set[UUID] = set()
    for entry in person.manifest().entries:
        content = person.segment(entry.digest)
        if entry.table:
            block = unpack(Block, content)
            assert block.table == entry.table
            rows += [UUID(bytes=scope) for scope in block.values[1]]
        else:
            past |= {UUID(bytes=op.scope) for s in unpack(Past, content).steps for op in s.ops}
    return rows, past


def kept(site: Site) -> set[bytes]:
    """Give the digests of all segments that the server keeps."""
    with fence.as_server():
        return set(site.desk.store.ask(lambda db: db.scalars(select(segment_table.c.digest))))


@pytest.mark.parametrize("role", [UserRole.LEAD, UserRole.VIEWER])
def test_everybody_begins_with_their_scopes_whole_and_nothing_else(
    site: Site, role: UserRole
) -> None:
    grounds = planted(site, role)
    loaded(grounds.stranger)  # whose segments the server keeps as well
    seen = {scope for where, scope in grounds.scopes.items() if grounds._sees(where)}
    manifest = grounds.person.manifest()
    assert {UUID(bytes=scope) for scope in manifest.scopes} == seen
    rows, past = loaded(grounds.person)
    assert set(rows) | past <= seen
    v = version_table.c
    with fence.as_server():
        count = select(func.count()).where(v.scope.in_(seen), ~v.is_deleted)
        assert len(rows) == site.desk.store.ask(lambda db: db.scalar(count))
    before = site.dump(apart=set())
    foreign = kept(site) - {entry.digest for entry in manifest.entries}
    assert foreign
    assert {grounds.person.segment(digest) for digest in foreign} == {b""}
    assert site.dump(apart=set()) == before


def test_what_left_a_scope_is_not_given_with_a_segment_made_before(site: Site) -> None:
    north, south = site.team("North"), site.team("South")
    anna = site.person("Anna", UserRole.MANAGER, north, south)
    ivan = site.person("Ivan", UserRole.AGENT, north)
    values = {"name": "Secret", "created_at": 0, "scope": north.hex}
    row = UUID(int=7).bytes
    anna.push_steps([Op("client", row, "create", 0, None, json.dumps(values))])
    digests = [e.digest for e in ivan.manifest().entries if e.scope == north.bytes]
    assert digests
    assert all(ivan.segment(digest) for digest in digests)
    moved = json.dumps({"scope": south.hex})
    move = Op("client", row, "set", SEEN, json.dumps({"scope": north.hex}), moved)
    (result,) = anna.push_steps([move]).results
    assert result.status == "applied"
    assert {ivan.segment(digest) for digest in digests} == {b""}
    assert south not in loaded(ivan)[0]


def test_what_one_has_made_is_given_to_the_next(site: Site) -> None:
    first = planted(site, UserRole.VIEWER).person
    made = {entry.digest for entry in first.manifest().entries}
    assert made
    assert made == kept(site)
    assert {entry.digest for entry in first.manifest().entries} == made


@pytest.mark.postgres
def test_with_every_check_off_the_fence_gives_no_foreign_segment(
    postgres_place: Place, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(postgres_place, watch, allow_everything) as naive:
        grounds = planted(naive, UserRole.AGENT)
        seen = {scope for where, scope in grounds.scopes.items() if grounds._sees(where)}
        stranger = set(loaded(grounds.stranger)[0])
        assert stranger - seen
        digests = kept(naive)
        rows, past = loaded(grounds.person)
        assert set(rows) | past <= seen
        got = [grounds.person.segment(digest) for digest in digests]
        assert b"" in got
        monkeypatch.setattr(fence, "_acting", AlwaysTheServer())
        assert set(loaded(grounds.person)[0]) > seen
