"""Ticket numbers where no server was ever met: told at once, and never told again."""

from sqlalchemy import update

from deskcrm.base.ids import new_id
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.tickets.commands import open_ticket
from deskcrm.domain.tickets.numbers import take_numbers
from deskcrm.domain.tickets.queries import get_ticket
from deskcrm.store.commands import Command
from deskcrm.store.series import block_table
from deskcrm.store.store import Store
from deskcrm.store.work import Work

TAKE = Command("tests.take", "Take", lambda work, count: list(take_numbers(work, count)))


def opened(desk: Store) -> int:
    client: ClientId = desk.do(create_company, name="Acme").value
    row = desk.ask(get_ticket, desk.do(open_ticket, client, subject="No light").value)
    assert row is not None
    return row.number


def test_the_first_device_counts_from_a_thousand(desk: Store) -> None:
    assert [opened(desk), opened(desk)] == [1000, 1001]


def test_another_device_id_begins_with_a_block_of_its_own(desk: Store) -> None:
    """As after the restore of a backup, which does not know what was told since."""
    opened(desk)
    desk.device = new_id()
    drawn = opened(desk)
    assert 1_000_000 <= drawn < 10_001_000
    assert opened(desk) == drawn + 1


def test_a_block_that_is_used_up_is_followed_by_a_free_one(desk: Store) -> None:
    numbers = desk.do(TAKE, 1_500).value
    assert numbers == list(range(1_000, 2_500))


def test_one_who_counts_alone_never_comes_into_the_numbers_that_are_leased(desk: Store) -> None:
    numbers = desk.do(TAKE, 12_000).value
    assert len(set(numbers)) == 12_000
    assert not [number for number in numbers if 10_000 <= number < 1_000_000]


def test_a_number_that_was_told_is_not_told_again_when_its_ticket_is_undone(desk: Store) -> None:
    opened(desk)
    desk.undo()
    assert opened(desk) == 1001

    def use_up(work: Work) -> None:
        work.execute(update(block_table).values(next=block_table.c.last + 1))

    desk.do(Command("tests.use_up", "Use up", use_up))
    assert opened(desk) == 2000
