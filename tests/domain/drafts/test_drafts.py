"""Drafts: what is being written is never lost."""

from datetime import UTC, datetime, timedelta

from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.drafts.commands import discard_draft, save_draft
from deskcrm.domain.drafts.queries import get_draft, list_drafts
from deskcrm.store.store import Store
from tests.fixtures_store import MakeStore

NOTE = {"place": "interactions.note", "subject": "1"}


def test_a_draft_is_kept_and_overwritten_without_history(store: Store) -> None:
    assert store.do(save_draft, **NOTE, content={"text": "Hel"}).step is None
    store.do(save_draft, **NOTE, content={"text": "Hello", "cursor": 5})
    draft = store.ask(get_draft, **NOTE)
    assert draft is not None
    assert draft.content == {"text": "Hello", "cursor": 5}
    assert len(store.ask(list_drafts)) == 1


def test_a_draft_outlives_the_program(make_store: MakeStore) -> None:
    first = make_store()
    first.do(save_draft, **NOTE, content={"text": "Позвонить"})
    first.close()
    again = make_store()
    draft = again.ask(get_draft, **NOTE)
    assert draft is not None
    assert draft.content == {"text": "Позвонить"}


def test_a_discarded_draft_is_gone_and_discarding_twice_is_fine(store: Store) -> None:
    store.do(save_draft, **NOTE, content={"text": "Hello"})
    store.do(discard_draft, **NOTE)
    assert store.ask(get_draft, **NOTE) is None
    store.do(discard_draft, **NOTE)


def test_undo_passes_drafts_by(store: Store) -> None:
    store.do(create_company, name="Ромашка")
    store.do(save_draft, **NOTE, content={"text": "Hello"})
    assert store.undo().label == "Add company"
    assert store.ask(get_draft, **NOTE) is not None


def test_drafts_are_offered_newest_first_and_by_place(make_store: MakeStore) -> None:
    moments = iter(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(1000))
    store = make_store(clock=lambda: next(moments))
    store.do(save_draft, **NOTE, content={})
    store.do(save_draft, place="caller_card", subject="+79161234567", content={})
    store.do(save_draft, place="interactions.note", subject="2", content={})
    assert [one.subject for one in store.ask(list_drafts)] == ["2", "+79161234567", "1"]
    notes = store.ask(list_drafts, place="interactions.note")
    assert [one.subject for one in notes] == ["2", "1"]
