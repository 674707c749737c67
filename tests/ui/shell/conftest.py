"""A window over a real store in a profile of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every table and index must be known
from deskcrm.domain.users.commands import create_first_user
from deskcrm.store.keys.key import Key
from deskcrm.store.opening import Opened
from deskcrm.store.profile import Profile
from deskcrm.store.store import Store
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.shell.window import Window
from tests.fixtures_store import KEY
from tests.ui.settle import settle


@pytest.fixture
def opened(tmp_path: Path, store: Store) -> Iterator[Opened]:
    """Give an open profile whose database is the store's."""
    store.do(create_first_user, name="Anna Carter")
    profile = Profile(tmp_path)
    with profile.acquire() as hold:
        yield Opened(profile, hold, Key(KEY), store)


@pytest.fixture
def window(desk: Desk, opened: Opened, qtbot: QtBot) -> Window:
    """Give the window, shown, at its first place."""
    made = Window(desk, opened)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show_tabs([])
    made.show()
    settle(desk)
    return made
