"""What is not certain of a row is told: whose number it is, and whom it most likely speaks of."""

from dataclasses import replace

from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.detail import get_client
from deskcrm.domain.clients.model import Client
from deskcrm.domain.imports import importing
from deskcrm.domain.imports.plan import Choice
from deskcrm.domain.imports.regions import find_region
from deskcrm.store.store import Store
from tests.domain.imports.conftest import Look, fates, living


def test_numbers_without_a_country_code_are_read_as_ours_or_asked_about(
    desk: Store, look: Look
) -> None:
    seen = look("Name,Phone\nAcme,8 (912) 345-67-89\nBeta,+1 650 253 0000\n")
    found = find_region(seen.sheet, seen.mapped, "RU")
    assert found is not None
    assert (found.value, found.is_sure) == ("RU", True)
    assert "8 (912) 345-67-89" in found.why and "+7 912 345-67-89" in found.why
    assert find_region(look("Name,Phone\nAcme,+1 650 253 0000\n").sheet, {1: "phone"}, "RU") is None
    american = look("Name,Phone\nAcme,(650) 253-0000\nBeta,(212) 664-3000\n")
    assert [(one.about, one.guess.value) for one in american.questions] == [("region", "US")]
    said = replace(american.columns, region_said="US")
    answered = importing.preview(
        Job(), desk, american.sheet, american.mapped, said, american.plan.wish
    )
    assert answered.questions == []
    assert answered.plan.rows[0].points[0][1].normal == "+16502530000"


def test_who_is_likely_there_is_told_with_the_reason_and_comes_to_what_is_chosen(
    desk: Store, look: Look
) -> None:
    acme = desk.do(create_company, name="ООО «Северный ветер»").value
    text = "Name,Phone,City\nOOO Severnyj veter,+7 495 123-45-67,Тверь\nBeta,,Oslo\n"
    seen = look(text)
    assert fates(seen) == ["duplicate", "new"]
    likely = seen.plan.rows[0]
    assert (likely.is_likely, likely.of) == (True, acme)
    assert likely.why.startswith("most likely “ООО «Северный ветер»” (9")
    assert likely.why.endswith("The same name.")
    added = importing.reconsider(Job(), desk, seen, {likely.number: Choice.ADD_ANYWAY})
    assert fates(added) == ["new", "new"]
    changed = importing.reconsider(Job(), desk, added, {likely.number: Choice.CHANGE_IT})
    assert fates(changed) == ["changed", "new"]
    assert [(one.key, one.after) for one in changed.plan.rows[0].changes] == [
        ("city", "Тверь"), ("phone", "+7 495 123-45-67"),
    ]  # fmt: skip
    importing.apply(Job(), desk, changed)
    found = desk.ask(get_client, acme)
    assert (found.profile.name, found.profile.city) == ("ООО «Северный ветер»", "Тверь")
    assert living(desk, Client) == 2
