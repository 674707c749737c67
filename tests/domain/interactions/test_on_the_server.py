"""The same commands and queries on the server's PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from deskcrm.domain.attachments.commands import paste_attachment
from deskcrm.domain.attachments.queries import list_client_attachments, read_contents
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import Consequences, NewTask, log_call, mark_seen
from deskcrm.domain.interactions.queries import page_timeline
from deskcrm.domain.interactions.timeline import Place, count_timeline, list_timeline_years
from deskcrm.domain.promises.commands import NewPromise
from deskcrm.domain.promises.queries import list_due_promises, list_open_promises
from deskcrm.domain.tasks.filters import SORTS as TASK_SORTS
from deskcrm.domain.tasks.queries import count_tasks, get_next_reminder, page_tasks
from deskcrm.domain.tickets.commands import open_ticket, reply
from deskcrm.domain.tickets.filters import SORTS as TICKET_SORTS
from deskcrm.domain.tickets.queries import count_tickets, get_ticket_counts, page_tickets
from deskcrm.domain.tickets.thread import get_thread
from deskcrm.domain.today.queries import TodayKind, get_today
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.store.engine import open_postgres
from deskcrm.store.store import Store
from tests.watch import START, Watch

pytestmark = pytest.mark.postgres
OPEN = Filter().also("is_open", Comparison.IS, True)
TODAY = START.date()


@pytest.fixture
def server(blank_url: str, watch: Watch) -> Iterator[Store]:
    with closing(Store.open(open_postgres(blank_url), clock=watch)) as store:
        from deskcrm.base.ids import new_id

        store.sign_in(new_id())
        store.do(create_first_user, name="Anna")
        yield store


@pytest.fixture
def acme(server: Store) -> ClientId:
    return server.do(create_company, name="Acme").value


def test_a_day_of_work_is_the_same_there(server: Store, acme: ClientId, watch: Watch) -> None:
    consequences = Consequences(
        (NewPromise("Light", TODAY),),
        NewTask("Ask", due=TODAY, remind_at=START + timedelta(hours=9)),
    )
    server.do(log_call, acme, text="Dark?", consequences=consequences)
    watch.move(minutes=1)
    ticket = server.do(open_ticket, acme, subject="Dark", text="Dark.", channel=Channel.EMAIL).value
    watch.move(minutes=1)
    today = server.ask(get_today)
    assert {item.kind for item in today.items} == {
        TodayKind.PROMISE_DUE,
        TodayKind.TASK_DUE,
        TodayKind.TICKET_UNOWNED,
    }
    server.do(reply, ticket, text="We look.")
    page = server.ask(page_timeline, acme, limit=3)
    assert len(page.entries) == 3 and page.has_more
    rest = server.ask(page_timeline, acme, before=page.bottom())
    assert len(rest.entries) == 3 and not rest.has_more
    assert server.ask(page_timeline, acme, after=Place(START)).entries[-1].at >= START
    assert server.ask(count_timeline, acme) == 6
    assert server.ask(list_timeline_years, acme) == [(2026, 1)]
    assert len(server.ask(get_thread, ticket)) == 4
    assert server.ask(get_ticket_counts).open == 1
    assert len(server.ask(list_open_promises, acme)) == 1
    assert len(server.ask(list_due_promises, by=TODAY)) == 1
    assert server.ask(get_next_reminder) == START + timedelta(hours=9)
    server.do(mark_seen, acme)
    server.undo()
    assert len(server.ask(get_thread, ticket)) == 2


@pytest.mark.parametrize("descending", [True, False])
def test_every_order_works_there(server: Store, acme: ClientId, descending: bool) -> None:
    server.do(open_ticket, acme, subject="Dark")
    server.do(log_call, acme, consequences=Consequences(follow_up=NewTask("Ask")))
    for sort in TICKET_SORTS:
        assert len(server.ask(page_tickets, sort=sort, descending=descending, asked=OPEN)) == 1
    for sort in TASK_SORTS:
        assert len(server.ask(page_tasks, sort=sort, descending=descending, asked=OPEN)) == 1
    assert server.ask(count_tickets, asked=OPEN) == server.ask(count_tasks, asked=OPEN) == 1


def test_contents_are_kept_there(server: Store, acme: ClientId) -> None:
    attachment = server.do(paste_attachment, acme, content=b"x" * 600_000, name="a.png").value
    assert server.ask(read_contents, attachment) == b"x" * 600_000
    assert [row.is_here for row in server.ask(list_client_attachments, acme)] == [True]
