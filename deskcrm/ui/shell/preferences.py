"""Settings in the running program: read from memory, written by a command."""

from typing import TypeVar

from deskcrm.base.settings import Setting
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.settings.queries import list_set
from deskcrm.store.store import Store
from deskcrm.ui.kit.tasks import Lane, Tasks

V = TypeVar("V", str, int, bool, float)
TABLES = frozenset({"preference", "device_preference"})


class Preferences:
    """What is set, for the desk; reading never waits for the disk."""

    def __init__(self, store: Store, tasks: Tasks) -> None:
        self._store = store
        self._tasks = tasks
        self._values = store.ask(list_set)

    def read(self, setting: Setting[V]) -> V:
        """Give the value in force."""
        return setting.read(self._values.get(setting.key))

    def write(self, setting: Setting[V], value: V) -> None:
        """Have a value in force at once, and keep it."""
        if self._values.get(setting.key) == str(value):
            return
        self._values[setting.key] = str(value)
        self._tasks.run(Lane.WRITE, lambda: self._store.do(set_setting, setting, value=value))

    def take(self, values: dict[str, str]) -> frozenset[str]:
        """Take over what is stored now; give the keys that are different."""
        before, self._values = self._values, values
        keys = before.keys() | values.keys()
        return frozenset(key for key in keys if before.get(key) != values.get(key))
