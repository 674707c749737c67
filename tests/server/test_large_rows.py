"""What a server gives is bounded in bytes as well: large rows come in several answers."""

import json
from collections.abc import Iterator
from uuid import UUID

import msgspec
import pytest

from deskcrm.base.ids import new_id
from deskcrm.domain.users.model import UserRole
from deskcrm.store.tables import WORKSPACE
from deskcrm.sync.blocks import Block, Past
from deskcrm.sync.hub import pull, segments
from deskcrm.sync.protocol import Op, Pulled, unpack
from tests.server.site import Site, Speaker

ROWS = 60
LETTERS = 10_000
BOUND = 100_000
"""Bytes at once, here."""
FITTING = 2 * BOUND
"""Bytes of an answer within it: what is bounded are its texts, and one row may be on top."""
ALL = ROWS * LETTERS


@pytest.fixture(autouse=True)
def bound(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setattr(segments, "WORTH_IT", 0)
    set_bound(monkeypatch, BOUND)
    return monkeypatch


def set_bound(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(pull, "BYTES_AT_ONCE", size)
    monkeypatch.setattr(segments, "BYTES_AT_ONCE", size)


@pytest.fixture
def chief(site: Site) -> Speaker:
    return site.person("Chief", UserRole.ADMINISTRATOR)


@pytest.fixture
def clients(chief: Speaker) -> set[bytes]:
    """Give clients that have much to read, and were renamed: their history is large too."""
    ids = [new_id().bytes for _ in range(ROWS)]
    made = {"created_at": 0, "legal_name": "x" * LETTERS, "name": "y"}
    said, news = json.dumps(made), json.dumps({"legal_name": "z" * LETTERS})
    chief.push_steps(*([Op("client", one, "create", 0, None, said)] for one in ids))
    results = chief.push_steps(
        *([Op("client", one, "set", 2**40, '{"legal_name": ""}', news)] for one in ids)
    ).results
    assert {one.status for one in results[-ROWS:]} <= {"applied", "merged"}
    return set(ids)


def pages(person: Speaker) -> Iterator[Pulled]:
    """Pull until nothing is new."""
    cursors: list[tuple[bytes, int]] = []
    for _ in range(1_000):
        page = person.pull(cursors=cursors)
        yield page
        cursors = page.cursors
        if not page.more:
            return
    raise AssertionError("the server is never done")


def size(message: msgspec.Struct) -> int:
    """Give the bytes of a message before it is compressed."""
    return len(msgspec.msgpack.encode(message))


def in_pages(found: list[Pulled]) -> list[bytes]:
    return [
        r[0] for page in found for rows in page.rows if rows.table == "client" for r in rows.rows
    ]


def test_a_page_is_bounded_and_all_of_them_have_everything(
    site: Site, chief: Speaker, clients: set[bytes], bound: pytest.MonkeyPatch
) -> None:
    reader = site.speaker("Chief", chief.user)
    found = list(pages(reader))
    assert max(map(size, found)) < FITTING
    came = in_pages(found)
    assert (len(came), set(came)) == (ROWS, clients)
    own = [s for page in found for s in page.steps if s.device == chief.device.bytes]
    assert len(own) == 2 * ROWS
    set_bound(bound, 1)  # a row that is larger than the bound comes alone
    assert set(in_pages(list(pages(reader)))) == clients


def test_what_is_asked_for_by_name_is_bounded_and_the_rest_is_not_told_to_be_absent(
    chief: Speaker, clients: set[bytes]
) -> None:
    everywhere = [(WORKSPACE.bytes, 2**40), (chief.user.bytes, 2**40)]
    nowhere, left = ("client", new_id().bytes), set(clients)
    while left:
        page = chief.pull(cursors=everywhere, wanted=[("client", one) for one in left] + [nowhere])
        came = set(in_pages([page]))
        assert came
        assert size(page) < FITTING
        assert page.absent == [nowhere]
        left -= came


def test_a_segment_is_bounded_and_all_of_them_have_everything(
    chief: Speaker, clients: set[bytes]
) -> None:
    came: list[bytes] = []
    steps = 0
    for entry in chief.manifest().entries:
        content = chief.segment(entry.digest)
        piece = unpack(Block, content) if entry.table else unpack(Past, content)
        assert size(piece) < FITTING
        if isinstance(piece, Past):
            steps += sum(step.device == chief.device.bytes for step in piece.steps)
        elif entry.table == "client":
            came += piece.values[0]
    assert (len(came), set(came)) == (ROWS, clients)
    assert steps == 2 * ROWS


def test_without_the_bound_all_of_it_would_be_one_message(
    site: Site, chief: Speaker, clients: set[bytes], bound: pytest.MonkeyPatch
) -> None:
    set_bound(bound, 1 << 40)
    reader = site.speaker("Chief", chief.user)
    assert max(map(size, pages(reader))) > ALL
    wanted = [("client", one) for one in clients]
    cursors = [(UUID(int=0).bytes, 2**40)]
    assert size(chief.pull(cursors=cursors, wanted=wanted, log=False)) > ALL
    sizes = [len(unpack(Block, chief.segment(one.digest)).values[0])
             for one in chief.manifest().entries if one.table == "client"]  # fmt: skip
    assert sizes == [ROWS]
