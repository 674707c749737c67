"""Settings in the running program."""

from deskcrm.base.settings import Setting
from deskcrm.domain.settings.queries import list_set
from deskcrm.store.store import Store
from deskcrm.ui.kit.tasks import Tasks
from deskcrm.ui.shell.preferences import Preferences

NUMBER: Setting[int] = Setting("testing.number", 3, "A number for a test")


def test_what_is_set_holds_at_once_and_after_a_restart(qapp: object, store: Store) -> None:
    tasks = Tasks()
    preferences = Preferences(store, tasks)
    assert preferences.read(NUMBER) == 3
    preferences.write(NUMBER, 5)
    assert preferences.read(NUMBER) == 5
    assert tasks.wait_idle()
    assert Preferences(store, tasks).read(NUMBER) == 5
    tasks.shutdown()


def test_what_was_undone_is_taken_over(qapp: object, store: Store) -> None:
    tasks = Tasks()
    preferences = Preferences(store, tasks)
    preferences.write(NUMBER, 5)
    assert tasks.wait_idle()
    assert preferences.take({}) == frozenset({NUMBER.key})
    assert preferences.read(NUMBER) == 3
    assert preferences.take(store.ask(list_set)) == frozenset({NUMBER.key})
    tasks.shutdown()
