"""Settings are data: each is declared once, with its key, default and label."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from deskcrm.base.words import tr

T = TypeVar("T", str, int, bool, float)


class Scope(StrEnum):
    """Whose a setting is."""

    DEVICE = "device"
    """This workstation's: window, density, keychain."""
    PERSONAL = "personal"
    """The person's, on every workstation: language, theme, quiet hours."""
    SHARED = "shared"
    """The whole workspace's: rules that must be the same for all."""


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One thing a person can set; declaring it puts it in the list of settings.

    ``choices``: the values allowed, or none for any value of the default's type; ``said`` puts
    one into words; ``check`` gives one back as it is kept, or raises UserError.
    """

    key: str
    default: T
    label: str
    scope: Scope = Scope.DEVICE
    choices: tuple[T, ...] = ()
    said: Callable[[T], str] | None = None
    check: Callable[[T], T] | None = None

    def __post_init__(self) -> None:
        if self.key in _all:
            raise ValueError(f"setting declared twice: {self.key}")
        _all[self.key] = self

    def read(self, text: str | None) -> T:
        """Read a stored value; a missing or unreadable one is the default."""
        if text is None:
            return self.default
        kind = type(self.default)
        try:
            value = kind(text == "True") if kind is bool else kind(text)
        except ValueError:
            return self.default
        return value if not self.choices or value in self.choices else self.default

    def checked(self, value: T) -> T:
        """Give a value as it is kept; raises UserError, in words, when it cannot be."""
        return value if self.check is None else self.check(value)

    def say(self, text: str) -> str:
        """Put a stored value into words."""
        value = self.read(text)
        if isinstance(value, bool):
            return tr("yes") if value else tr("no")
        return self.said(value) if self.said is not None else str(value)


AnySetting = Setting[str] | Setting[int] | Setting[bool] | Setting[float]

_all: dict[str, AnySetting] = {}


def find_setting(key: str) -> AnySetting | None:
    """Give the declared setting with this key."""
    return _all.get(key)


def all_settings() -> Iterator[AnySetting]:
    """List every declared setting, in order of declaration."""
    return iter(tuple(_all.values()))
