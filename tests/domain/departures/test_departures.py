"""Departures: noted, completed, taken back, and found wherever they were noted."""

from datetime import date, timedelta
from typing import Any

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, edit_client, set_lifecycle
from deskcrm.domain.clients.detail import get_client
from deskcrm.domain.clients.model import ClientId, Lifecycle
from deskcrm.domain.contracts.commands import add_contract, give_notice
from deskcrm.domain.contracts.reasons import LossReason
from deskcrm.domain.departures.commands import (
    DepartureFigures,
    count_gone,
    delete_departure,
    edit_departure,
    note_departure,
    note_return,
    record_departures,
)
from deskcrm.domain.departures.queries import DepartureRow, list_departures
from deskcrm.domain.recorded import Recorded
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store
from tests.watch import START, Watch

TODAY = START.date()


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def lifecycle(desk: Store, client: ClientId) -> Lifecycle:
    return desk.ask(get_client, client).profile.lifecycle


def row(desk: Store, client: ClientId) -> DepartureRow:
    (found,) = desk.ask(list_departures, client_id=client)
    return found


def test_notice_first_then_the_last_day_is_one_departure(desk: Store, client: ClientId) -> None:
    first = desk.do(note_departure, client, noticed_on=days_ago(40), words="Too dear").value
    assert lifecycle(desk, client) is Lifecycle.ACTIVE
    then = desk.do(note_departure, client, left_on=days_ago(5), reason=LossReason.PRICE).value
    assert then == first
    found = row(desk, client)
    assert (found.noticed_on, found.left_on) == (days_ago(40), days_ago(5))
    assert (found.reason, found.words) == (LossReason.PRICE, "Too dear")
    assert found.happened_on == days_ago(40)
    assert lifecycle(desk, client) is Lifecycle.CHURNED
    assert desk.ask(get_client, client).profile.churned_on == days_ago(5)
    desk.undo()
    assert lifecycle(desk, client) is Lifecycle.ACTIVE
    assert row(desk, client).left_on is None


def test_who_comes_back_and_leaves_again_left_twice(desk: Store, client: ClientId) -> None:
    desk.do(note_departure, client, left_on=days_ago(300))
    desk.do(note_return, client, on=days_ago(200))
    assert lifecycle(desk, client) is Lifecycle.ACTIVE
    with pytest.raises(UserError, match="Nobody noted"):
        desk.do(note_return, client)
    desk.do(note_departure, client, left_on=days_ago(10))
    found = desk.ask(list_departures, client_id=client)
    assert [(one.left_on, one.returned_on) for one in found] == [
        (days_ago(10), None),
        (days_ago(300), days_ago(200)),
    ]
    desk.undo()
    assert row(desk, client).left_on == days_ago(300)
    # What was undone does not come back with the next.
    desk.do(note_departure, client, noticed_on=days_ago(1))
    assert desk.ask(list_departures, client_id=client)[0].left_on is None


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({}, "When did the client"),
        ({"noticed_on": TODAY + timedelta(days=1)}, "not come yet"),
        ({"noticed_on": days_ago(1), "left_on": days_ago(2)}, "before it gave notice"),
    ],
)
def test_impossible_days_are_refused(
    desk: Store, client: ClientId, days: dict[str, Any], words: str
) -> None:
    with pytest.raises(UserError, match=words):
        desk.do(note_departure, client, **days)
    assert desk.ask(list_departures, client_id=client) == []


def test_a_list_from_elsewhere_read_twice_changes_nothing(desk: Store, client: ClientId) -> None:
    other = desk.do(create_company, name="Other").value
    told = [
        DepartureFigures(client, noticed_on=days_ago(60), left_on=days_ago(30)),
        DepartureFigures(other, left_on=TODAY + timedelta(days=30), competitor="Rival"),
    ]
    assert desk.do(record_departures, told).value == Recorded(new=2)
    assert lifecycle(desk, other) is Lifecycle.ACTIVE
    again = desk.do(record_departures, told)
    assert (again.value, again.step) == (Recorded(same=2), None)
    more = [DepartureFigures(other, reason=LossReason.COMPETITOR)]
    assert desk.do(record_departures, more).value == Recorded(changed=1)
    assert row(desk, other).competitor == "Rival"


def test_a_client_set_to_churned_is_found_with_the_notice_of_its_contract(
    desk: Store, client: ClientId
) -> None:
    contract = desk.do(add_contract, client, title="Support").value
    desk.do(give_notice, contract, on=days_ago(50))
    assert desk.ask(list_departures) == []
    desk.do(set_lifecycle, [client], lifecycle=Lifecycle.CHURNED, reason="Closed")
    found = row(desk, client)
    assert (found.id, found.noticed_on, found.left_on) == (None, days_ago(50), TODAY)
    assert (found.words, found.happened_on) == ("Closed", days_ago(50))


def test_a_departure_noted_by_mistake_is_deleted(desk: Store, client: ClientId) -> None:
    one = desk.do(note_departure, client, noticed_on=TODAY).value
    desk.do(delete_departure, one)
    assert desk.ask(list_departures) == []
    desk.undo()
    assert row(desk, client).id == one


def test_a_client_follows_the_last_day_as_it_is_put_right(desk: Store, client: ClientId) -> None:
    one = desk.do(note_departure, client, left_on=days_ago(5), words="Too dear").value
    desk.do(edit_departure, one, left_on=days_ago(9), reason=LossReason.CLOSED_DOWN)
    assert desk.ask(get_client, client).profile.churned_on == days_ago(9)
    with pytest.raises(UserError, match="Give one day"):
        desk.do(edit_departure, one, left_on=None)
    desk.do(edit_departure, one, left_on=TODAY + timedelta(days=30))
    assert lifecycle(desk, client) is Lifecycle.ACTIVE
    desk.undo()
    assert lifecycle(desk, client) is Lifecycle.CHURNED
    assert row(desk, client).left_on == days_ago(9)
    desk.do(delete_departure, one)
    assert lifecycle(desk, client) is Lifecycle.ACTIVE
    assert desk.ask(list_departures) == []
    desk.undo()
    assert lifecycle(desk, client) is Lifecycle.CHURNED


def test_who_counts_as_gone_for_another_reason_stays_gone(desk: Store, client: ClientId) -> None:
    desk.do(set_lifecycle, [client], lifecycle=Lifecycle.CHURNED, reason="Closed")
    one = desk.do(note_departure, client, noticed_on=days_ago(2)).value
    desk.do(delete_departure, one)
    assert lifecycle(desk, client) is Lifecycle.CHURNED


def test_who_is_to_leave_counts_as_gone_once_the_day_has_come(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    theirs = desk.do(create_company, name="Theirs").value
    desk.do(edit_client, theirs, owner_id=None)
    for one in (client, theirs):
        desk.do(note_departure, one, left_on=TODAY + timedelta(days=2))
    assert desk.do(count_gone, owner_id=UserId(desk.actor)).value == 0
    watch.move(days=2)
    assert desk.do(count_gone, owner_id=UserId(desk.actor)).value == 1
    assert lifecycle(desk, client) is Lifecycle.CHURNED
    assert desk.ask(get_client, client).profile.churned_on == TODAY + timedelta(days=2)
    assert lifecycle(desk, theirs) is Lifecycle.ACTIVE
    again = desk.do(count_gone, owner_id=UserId(desk.actor))
    assert (again.value, again.step) == (0, None)
    desk.undo()  # what a person did last: the departure of the other
    assert [one.client_id for one in desk.ask(list_departures)] == [client]


def test_who_closed_down_did_not_choose_to_leave() -> None:
    forced = {one for one in LossReason if not one.is_voluntary}
    assert forced == {LossReason.CLOSED_DOWN, LossReason.NOT_PAYING}
