"""Two rows of one file that are likely one client: told, and decided, never both new unseen."""

import pytest

from deskcrm.base.jobs import Job
from deskcrm.domain.clients.model import Client
from deskcrm.domain.contacts.model import Contact, ContactPoint
from deskcrm.domain.duplicates.weighing import Scale
from deskcrm.domain.imports import importing
from deskcrm.domain.imports.fields import Target
from deskcrm.domain.imports.importing import Preview
from deskcrm.domain.imports.plan import Choice
from deskcrm.store.store import Store
from tests.domain.behind import behind
from tests.domain.imports.conftest import Look, fates, living


def choose(desk: Store, seen: Preview, choice: Choice) -> Preview:
    lines = [row.number for row in seen.plan.rows if row.is_likely]
    return importing.reconsider(Job(), desk, seen, dict.fromkeys(lines, choice))


NORTHERN = (
    "Name,Phone,City\n"
    "ООО «Северный ветер»,+7 495 123-45-67,Тверь\n"
    "Beta,,Oslo\n"
    "Severnyj veter LLC,+7 495 123-45-68,Тверь\n"
)


def test_a_name_in_another_form_is_told_with_the_line_and_the_reason(look: Look) -> None:
    seen = look(NORTHERN)
    assert fates(seen) == ["new", "new", "duplicate"]
    twin = seen.plan.rows[2]
    assert (twin.is_likely, twin.twin) == (True, 2)
    assert twin.why.startswith("most likely the client of line 2 (")
    assert "he same name" in twin.why


@pytest.mark.parametrize(
    ("choice", "last", "clients", "points"),
    [
        (Choice.LEAVE_OUT, "duplicate", 2, 1),
        (Choice.CHANGE_IT, "changed", 2, 2),
        (Choice.ADD_ANYWAY, "new", 3, 2),
    ],
)
def test_it_comes_to_what_is_chosen(
    desk: Store, look: Look, choice: Choice, last: str, clients: int, points: int
) -> None:
    seen = choose(desk, look(NORTHERN), choice)
    assert fates(seen) == ["new", "new", last]
    receipt = importing.apply(Job(), desk, seen)
    assert (living(desk, Client), living(desk, ContactPoint)) == (clients, points)
    assert (receipt.added["client"], receipt.added["contact_point"]) == (clients, points)
    assert behind(desk) == []
    desk.undo(receipt.step)
    assert (living(desk, Client), living(desk, ContactPoint), behind(desk)) == (0, 0, [])


def test_neighbours_in_one_office_can_both_be_taken(desk: Store, look: Look) -> None:
    seen = look("Name,Phone,Tags\nAcme,+7 495 123-45-67,a\nBeta,8 495 123-45-67,b\n")
    assert fates(seen) == ["new", "duplicate"]
    assert seen.plan.rows[1].why == "line 2 says it already: the same Phone"
    assert seen.plan.rows[1].is_likely
    assert fates(choose(desk, seen, Choice.CHANGE_IT)) == ["new", "duplicate"]
    importing.apply(Job(), desk, choose(desk, seen, Choice.ADD_ANYWAY))
    assert living(desk, Client) == 2


def test_somebody_of_a_company_written_in_two_ways_can_join_it(desk: Store, look: Look) -> None:
    rows = "Northern Wind Ltd,Ann Shaw\nNorthern Wind,Bob Lee\nWind Northern LLC,Ann Shaw\n"
    seen = look(f"Company,Contact person\n{rows}", Target.CONTACTS)
    assert fates(seen) == ["new", "duplicate", "duplicate"]
    joined = choose(desk, seen, Choice.CHANGE_IT)
    assert fates(joined) == ["new", "changed", "duplicate"]
    importing.apply(Job(), desk, joined)
    assert (living(desk, Client), living(desk, Contact)) == (1, 2)


def test_what_speaks_against_it_is_heard(look: Look) -> None:
    said = "Name,Tax number,E-mail,City\n"
    apart = "Northern Wind Ltd,7701234567,a@x.org,Oslo\nNorthern Wind LLC,7707654321,b@y.org,Rome\n"
    seen = look(said + apart)
    assert fates(seen) == ["new", "new"]
    assert not any(row.is_likely for row in seen.plan.rows)


def test_a_key_that_was_chosen_tells_who_is_who(look: Look) -> None:
    seen = look("Name,Tax number\nNorthern Wind Ltd,77\nNorthern Wind,78\n", key="tax_number")
    assert fates(seen) == ["new", "new"]


def test_each_is_compared_with_a_few_before_it_however_many_there_are(
    look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed = 0
    bits_of = Scale.bits_of

    def count(*given: object) -> object:
        nonlocal weighed
        weighed += 1
        return bits_of(*given)  # type: ignore[arg-type]  # as it was given

    monkeypatch.setattr(Scale, "bits_of", count)
    forms = ("Ltd", "LLC", "Inc")
    rows = "".join(f"Shop {forms[n % 3]},{n + 1000000:010}\n" for n in range(300))
    assert set(fates(look(f"Name,Tax number\n{rows}"))) == {"new", "duplicate"}
    assert 300 <= weighed <= 8 * 300
