"""A profile that is held, for the tests of its files."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deskcrm.store.keys import Key
from deskcrm.store.profile import Hold, Profile
from tests.fixtures_store import KEY


@pytest.fixture
def key() -> Key:
    return Key(KEY)


@pytest.fixture
def hold(tmp_path: Path, blank_profile: Path) -> Iterator[Hold]:
    """Give a profile that is held, with a database and nothing in it."""
    profile = Profile(tmp_path / "profile")
    with profile.acquire() as taken:
        shutil.copyfile(blank_profile, profile.database)
        yield taken
