"""Two who work apart, whose changes meet."""

from tests.sync.in_memory.conftest import anna, ivan, world  # noqa: F401 - for its fixtures
