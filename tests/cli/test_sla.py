"""sla says until when a ticket is due, in lines for people and in JSON for scripts."""

import json

import pytest

from deskcrm.cli.rows import plain
from deskcrm.cli.workspace import asking
from deskcrm.domain.sla.explain import SlaExplained, explain_sla
from deskcrm.domain.tickets.queries import TicketRow, page_tickets
from deskcrm.store.keys import PASSPHRASE_VARIABLE
from deskcrm.store.profile import Profile
from tests.cli.conftest import PASSPHRASE, Run, complaint, deskcrm


@pytest.fixture
def ticket(sample: Profile, monkeypatch: pytest.MonkeyPatch) -> tuple[TicketRow, SlaExplained]:
    """Give a ticket of the sample, and its arithmetic as the screen is given it."""
    monkeypatch.setenv(PASSPHRASE_VARIABLE, PASSPHRASE)
    with asking(sample) as store:
        (row,) = store.ask(page_tickets, limit=1)
        found = store.ask(explain_sla, row.id)
    assert found is not None
    return row, found


def test_the_json_is_what_the_screen_is_given(
    run: Run, ticket: tuple[TicketRow, SlaExplained]
) -> None:
    row, found = ticket
    (said,) = json.loads(run("sla", str(row.number), "--json").stdout)
    expected = plain(found)
    # Time goes by between the two.
    assert said["policy"] == expected["policy"]
    assert said["passed_over"] == expected["passed_over"]
    assert [one["due_at"] for one in said["clocks"]] == [
        one["due_at"] for one in expected["clocks"]
    ]
    assert said.keys() == expected.keys()


def test_the_arithmetic_is_written_for_people(
    run: Run, ticket: tuple[TicketRow, SlaExplained]
) -> None:
    said = run("sla", str(ticket[0].number)).stdout
    assert "First response: " in said
    assert "Resolution: " in said
    assert "Time in each state:" in said


def test_a_number_that_no_ticket_has_is_said(sample: Profile) -> None:
    asked = deskcrm("--profile", str(sample.folder), "sla", "7")
    assert "There is no ticket 7" in complaint(asked)
