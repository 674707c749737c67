"""Watchers: who hears of a ticket, of what, and never of their own deeds."""

from datetime import datetime

import pytest
from sqlalchemy import select

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.notices.news import news_items
from deskcrm.domain.notices.rules import Rules
from deskcrm.domain.notices.rules import Watch as Telling
from deskcrm.domain.tickets.commands import (
    add_note,
    client_wrote,
    delete_tickets,
    open_ticket,
    reply,
    set_state,
)
from deskcrm.domain.tickets.model import TicketId
from deskcrm.domain.tickets.states import TicketState
from deskcrm.domain.users.commands import add_user, deactivate_user
from deskcrm.domain.users.model import UserId
from deskcrm.domain.watchers.commands import (
    add_watcher,
    remove_watcher,
    set_watchers,
    stop_watching,
    watch_ticket,
)
from deskcrm.domain.watchers.model import TicketWatcher
from deskcrm.domain.watchers.queries import NEWS_FOR, list_watchers
from deskcrm.store.store import Store
from tests.watch import Watch


@pytest.fixture
def boris(desk: Store) -> UserId:
    return desk.do(add_user, name="Борис").value


@pytest.fixture
def ticket(desk: Store, client: ClientId) -> TicketId:
    return desk.do(open_ticket, client, subject="Dark", text="Help").value


def watchers(desk: Store, ticket: TicketId) -> list[str]:
    return [one.name for one in desk.ask(list_watchers, ticket)]


def news(desk: Store, user: UserId) -> list[str]:
    """Give what a person is told, by looking as them for a moment."""
    before, desk.actor = desk.actor, user
    found = [one.reason for one in desk.ask(news_items)]
    desk.actor = before
    return found


def test_undo_brings_back_since_when_though_the_ticket_was_deleted_meanwhile(
    desk: Store, ticket: TicketId, watch: Watch
) -> None:
    """Found by the machine of all commands: who watched anew stayed so in what came back."""

    def since() -> list[datetime]:
        return list(desk.ask(lambda db: db.scalars(select(TicketWatcher.began_at))))

    desk.do(watch_ticket, ticket)
    first = since()
    watch.move(hours=1)
    desk.do(stop_watching, ticket)
    watch.move(hours=1)
    desk.do(watch_ticket, ticket)
    again = since()
    assert again != first
    desk.do(delete_tickets, [ticket])
    for _ in range(2):
        desk.undo()
        desk.redo()
    desk.undo()
    assert since() == again
    desk.undo()
    desk.undo()
    assert since() == first
    assert watchers(desk, ticket) == ["Anna"]


def test_a_ticket_is_watched_left_and_undone(desk: Store, ticket: TicketId) -> None:
    desk.do(watch_ticket, ticket)
    assert watchers(desk, ticket) == ["Anna"]
    with pytest.raises(UserError, match="already"):
        desk.do(watch_ticket, ticket)
    desk.do(stop_watching, ticket)
    assert watchers(desk, ticket) == []
    with pytest.raises(UserError, match="does not watch"):
        desk.do(stop_watching, ticket)
    desk.undo()
    assert watchers(desk, ticket) == ["Anna"]


def test_a_colleague_is_added_and_removed(desk: Store, ticket: TicketId, boris: UserId) -> None:
    desk.do(add_watcher, ticket, user_id=boris)
    assert watchers(desk, ticket) == ["Борис"]
    desk.undo()
    assert watchers(desk, ticket) == []
    desk.redo()
    desk.do(remove_watcher, ticket, user_id=boris)
    assert watchers(desk, ticket) == []


def test_exactly_these_people_watch(desk: Store, ticket: TicketId, boris: UserId) -> None:
    desk.do(watch_ticket, ticket)
    assert desk.do(set_watchers, ticket, user_ids=[boris]).value == 2
    assert watchers(desk, ticket) == ["Борис"]
    assert desk.do(set_watchers, ticket, user_ids=[boris]).value == 0
    desk.do(deactivate_user, boris)
    desk.do(set_watchers, ticket, user_ids=[])
    with pytest.raises(UserError, match="does not work here"):
        desk.do(set_watchers, ticket, user_ids=[boris])
    assert watchers(desk, ticket) == []
    desk.undo()
    assert watchers(desk, ticket) == ["Борис"]


def test_who_left_the_company_is_refused(desk: Store, ticket: TicketId, boris: UserId) -> None:
    desk.do(deactivate_user, boris)
    with pytest.raises(UserError, match="does not work here"):
        desk.do(add_watcher, ticket, user_id=boris)


def test_a_watcher_hears_the_last_of_what_others_do(
    desk: Store, ticket: TicketId, boris: UserId, watch: Watch
) -> None:
    desk.do(add_watcher, ticket, user_id=boris)
    assert news(desk, boris) == []  # what came before is no news
    for deed, said in (
        (lambda: desk.do(client_wrote, ticket, text="Still dark"), "The client wrote"),
        (lambda: desk.do(reply, ticket, text="We look"), "Anna replied"),
        (lambda: desk.do(reply, ticket, text="We look on"), "Anna replied"),
        (lambda: desk.do(add_note, ticket, text="A fuse"), "Anna added an internal note"),
        (
            lambda: desk.do(set_state, [ticket], state=TicketState.RESOLVED),
            "Anna: now “Resolved”",
        ),
    ):
        watch.move(minutes=1)
        deed()
        assert news(desk, boris) == [said]
    desk.undo()
    assert news(desk, boris) == ["Anna added an internal note"]


def test_nobody_is_told_of_their_own_deeds(
    desk: Store, ticket: TicketId, boris: UserId, watch: Watch
) -> None:
    desk.do(watch_ticket, ticket)
    desk.do(add_watcher, ticket, user_id=boris)
    watch.move(minutes=1)
    desk.do(client_wrote, ticket, text="Still dark")
    desk.do(reply, ticket, text="We look", state=TicketState.RESOLVED)
    assert news(desk, UserId(desk.actor)) == []
    assert len(news(desk, boris)) == 1


def test_who_stopped_watching_or_watches_another_ticket_hears_nothing(
    desk: Store, ticket: TicketId, client: ClientId, boris: UserId, watch: Watch
) -> None:
    other = desk.do(open_ticket, client, subject="Cold").value
    desk.do(add_watcher, other, user_id=boris)
    desk.do(add_watcher, ticket, user_id=boris)
    desk.do(remove_watcher, ticket, user_id=boris)
    watch.move(minutes=1)
    desk.do(reply, ticket, text="We look")
    assert news(desk, boris) == []
    watch.move(minutes=1)
    desk.do(add_watcher, ticket, user_id=boris)
    assert news(desk, boris) == []  # it was answered before they watched again


def test_old_news_and_those_of_deleted_tickets_are_not_told(
    desk: Store, ticket: TicketId, boris: UserId, watch: Watch
) -> None:
    desk.do(add_watcher, ticket, user_id=boris)
    watch.move(minutes=1)
    desk.do(reply, ticket, text="We look")
    desk.do(delete_tickets, [ticket])
    assert (news(desk, boris), watchers(desk, ticket)) == ([], [])
    desk.undo()
    assert len(news(desk, boris)) == 1
    watch.move(days=NEWS_FOR.days)
    assert news(desk, boris) == []


def test_news_are_told_once_each_also_after_a_restart(
    desk: Store, ticket: TicketId, boris: UserId, watch: Watch
) -> None:
    rules, at = Rules(digests=False), watch().replace(hour=12)
    desk.do(add_watcher, ticket, user_id=boris)
    watch.move(minutes=1)
    desk.do(reply, ticket, text="We look")
    desk.actor = boris
    telling = Telling()
    notice = telling.look(desk.ask(news_items), rules, at)
    assert notice is not None and notice.items[0].title.endswith("Dark")
    assert telling.look(desk.ask(news_items), rules, at) is None
    again = Telling(told=telling.told)
    assert again.look(desk.ask(news_items), rules, at) is None
