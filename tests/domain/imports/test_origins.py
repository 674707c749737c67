"""Whom an import concerned is found again, by the filter of the list of clients."""

import pytest

from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.queries import count_clients, page_clients
from deskcrm.domain.imports import importing
from deskcrm.domain.imports.fields import Target
from deskcrm.domain.imports.origins import list_origins
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.store import Store
from tests.domain.imports.conftest import Look


def names(desk: Store, origin: str, comparison: Comparison = Comparison.IS) -> list[str]:
    asked = Filter().also("import", comparison, origin)
    rows = desk.ask(page_clients, asked=asked)
    assert desk.ask(count_clients, asked=asked) == len(rows)
    return [row.name for row in rows]


def test_the_clients_of_an_import_are_found_by_it(desk: Store, look: Look) -> None:
    desk.do(create_company, name="Acme")
    first = importing.apply(Job(), desk, look("Name\nBeta\nGamma\n"))
    people = "Company,Contact person\nAcme,Ann Shaw\nDelta,Bob Lee\n"
    second = importing.apply(Job(), desk, look(people, Target.CONTACTS))
    assert names(desk, first.origin) == ["Beta", "Gamma"]
    assert names(desk, second.origin) == ["Acme", "Delta"]
    assert names(desk, first.origin, Comparison.IS_NOT) == ["Acme", "Delta"]
    desk.undo(first.step)
    assert names(desk, first.origin) == []


def test_imports_are_listed_the_newest_first(desk: Store, look: Look) -> None:
    assert desk.ask(list_origins) == []
    done = [importing.apply(Job(), desk, look(f"Name\n{name}\n")) for name in ("Beta", "Gamma")]
    desk.undo(done[1].step)  # is no import itself
    found = desk.ask(list_origins)
    assert [one.key for one in found] == [one.origin for one in reversed(done)]
    assert {one.actor for one in found} == {"Anna"}


@pytest.mark.parametrize("key", ["", "nonsense", "00-1"])
def test_an_import_that_nobody_knows_of_brought_in_nobody(desk: Store, key: str) -> None:
    desk.do(create_company, name="Acme")
    if key:
        assert names(desk, key) == []
    else:
        with pytest.raises(UserError, match="cannot be compared"):
            names(desk, key)
