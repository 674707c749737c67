"""The sample goes in one step; what the person added stays, with what it hangs on."""

from typing import Any

import pytest
from sqlalchemy import func, select

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, rename_client
from deskcrm.domain.clients.model import Client, ClientId
from deskcrm.domain.contacts.model import Contact
from deskcrm.domain.interactions.commands import log_call
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.sample.commands import add_sample
from deskcrm.domain.sample.queries import find_sample
from deskcrm.domain.sample.removal import remove_sample
from deskcrm.domain.tags.commands import tag_clients
from deskcrm.domain.tags.model import Tag, TagId
from deskcrm.domain.tickets.model import Ticket
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.users.model import User, UserId
from deskcrm.store.store import Store


@pytest.fixture
def filled(store: Store) -> Store:
    store.do(create_first_user, name="Ada")
    store.do(add_sample, clients=13, seed=3, language="en")
    return store


def count(store: Store, model: Any) -> int:
    def ask(db: Any) -> int:
        found: int = db.scalar(select(func.count()).select_from(model).where(~model.is_deleted))
        return found

    return store.ask(ask)


def some_client(store: Store) -> tuple[ClientId, str]:
    """Give a client that belongs to no group: a parent would stay with it."""
    alone = select(Client.id, Client.name).where(Client.parent_id.is_(None))
    row = store.ask(lambda db: db.first(alone.order_by(Client.sort_name)))
    assert row is not None
    return ClientId(row.id), row.name


def test_the_sample_goes_whole_and_comes_back(filled: Store) -> None:
    tickets = count(filled, Ticket)
    assert filled.ask(find_sample) is not None
    removed = filled.do(remove_sample).value
    assert removed.kept_clients == ()
    assert [count(filled, one) for one in (Client, Contact, Interaction, Ticket, Tag)] == [0] * 5
    assert count(filled, User) == 1
    assert filled.ask(find_sample) is None
    filled.undo()
    assert (count(filled, Client), count(filled, Ticket)) == (13, tickets)
    assert filled.ask(find_sample) is not None


def test_a_sample_that_was_undone_and_done_again_can_still_be_removed(filled: Store) -> None:
    while filled.ask(find_sample) is not None:
        filled.undo()
    filled.redo()
    assert filled.ask(find_sample) is not None
    filled.do(remove_sample)
    assert filled.ask(find_sample) is None


def test_what_was_changed_in_the_sample_goes_with_it(filled: Store) -> None:
    client, _ = some_client(filled)
    filled.do(rename_client, client, name="Mine now")
    filled.do(remove_sample)
    assert count(filled, Client) == 0


def test_a_call_of_ones_own_stays_with_its_client(filled: Store) -> None:
    client, name = some_client(filled)
    filled.do(log_call, client, text="My own words")
    removed = filled.do(remove_sample).value
    assert removed.kept_clients == (name,)
    assert filled.ask(lambda db: db.scalars(select(Client.id).where(~Client.is_deleted))) == [
        client
    ]
    texts = filled.ask(
        lambda db: db.scalars(select(Interaction.text).where(~Interaction.is_deleted))
    )
    assert texts == ["My own words"]


def test_a_client_of_ones_own_keeps_the_colleague_and_tag_it_has(filled: Store) -> None:
    colleague = filled.ask(lambda db: db.scalar(select(User.id).where(User.name != "Ada")))
    tag = filled.ask(lambda db: db.scalar(select(Tag.id)))
    assert colleague is not None
    assert tag is not None
    mine = filled.do(create_company, name="Mine", owner_id=UserId(colleague)).value
    filled.do(tag_clients, [mine], tag_id=TagId(tag))
    removed = filled.do(remove_sample).value
    assert removed.kept_clients == ()
    assert count(filled, Client) == 1
    assert count(filled, User) == 2
    assert filled.ask(lambda db: db.scalars(select(Tag.id).where(~Tag.is_deleted))) == [tag]


def test_without_a_sample_there_is_nothing_to_remove(store: Store) -> None:
    with pytest.raises(UserError, match="no sample workspace"):
        store.do(remove_sample)
    assert store.ask(find_sample) is None
