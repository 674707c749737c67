"""Gathering: months as they were known then, whoever left with its notice, the book of today."""

from datetime import date, timedelta

from deskcrm.base.jobs import Job
from deskcrm.domain.backtests.gathering import gather
from deskcrm.domain.clients.model import Client, ClientId, ClientKind, Lifecycle
from deskcrm.domain.departures.commands import note_departure
from deskcrm.domain.interactions.commands import log_call
from deskcrm.store.commands import Command
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests.watch import START, Watch


def test_a_month_is_seen_as_it_was_known_then(desk: Store, watch: Watch, client: ClientId) -> None:
    watch.move(days=200)
    before = gather(Job(), desk, months=7)
    told: list[tuple[int, int, str]] = []
    desk.do(log_call, client, text="Late", started_at=START + timedelta(days=3))
    after = gather(Job(lambda *said: told.append(said)), desk, months=7)
    assert after.cases == before.cases  # what is recorded later changes no month gone by
    assert [case.on for case in after.cases] == [
        date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
    ]  # fmt: skip
    assert set(after.book) == {client} and after.names[client] == "Acme"
    assert told[-1][:2] == (7, 8)


def test_who_left_is_seen_up_to_its_notice(desk: Store, watch: Watch, client: ClientId) -> None:
    watch.move(days=200)
    notice = START.date() + timedelta(days=100)  # 19 June
    desk.do(note_departure, client, noticed_on=notice, left_on=notice + timedelta(days=30))
    found = gather(Job(), desk, months=7)
    assert [(case.on, case.left) for case in found.cases] == [
        (date(2026, 4, 1), True), (date(2026, 5, 1), True), (date(2026, 6, 1), True)
    ]  # fmt: skip
    assert {case.noticed_on for case in found.cases} == {notice}
    assert not found.book


def test_a_client_that_came_as_churned_was_with_us_before(desk: Store, watch: Watch) -> None:
    """So it is with an import, or on a workstation that joined after the client had left."""
    left_on = START.date() + timedelta(days=100)
    gone = desk.do(Command("test.import", "Import", churned), left_on).value
    watch.move(days=200)
    found = gather(Job(), desk, months=7)
    assert {(case.client_id, case.left) for case in found.cases} == {(gone, True)}
    assert [case.on.month for case in found.cases] == [4, 5, 6]


def churned(work: Work, left_on: date) -> ClientId:
    client = Client(name="Gone", kind=ClientKind.COMPANY, sort_name="gone")
    client.lifecycle, client.churned_on = Lifecycle.CHURNED, left_on
    return ClientId(work.add(client).id)
