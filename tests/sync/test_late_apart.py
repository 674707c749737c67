"""What comes too late is seen after by the server, while nobody has a window open."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from deskcrm.domain.client_merges.commands import merge_clients
from deskcrm.domain.client_merges.queries import has_strays
from deskcrm.domain.clients.commands import create_company, create_person, edit_client
from deskcrm.domain.clients.custom_fields import add_custom_field, set_custom_value
from deskcrm.domain.clients.detail import get_client
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.model import PointKind
from deskcrm.domain.contacts.points import add_point
from deskcrm.domain.erasures.commands import erase_person
from deskcrm.domain.erasures.late import find_late
from deskcrm.domain.erasures.model import PersonKind
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import log_call, log_interaction
from deskcrm.domain.tags.commands import tag_clients_by_name
from deskcrm.domain.tags.queries import tags_of
from deskcrm.domain.users.model import UserRole
from deskcrm.server import fence, late
from deskcrm.server.late import see_after
from deskcrm.server.place import Place
from deskcrm.store.reader import Reader
from deskcrm.store.store import Store
from deskcrm.store.tables import Base, step_table
from tests.domain.behind import behind
from tests.server.site import Site, serving
from tests.sync.conftest import MakeDesk
from tests.sync.desks import Desk
from tests.sync.http_world import rows_of
from tests.sync.people import both, tables
from tests.watch import Watch

FOLLOWED = "client_merges.follow"
ERASED = "erasures.follow"


@pytest.fixture
def server(place: Place, watch: Watch, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Give the server as it is shipped, which looks only when it is told to."""
    monkeypatch.setattr(late, "SOON", 3_600.0)
    with serving(place, watch) as made:
        made.add("anna", UserRole.ADMINISTRATOR)
        made.add("ivan", UserRole.MANAGER)
        yield made


@pytest.fixture
def desks(server: Site, make_desk: MakeDesk) -> tuple[Desk, Desk]:
    anna, ivan = (make_desk(name, server) for name in ("anna", "ivan"))
    for desk in (anna, ivan):
        desk.connect()
    both(anna, ivan)
    return anna, ivan


def merge_apart(anna: Desk, ivan: Desk, *, industry: str = "") -> tuple[ClientId, ClientId]:
    """Let one merge two clients and the other write to the one that is gone."""
    a, b = (anna.store.do(create_company, name=name).value for name in ("Acme", "ACME Ltd"))
    anna.store.do(add_contact, a, name="Of Acme")
    both(anna, ivan)
    anna.store.do(merge_clients, a, into_id=b)
    anna.watch.move(minutes=1)
    if industry:
        ivan.store.do(edit_client, a, industry=industry)
    ivan.store.do(log_call, a, subject="Hello")
    ivan.store.do(tag_clients_by_name, [a], name="late")
    ivan.store.do(add_contact, a, name="Late")
    both(anna, ivan)
    return a, b


def steps_of(store: Store, command: str) -> int:
    s = step_table.c
    query = select(func.count()).select_from(step_table).where(s.command == command)
    with fence.as_server():
        return int(store.ask(lambda db: db.scalar(query)) or 0)


def wait_until(is_so: Callable[[], Any]) -> None:
    while not is_so():
        threading.Event().wait(0.01)


def at_once(*calls: Callable[[], object]) -> None:
    """Do several things at the same time, and let what fails be seen."""
    failed: list[BaseException] = []

    def run(call: Callable[[], object]) -> None:
        try:
            call()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed


def everything(db: Reader) -> str:
    return "\n".join(
        str(tuple(row))
        for t in Base.metadata.sorted_tables
        for row in db.connection.execute(select(t))
    )


def test_what_was_written_to_a_merged_client_goes_on_by_itself(
    place: Place, watch: Watch, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late, "SOON", 0.01)
    with serving(place, watch) as server:
        server.add("anna", UserRole.ADMINISTRATOR)
        server.add("ivan", UserRole.AGENT)
        anna, ivan = (make_desk(name, server) for name in ("anna", "ivan"))
        for desk in (anna, ivan):
            desk.connect()
        _, b = merge_apart(anna, ivan)
        wait_until(lambda: steps_of(server.desk.store, FOLLOWED))
        both(anna, ivan)
        assert {row.client_id for row in rows_of(ivan.store, "interaction")} == {b}


def test_several_servers_that_look_at_once_do_it_once(
    server: Site, desks: tuple[Desk, Desk]
) -> None:
    anna, ivan = desks
    seen = see_after(server.desk.store)
    a, b = merge_apart(anna, ivan, industry="Bees")
    anna.store.do(edit_client, b, about="Ours")
    both(anna, ivan)
    # The control: as long as nobody sees after it, it stays where it is.
    assert {row.client_id for row in rows_of(anna.store, "interaction")} == {a}
    assert anna.store.ask(has_strays)
    with server.keeping() as other:
        stores = (server.desk.store, other)
        at_once(*(lambda store=store: see_after(store, seen) for store in stores))
        assert steps_of(other, FOLLOWED) == 1
        see_after(other)
        assert steps_of(other, FOLLOWED) == 1
    both(anna, ivan)
    for desk in desks:
        assert not desk.store.ask(has_strays)
        assert behind(desk.store) == []
        profile = desk.store.ask(get_client, b).profile
        assert (profile.about, profile.industry) == ("Ours", "Bees")
        assert [one.name for one in desk.store.ask(tags_of, [b])[b]] == ["late"]
        assert {row.client_id for row in rows_of(desk.store, "contact")} == {b}
        assert {row.client_id for row in rows_of(desk.store, "interaction")} == {b}
    assert tables(anna) == tables(ivan)


def test_who_is_added_to_an_erased_person_is_erased_as_well(
    server: Site, desks: tuple[Desk, Desk]
) -> None:
    anna, ivan = desks
    field = anna.store.do(add_custom_field, name="Club").value
    marfa = anna.store.do(create_person, name="Marfa").value
    both(anna, ivan)
    anna.store.do(erase_person, PersonKind.CLIENT, marfa, typed_name="Marfa")
    anna.sync()
    her = ivan.store.do(
        add_contact, marfa, name="Marfusha", phones=["+7 916 123-45-67"], position="Beekeeper"
    ).value
    ivan.store.do(set_custom_value, marfa, field_id=field, text="Likes honey")
    ivan.store.do(log_interaction, marfa, channel=Channel.CALL, contact_id=her)
    both(ivan, anna)
    words = ("Marfusha", "9161234567", "Beekeeper", "Likes honey")
    stores = (server.desk.store, anna.store, ivan.store)

    def traces() -> list[list[str]]:
        with fence.as_server():
            return [[w for w in words if w in store.ask(everything)] for store in stores]

    assert traces() == [list(words)] * 3  # the control
    with server.keeping() as other:
        at_once(lambda: see_after(server.desk.store), lambda: see_after(other))
        assert steps_of(other, ERASED) == 1
        assert not other.ask(find_late)
    both(anna, ivan)
    assert traces() == [[], [], []]
    for desk in desks:
        (contact,) = rows_of(desk.store, "contact")
        (client,) = rows_of(desk.store, "client")
        assert (contact.name, contact.status) == (client.name, "left")
        assert rows_of(desk.store, "contact_point") == []
        assert len(rows_of(desk.store, "interaction")) == 1
    assert tables(anna) == tables(ivan)


def test_a_late_merge_takes_nothing_along_of_who_was_erased(
    server: Site, desks: tuple[Desk, Desk]
) -> None:
    anna, ivan = desks
    field = anna.store.do(add_custom_field, name="Club").value
    marfa = anna.store.do(create_person, name="Marfa", goals="Likes honey").value
    anna.store.do(set_custom_value, marfa, field_id=field, text="Beekeeper")
    other = anna.store.do(create_person, name="M. K.", city="Oslo").value
    both(anna, ivan)
    anna.store.do(erase_person, PersonKind.CLIENT, marfa, typed_name="Marfa")
    anna.sync()
    ivan.store.do(merge_clients, marfa, into_id=other)
    both(ivan, anna)
    words = ("Marfa", "Likes honey", "Beekeeper")
    stores = (server.desk.store, anna.store, ivan.store)
    with fence.as_server():
        assert all(one in server.desk.store.ask(everything) for one in words)  # the control
    see_after(server.desk.store)
    both(anna, ivan)
    with fence.as_server():
        assert [[w for w in words if w in s.ask(everything)] for s in stores] == [[]] * 3
    (left,) = rows_of(ivan.store, "client")
    assert (left.name, left.city, left.goals) == ("M. K.", "Oslo", "")
    assert tables(anna) == tables(ivan)


def test_a_number_of_an_erased_contact_goes_and_what_is_of_others_stays(
    server: Site, desks: tuple[Desk, Desk]
) -> None:
    anna, ivan = desks
    acme = anna.store.do(create_company, name="Acme").value
    marfa = anna.store.do(add_contact, acme, name="Marfa").value
    both(anna, ivan)
    seen = see_after(server.desk.store)
    anna.store.do(erase_person, PersonKind.CONTACT, marfa, typed_name="Marfa")
    kind = PointKind.EMAIL
    ivan.store.do(add_point, acme, contact_id=marfa, kind=kind, text="marfa@example.com")
    ivan.store.do(add_point, acme, kind=kind, text="acme@example.com")
    ivan.store.do(add_contact, acme, name="Pavel", emails=["pavel@example.com"])
    # The number is there before the erasure, which had not seen it.
    both(ivan, anna)
    see_after(server.desk.store, seen)
    both(anna, ivan)
    for desk in desks:
        told = {row.typed for row in rows_of(desk.store, "contact_point")}
        assert told == {"acme@example.com", "pavel@example.com"}
        assert "marfa@example.com" not in desk.store.ask(everything)
        assert "Pavel" in {row.name for row in rows_of(desk.store, "contact")}
