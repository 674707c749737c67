"""A write is a named command: a function that gets a Work, and the label that Undo says."""

from collections.abc import Callable
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeVar

from deskcrm.store.work import Work

P = ParamSpec("P")
R = TypeVar("R")


class Command(Generic[P, R]):
    """A write. Called directly it joins the caller's Work; ``store.do`` gives it one of its own."""

    def __init__(
        self,
        command_id: str,
        label: str,
        function: Callable[Concatenate[Work, P], R],
        *,
        can_undo: bool = True,
    ) -> None:
        self.id = command_id
        self.label = label
        self.can_undo = can_undo
        self.function = function
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__
        self.__wrapped__ = function

    def __call__(self, work: Work, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(work, *args, **kwargs)

    def __repr__(self) -> str:
        return f"<command {self.id}>"


ALL_COMMANDS: Final[dict[str, Command[..., Any]]] = {}


def command(
    command_id: str, label: str, *, can_undo: bool = True
) -> Callable[[Callable[Concatenate[Work, P], R]], Command[P, R]]:
    """Declare a write: ``feature.verb`` and the label, English, translated when shown.

    One that would leave nobody able to go on when it is put back says ``can_undo=False``.
    """

    def declare(function: Callable[Concatenate[Work, P], R]) -> Command[P, R]:
        if command_id in ALL_COMMANDS:
            raise ValueError(f"command declared twice: {command_id}")
        declared = Command(command_id, label, function, can_undo=can_undo)
        ALL_COMMANDS[command_id] = declared
        return declared

    return declare
