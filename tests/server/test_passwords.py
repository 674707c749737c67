"""How much effort a password is hashed with, and that an older hash catches up at a sign-in."""

from typing import Any

import pytest
from argon2 import PasswordHasher, Type, extract_parameters
from sqlalchemy import select

from deskcrm.domain.users.model import UserRole
from deskcrm.server import passwords
from deskcrm.server.tables import account_table
from tests.server.site import PASSWORD, Site

MIB = 1 << 10


def is_enough(hashed: str) -> bool:
    """Tell whether a hash was made as RFC 9106 asks for, which is more than OWASP does."""
    made = extract_parameters(hashed)
    effort = (made.memory_cost >= 64 * MIB, made.time_cost >= 3, made.parallelism >= 4)
    return made.type is Type.ID and all(effort) and made.salt_len >= 16 and made.hash_len >= 32


def test_the_effort_is_what_was_promised() -> None:
    assert is_enough(passwords.make_hasher().hash(PASSWORD))


@pytest.mark.parametrize(
    "weaker",
    [
        {"memory_cost": 63 * MIB},
        {"time_cost": 2},
        {"parallelism": 3},
        {"salt_len": 15},
        {"hash_len": 31},
        {"type": Type.I},
    ],
)
def test_less_would_be_seen(weaker: dict[str, Any]) -> None:
    whole: dict[str, Any] = {"time_cost": 3, "memory_cost": 64 * MIB, "parallelism": 4}
    assert not is_enough(PasswordHasher(**(whole | weaker)).hash(PASSWORD))


def test_an_older_hash_is_made_anew_when_its_person_signs_in(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.add("Anna", UserRole.AGENT)
    old = hash_of(site)
    assert site.sign_in("Anna").status_code == 200
    assert hash_of(site) == old  # the control: as long as nothing is asked for that it lacks
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(2, 16, 1))
    passwords._nobodys.cache_clear()
    assert site.sign_in("Anna", "wrong horse").status_code == 401
    assert hash_of(site) == old
    assert site.sign_in("Anna").status_code == 200
    made = extract_parameters(hash_of(site))
    assert (made.time_cost, made.memory_cost) == (2, 16)
    assert site.sign_in("Anna").status_code == 200


def hash_of(site: Site) -> str:
    """Read the hash of the only account."""
    with site.keeping() as store:
        return str(store.ask(lambda db: db.scalar(select(account_table.c.password_hash))))
