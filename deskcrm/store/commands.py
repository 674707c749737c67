"""A write is a named command: a function that gets a Work, and the label that Undo says."""

from collections.abc import Callable
from typing import Any, Concatenate, Final, Generic, ParamSpec, TypeVar

from deskcrm.store.work import Work

ROUNDS: Final = frozenset({"round", "final_round"})
"""The kinds of steps of what the program did by itself, whoever was signed in meanwhile."""
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
        is_automatic: bool = False,
    ) -> None:
        self.id = command_id
        self.label = label
        self.can_undo = can_undo
        self.is_automatic = is_automatic
        self.function = function
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__module__ = function.__module__
        self.__wrapped__ = function

    @property
    def kind(self) -> str:
        """Give the kind of its steps."""
        if self.is_automatic:
            return "round" if self.can_undo else "final_round"
        return "do" if self.can_undo else "final"

    def __call__(self, work: Work, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.function(work, *args, **kwargs)

    def __repr__(self) -> str:
        return f"<command {self.id}>"


ALL_COMMANDS: Final[dict[str, Command[..., Any]]] = {}


def command(
    command_id: str, label: str, *, can_undo: bool = True, is_automatic: bool = False
) -> Callable[[Callable[Concatenate[Work, P], R]], Command[P, R]]:
    """Declare a write: ``feature.verb`` and the label, English, translated when shown.

    One that would leave nobody able to go on when it is put back says ``can_undo=False``. One that
    the program does by itself says ``is_automatic=True``: "undo" means what a person did last.
    """

    def declare(function: Callable[Concatenate[Work, P], R]) -> Command[P, R]:
        if command_id in ALL_COMMANDS:
            raise ValueError(f"command declared twice: {command_id}")
        declared = Command(
            command_id, label, function, can_undo=can_undo, is_automatic=is_automatic
        )
        ALL_COMMANDS[command_id] = declared
        return declared

    return declare
