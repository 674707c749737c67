"""A person who is erased on one workstation goes from the server and from every other, for good."""

from typing import Any

import pytest
from sqlalchemy import select

from deskcrm.base.ids import new_id
from deskcrm.domain.contacts.commands import delete_contact, edit_contact, rename_contact
from deskcrm.domain.contacts.model import Contact, ContactId
from deskcrm.domain.erasures.commands import erase_person
from deskcrm.domain.erasures.model import PersonKind
from deskcrm.domain.erasures.queries import list_erasures, preview_erasure
from deskcrm.domain.rights.matrix import known_records
from deskcrm.domain.rights.queries import NO_RIGHTS, Judge, Person
from deskcrm.domain.users.model import UserRole
from deskcrm.store.changes import ERASE
from deskcrm.store.reader import Reader
from deskcrm.store.rewriting import is_due
from deskcrm.store.store import Store
from deskcrm.store.tables import WORKSPACE, Base
from tests.domain.erasures.people import Known, found_in, make_marfa
from tests.sync.conftest import MakeDesk, join
from tests.sync.desks import Desk
from tests.sync.http_world import Site
from tests.sync.people import both


@pytest.fixture
def anna(either_site: Site, make_desk: MakeDesk) -> Desk:
    return join(either_site, make_desk, "anna", UserRole.ADMINISTRATOR)


@pytest.fixture
def ivan(either_site: Site, make_desk: MakeDesk, anna: Desk) -> Desk:
    desk = join(either_site, make_desk, "ivan", UserRole.MANAGER)
    both(anna, desk)
    return desk


def erase(desk: Desk, known: Known) -> None:
    seen = desk.store.ask(preview_erasure, PersonKind.CONTACT, known.contact)
    desk.store.do(
        erase_person, PersonKind.CONTACT, known.contact, typed_name=seen.person.name,
        mentions=[(one.table, one.row_id, one.column) for one in seen.mentions],
        attachments=[one.id for one in seen.attachments],
    )  # fmt: skip


def everything(db: Reader) -> bytes:
    """Give all that stands in any table, as bytes."""
    held: list[bytes] = []
    for table in Base.metadata.sorted_tables:
        for row in db.connection.execute(table.select()):
            held += [v if isinstance(v, bytes) else str(v).encode() for v in row]
    return b"\n".join(held)


def language_of(db: Reader, contact_id: ContactId) -> str | None:
    return db.scalar(select(Contact.language).where(Contact.id == contact_id))


def traces(store: Store) -> set[str]:
    return found_in(store.ask(everything))


def test_it_goes_from_the_server_and_from_every_workstation(
    either_site: Site, anna: Desk, ivan: Desk
) -> None:
    known = make_marfa(anna.store)
    both(anna, ivan)
    stores = (either_site.hub.store, anna.store, ivan.store)
    assert all("Марфа" in traces(store) for store in stores)  # the control
    erase(anna, known)
    both(anna, ivan)
    assert [traces(store) for store in stores] == [set(), set(), set()]
    assert ivan.store.ask(list_erasures) == anna.store.ask(list_erasures) != []
    assert ivan.store.ask(is_due)
    assert ivan.store.rewrite()
    assert not ivan.store.ask(is_due)


def test_a_late_edit_brings_nothing_back(either_site: Site, anna: Desk, ivan: Desk) -> None:
    known = make_marfa(anna.store)
    both(anna, ivan)
    erase(anna, known)
    anna.sync()
    anna.watch.move(days=20)
    ivan.store.do(rename_contact, known.contact, name="Марфа Селиванова-Ким")
    ivan.store.do(edit_contact, known.contact, notes="She likes honey, says Марфа")
    ivan.store.do(edit_contact, known.contact, language="ru")
    both(ivan, anna)
    for store in (either_site.hub.store, anna.store, ivan.store):
        assert traces(store) == set()
        assert store.ask(language_of, known.contact) == "ru"  # which was not erased


def test_who_saw_the_erasure_may_write_again(anna: Desk, ivan: Desk) -> None:
    known = make_marfa(anna.store)
    erase(anna, known)
    both(anna, ivan)
    ivan.store.do(edit_contact, known.contact, notes="Do not contact")
    both(ivan, anna)
    notes: Any = anna.store.ask(lambda db: db.scalar(select(Contact.notes)))
    assert notes == "Do not contact"


def test_a_deletion_that_had_not_seen_it_is_taken(anna: Desk, ivan: Desk) -> None:
    known = make_marfa(anna.store)
    both(anna, ivan)
    erase(anna, known)
    anna.sync()
    ivan.store.do(delete_contact, known.contact)
    both(ivan, anna)
    assert traces(ivan.store) == set()


@pytest.mark.parametrize("role", list(UserRole))
def test_the_server_takes_it_from_an_administrator_only(role: UserRole) -> None:
    judge = Judge(Person(new_id(), role, frozenset({WORKSPACE})), known_records())
    decided = judge.decide(ERASE, "contact", new_id(), WORKSPACE, {}, {"name": "Erased"})
    assert decided == ("" if role is UserRole.ADMINISTRATOR else NO_RIGHTS)
