"""A small body of very many tiny arrays is refused before it costs memory."""

import gc
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
import zstandard

from deskcrm.domain.users.model import UserRole
from deskcrm.server.messages import TooLarge, read_message
from deskcrm.sync.protocol import AskContents, Hello, Malformed, Op, Part, Pull, Push
from tests.server.site import Site

MANY = 400_000
AFFORDABLE = 8 << 20
"""Bytes beyond which reading such a body costs much: made into lists, any of these takes thrice."""
ID = bytes(16)
MANY_ARRAYS = msgspec.Raw(b"\xdd" + MANY.to_bytes(4, "big") + b"\x90" * MANY)
OP = msgspec.msgpack.encode(Op("t", ID, "create", 0))
MANY_OPS = msgspec.Raw(b"\xdd" + MANY.to_bytes(4, "big") + OP * MANY)


def step(ops: Any) -> list[Any]:
    return [1, "do", "c", "l", 0, 1, ops]


def op(**texts: Any) -> list[Any]:
    said = {"before": None, "after": None, "bases": None} | texts
    return ["client", ID, "set", 0, said["before"], said["after"], said["bases"]]


def one_op(**texts: Any) -> list[Any]:
    return [ID, 1, 0, 0, [step([op(**texts)])]]


SMALL_BODIES: dict[str, tuple[type[Any], str, Any]] = {
    "series": (Hello, "hello", [ID, "", [1, 2], "", 0, MANY_ARRAYS]),
    "cursors": (Pull, "pull", [ID, 1, MANY_ARRAYS]),
    "wanted": (Pull, "pull", [ID, 1, [], 1, MANY_ARRAYS]),
    "hashes": (AskContents, "contents/ask", [ID, MANY_ARRAYS]),
    "steps": (Push, "push", [ID, 1, 0, 0, MANY_ARRAYS]),
    "ops": (Push, "push", [ID, 1, 0, 0, [step(MANY_OPS)]]),
    "ops of many steps": (
        Push, "push", [ID, 1, 0, 0, [step([msgspec.Raw(OP)] * 2_000) for _ in range(200)]],
    ),
    "ops of a part": (Part, "part", [ID, 1, 0, 0, step(MANY_OPS), 0, MANY, bytes(32)]),
    "lists": (Push, "push", one_op(after='{"a": [' + "[]," * MANY + "0]}")),
    "objects": (Push, "push", one_op(before="[" + "{}," * MANY + "0]")),
    "fields": (Push, "push", one_op(after=json.dumps(dict.fromkeys(map(str, range(MANY)), 0)))),
    "bases": (
        Push, "push", one_op(bases=json.dumps(dict.fromkeys(map(str, range(MANY)), (1, 1)))),
    ),
}  # fmt: skip


def body(message: Any) -> tuple[bytes, bytes]:
    """Give a message as it lies in memory, and as it goes over the wire."""
    plain = msgspec.msgpack.encode(message)
    return plain, zstandard.ZstdCompressor().compress(plain)


def cost(of: Callable[[], Any]) -> int:
    """Give the bytes that something took at its worst."""
    gc.collect()
    tracemalloc.start()
    try:
        of()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("what", SMALL_BODIES)
def test_it_is_refused_before_it_costs_memory(what: str) -> None:
    kind, _, message = SMALL_BODIES[what]
    plain, data = body(message)

    def refuse() -> None:
        with pytest.raises((Malformed, TooLarge)):
            read_message(kind, data)

    assert len(data) < 3 << 20
    # What is unpacked is there once, and a text of it once more.
    assert cost(refuse) < 2 * len(plain) + AFFORDABLE


@pytest.mark.parametrize("what", ["steps", "ops", "lists", "bases"])
def test_made_into_lists_it_would_cost_many_times_that(what: str) -> None:
    plain, _ = body(SMALL_BODIES[what][2])

    def make() -> None:
        made = msgspec.msgpack.decode(plain)
        if what in ("lists", "bases"):
            made.append([msgspec.json.decode(t) for t in made[4][0][6][0][4:] if t])

    assert cost(make) > 2 * len(plain) + 2 * AFFORDABLE


def test_over_the_wire_each_is_a_clear_refusal(site: Site) -> None:
    anna = site.person("Anna", UserRole.AGENT)
    before = site.dump(apart=set())
    for _, endpoint, message in SMALL_BODIES.values():
        answer = anna.send(f"/sync/v1/{endpoint}", body(message)[1])
        assert (answer.status_code, answer.json()["code"]) in (
            (400, "malformed"),
            (413, "too_large"),
        )
    assert site.dump(apart=set()) == before
    assert anna.pull().epoch == 1


def test_a_text_without_its_end_is_looked_through_once() -> None:
    endless = '{"a": "' + '\\"' * 3_000_000 + "[" * 40
    many = ('{"a": "' + "x, [y] {z}, " * 100_000 + '"}', '{"a": "\\\n' + '"' * 2_000_000)
    for text in (endless, *many):
        read_message(Push, body(one_op(after=text))[1])


def test_as_much_as_a_workstation_sends_is_read() -> None:
    ops = [msgspec.Raw(OP)] * 5_000
    read = read_message(Push, body([ID, 1, 0, 0, [step(ops[:2_500]), step(ops[2_500:])]])[1])
    assert [len(one.ops) for one in read.steps] == [2_500, 2_500]
    assert len(read_message(Push, body([ID, 1, 0, 0, [step(ops * 2)]])[1]).steps[0].ops) == 10_000
