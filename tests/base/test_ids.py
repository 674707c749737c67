"""Ids that are worked out are the same on every device and in every version of the program."""

from uuid import UUID

from deskcrm.base.ids import is_meant, meant_id


def test_a_meant_id_is_what_the_standard_makes_of_its_meaning() -> None:
    made = meant_id("contact_point", UUID(int=7), "phone", "+79161234567", "", 1)
    assert made == UUID("11cc00c8-73be-509e-ac1b-761b4e89d66c")
    assert is_meant(made) and made.version == 5
