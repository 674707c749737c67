"""A setting is kept where it belongs, and what cannot be read is the default."""

import pytest

from deskcrm.base.settings import Scope, Setting
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.settings.queries import list_set
from deskcrm.store.store import Store

MINE = Setting("test.mine", "light", "Mine", Scope.PERSONAL, ("light", "dark"))
OURS = Setting("test.ours", 3, "Ours", Scope.SHARED)
HERE = Setting("test.here", False, "Here")


def test_a_personal_and_a_shared_setting_are_logged_and_undone(store: Store) -> None:
    store.do(set_setting, MINE, value="dark")
    assert store.do(set_setting, OURS, value=5).step is not None
    assert store.ask(list_set) == {"test.mine": "dark", "test.ours": "5"}
    store.undo()
    assert store.ask(list_set) == {"test.mine": "dark"}
    store.do(set_setting, OURS, value=7)
    assert OURS.read(store.ask(list_set)["test.ours"]) == 7


def test_a_setting_of_the_device_leaves_no_log(store: Store) -> None:
    assert store.do(set_setting, HERE, value=True).step is None
    store.do(set_setting, HERE, value=False)
    store.do(set_setting, HERE, value=True)
    assert HERE.read(store.ask(list_set)["test.here"]) is True


def test_another_person_has_settings_of_their_own(store: Store) -> None:
    from uuid import uuid4

    store.do(set_setting, MINE, value="dark")
    store.sign_in(uuid4())
    assert MINE.read(store.ask(list_set).get("test.mine")) == "light"


def test_what_cannot_be_read_is_the_default() -> None:
    assert OURS.read("many") == 3
    assert MINE.read("purple") == "light"
    assert HERE.read(None) is False


def test_a_value_that_is_no_choice_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        store.do(set_setting, MINE, value="purple")
    assert store.ask(list_set) == {}
