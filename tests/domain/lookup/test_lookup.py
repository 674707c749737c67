"""Looking a client up by any scrap, and an index that follows every change."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

import deskcrm.domain.lookup.derived  # noqa: F401  # registers what is tested here
from deskcrm.base import words
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import (
    create_company,
    create_person,
    delete_clients,
    edit_client,
    rename_client,
    restore_client,
    set_tier,
)
from deskcrm.domain.clients.model import ClientId, Tier
from deskcrm.domain.contacts.commands import (
    add_contact,
    delete_contact,
    move_contact,
    rename_contact,
)
from deskcrm.domain.contacts.model import ContactId, PointKind
from deskcrm.domain.contacts.points import add_point, remove_point
from deskcrm.domain.interactions.channels import Channel, InteractionId
from deskcrm.domain.interactions.model import Interaction
from deskcrm.domain.lookup.fields import Kind
from deskcrm.domain.lookup.queries import (
    CallerMatch,
    Found,
    FoundRow,
    find_callers,
    lookup,
    search_everything,
)
from deskcrm.domain.tickets.commands import client_wrote, open_ticket
from deskcrm.domain.users.model import UserId
from deskcrm.store import derived
from deskcrm.store.commands import command
from deskcrm.store.engine import open_sqlite
from deskcrm.store.store import Store
from deskcrm.store.work import Work
from tests.fixtures_store import KEY, MakeStore

NOON = datetime(2026, 5, 12, 12, tzinfo=UTC)


@command("toys.note_down", "Note down")
def note_down(
    work: Work, client_id: ClientId, *, text: str, days_ago: int = 0, contact_id: Any = None
) -> InteractionId:
    """Write an interaction without the rules of logging one, which are tested elsewhere."""
    return InteractionId(
        work.add(
            Interaction(
                client_id=client_id,
                contact_id=contact_id,
                channel=Channel.CALL,
                started_at=NOON - timedelta(days=days_ago),
                text=text,
                logged_by=UserId(work.actor),
            )
        ).id
    )


@command("toys.note_many", "Note many")
def note_many(work: Work, client_id: ClientId, *, count: int) -> int:
    """Write many interactions at once."""
    return work.insert_many(
        Interaction,
        (
            {
                "client_id": client_id,
                "channel": Channel.CALL,
                "started_at": NOON,
                "text": f"Разговор {number} о ремонте",
                "logged_by": UserId(work.actor),
            }
            for number in range(count)
        ),
    )


@command("toys.unsay", "Unsay")
def unsay(work: Work, interaction_id: InteractionId) -> None:
    """Delete an interaction."""
    work.delete(work.get(Interaction, interaction_id))


@pytest.fixture
def romashka(store: Store) -> ClientId:
    return store.do(create_company, name="ООО «Ромашка»", city="Казань").value


@pytest.fixture
def anna(store: Store, romashka: ClientId) -> ContactId:
    done = store.do(
        add_contact,
        romashka,
        name="Анна Петрова",
        phones=["8 (916) 123-45-67"],
        emails=["a.petrova@romashka.ru"],
        region="RU",
    )
    return done.value


def found(store: Store, typed: str, **more: Any) -> list[FoundRow]:
    return store.ask(search_everything, typed, **more)


def titles(store: Store, typed: str, **more: Any) -> list[str]:
    return [row.title for row in found(store, typed, **more)]


def callers(store: Store, number: str) -> list[CallerMatch]:
    return store.ask(find_callers, number, "RU")


def test_a_new_client_is_found_at_once(store: Store, romashka: ClientId) -> None:
    assert titles(store, "ромаш") == ["ООО «Ромашка»"]
    assert titles(store, "romashka") == ["ООО «Ромашка»"]


def test_a_contact_is_found_with_the_name_of_the_client(store: Store, anna: ContactId) -> None:
    row = found(store, "ромашка петрова")[0]
    assert (row.kind, row.id, row.title) == (Kind.CONTACT, anna, "Анна Петрова")
    assert row.client_name == "ООО «Ромашка»"
    assert row.detail == "ООО «Ромашка»"


def test_renaming_a_client_renames_it_everywhere(
    store: Store, romashka: ClientId, anna: ContactId
) -> None:
    store.do(open_ticket, romashka, subject="Не печатает принтер")
    step = store.do(rename_client, romashka, name="Лютик").step
    assert titles(store, "лютик") == ["Лютик", "Анна Петрова", "Не печатает принтер"]
    assert titles(store, "лютик принтер") == ["Не печатает принтер"]
    assert titles(store, "ромашка", kinds=[Kind.CLIENT, Kind.TICKET]) == []
    store.undo(step)
    assert "Лютик" not in titles(store, "лютик")
    assert titles(store, "ромашка")[0] == "ООО «Ромашка»"


def test_renaming_a_contact_is_followed(store: Store, anna: ContactId) -> None:
    store.do(rename_contact, anna, name="Анна Сидорова")
    assert titles(store, "сидорова") == ["Анна Сидорова"]
    store.undo()
    assert titles(store, "сидорова") == []


def test_what_is_undone_is_not_found_and_redo_brings_it_back(store: Store) -> None:
    store.do(create_person, name="Ольга Белова")
    store.undo()
    assert titles(store, "белова") == []
    store.redo()
    assert titles(store, "белова") == ["Ольга Белова"]


def test_a_deleted_contact_is_not_found(store: Store, anna: ContactId) -> None:
    store.do(delete_contact, anna)
    assert titles(store, "петрова") == []
    assert callers(store, "+79161234567") == []


def test_a_deleted_client_takes_everything_out_and_brings_it_back(
    store: Store, romashka: ClientId, anna: ContactId
) -> None:
    store.do(note_down, romashka, text="Просили скидку")
    store.do(open_ticket, romashka, subject="Принтер")
    store.do(delete_clients, [romashka])
    for typed in ("ромашка", "петрова", "скидка", "принтер", "9161234567"):
        assert titles(store, typed) == []
    store.do(restore_client, romashka)
    for typed in ("ромашка", "петрова", "скидка", "принтер", "9161234567"):
        assert titles(store, typed)


def test_a_moved_contact_belongs_to_the_new_client(store: Store, anna: ContactId) -> None:
    acme = store.do(create_company, name="Acme").value
    store.do(move_contact, anna, client_id=acme)
    assert titles(store, "acme петрова") == ["Анна Петрова"]
    assert [match.client_name for match in callers(store, "+79161234567")] == ["Acme"]


def test_a_number_is_found_in_any_format_and_by_its_end(store: Store, anna: ContactId) -> None:
    for typed in ("+7 916 123-45-67", "89161234567", "9161234567"):
        assert [(m.contact_name, m.level) for m in callers(store, typed)] == [
            ("Анна Петрова", Found.EXACT)
        ]
    assert [m.level for m in callers(store, "123-45-67")] == [Found.ENDING]
    assert callers(store, "234567") == []
    assert callers(store, "+7 916 123-45-68") == []


def test_the_screen_finds_by_four_digits_where_a_call_does_not(
    store: Store, anna: ContactId
) -> None:
    row = found(store, "4567")[0]
    assert (row.title, row.match) == ("Анна Петрова", Found.ENDING)
    assert row.why == "Phone ends with these digits: +7 916 123-45-67"


def test_two_clients_with_one_number_are_both_shown(
    store: Store, romashka: ClientId, anna: ContactId
) -> None:
    other = store.do(create_company, name="Лютик").value
    store.do(add_point, other, kind=PointKind.PHONE, text="+7 916 123-45-67")
    matches = callers(store, "8 916 123 45 67")
    assert {(m.client_id, m.contact_name, m.level) for m in matches} == {
        (romashka, "Анна Петрова", Found.EXACT),
        (other, "", Found.EXACT),
    }


def test_a_number_in_a_conversation_is_a_mention(store: Store, romashka: ClientId) -> None:
    store.do(note_down, romashka, text="Просил звонить на 8 (903) 555-44-33")
    (match,) = callers(store, "+79035554433")
    assert (match.client_id, match.level, match.contact_id) == (romashka, Found.MENTIONED, None)
    assert match.why == "Mentioned in a conversation: 89035554433"


def test_sure_matches_come_before_mentions(store: Store, anna: ContactId) -> None:
    other = store.do(create_company, name="Лютик").value
    store.do(note_down, other, text="Дали номер 89161234567 Анны")
    assert [m.level for m in callers(store, "89161234567")] == [Found.EXACT, Found.MENTIONED]


def test_a_removed_number_is_not_found(store: Store, romashka: ClientId, anna: ContactId) -> None:
    point = store.do(
        add_point, romashka, contact_id=anna, kind=PointKind.PHONE, text="+7 903 000-11-22"
    ).value
    assert callers(store, "9030001122")
    store.do(remove_point, point)
    assert callers(store, "9030001122") == []


def test_a_conversation_is_found_by_any_form_of_its_words(store: Store, romashka: ClientId) -> None:
    done = store.do(note_down, romashka, text="Договорились о скидках на продление")
    row = found(store, "продления скидка")[0]
    assert (row.kind, row.id, row.match) == (Kind.INTERACTION, done.value, Found.TEXT)
    assert row.client_name == "ООО «Ромашка»"
    assert row.snippet is not None
    assert {row.snippet.text[a:b] for a, b in row.snippet.marks} == {"скидках", "продление"}
    assert row.why == "Said: Договорились о скидках на продление"
    store.do(unsay, done.value)
    assert found(store, "продления скидка") == []


def test_a_conversation_is_found_by_the_client_and_a_word(
    store: Store, romashka: ClientId, anna: ContactId
) -> None:
    store.do(note_down, romashka, text="Просили скидку")
    store.do(note_down, store.do(create_company, name="Лютик").value, text="Просили скидку")
    for typed in ("ромашка скидка", "петрова скидки", "скидка ромашка"):
        assert [row.client_name for row in found(store, typed)] == ["ООО «Ромашка»"]


def test_conversations_of_one_client_can_be_searched(store: Store, romashka: ClientId) -> None:
    store.do(note_down, romashka, text="Просили скидку")
    other = store.do(create_company, name="Лютик").value
    store.do(note_down, other, text="Просили скидку")
    rows = found(store, "скидка", client_id=other)
    assert [row.client_id for row in rows] == [other]


def test_a_ticket_is_found_by_number_subject_and_thread(store: Store, romashka: ClientId) -> None:
    ticket = store.do(open_ticket, romashka, subject="Принтер не печатает").value
    number = store.ask(lambda db: db.scalar(_number_of(ticket)))
    store.do(client_wrote, ticket, text="Картридж заменили, не помогло")
    for typed in (f"T-{number}", f"#{number}", f"№{number}", str(number), "принтеры", "картриджи"):
        assert [row.id for row in found(store, typed)] == [ticket], typed
    (row,) = found(store, f"T-{number}")
    assert row.detail.startswith(f"#{number} · ") and row.why.endswith(f"#{number}")
    (row,) = found(store, "картриджи")
    assert row.snippet is not None
    assert "Картридж" in row.snippet.text


def _number_of(ticket: UUID) -> Any:
    from sqlalchemy import select

    from deskcrm.domain.tickets.model import Ticket

    return select(Ticket.number).where(Ticket.id == ticket)


def test_notes_about_a_client_are_found(store: Store, romashka: ClientId) -> None:
    store.do(edit_client, romashka, about="Любит короткие письма", caution="не звонить до обеда")
    row = found(store, "короткое письмо")[0]
    assert row.id == romashka
    assert row.snippet is not None
    assert "короткие письма" in row.snippet.text
    assert row.why.startswith("Notes: Любит короткие письма")


def test_important_clients_come_first(store: Store) -> None:
    ids = [store.do(create_person, name=f"Анна {n}").value for n in ("Первая", "Вторая", "Третья")]
    store.do(set_tier, [ids[1]], tier=Tier.DIAMOND)
    assert titles(store, "анна")[0] == "Анна Вторая"


def test_who_was_spoken_to_last_comes_first_among_equals(store: Store) -> None:
    ids = [store.do(create_person, name=f"Анна {n}").value for n in ("Первая", "Вторая", "Третья")]
    store.do(note_down, ids[1], text="x", days_ago=-3652)
    store.do(note_down, ids[0], text="x", days_ago=-3651)
    assert titles(store, "анна") == ["Анна Вторая", "Анна Первая", "Анна Третья"]


def test_many_rows_written_at_once_are_all_found(store: Store, romashka: ClientId) -> None:
    store.do(note_many, romashka, count=1200)
    assert len(found(store, "ремонт", limit=100)) == 100
    assert titles(store, "1177 ремонт")


def test_lookup_names_each_client_and_contact_once(
    store: Store, romashka: ClientId, anna: ContactId
) -> None:
    for n in range(5):
        store.do(note_down, romashka, text=f"Ромашка просила скидку {n}")
    rows = store.ask(lookup, "ромашка")
    assert len({(row.client, row.contact) for row in rows}) == len(rows)
    assert (rows[0].client, rows[0].contact, rows[0].match) == (romashka, "", Found.NAME)
    assert store.ask(lookup, "+7 916 123-45-67")[0].match is Found.EXACT
    assert store.ask(lookup, "a.petrova@")[0].match is Found.EMAIL
    assert store.ask(lookup, "скидки")[0].match is Found.TEXT
    assert store.ask(lookup, "ромашка", limit=1) == rows[:1]


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("петрова", "Name: Анна Петрова"),
        ("petrova", "Email: a.petrova@romashka.ru"),
        ("gtnhjdf", "Name, typed in the other keyboard layout: Анна Петрова"),
        ("петорва", "Name, with a typo: Анна Петрова"),
        ("anna", "Name, in another alphabet: Анна Петрова"),
        ("ромашка анна", "Client: ООО «Ромашка» · Name: Анна Петрова"),
    ],
)
def test_a_result_says_why_in_words(store: Store, anna: ContactId, typed: str, why: str) -> None:
    row = next(row for row in found(store, typed) if row.id == anna)
    assert row.why == why


def test_reasons_are_said_in_the_language_in_force(store: Store, anna: ContactId) -> None:
    with words.speaking("ru"):
        row = next(row for row in found(store, "петрова") if row.id == anna)
    assert row.why.endswith(": Анна Петрова")


def test_a_company_has_a_name_of_its_own_kind(store: Store, romashka: ClientId) -> None:
    with words.speaking("ru"):
        row = next(row for row in found(store, "ромашка") if row.id == romashka)
    assert row.why == "Имя или название: ООО «Ромашка»"


def test_an_index_kept_in_step_is_the_same_as_one_made_from_nothing(
    store: Store, romashka: ClientId, anna: ContactId
) -> None:
    ticket = store.do(open_ticket, romashka, subject="Принтер").value
    store.do(client_wrote, ticket, text="Звоните 8 903 555-44-33")
    store.do(note_down, romashka, text="Просили скидку", contact_id=anna)
    store.do(rename_client, romashka, name="Лютик")
    store.undo()
    store.do(set_tier, [romashka], tier=Tier.GOLD)
    store.do(create_company, name="Acme")
    store.undo()
    store.do(delete_contact, anna)
    with store.database.writer.connect() as connection:
        connection.begin()
        assert derived.disagreeing(connection) == []
        connection.rollback()


def test_an_index_that_is_made_anew_tells_how_far_it_is(
    make_store: MakeStore, tmp_path: Path
) -> None:
    desk = make_store()
    for name in ("Acme", "Brook", "Crane"):
        desk.do(create_company, name=name)
    with desk.database.writer.begin() as connection:
        derived.write_meta(connection, "derived.search", "0")
    desk.close()
    heard: list[tuple[int, int]] = []
    job = Job(on_progress=lambda done, total, text: heard.append((done, total)))
    Store.open(open_sqlite(tmp_path / "deskcrm.db", KEY), job=job).close()
    # Not known until the records are counted.
    assert (heard[0], heard[-1]) == ((0, 0), (3, 3))
