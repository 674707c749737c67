"""A desk on a real store, in the program's own dress."""

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from deskcrm.store.store import Store
from deskcrm.ui.kit import theme
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.garbage import collect_due
from deskcrm.ui.kit.tokens import Mode


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """Dress the application once: light, comfortable."""
    theme.theme().apply(Mode.LIGHT)
    return qapp


@pytest.fixture(autouse=True)
def _rounds() -> Iterator[None]:
    """Collect between tests only, as the program does between events: see ``kit/garbage.py``."""
    gc.disable()
    yield
    collect_due()


@pytest.fixture
def desk(qapp: QApplication, store: Store) -> Iterator[Desk]:
    """Give a desk whose errors fail the test and whose threads have ended after it."""
    made = Desk(store)
    crashes: list[str] = []
    made.crashed.connect(crashes.append)
    yield made
    made.tasks.wait_idle()
    made.tasks.shutdown()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not crashes, crashes[0]
