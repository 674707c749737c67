"""Arguments for any command, drawn by the types that its parameters declare."""

import dataclasses
import enum
import inspect
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NewType
from uuid import UUID

from hypothesis import strategies as st

from deskcrm.domain.attachments.commands import LARGEST_MB
from deskcrm.domain.calendars.model import WEEKDAYS
from deskcrm.domain.contacts.settings import PHONE_REGION
from deskcrm.domain.today.queries import RENEWAL_WITHIN, SILENT_AFTER
from deskcrm.domain.views.filters import Comparison, Condition, Filter
from deskcrm.store.commands import Command
from tests.watch import START

Strategy = st.SearchStrategy[Any]
Ids = Callable[[str], Sequence[UUID]]
"""Gives the ids that can stand for ``ClientId`` and the like."""

NOBODY: Final = UUID(int=99)
"""Stands for a row that is not there."""

_WORDS: Final = ("Acme", "acme", "Ёлка и сын", "Иван Петров", " padded ", "")
_HOURS: Final = ("09:00-18:00", "9-13, 14-18", "22:00-06:00", "", "early")
_TEXTS: Final[Mapping[str, Sequence[str]]] = {
    **dict.fromkeys(WEEKDAYS, _HOURS),
    "hours": _HOURS,
    "country": ("RU", "XX"),
    "region": ("", "RU", "GB"),
    "text": ("+7 912 345-67-89", "anna@example.com", "@anna", "12", "2026-03-01", "yes", ""),
    "phones": ("+7 912 345-67-89", "8 495 123 45 67", "call her"),
    "number": ("+7 912 345-67-89", "8 495 123 45 67", ""),
    "emails": ("anna@example.com", "ivan@example.org", "nobody at home"),
    "email": ("anna@example.com", "", "nobody at home"),
    "messengers": ("telegram: @anna", "@ivan", "whatsapp +7 912 345-67-89"),
    "language": ("", "en", "ru", "pt-BR", "Klingon!"),
    "time_zone": ("", "Europe/Moscow", "Nowhere/At all"),
    "website": ("", "example.com", "https://example.org/", "javascript:1"),
    "currency": ("EUR", "RUB", "gold"),
    "recurrence": ("", "FREQ=WEEKLY", "FREQ=DAILY;COUNT=2", "FREQ=MONTHLY;INTERVAL=2", "often"),
    "place": ("clients", "tickets"),
    "message": ("Hello {contact first name|there}", "", "{nothing}"),
    "choices": ("One", "Two", "Three"),
    "key": ("nps", "csat", "product", "improvements", "onboarding", "renewal"),
    "row": ("", "", "", "one"),
    "after": ("", "", "nps"),
    "chosen": ("yes",),
    "custom": ("12", "2026-03-01", "yes", "One", ""),
    **dict.fromkeys(("tags", "names"), ("vip", "VIP", "Хлопоты", "")),
}
_DAYS: Final = (-400, -31, -1, 0, 1, 2, 31, 400)
_FILTERS: Final = (
    Filter(),
    Filter((Condition("tier", Comparison.IS, "vip"),)),
    Filter((Condition("name", Comparison.CONTAINS, "а"), Condition("tag", Comparison.IS_EMPTY))),
)
_PLAIN: Final[Mapping[Any, Strategy]] = {
    type(None): st.none(),
    bool: st.booleans(),
    float: st.sampled_from((0.0, 1.5, 60.0, -1.0)),
    bytes: st.sampled_from((b"one", b"two" * 1_000, b"")),
    date: st.sampled_from([START.date() + timedelta(days=n) for n in _DAYS]),
    datetime: st.sampled_from([START + timedelta(days=n, minutes=5) for n in _DAYS]),
    Filter: st.sampled_from(_FILTERS),
}
_SOUND: Final[Mapping[Any, Any]] = {
    type(None): None,
    bool: True,
    float: 1.5,
    bytes: b"one",
    date: START.date(),
    datetime: START,
    Filter: Filter(),
    Path: Path(__file__),
}
_VALUES: Final = (
    (LARGEST_MB, st.integers(1, 3)),
    (SILENT_AFTER, st.integers(1, 3)),
    (RENEWAL_WITHIN, st.integers(1, 3)),
    (PHONE_REGION, st.sampled_from(("RU", "GB"))),
)


class Unknown(TypeError):
    """A parameter whose type has no strategy yet: give it one here."""


@dataclasses.dataclass(frozen=True)
class Call:
    """What a command is called with."""

    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@st.composite
def calls(draw: st.DrawFn, of: Command[..., Any], ids: Ids, folder: Path) -> Call:
    """Give calls of a command, with a few of the arguments that may be left out."""
    if of.id == "settings.set":
        setting, values = draw(st.sampled_from(_VALUES))
        return Call((setting,), {"value": draw(values)})
    args, wanted, perhaps = _parameters(of, ids, folder)
    if perhaps:
        # One by one: to toss a coin for each of thirty would use up what an example may draw.
        for name in draw(st.lists(st.sampled_from(list(perhaps)), max_size=4, unique=True)):
            wanted[name] = perhaps[name]
    return Call(tuple(draw(one) for one in args), {key: draw(one) for key, one in wanted.items()})


def _parameters(
    of: Command[..., Any], ids: Ids, folder: Path
) -> tuple[list[Strategy], dict[str, Strategy], dict[str, Strategy]]:
    """Give the arguments by place, those by name that are needed, and those that are not."""
    args: list[Strategy] = []
    wanted: dict[str, Strategy] = {}
    perhaps: dict[str, Strategy] = {}
    for one in list(inspect.signature(of.function).parameters.values())[1:]:
        if one.kind is inspect.Parameter.VAR_KEYWORD:
            perhaps |= _keys_of(one.annotation, ids, folder)
        elif one.kind is not inspect.Parameter.KEYWORD_ONLY:
            args.append(drawn(one.annotation, one.name, ids, folder))
        else:
            keys = wanted if one.default is inspect.Parameter.empty else perhaps
            keys[one.name] = drawn(one.annotation, one.name, ids, folder)
    return args, wanted, perhaps


def check_known(of: Command[..., Any]) -> None:
    """Raise Unknown when the type of a parameter has no strategy."""
    if of.id != "settings.set":
        _parameters(of, lambda _: [], Path())


def _keys_of(annotation: Any, ids: Ids, folder: Path) -> dict[str, Strategy]:
    """Give what ``**details: Unpack[Details]`` may hold."""
    (details,) = typing.get_args(annotation)
    hints = typing.get_type_hints(details)
    return {name: drawn(hint, name, ids, folder) for name, hint in hints.items()}


def drawn(annotation: Any, name: str, ids: Ids, folder: Path) -> Strategy:
    """Give values of a type, for a parameter of this name."""
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if isinstance(annotation, NewType):
        return st.deferred(lambda: st.sampled_from(ids(annotation.__name__) or [NOBODY]))
    if annotation is str:
        return st.sampled_from(_TEXTS.get(name, _WORDS))
    if annotation is int:
        return st.sampled_from((1, 0)) if name == "largest_mb" else st.integers(-1, 90)
    if annotation is Path:
        return st.sampled_from((folder / "letter.txt", folder / "missing.txt"))
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return st.sampled_from(list(annotation))
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        hints = typing.get_type_hints(annotation)
        return st.builds(
            annotation, **{key: drawn(hint, key, ids, folder) for key, hint in hints.items()}
        )
    return _generic(annotation, name, ids, folder)


def _generic(annotation: Any, name: str, ids: Ids, folder: Path) -> Strategy:
    origin = typing.get_origin(annotation)
    inner = [one for one in typing.get_args(annotation) if one is not Ellipsis]
    if origin in (typing.Union, types.UnionType):
        return st.one_of(*(drawn(one, name, ids, folder) for one in inner))
    if origin is tuple or (isinstance(origin, type) and issubclass(origin, Sequence)):
        several = st.lists(drawn(inner[0], name, ids, folder), max_size=3)
        return several.map(tuple) if origin is tuple else several
    if isinstance(origin, type) and issubclass(origin, Mapping):
        keys, values = (drawn(one, name, ids, folder) for one in inner)
        return st.dictionaries(keys, values, max_size=2)
    raise Unknown(f"{name}: {annotation}")


def sound(annotation: Any, name: str, ids: Ids) -> Any:
    """Give one value that a command can do with, for a parameter of this name."""
    if isinstance(annotation, NewType):
        return (ids(annotation.__name__) or [NOBODY])[0]
    if annotation is str:
        return next(one for one in _TEXTS.get(name, _WORDS) if one)
    if annotation is int:
        return 1
    if annotation in _SOUND:
        return _SOUND[annotation]
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return next(iter(annotation))
    if dataclasses.is_dataclass(annotation) and isinstance(annotation, type):
        needed = [
            one for one in dataclasses.fields(annotation) if one.default is dataclasses.MISSING
        ]
        hints = typing.get_type_hints(annotation)
        return annotation(**{one.name: sound(hints[one.name], one.name, ids) for one in needed})
    inner = [one for one in typing.get_args(annotation) if one is not Ellipsis]
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return sound(inner[0], name, ids)
    return (
        {}
        if isinstance(origin, type) and issubclass(origin, Mapping)
        else [sound(inner[0], name, ids)]
    )
