"""Promises: made, kept, broken, renegotiated, cancelled; and each of these taken back."""

from datetime import date, timedelta

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, delete_clients
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.promises.commands import (
    break_promise,
    cancel_promise,
    delete_promise,
    edit_promise,
    keep_promise,
    make_promise,
    renegotiate_promise,
    reopen_promise,
)
from deskcrm.domain.promises.model import PromiseId, PromiseState, merge_states
from deskcrm.domain.promises.queries import (
    PromiseRow,
    count_promises,
    get_promise,
    list_client_promises,
    list_due_promises,
    list_former_promises,
    list_open_promises,
)
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.users.model import UserId
from deskcrm.store.store import Store
from tests.watch import START, Watch

TODAY = START.date()
FRIDAY = date(2026, 3, 13)
MONDAY = date(2026, 3, 16)


def made(
    desk: Store, client: ClientId, text: str = "Call back", due: date | None = FRIDAY
) -> PromiseId:
    return desk.do(make_promise, client, text=text, due_on=due).value


def row(desk: Store, promise: PromiseId) -> PromiseRow:
    found = desk.ask(get_promise, promise)
    assert found is not None
    return found


def test_a_promise_is_noted_with_who_made_it(desk: Store, client: ClientId) -> None:
    promise = made(desk, client, "  call\nback ")
    shown = row(desk, promise)
    assert (shown.text, shown.maker, shown.client, shown.made_at, shown.state) == (
        "call back",
        "Anna",
        "Acme",
        START,
        PromiseState.OPEN,
    )
    desk.undo()
    assert desk.ask(get_promise, promise) is None


def test_a_promise_without_words_is_refused(desk: Store, client: ClientId) -> None:
    with pytest.raises(UserError, match="needs words"):
        made(desk, client, " ")
    assert desk.ask(list_open_promises, client) == []


def test_a_promise_does_not_mix_clients(desk: Store, client: ClientId) -> None:
    other = desk.do(create_company, name="Other").value
    contact = desk.do(add_contact, other, name="Boris").value
    ticket = desk.do(open_ticket, other, subject="Dark").value
    with pytest.raises(UserError, match="another client"):
        desk.do(make_promise, client, text="Call", contact_id=contact)
    with pytest.raises(UserError, match="another client"):
        desk.do(make_promise, client, text="Call", ticket_id=ticket)


@pytest.mark.parametrize(
    ("settle", "state"),
    [
        (keep_promise, PromiseState.KEPT),
        (break_promise, PromiseState.BROKEN),
        (cancel_promise, PromiseState.CANCELLED),
    ],
)
def test_a_promise_is_settled_once_and_that_is_taken_back(
    desk: Store, client: ClientId, settle: object, state: PromiseState
) -> None:
    promise = made(desk, client)
    desk.do(settle, promise, note="So it was.")  # type: ignore[arg-type]  # one of three commands alike
    shown = row(desk, promise)
    assert (shown.state, shown.settled_at, shown.note) == (state, START, "So it was.")
    with pytest.raises(UserError, match="already settled"):
        desk.do(keep_promise, promise)
    desk.undo()
    assert (row(desk, promise).state, row(desk, promise).note) == (PromiseState.OPEN, "")


def test_what_was_settled_by_mistake_is_owed_again(desk: Store, client: ClientId) -> None:
    promise = made(desk, client)
    with pytest.raises(UserError, match="still open"):
        desk.do(reopen_promise, promise)
    desk.do(keep_promise, promise)
    desk.do(reopen_promise, promise)
    assert (row(desk, promise).state, row(desk, promise).settled_at) == (PromiseState.OPEN, None)
    desk.undo()
    assert row(desk, promise).state is PromiseState.KEPT


def test_renegotiating_keeps_what_was_said_before(desk: Store, client: ClientId) -> None:
    first = made(desk, client)
    second = desk.do(renegotiate_promise, first, due_on=MONDAY, note="He is away").value
    third = desk.do(renegotiate_promise, second, due_on=MONDAY, text="Write").value
    assert row(desk, first).state is PromiseState.RENEGOTIATED
    assert (row(desk, third).text, row(desk, third).due_on) == ("Write", MONDAY)
    assert [one.id for one in desk.ask(list_former_promises, third)] == [second, first]
    assert [one.id for one in desk.ask(list_open_promises, client)] == [third]
    with pytest.raises(UserError, match="the same promise"):
        desk.do(renegotiate_promise, third, due_on=MONDAY)
    with pytest.raises(UserError, match="taken the place"):
        desk.do(reopen_promise, first)
    desk.undo()
    assert [one.id for one in desk.ask(list_open_promises, client)] == [second]


def test_overdue_follows_from_the_day_and_is_not_kept(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    promise = made(desk, client)
    watch.at = START + timedelta(days=2)
    assert not row(desk, promise).is_overdue
    watch.move(days=1)
    shown = row(desk, promise)
    assert shown.is_overdue and shown.state is PromiseState.OPEN


def test_correcting_changes_what_is_given_and_is_taken_back(desk: Store, client: ClientId) -> None:
    promise = made(desk, client)
    contact = desk.do(add_contact, client, name="Boris").value
    desk.do(edit_promise, promise, text="Write", due_on=None, contact_id=contact, note="x")
    shown = row(desk, promise)
    assert (shown.text, shown.due_on, shown.contact, shown.note) == ("Write", None, "Boris", "x")
    desk.undo()
    assert (row(desk, promise).text, row(desk, promise).due_on) == ("Call back", FRIDAY)
    desk.do(delete_promise, promise)
    assert desk.ask(get_promise, promise) is None
    desk.undo()
    assert row(desk, promise).text == "Call back"


def test_what_is_owed_is_listed_by_its_day(desk: Store, client: ClientId) -> None:
    undated = made(desk, client, due=None)
    monday = made(desk, client, due=MONDAY)
    friday = made(desk, client, due=FRIDAY)
    assert [one.id for one in desk.ask(list_open_promises, client)] == [friday, monday, undated]
    assert [one.id for one in desk.ask(list_due_promises, by=FRIDAY)] == [friday]
    mine = UserId(desk.actor)
    assert [one.id for one in desk.ask(list_due_promises, by=MONDAY, made_by=mine)] == [
        friday,
        monday,
    ]
    assert desk.ask(list_due_promises, by=MONDAY, made_by=UserId(client)) == []
    desk.do(delete_clients, [client])
    assert desk.ask(list_due_promises, by=MONDAY) == []


def test_how_well_we_keep_our_word_is_counted(desk: Store, client: ClientId, watch: Watch) -> None:
    in_time, late, never, moved, owed = (made(desk, client) for _ in range(5))
    desk.do(keep_promise, in_time)
    desk.do(renegotiate_promise, moved, due_on=date(2026, 4, 1))
    watch.move(days=5)
    desk.do(keep_promise, late)
    desk.do(break_promise, never)
    counts = desk.ask(count_promises, client)
    assert (counts.open, counts.overdue, counts.kept, counts.kept_late) == (2, 1, 2, 1)
    assert (counts.broken, counts.renegotiated) == (1, 1)
    assert len(desk.ask(list_client_promises, client)) == 6
    assert row(desk, owed).is_overdue


def test_what_one_kept_is_not_broken_by_another() -> None:
    assert merge_states(PromiseState.KEPT, PromiseState.BROKEN) is PromiseState.KEPT
    assert merge_states(PromiseState.OPEN, PromiseState.CANCELLED) is PromiseState.CANCELLED
