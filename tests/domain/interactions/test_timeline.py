"""The timeline: every kind of entry in one order, a screen at a time, jumping, and what is new."""

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.commands import add_note, log_call, log_interaction, mark_seen
from deskcrm.domain.interactions.model import Interaction, Outcome
from deskcrm.domain.interactions.queries import page_timeline
from deskcrm.domain.interactions.timeline import (
    EntryKind,
    Place,
    count_timeline,
    get_last_seen,
    list_timeline_years,
)
from deskcrm.domain.promises.commands import keep_promise, make_promise
from deskcrm.domain.tasks.commands import complete_task, create_task
from deskcrm.domain.tickets.commands import (
    add_note as add_ticket_note,
)
from deskcrm.domain.tickets.commands import (
    client_wrote,
    delete_tickets,
    open_ticket,
    reply,
    set_state,
)
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import add_user
from deskcrm.store.commands import Command
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests.watch import START, Watch


def fill(work: Work, client_id: ClientId, count: int) -> None:
    work.insert_many(
        Interaction,
        (
            {
                "client_id": client_id,
                "channel": Channel.CALL if n % 3 else Channel.EMAIL,
                "direction": Direction.OUTGOING,
                "outcome": Outcome.UNKNOWN,
                # Two at each moment, so that a page may end between them.
                "started_at": START - timedelta(days=n // 2),
                "text": f"call {n}",
                "logged_by": work.actor,
            }
            for n in range(count)
        ),
    )


FILL = Command("tests.fill_timeline", "Fill", fill)


def do_everything(desk: Store, client: ClientId, watch: Watch) -> TicketId:
    """Make an entry of every kind, a minute apart; give the ticket among them."""
    ticket = desk.do(open_ticket, client, subject="Dark", text="It is dark.").value
    watch.move(minutes=1)
    desk.do(reply, ticket, text="We look.")
    desk.do(add_ticket_note, ticket, text="Not for the client.")
    watch.move(minutes=1)
    promise = desk.do(make_promise, client, text="Light", due_on=date(2026, 3, 13)).value
    watch.move(minutes=1)
    desk.do(keep_promise, promise, note="It shines.")
    watch.move(minutes=1)
    task = desk.do(create_task, title="Ask", client_id=client).value
    desk.do(complete_task, task, outcome="Happy.")
    watch.move(minutes=1)
    desk.do(set_state, [ticket], state=TicketState.RESOLVED)
    watch.move(minutes=1)
    desk.do(client_wrote, ticket, text="Dark again.")
    watch.move(minutes=1)
    desk.do(add_note, client, text="Angry.")
    return ticket


def test_everything_that_happened_stands_in_one_order(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    ticket = do_everything(desk, client, watch)
    page = desk.ask(page_timeline, client)
    assert sorted(one.kind.value for one in page.entries) == [
        "interaction",
        "promise_made",
        "promise_settled",
        "task_done",
        *["ticket_message"] * 3,
        *["ticket_step"] * 4,
    ]
    assert [one.at for one in page.entries] == sorted(
        (one.at for one in page.entries), reverse=True
    )
    steps = [one for one in page.entries if one.kind is EntryKind.TICKET_STEP]
    assert [one.state for one in steps] == [
        TicketState.OPEN,
        TicketState.RESOLVED,
        TicketState.OPEN,
        TicketState.NEW,
    ]
    assert steps[0].is_reopening and steps[-1].is_opening
    assert {one.ticket_number for one in steps} == {1000}
    assert desk.ask(count_timeline, client) == len(page.entries) == 11
    desk.do(delete_tickets, [ticket])
    assert desk.ask(count_timeline, client) == 4


def test_channels_and_kinds_narrow_the_timeline(desk: Store, client: ClientId) -> None:
    call = desk.do(log_call, client, text="x").value
    mail = desk.do(log_interaction, client, channel=Channel.EMAIL, text="y").value
    desk.do(open_ticket, client, subject="Dark", text="Dark.", channel=Channel.EMAIL)

    def listed(**how: object) -> list[object]:
        return [one.id for one in desk.ask(page_timeline, client, **how).entries]  # type: ignore[arg-type]  # each call knows its own

    assert listed(channels=[Channel.CALL]) == [call]
    assert len(listed(channels=[Channel.EMAIL])) == 2
    assert listed(kinds=[EntryKind.INTERACTION], channels=[Channel.EMAIL]) == [mail]
    assert listed(kinds=[EntryKind.TASK_DONE]) == []
    assert listed(kinds=[EntryKind.TASK_DONE], channels=[Channel.EMAIL]) == []
    assert desk.ask(count_timeline, client, channels=[Channel.EMAIL]) == 2
    assert desk.ask(count_timeline, client, kinds=[EntryKind.INTERACTION]) == 2


def test_a_timeline_is_its_own_clients(desk: Store, client: ClientId) -> None:
    other = desk.do(create_company, name="Other").value
    desk.do(log_call, other, text="x")
    assert desk.ask(page_timeline, client).entries == ()


def test_paging_down_and_up_gives_everything_once(desk: Store, client: ClientId) -> None:
    desk.do(FILL, client, 23)
    down, place = [], None
    while True:
        page = desk.ask(page_timeline, client, before=place, limit=5)
        down += [one.text for one in page.entries]
        if not page.has_more:
            break
        place = page.bottom()
    everything = [one.text for one in desk.ask(page_timeline, client, limit=100).entries]
    assert down == everything and len(set(down)) == 23
    up: list[str] = []
    while True:
        page = desk.ask(page_timeline, client, after=place, limit=4)
        up = [one.text for one in page.entries] + up
        if not page.has_more:
            break
        place = page.top()
    assert up == everything[: len(up)] and len(up) == 19


@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(days=st.integers(min_value=-2, max_value=14), limit=st.integers(min_value=1, max_value=9))
def test_jumping_to_a_date_splits_the_timeline_there(
    desk: Store, client: ClientId, days: int, limit: int
) -> None:
    if desk.ask(count_timeline, client) == 0:
        desk.do(FILL, client, 21)
    moment = START - timedelta(days=days)
    below = desk.ask(page_timeline, client, before=Place(moment), limit=limit)
    above = desk.ask(page_timeline, client, after=Place(moment), limit=100)
    assert all(one.at < moment for one in below.entries)
    assert all(one.at >= moment for one in above.entries)
    assert len(above.entries) == desk.ask(count_timeline, client, since=moment)
    assert len(below.entries) == min(limit, 21 - len(above.entries))


def test_years_are_listed_for_jumping(desk: Store, client: ClientId) -> None:
    desk.do(FILL, client, 200)
    assert desk.ask(list_timeline_years, client) == [(2026, 140), (2025, 60)]


def test_what_a_colleague_added_since_the_last_look_is_new(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    anna = desk.actor
    desk.do(log_call, client, text="before")
    assert desk.ask(get_last_seen, client) is None
    assert not any(one.is_new for one in desk.ask(page_timeline, client).entries)
    seen = watch.move(minutes=1)
    assert desk.do(mark_seen, client).step is None
    assert desk.ask(get_last_seen, client) == seen
    watch.move(minutes=1)
    desk.do(log_call, client, text="mine")
    desk.sign_in(desk.do(add_user, name="Boris").value)
    desk.do(log_call, client, text="theirs", started_at=START - timedelta(days=9))
    desk.sign_in(anna)
    page = desk.ask(page_timeline, client)
    assert [(one.text, one.is_new) for one in page.entries] == [
        ("mine", False),
        ("before", False),
        ("theirs", True),
    ]
    assert page.last_seen_at == seen
    desk.do(mark_seen, client)
    assert not any(one.is_new for one in desk.ask(page_timeline, client).entries)
