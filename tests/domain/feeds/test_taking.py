"""A feed is taken in: its clients are found, and what is read twice changes nothing."""

from datetime import timedelta

from deskcrm.domain.clients.commands import create_company, edit_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.departures.commands import note_departure
from deskcrm.domain.departures.queries import list_departures
from deskcrm.domain.feeds.taking import Feed, Report, take_feed
from deskcrm.domain.invoices.queries import list_invoices
from deskcrm.domain.usage.queries import list_usage
from deskcrm.store.store import Store
from tests.watch import START

DAY = START.date() - timedelta(days=1)


def counts(report: Report) -> tuple[int, int, int, int, int]:
    assert report.read == report.new + report.changed + report.same + report.rejected
    return report.read, report.new, report.changed, report.same, report.rejected


def test_clients_are_found_by_id_by_name_and_by_tax_number(desk: Store, client: ClientId) -> None:
    other = desk.do(create_company, name="ООО «Ромашка»").value
    desk.do(edit_client, other, tax_number="7707083893")
    for _ in range(2):
        desk.do(create_company, name="Twin")
    named = [str(client), client.hex, "ACME", "ооо ромашка", "7707083893", "Twin", "Nobody"]
    lines = ["client,metric,day,value", *(f'"{one}",Orders,{DAY},5' for one in named)]
    report = take_feed(desk, lines, Feed.USAGE)
    # Who is told of under several names is told of once.
    assert counts(report)[0] == 7
    assert {reject.line: reject.why for reject in report.rejects} == {
        7: "2 clients have this name: give the tax number or the id.",
        8: "There is no such client.",
    }
    assert [len(desk.ask(list_usage, one)) for one in (client, other)] == [1, 1]


def test_usage_read_twice_changes_nothing_and_is_undone_as_one(
    desk: Store, client: ClientId
) -> None:
    days = [DAY - timedelta(days=n) for n in range(20)]
    lines = ["client,metric,day,value", *(f"Acme,Orders,{day},5" for day in days)]
    assert counts(take_feed(desk, lines, Feed.USAGE)) == (20, 20, 0, 0, 0)
    again = take_feed(desk, lines, Feed.USAGE)
    assert (counts(again), again.step) == ((20, 0, 0, 20, 0), None)
    corrected = [lines[0], f"Acme,Orders,{DAY},6", f"Acme,Orders,{DAY},7", "Acme,Orders,now,1"]
    assert counts(take_feed(desk, corrected, Feed.USAGE)) == (3, 0, 1, 0, 2)
    desk.undo()
    desk.undo()
    assert desk.ask(list_usage, client) == []


def test_invoices_are_taken_and_paid_later(desk: Store, client: ClientId) -> None:
    head = "client,number,due,paid,amount,currency"
    first = [head, f"Acme,A-1,{DAY},,10,EUR", f"Acme,A-2,{DAY},,20,EUR"]
    assert counts(take_feed(desk, first, Feed.INVOICES)) == (2, 2, 0, 0, 0)
    later = [head, f"Acme,A-1,{DAY},{DAY},10,EUR", f"Acme,a-2,{DAY},,20,EUR"]
    assert counts(take_feed(desk, later, Feed.INVOICES)) == (2, 0, 1, 1, 0)
    paid = {one.number: one.paid_on for one in desk.ask(list_invoices, client)}
    assert paid == {"A-1": DAY, "A-2": None}


def test_one_impossible_departure_does_not_hold_up_the_others(
    desk: Store, client: ClientId
) -> None:
    other = desk.do(create_company, name="Other").value
    desk.do(note_departure, client, noticed_on=DAY)
    head, early = "client,noticed,left", DAY - timedelta(days=9)
    lines = [head, f"Acme,,{early}", f"Other,{early},{DAY}"]
    report = take_feed(desk, lines, Feed.DEPARTURES)
    assert counts(report) == (2, 1, 0, 0, 1)
    assert "before it gave notice" in report.rejects[0].why
    (found,) = desk.ask(list_departures, client_id=other)
    assert (found.noticed_on, found.left_on) == (early, DAY)
    assert counts(take_feed(desk, lines, Feed.DEPARTURES)) == (2, 0, 0, 1, 1)
