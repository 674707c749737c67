"""Finding words within one client's story: every kind of entry, any form of a word."""

import pytest

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.interactions.commands import add_note, log_call
from deskcrm.domain.interactions.timeline import EntryKind, count_timeline
from deskcrm.domain.interactions.windowed import count_entries, page_entries
from deskcrm.store.store import Store
from tests.domain.interactions.test_timeline import do_everything
from tests.watch import Watch


def found(desk: Store, client: ClientId, said: str) -> list[str]:
    entries = desk.ask(page_entries, client_id=client, said=said)
    assert desk.ask(count_entries, client_id=client, said=said) == len(entries)
    return [one.text or one.title for one in entries]


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        ("angry", {EntryKind.INTERACTION}),
        ("shines", {EntryKind.PROMISE_MADE, EntryKind.PROMISE_SETTLED}),
        ("happy", {EntryKind.TASK_DONE}),
        ("look", {EntryKind.TICKET_MESSAGE}),
        ("1000", {EntryKind.TICKET_MESSAGE, EntryKind.TICKET_STEP}),
        ("T-1000", {EntryKind.TICKET_MESSAGE, EntryKind.TICKET_STEP}),
        ("dark", {EntryKind.TICKET_MESSAGE, EntryKind.TICKET_STEP}),
        ("zebra", set()),
        ("!!!", set()),
    ],
)
def test_every_kind_of_entry_is_found_by_what_it_says(
    desk: Store, client: ClientId, watch: Watch, said: str, kinds: set[EntryKind]
) -> None:
    do_everything(desk, client, watch)
    entries = desk.ask(page_entries, client_id=client, said=said)
    assert {one.kind for one in entries} == kinds
    assert desk.ask(count_timeline, client, said=said) == len(entries)


def test_a_note_within_a_ticket_is_not_part_of_the_story(
    desk: Store, client: ClientId, watch: Watch
) -> None:
    do_everything(desk, client, watch)
    assert found(desk, client, "not for the client") == []


def test_forms_of_a_word_and_the_other_keyboard_layout_find_it(
    desk: Store, client: ClientId
) -> None:
    desk.do(add_note, client, text="Договоры подписаны, счёт оплачен.")
    desk.do(log_call, client, text="Спросили про отпуск.")
    said = ["Договоры подписаны, счёт оплачен."]
    assert found(desk, client, "договор") == said
    assert found(desk, client, "счетом") == said
    assert found(desk, client, "ljujdjh") == said
    assert found(desk, client, "договор отпуск") == []


def test_only_this_client_s_story_is_looked_into(desk: Store, client: ClientId) -> None:
    other = desk.do(create_company, name="Other").value
    desk.do(add_note, other, text="The invoice is late.")
    desk.do(add_note, client, text="The invoice is paid.")
    assert found(desk, client, "invoice") == ["The invoice is paid."]


def test_words_and_channel_narrow_together(desk: Store, client: ClientId) -> None:
    desk.do(add_note, client, text="The invoice is paid.")
    desk.do(log_call, client, text="Asked for the invoice.")
    calls = [Channel.CALL]
    (only,) = desk.ask(page_entries, client_id=client, said="invoice", channels=calls)
    assert only.text == "Asked for the invoice."
    assert desk.ask(count_timeline, client, said="invoice", channels=calls) == 1


def test_a_story_is_found_in_page_by_page(desk: Store, client: ClientId) -> None:
    for number in range(7):
        desk.do(add_note, client, text=f"Invoice {number}")
        desk.do(add_note, client, text=f"Something else {number}")
    first = desk.ask(page_entries, client_id=client, said="invoice", limit=5)
    rest = desk.ask(page_entries, client_id=client, said="invoice", offset=5, limit=5)
    assert (len(first), len(rest)) == (5, 2)
    assert desk.ask(count_timeline, client, said="invoice") == 7
