"""What is no message, or too much of one, gets a clear answer and leaves no trace."""

import json
from typing import Any

import msgspec
import pytest
import zstandard

from deskcrm.base.ids import new_id
from deskcrm.domain.users.model import UserRole
from deskcrm.server import messages
from deskcrm.sync.protocol import AskManifest, AskSegment, Op, Part, pack
from tests.server.site import Site, Speaker

ENDPOINTS = (
    "hello", "push", "part", "pull", "manifest", "segment", "contents/ask", "contents/send",
    "contents/fetch",
)  # fmt: skip


@pytest.fixture
def anna(site: Site) -> Speaker:
    return site.person("Anna", UserRole.AGENT)


def answered(anna: Speaker, endpoint: str, data: bytes) -> tuple[int, str]:
    answer = anna.send(f"/sync/v1/{endpoint}", data)
    return answer.status_code, answer.json()["code"]


def creation(**values: Any) -> Op:
    given = {"name": "New", "created_at": 0} | values
    return Op("client", new_id().bytes, "create", 0, None, json.dumps(given))


def test_what_is_no_message_is_malformed(site: Site, anna: Speaker) -> None:
    before = site.dump(apart=set())
    whole = pack(anna.pushing([creation()]))
    compress = zstandard.ZstdCompressor().compress
    deep = b"\x91" * 100_000 + b"\xc0"
    for data in (
        b"",
        b"{}",
        b"<html>",
        whole[: len(whole) // 2],
        compress(b"\xc1"),
        compress(b"\x80"),
        compress(msgspec.msgpack.encode(["wrong", "types"])),
        compress(deep),
    ):
        for endpoint in ENDPOINTS:
            assert answered(anna, endpoint, data) == (400, "malformed")
    assert site.dump(apart=set()) == before
    assert anna.send("/sync/v1/push", whole).status_code == 200


def test_a_body_that_is_too_large_is_refused(
    site: Site, anna: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = b"x" * (messages.LARGEST_BODY + 1)
    for endpoint in ENDPOINTS:
        assert answered(anna, endpoint, whole) == (413, "too_large")
    in_pieces = (whole[n : n + (1 << 20)] for n in range(0, len(whole), 1 << 20))
    answer = site.post("/sync/v1/push", anna.access, data=in_pieces)
    assert answer.status_code == 413
    too_much = {"user": "x" * (70 << 10), "password": "x"}
    assert site.post("/auth/v1/sign-in", json=too_much).status_code == 413
    parts = (b" " * 1024 for _ in range(70))
    assert site.post("/auth/v1/sign-in", data=parts).status_code == 413


def test_a_message_that_unpacks_to_too_much_is_refused(anna: Speaker) -> None:
    bomb = zstandard.ZstdCompressor().compress(bytes(messages.LARGEST_PLAIN + 1))
    assert len(bomb) < 100_000
    for endpoint in ENDPOINTS:
        assert answered(anna, endpoint, bomb) == (413, "too_large")


def test_a_push_of_too_many_steps_is_refused(anna: Speaker) -> None:
    many = [[creation()] for _ in range(501)]
    assert answered(anna, "push", pack(anna.pushing(*many))) == (413, "too_large")


@pytest.mark.parametrize(
    "op",
    [
        Op("client", b"short", "create", 0, None, "{}"),
        Op("cli\0ent", bytes(16), "create", 0, None, "{}"),
        Op("client", bytes(16), "create", 2**63, None, "{}"),
        Op("client", bytes(16), "set", 0, "{}", "[" * 100 + "]" * 100),
        Op("client", bytes(16), "set", 0, '{"a":' * 50_000 + "1" + "}" * 50_000, "{}"),
        Op("client", bytes(16), "set", 0, "{}", "{}", "[]"),
        Op("client", bytes(16), "set", 0, "{}", "{}", '{"name": 5}'),
        Op("client", bytes(16), "set", 0, "{}", "{}", "{"),
        Op("x" * 5_000, bytes(16), "set", 0, "{}", "{}"),
    ],
)
def test_an_op_that_cannot_be_is_malformed(site: Site, anna: Speaker, op: Op) -> None:
    before = site.dump(apart=set())
    assert answered(anna, "push", pack(anna.pushing([op]))) == (400, "malformed")
    assert site.dump(apart=set()) == before


@pytest.mark.parametrize(
    "after",
    [
        '{"name": 5}',
        '{"name": null}',
        '{"name": "a\\u0000b"}',
        '{"name": "\\ud800"}',
        '{"name": ["x"]}',
        '{"tier": "no such tier"}',
        '{"owner_id": "no id"}',
        '{"created_at": 1e300}',
        '{"created_at": 99999999999999999999}',
        '{"customer_since": "yesterday"}',
        '{"scope": 7}',
        "[]",
        "7",
        "{",
    ],
)
def test_values_that_do_not_fit_are_refused_one_by_one(
    site: Site, anna: Speaker, after: str
) -> None:
    row = new_id()
    good = Op("client", row.bytes, "create", 0, None, '{"name": "New", "created_at": 0}')
    anna.push_steps([good])
    before = site.dump()
    bad = Op("client", row.bytes, "set", 2**40, '{"name": "New"}', after)
    new = Op("client", new_id().bytes, "create", 0, None, after)
    statuses = {result.status for result in anna.push_steps([bad], [new]).results}
    assert statuses == {"refused"}
    assert site.dump() == before
    fine = Op("client", row.bytes, "set", 2**40, '{"name": "New"}', '{"name": "Newer"}')
    (result,) = anna.push_steps([fine]).results
    assert result.status == "applied"


@pytest.mark.parametrize("choices", ['["a\\u0000b"]', '["\\ud800"]'])
def test_lists_that_no_database_holds_are_refused(site: Site, choices: str) -> None:
    chief = site.person("Chief", UserRole.ADMINISTRATOR)
    before = site.dump()
    after = f'{{"name": "x", "kind": "text", "created_at": 0, "choices": {choices}}}'
    (result,) = chief.push_steps(
        [Op("custom_field", new_id().bytes, "create", 0, None, after)]
    ).results
    assert result.status == "refused"
    assert site.dump() == before


def test_an_old_workstation_is_told_to_update(site: Site, anna: Speaker) -> None:
    before = site.dump(apart=set())
    for old in (anna.hello(versions=(0, 0)), anna.hello(schema="0001")):
        assert (old.status_code, old.json()["code"]) == (426, "old_workstation")
    assert site.dump(apart=set()) == before
    assert anna.hello(versions=(1, 9), schema="9999").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"epoch": 2**63},
        {"cursors": [(bytes(16), 2**63)]},
        {"cursors": [(b"short", 1)]},
        {"wanted": [("client", b"short")]},
        {"wanted": [("client\0", bytes(16))]},
        {"wanted": [("client", bytes(16))] * 5_001},
    ],
)
def test_a_pull_that_cannot_be_is_malformed(anna: Speaker, changes: dict[str, Any]) -> None:
    from deskcrm.sync.protocol import Pull

    said: dict[str, Any] = {"device": anna.device.bytes, "epoch": 1, "cursors": []} | changes
    assert answered(anna, "pull", pack(Pull(**said))) == (400, "malformed")
    assert anna.pull(limit=2**40).epoch == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"first": -1}, (400, "malformed")),
        ({"first": 2}, (400, "malformed")),
        ({"total": 0}, (400, "malformed")),
        ({"total": 2**62}, (413, "too_large")),
        ({"digest": b"short"}, (400, "malformed")),
    ],
)
def test_a_part_that_cannot_be_is_refused(
    site: Site, anna: Speaker, changes: dict[str, Any], code: tuple[int, str]
) -> None:
    before = site.dump(apart=set())
    (step,) = anna.pushing([creation()]).steps
    fine = Part(anna.device.bytes, 1, 0, 0, step, first=0, total=2, digest=bytes(32))
    assert answered(anna, "part", pack(msgspec.structs.replace(fine, **changes))) == code
    assert site.dump(apart=set()) == before
    many = msgspec.structs.replace(step, ops=[creation()] * 5_001)
    large = msgspec.structs.replace(fine, step=many, total=9_999)
    assert answered(anna, "part", pack(large)) == (413, "too_large")
    assert anna.send("/sync/v1/part", fine).status_code == 200


def test_nobody_hands_over_parts_as_somebody_elses_device(site: Site, anna: Speaker) -> None:
    boris = site.person("Boris", UserRole.AGENT)
    before = site.dump(apart=set())
    (step,) = anna.pushing([creation()]).steps
    theirs = Part(boris.device.bytes, 1, 0, 0, step, first=0, total=2, digest=bytes(32))
    assert answered(anna, "part", pack(theirs)) == (409, "unknown_device")
    assert site.dump(apart=set()) == before


def test_a_question_for_a_snapshot_that_cannot_be_is_malformed(anna: Speaker) -> None:
    short = pack(AskSegment(anna.device.bytes, b"short"))
    assert answered(anna, "segment", short) == (400, "malformed")
    strange = pack(AskManifest(anna.device.bytes, "00\0"))
    assert answered(anna, "manifest", strange) == (400, "malformed")
    another = pack(AskManifest(bytes(16), "0001"))
    assert answered(anna, "manifest", another) == (409, "unknown_device")
    assert anna.segment(bytes(32)) == b""
    assert anna.manifest(schema="0001").entries == []


@pytest.mark.parametrize("token", ["", "x", "é", "x" * 100, "AAAA" * 16])
def test_a_token_that_is_none_is_refused(site: Site, anna: Speaker, token: str) -> None:
    for method, path in (
        ("POST", "/sync/v1/hello"),
        ("POST", "/sync/v1/push"),
        ("POST", "/sync/v1/pull"),
        ("POST", "/sync/v1/manifest"),
        ("POST", "/sync/v1/part"),
        ("POST", "/sync/v1/segment"),
        ("POST", "/sync/v1/contents/ask"),
        ("POST", "/sync/v1/contents/send"),
        ("POST", "/sync/v1/contents/fetch"),
        ("GET", "/sync/v1/wait?since=0"),
        ("GET", "/auth/v1/devices"),
        ("DELETE", f"/auth/v1/devices/{anna.device}"),
    ):
        answer = site.ask(method, path, headers={"Authorization": f"Bearer {token}".encode()})
        assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")


def test_what_is_typed_wrong_is_not_repeated_in_the_answer(site: Site) -> None:
    said = {"user": "anna", "password": ["secret horse"], "device": "no id"}
    answer = site.post("/auth/v1/sign-in", json=said)
    assert answer.status_code == 422
    assert "password" in answer.json()["detail"]
    assert "horse" not in answer.text
