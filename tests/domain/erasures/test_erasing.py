"""A person who was erased is nowhere any more, not even in the unused parts of the file."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event, select
from sqlcipher3 import dbapi2 as sqlcipher

from deskcrm.base.errors import UserError
from deskcrm.domain.attachments.model import Attachment
from deskcrm.domain.clients.commands import create_company, create_person
from deskcrm.domain.contacts.commands import add_contact, rename_contact
from deskcrm.domain.contacts.model import Contact, ContactStatus
from deskcrm.domain.erasures.commands import erase_person
from deskcrm.domain.erasures.model import PersonKind
from deskcrm.domain.erasures.queries import list_erasures, preview_erasure
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import Person, log_interaction
from deskcrm.domain.interactions.model import Interaction, Participant
from deskcrm.domain.lookup.queries import lookup
from deskcrm.domain.users.commands import add_user, create_first_user
from deskcrm.domain.users.model import UserRole
from deskcrm.store.contents import Blob
from deskcrm.store.engine import Database
from deskcrm.store.history import list_history
from deskcrm.store.store import Store
from tests.domain.erasures.people import Known, bytes_of, found_in, make_marfa
from tests.fixtures_store import KEY
from tests.watch import Watch


@pytest.fixture
def plain(tmp_path: Path, blank_profile: Path, watch: Watch) -> Iterator[tuple[Store, Path]]:
    """Give a store whose file is not encrypted, so that its bytes can be read, and its folder."""
    folder = tmp_path / "plain"
    folder.mkdir()
    source = sqlcipher.connect(str(blank_profile), isolation_level=None)
    source.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    source.execute(f"ATTACH '{folder / 'deskcrm.db'}' AS plain KEY ''")
    source.execute("SELECT sqlcipher_export('plain')")
    source.close()

    def connect() -> Any:
        made = sqlcipher.connect(
            str(folder / "deskcrm.db"), isolation_level=None, check_same_thread=False
        )
        made.execute("PRAGMA journal_mode = WAL").fetchone()
        return made

    engine = create_engine("sqlite://", module=sqlcipher, creator=connect)

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    store = Store.open(Database(engine, engine), clock=watch)
    store.sign_in(store.device)
    store.do(create_first_user, name="Anna")
    yield store, folder
    store.close()


def erase_all(store: Store, known: Known, name: str = "марфа  селиванова") -> Any:
    """Erase with everything that can be chosen."""
    seen = store.ask(preview_erasure, PersonKind.CONTACT, known.contact)
    return store.do(
        erase_person, PersonKind.CONTACT, known.contact, typed_name=name,
        mentions=[(one.table, one.row_id, one.column) for one in seen.mentions],
        attachments=[one.id for one in seen.attachments],
    )  # fmt: skip


def test_no_byte_of_the_person_is_left_in_the_files(plain: tuple[Store, Path]) -> None:
    store, folder = plain
    known = make_marfa(store)
    before = found_in(bytes_of(folder))
    assert before >= {"Марфа", "Marfusha", "79161234567", "likes honey", "PASSPORT-4509"}
    erase_all(store, known)
    assert found_in(bytes_of(folder))  # the control: freed pages and the log of the file hold it
    assert store.rewrite()
    assert found_in(bytes_of(folder)) == set()
    # What is not of the person is all there.
    assert b"The price is agreed." in bytes_of(folder)
    assert "Never before noon" in found_in(bytes_of(folder), ("Never before noon",))


def test_the_log_still_says_that_something_changed_when_and_by_whom(desk: Store) -> None:
    known = make_marfa(desk)
    before = desk.ask(list_history, known.client)
    erase_all(desk, known)
    after = desk.ask(list_history, known.client)
    assert [(one.at, one.actor, one.label) for one in after[1:]] == [
        (one.at, one.actor, one.label) for one in before
    ]
    assert after[0].label == "Erased person"
    said = "\n".join(line for one in after for line in one.lines)
    assert "Name: (erased)" in said
    assert not found_in(said.encode())


def test_the_person_is_not_found_and_the_contact_stays_as_who_somebody_was(desk: Store) -> None:
    known = make_marfa(desk)
    assert desk.ask(lookup, "Селиванова")
    erase_all(desk, known)
    assert desk.ask(lookup, "Селиванова") == []
    (row,) = desk.ask(list_erasures)
    contact = desk.ask(
        lambda db: db.first(select(Contact.name, Contact.status).where(Contact.id == known.contact))
    )
    assert contact is not None
    assert (contact.name, contact.status) == (f"Erased person {row.reference}", ContactStatus.LEFT)
    text = desk.ask(lambda db: db.scalar(select(Interaction.text)))
    assert text == "Говорили с [erased] о погоде, тел. [erased]. The price is agreed."
    assert desk.ask(lambda db: db.scalars(select(Blob.sha256))) == []
    assert desk.ask(lambda db: db.scalars(select(Attachment.is_deleted))) == [True]


def test_the_certificate_counts_and_names_nobody(desk: Store) -> None:
    known = make_marfa(desk)
    desk.do(erase_person, PersonKind.CONTACT, known.contact, typed_name="Марфа Селиванова")
    (row,) = desk.ask(list_erasures)
    assert row.counts == {"contact": 1, "contact_point": 2}
    assert row.by == "Anna"
    assert row.mentions_left == 4
    assert len(row.digest) == 64
    assert not found_in(repr(row).encode())


def test_what_was_not_chosen_stays(desk: Store) -> None:
    known = make_marfa(desk)
    desk.do(erase_person, PersonKind.CONTACT, known.contact, typed_name="Марфа Селиванова")
    assert "Селивановой" in str(desk.ask(lambda db: db.scalar(select(Interaction.text))))
    assert desk.ask(lambda db: db.scalars(select(Attachment.name))) == ["Marfa passport.txt"]


def test_who_took_part_by_name_alone_is_found_as_words_are(desk: Store) -> None:
    known = make_marfa(desk)
    who = [Person(name="Марфа Селиванова"), Person(name="Павел")]
    desk.do(log_interaction, known.client, channel=Channel.MEETING, participants=who)
    erase_all(desk, known)
    names = desk.ask(lambda db: db.scalars(select(Participant.name).order_by(Participant.id)))
    assert names == ["[erased]", "Павел"]


def test_undo_brings_nothing_back(desk: Store) -> None:
    known = make_marfa(desk)
    step = desk.do(rename_contact, known.contact, name="Марфа Селиванова-Ким").step
    done = erase_all(desk, known, "Марфа Селиванова-Ким")
    with pytest.raises(UserError, match="cannot be undone"):
        desk.undo(done.step)
    with pytest.raises(UserError):
        desk.undo(step)
    for _ in range(8):
        try:
            desk.undo()
        except UserError:
            break
    names = desk.ask(lambda db: db.scalars(select(Contact.name)))
    assert not found_in(repr(names).encode())


def test_a_wrong_name_erases_nobody(desk: Store) -> None:
    known = make_marfa(desk)
    with pytest.raises(UserError, match="does not match"):
        erase_all(desk, known, "Марфа")
    assert desk.ask(list_erasures) == []


def test_only_an_administrator_may(desk: Store) -> None:
    known = make_marfa(desk)
    lead = desk.do(add_user, name="Lena", role=UserRole.LEAD).value
    desk.sign_in(lead)
    with pytest.raises(UserError, match="Only an administrator"):
        erase_all(desk, known)
    assert desk.ask(lambda db: db.scalar(select(Contact.name))) == "Марфа Селиванова"


def test_a_client_who_is_a_person_goes_with_all_that_reaches_them(desk: Store) -> None:
    marfa = desk.do(create_person, name="Марфа Селиванова", about="Beekeeper", city="Тула").value
    desk.do(add_contact, marfa, name="Марфа С.", phones=["+7 916 123-45-67"], region="RU")
    desk.do(erase_person, PersonKind.CLIENT, marfa, typed_name="Марфа Селиванова")
    seen = desk.ask(lambda db: db.all(select(Contact.name)))
    assert not found_in(repr(seen).encode())
    (row,) = desk.ask(list_erasures)
    assert row.counts == {"client": 1, "contact": 1, "contact_point": 1}


def test_a_company_is_no_person(desk: Store) -> None:
    acme = desk.do(create_company, name="Acme").value
    with pytest.raises(UserError, match="is a company"):
        desk.ask(preview_erasure, PersonKind.CLIENT, acme)
