"""Tags, their spellings, and who wears them."""

from uuid import uuid4

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.commands import create_company, delete_clients
from deskcrm.domain.clients.detail import get_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.tags import commands
from deskcrm.domain.tags.model import Tag, TagColour, TagId
from deskcrm.domain.tags.queries import list_tag_names, list_tag_variants, list_tags
from deskcrm.store.commands import command
from deskcrm.store.store import Store
from deskcrm.store.work import Missing, Work


@command("tags.test_add_double", "Add a tag as another device did")
def add_double(work: Work, *, name: str) -> TagId:
    return TagId(work.add(Tag(name=name)).id)


@pytest.fixture
def clients(store: Store) -> list[ClientId]:
    return [store.do(create_company, name=name).value for name in "АБВ"]


@pytest.fixture
def warm(store: Store) -> TagId:
    return store.do(commands.create_tag, name="Тёплый", colour=TagColour.ORANGE).value


def worn(store: Store, client_id: ClientId) -> list[str]:
    return [tag.name for tag in store.ask(get_client, client_id).tags]


def test_a_tag_is_put_on_many_clients_and_undone_together(
    store: Store, clients: list[ClientId], warm: TagId
) -> None:
    assert store.do(commands.tag_clients, clients, tag_id=warm).value == 3
    assert store.do(commands.tag_clients, clients, tag_id=warm).step is None
    assert [worn(store, one) for one in clients] == [["Тёплый"]] * 3
    store.undo()
    assert [worn(store, one) for one in clients] == [[]] * 3


def test_a_tag_is_taken_off_and_put_on_again(
    store: Store, clients: list[ClientId], warm: TagId
) -> None:
    store.do(commands.tag_clients, clients, tag_id=warm)
    assert store.do(commands.untag_clients, clients[:2], tag_id=warm).value == 2
    assert [worn(store, one) for one in clients] == [[], [], ["Тёплый"]]
    store.undo()
    assert worn(store, clients[0]) == ["Тёплый"]
    store.do(commands.untag_clients, clients[:1], tag_id=warm)
    store.do(commands.tag_clients, clients[:1], tag_id=warm)
    assert worn(store, clients[0]) == ["Тёплый"]


@pytest.mark.parametrize("name", ["тёплый", " ТЕПЛЫЙ ", "теплый"])
def test_a_tag_is_found_in_any_spelling(
    store: Store, clients: list[ClientId], warm: TagId, name: str
) -> None:
    assert store.do(commands.tag_clients_by_name, clients[:1], name=name).value == warm
    with pytest.raises(UserError, match="Тёплый"):
        store.do(commands.create_tag, name=name)


def test_a_new_word_becomes_a_new_tag(store: Store, clients: list[ClientId]) -> None:
    store.do(commands.tag_clients_by_name, clients, name="Выставка 2026")
    (row,) = store.ask(list_tags)
    assert (row.name, row.colour, row.clients) == ("Выставка 2026", TagColour.GREY, 3)
    store.undo()
    assert store.ask(list_tags) == []


def test_a_blank_tag_is_refused(store: Store, clients: list[ClientId], warm: TagId) -> None:
    with pytest.raises(UserError, match="needs a name"):
        store.do(commands.tag_clients_by_name, clients, name=" ")
    with pytest.raises(UserError, match="needs a name"):
        store.do(commands.rename_tag, warm, name="")


def test_a_tag_on_a_client_that_is_gone_is_refused(store: Store, warm: TagId) -> None:
    with pytest.raises(Missing):
        store.do(commands.tag_clients, [ClientId(uuid4())], tag_id=warm)


def test_renaming_a_tag_keeps_spellings_apart_and_is_undone(store: Store, warm: TagId) -> None:
    cold = store.do(commands.create_tag, name="Холодный").value
    with pytest.raises(UserError, match="already"):
        store.do(commands.rename_tag, cold, name="ТЕПЛЫЙ")
    store.do(commands.rename_tag, warm, name="теплый")
    assert [tag.name for tag in store.ask(list_tag_names)] == ["теплый", "Холодный"]
    store.undo()
    assert [tag.name for tag in store.ask(list_tag_names)] == ["Тёплый", "Холодный"]


def test_a_colour_is_set_and_undone(store: Store, warm: TagId) -> None:
    store.do(commands.set_colour, warm, colour=TagColour.RED)
    assert store.ask(list_tag_names)[0].colour is TagColour.RED
    store.undo()
    assert store.ask(list_tag_names)[0].colour is TagColour.ORANGE


def test_a_deleted_tag_is_hidden_and_undo_brings_it_back(
    store: Store, clients: list[ClientId], warm: TagId
) -> None:
    store.do(commands.tag_clients, clients, tag_id=warm)
    store.do(commands.delete_tag, warm)
    assert worn(store, clients[0]) == []
    assert store.ask(list_tags) == []
    store.undo()
    assert worn(store, clients[0]) == ["Тёплый"]


def test_deleted_clients_are_not_counted(
    store: Store, clients: list[ClientId], warm: TagId
) -> None:
    store.do(commands.tag_clients, clients, tag_id=warm)
    store.do(delete_clients, clients[:1])
    assert store.ask(list_tags)[0].clients == 2


def test_spellings_made_apart_are_found_and_merged(
    store: Store, clients: list[ClientId], warm: TagId
) -> None:
    double = store.do(add_double, name="теплый").value
    assert [[tag.id for tag in group] for group in store.ask(list_tag_variants)] == [[warm, double]]
    store.do(commands.tag_clients, clients[:2], tag_id=warm)
    store.do(commands.tag_clients, clients[1:], tag_id=double)
    assert store.do(commands.merge_tags, warm, others=[double]).value == 1
    assert [worn(store, one) for one in clients] == [["Тёплый"]] * 3
    assert store.ask(list_tag_variants) == []
    store.undo()
    assert worn(store, clients[2]) == ["теплый"]


def test_a_tag_is_not_merged_with_itself(store: Store, warm: TagId) -> None:
    with pytest.raises(UserError, match="with itself"):
        store.do(commands.merge_tags, warm, others=[warm])
