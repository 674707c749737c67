"""No command takes a record that is not there: it refuses, in words, and nothing is written."""

import inspect
import types
import typing
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NewType
from uuid import UUID

import pytest
from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.domain.promises import commands as promises
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.commands import Command
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import Record
from tests.domain.arguments import NOBODY, Call, sound
from tests.domain.beginning import begin
from tests.domain.everything import IN_MACHINE, everything, model_of, own_models
from tests.fixtures_store import MakeStore
from tests.watch import Watch

Ids = Mapping[str, Sequence[UUID]]
"""The ids of the rows of each table."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a command."""

    name: str
    annotation: Any
    by_place: bool
    is_needed: bool

    @property
    def told_of(self) -> str:
        """The type of id that it takes, or several of; empty when it takes none."""
        return _id_type(self.annotation)

    def holding(self, row_id: UUID) -> Any:
        """Give an id in the shape that is asked for."""
        return _holding(self.annotation, row_id)


def _holding(annotation: Any, row_id: UUID) -> Any:
    shape, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if shape is None:
        return row_id
    if shape in (typing.Union, types.UnionType):
        return _holding(next(filter(_id_type, inner)), row_id)
    return {row_id: "12"} if issubclass(shape, Mapping) else [row_id]


def _id_type(annotation: Any) -> str:
    if isinstance(annotation, NewType):
        return annotation.__name__ if annotation.__supertype__ is UUID else ""
    return next(filter(None, map(_id_type, typing.get_args(annotation))), "")


def parameters(of: Command[..., Any]) -> Iterator[Parameter]:
    for one in list(inspect.signature(of.function).parameters.values())[1:]:
        if one.kind is inspect.Parameter.VAR_KEYWORD:
            (details,) = typing.get_args(one.annotation)
            for name, hint in typing.get_type_hints(details).items():
                yield Parameter(name, hint, by_place=False, is_needed=False)
        else:
            by_place = one.kind is not inspect.Parameter.KEYWORD_ONLY
            is_needed = one.default is inspect.Parameter.empty
            yield Parameter(one.name, one.annotation, by_place, is_needed)


def call_with(
    of: Command[..., Any], told: Parameter, row_id: UUID, ids: Ids, *, says_whose: bool
) -> Call:
    """Make a call in which all is as it should be, but for one id."""
    args, kwargs = [], {}
    for one in parameters(of):
        is_wanted = one.is_needed or (says_whose and one.name == "client_id")
        if one.name != told.name and not is_wanted:
            continue
        if one.name == told.name:
            value = one.holding(row_id)
        else:
            value = sound(one.annotation, one.name, lambda kind: ids[_table(kind)])
        if one.by_place:
            args.append(value)
        else:
            kwargs[one.name] = value
    return Call(tuple(args), kwargs)


TOLD: Final = [
    (each, one)
    for each in IN_MACHINE.values()
    if each.id != "settings.set"
    for one in parameters(each)
    if one.told_of
]


def _table(id_type: str) -> str:
    return str(model_of(id_type).__tablename__)


def rows(store: Store, *, deleted: bool) -> Ids:
    """Give the ids of every table, of what is there or of what was deleted."""

    def ids(db: Reader, model: type[Record]) -> list[UUID]:
        wanted = select(model.id).where(model.is_deleted.is_(deleted)).order_by(model.id)
        return list(db.scalars(wanted))

    return defaultdict(list, {str(one.__tablename__): store.ask(ids, one) for one in own_models()})


def writes(store: Store, of: Command[..., Any], call: Call) -> bool:
    """Tell whether a command does something that it is called with, and undo it."""
    try:
        done = store.do(of, *call.args, **call.kwargs)
    except UserError:
        return False
    if done.step is not None:
        store.undo()
    return done.step is not None


def taken(store: Store, told: Sequence[tuple[Command[..., Any], Parameter]], gone: Ids) -> set[str]:
    """Name the commands that take a row of ``gone``, or one that never was; by parameter."""
    there = rows(store, deleted=False)
    found = set()
    for of, one in told:
        for row_id in gone[_table(one.told_of)][:1] or [NOBODY]:
            # Some ids count only beside the client's: those that are not heeded are not taken.
            calls = [call_with(of, one, row_id, there, says_whose=whose) for whose in (False, True)]
            if all(writes(store, of, call) for call in calls):
                found.add(f"{of.id} {one.name}")
    return found


@pytest.fixture
def begun(make_store: MakeStore) -> Store:
    """Give a store that has one or two of everything."""
    store = make_store(clock=Watch())
    store.do(create_first_user, name="Anna")
    begin(lambda command, /, *args, **kwargs: store.do(command, *args, **kwargs).value)
    return store


def test_no_command_takes_what_never_was_nor_what_was_deleted(begun: Store) -> None:
    before = begun.ask(everything)
    assert taken(begun, TOLD, defaultdict(list)) == set()
    gone = rows(begun, deleted=True)
    assert sum(map(bool, gone.values())) > 3
    brings_back = {f"{of.id} {one.name}" for of, one in TOLD if ".restore" in of.id}
    assert taken(begun, [one for one in TOLD if gone[_table(one[1].told_of)]], gone) <= brings_back
    assert begun.ask(everything) == before


def test_a_command_that_takes_anything_is_caught(
    begun: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(promises, "check_ticket", lambda *_: None)
    made = [one for one in TOLD if one[0].id == "promises.make"]
    assert taken(begun, made, defaultdict(list)) == {"promises.make ticket_id"}
