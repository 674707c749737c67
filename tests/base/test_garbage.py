"""The collector's thresholds come back, however many are within at once."""

import gc
import threading
from collections.abc import Iterator

import pytest

from deskcrm.base.garbage import seldom_collected

USUAL = (701, 11, 12)


@pytest.fixture(autouse=True)
def _usual() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(*USUAL)
    yield
    gc.set_threshold(*before)


@seldom_collected()
def fails() -> None:
    """Fail within, unless the thresholds are as ever."""
    if gc.get_threshold() != USUAL:
        raise ValueError("no")


def test_thresholds_come_back_after_an_error() -> None:
    """They are the process's: whoever fails must not leave them to everybody."""
    with pytest.raises(ValueError, match="no"):
        fails()
    assert gc.get_threshold() == USUAL


def test_thresholds_come_back_when_the_last_of_several_threads_is_done() -> None:
    """The one that began within another, and ends after it, must not bring back what it found."""
    begun, ended = threading.Event(), threading.Event()

    def within() -> None:
        with seldom_collected():
            begun.set()
            ended.wait(10)

    other = threading.Thread(target=within)
    with seldom_collected():
        other.start()
        assert begun.wait(10)
    assert gc.get_threshold() != USUAL
    ended.set()
    other.join()
    assert gc.get_threshold() == USUAL
