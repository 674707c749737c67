"""Merging, editing and parting in any order gives each client back what is its own.

A sample in every run, always the same; many more, and others each time, with DESKCRM_FULL=1.
"""

import os
from collections.abc import Callable
from itertools import count
from typing import Any, ClassVar, Final
from uuid import UUID

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from deskcrm.domain.client_merges import commands, joining
from deskcrm.domain.client_merges.commands import merge_clients, part_clients
from deskcrm.domain.client_merges.joining import Since
from deskcrm.domain.client_merges.queries import has_strays
from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.custom_fields import add_custom_field, set_custom_value
from deskcrm.domain.clients.model import Client, ClientId, CustomValue
from deskcrm.domain.contacts.commands import add_contact, edit_contact
from deskcrm.domain.contacts.model import Contact, ContactId, ContactPoint
from deskcrm.domain.tags.commands import create_tag, tag_clients, untag_clients
from deskcrm.domain.tags.model import ClientTag
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from tests.domain.behind import behind
from tests.watch import Watch

FULL: Final = bool(os.environ.get("DESKCRM_FULL"))
FIELDS: Final = ("city", "industry", "about", "caution")
KEYS: Final = ("address", "industry", "about", "caution")
_WHO: Final = st.integers(0, 3)
Seen = dict[ClientId, dict[str, Any]]


def seen(db: Reader) -> Seen:
    """Give what each living client has: its fields, values, tags, people and their numbers."""
    found: Seen = {}
    columns = [getattr(Client, name) for name in FIELDS]
    for row in db.all(select(Client.id, *columns).where(~Client.is_deleted)):
        found[row[0]] = dict(zip(FIELDS, row[1:], strict=True))
    value, tag, point = CustomValue, ClientTag, ContactPoint
    for one in db.all(select(value.client_id, value.field_id, value.text).where(~value.is_deleted)):
        found[one[0]][f"value {one[1]}"] = one[2]
    for at in db.all(select(tag.client_id, tag.tag_id).where(~tag.is_deleted)):
        found[at[0]][f"tag {at[1]}"] = True
    for who in db.all(
        select(Contact.client_id, Contact.id, Contact.name).where(~Contact.is_deleted)
    ):
        found[who[0]][f"contact {who[1]}"] = who[2]
    for how in db.all(
        select(point.client_id, point.contact_id, point.normal).where(~point.is_deleted)
    ):
        found[how[0]][f"number of {how[1]}"] = how[2]
    # An empty value, a removed tag: the same as none.
    return {one: {k: v for k, v in has.items() if v} for one, has in found.items()}


class Parting(RuleBasedStateMachine):
    """Four clients that are merged and parted; ``own`` is what each has to have when alone."""

    store: ClassVar[Store]
    watch: ClassVar[Watch]
    numbers: ClassVar[Any] = count()

    @initialize()
    def begin(self) -> None:
        self.own: Seen = {}
        self.clients: list[ClientId] = []
        self.merges: dict[ClientId, tuple[Any, ClientId]] = {}
        self.since: dict[ClientId, dict[str, Any]] = {}
        """What was changed at a client since its last merge, as it was before."""
        self.fields = [self.do(add_custom_field, name=self.word()) for _ in range(2)]
        self.tags = [self.do(create_tag, name=self.word()) for _ in range(2)]
        for at in range(4):
            details = {name: self.word() for name in FIELDS[at % 2 :]}
            self.clients.append(self.do(create_company, name=self.word(), **details))
            self.do(set_custom_value, self.clients[at], field_id=self.fields[0], text=self.word())
            self.do(tag_clients, [self.clients[at]], tag_id=self.tags[at % 2])
            self.do(add_contact, self.clients[at], name=self.word(), phones=["+7 912 345-67-89"])
        now = self.store.ask(seen)
        self.own = {one: now[one] for one in self.clients}
        self.since = {one: {} for one in self.clients}

    def word(self) -> str:
        return f"word{next(self.numbers)}"

    def do(self, *args: Any, **kwargs: Any) -> Any:
        self.watch.move(minutes=1)
        return self.store.do(*args, **kwargs).value

    def living(self, at: int) -> ClientId:
        """Give the client as which one goes on."""
        one = self.clients[at]
        while one in self.merges:
            one = self.merges[one][1]
        return one

    def change(self, one: ClientId, key: str, value: Any) -> None:
        self.since[one].setdefault(key, self.own[one].get(key))
        self.own[one][key] = value

    @rule(gone=_WHO, into=_WHO, taken=st.none() | st.sets(st.sampled_from(KEYS)))
    def merge(self, gone: int, into: int, taken: set[str] | None) -> None:
        a, b = self.living(gone), self.living(into)
        if a == b:
            return
        keys = None if taken is None else sorted(taken)
        self.merges[a] = (self.do(merge_clients, a, into_id=b, taken=keys), b)
        self.since[a], self.since[b] = {}, {}

    @precondition(lambda self: self.merges)
    @rule(pick=_WHO, goes=st.sampled_from(Since))
    def part(self, pick: int, goes: Since) -> None:
        one = sorted(self.merges)[pick % len(self.merges)]
        merge, home = self.merges.pop(one)
        while home in self.merges:
            home = self.merges[home][1]
        self.do(part_clients, merge, since=goes)
        if goes is Since.GOES_BACK:
            changed, self.since[home] = self.since[home], {}
            for key, before in changed.items():
                self.change(one, key, self.own[home].get(key))
                self.own[home][key] = before

    @rule(at=_WHO, field=st.sampled_from(FIELDS))
    def edit(self, at: int, field: str) -> None:
        value = self.word()
        self.do(edit_client, self.living(at), **{field: value})
        self.change(self.living(at), field, value)

    @rule(at=_WHO, field=st.integers(0, 1))
    def fill_in(self, at: int, field: int) -> None:
        value = self.word()
        self.do(set_custom_value, self.living(at), field_id=self.fields[field], text=value)
        self.change(self.living(at), f"value {self.fields[field]}", value)

    @rule(at=_WHO, tag=st.integers(0, 1))
    def untag(self, at: int, tag: int) -> None:
        if self.do(untag_clients, [self.living(at)], tag_id=self.tags[tag]):
            self.change(self.living(at), f"tag {self.tags[tag]}", None)

    @rule(at=_WHO, pick=_WHO)
    def rename_contact(self, at: int, pick: int) -> None:
        one = self.living(at)
        found = [key for key in self.store.ask(seen)[one] if key.startswith("contact ")]
        key, name = sorted(found)[pick % len(found)], self.word()
        self.do(edit_contact, ContactId(UUID(key.removeprefix("contact "))), name=name)
        owner = next(each for each, has in self.own.items() if key in has)
        self.own[owner][key] = name

    @rule(at=_WHO)
    def add_one(self, at: int) -> None:
        one, name = self.living(at), self.word()
        contact = self.do(add_contact, one, name=name)
        self.own[one][f"contact {contact}"] = name

    def teardown(self) -> None:
        if not self.clients:
            return
        now = self.store.ask(seen)
        assert {one for one in self.clients if one in now} == set(map(self.living, range(4)))
        assert not self.store.ask(has_strays)
        for merge, _ in list(self.merges.values()):
            self.do(part_clients, merge)
        now = self.store.ask(seen)
        for one in self.clients:
            assert now[one] == {key: value for key, value in self.own[one].items() if value}
        assert behind(self.store) == []


Run = Callable[..., None]


@pytest.fixture
def run(desk: Store, watch: Watch) -> Run:
    def go(examples: int, steps: int, **more: Any) -> None:
        own = {"store": desk, "watch": watch}
        run_state_machine_as_test(
            type("Machine", (Parting,), own),
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                derandomize=not FULL,
                database=None,
                **more,
            ),
        )

    return go


def test_parting_in_any_order_gives_back_what_each_had(run: Run) -> None:
    run(300 if FULL else 8, 40 if FULL else 15, deadline=None)


@pytest.mark.parametrize("forgets", ["absorb", "move_back", "what_both_have"])
def test_a_merge_that_forgets_is_caught(
    run: Run, monkeypatch: pytest.MonkeyPatch, forgets: str
) -> None:
    if forgets == "absorb":
        monkeypatch.setattr(commands, "absorb", lambda work, standing, held: standing)
    elif forgets == "move_back":
        monkeypatch.setattr(joining, "move_back", lambda *_: None)
    else:
        monkeypatch.setattr(joining, "changed_in", lambda held, expected: set())
    with pytest.raises(AssertionError):
        run(8, 8, phases=[Phase.generate], report_multiple_bugs=False, deadline=None)
