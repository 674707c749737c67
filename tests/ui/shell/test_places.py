"""The keys that lead to the places: one table, in the order of the rail."""

from deskcrm.ui.kit import keys
from deskcrm.ui.shell.places import BY_ID, KEYS, PLACES


def test_the_digits_lead_down_the_rail() -> None:
    assert [place.key for place in PLACES] == [f"Ctrl+{digit}" for digit in "1234567890"]


def test_each_key_leads_to_one_place_that_there_is() -> None:
    assert set(KEYS) <= set(BY_ID)
    assert len({keys.normal(key) for key in KEYS.values()}) == len(KEYS)
