"""The table of rights and PostgreSQL's fence agree about what is a person's own."""

from collections.abc import Container

from deskcrm.domain import all as _features  # noqa: F401 - every record must be known
from deskcrm.domain.rights.matrix import (
    OWNERS,
    RIGHTS,
    Reach,
    known_records,
    writers_of_shared,
)
from deskcrm.server import fence
from deskcrm.store.tables import shape_named


def held_back(of_person: Container[str]) -> set[str]:
    """Give the records of which somebody may write their own only, and the fence knows no owner.

    In the workspace, that is: what lies in one's own scope is one's own for the fence as well.
    """
    return {
        record
        for record in known_records() - {"user"}
        if record in OWNERS and record not in of_person
        for role in {cell.role for cell in RIGHTS}
        if role not in writers_of_shared(record)
        and any(RIGHTS[c] is Reach.OWN for c in RIGHTS if (c.record, c.role) == (record, role))
    }


def test_the_fence_lets_people_write_what_is_theirs() -> None:
    assert held_back(fence.OF_PERSON) == set()
    for record, column in fence.OF_PERSON.items():
        assert column in OWNERS[record]
        assert column in shape_named(record).columns


def test_a_record_that_the_fence_was_not_told_of_would_be_seen() -> None:
    assert held_back({}) == set(fence.OF_PERSON)
    assert "absence" in held_back({})
