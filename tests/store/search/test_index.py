"""The index: filing, replacing, taking out, and what a hit says."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from deskcrm.store import search as index
from deskcrm.store.engine import Database
from deskcrm.store.search import Document, Match, Named, NoSearchHere, Reason, search, snippet
from tests.store.search import corpus

A, B = UUID(int=1), UUID(int=2)


def named(row_id: UUID, name: str, **more: Any) -> Document:
    return Document("client", row_id, row_id, [Named("name", name)], **more)


def titles(connection: Connection, typed: str, **more: Any) -> list[str]:
    return [hit.title for hit in search(connection, typed, **more)]


def rows_in(connection: Connection) -> dict[str, int]:
    tables = ("search_doc", "search_name", "search_text", "search_phone")
    return {
        table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()
        for table in tables
    }


def test_filing_again_replaces_what_was_known(empty: Connection) -> None:
    index.write_documents(empty, [named(A, "Ромашка", phones=["79161234567"], texts=["договор"])])
    index.write_documents(empty, [named(A, "Лютик", phones=["79030000000"], texts=["счёт"])])
    assert titles(empty, "лютик") == titles(empty, "счета") == titles(empty, "9030000000")
    assert titles(empty, "ромашка") == titles(empty, "договор") == titles(empty, "1234567") == []
    assert rows_in(empty)["search_doc"] == 1


def test_filing_the_same_again_writes_nothing_but_the_moment(empty: Connection) -> None:
    index.write_documents(empty, [named(A, "Ромашка", moment=1)])
    before = empty.exec_driver_sql("SELECT id FROM search_doc").scalar()
    index.write_documents(empty, [named(A, "Ромашка", moment=2)])
    assert empty.exec_driver_sql("SELECT id, moment FROM search_doc").all() == [(before, 2)]


def test_what_is_taken_out_leaves_nothing_behind(empty: Connection) -> None:
    document = named(A, "Ромашка", texts=["a"], phones=["79161234567"], mentioned=["5551234"])
    index.write_documents(empty, [document])
    index.remove_documents(empty, [A, B])
    assert set(rows_in(empty).values()) == {0}
    assert titles(empty, "ромашка") == []


def test_one_number_at_two_clients_finds_both(empty: Connection) -> None:
    index.write_documents(
        empty,
        [named(A, "Ромашка", phones=["79161234567"]), named(B, "Лютик", phones=["79161234567"])],
    )
    assert sorted(titles(empty, "+7 916 123-45-67")) == ["Лютик", "Ромашка"]
    index.remove_documents(empty, [A])
    assert titles(empty, "+7 916 123-45-67") == ["Лютик"]


def test_a_moment_only_moves_on(empty: Connection) -> None:
    index.write_documents(empty, [named(A, "Ромашка", moment=5)])
    index.note_moments(empty, [(A, 9), (A, 7), (B, 1)])
    assert search(empty, "ромашка")[0].moment == 9


def test_filling_and_filing_one_by_one_make_the_same_index(empty: Connection) -> None:
    for document in corpus.documents():
        index.write_documents(empty, [document])
    one_by_one = {typed: titles(empty, typed) for typed in ("иванов", "4567", "договор", "ивнаов")}
    index.reset(empty)
    assert index.fill(empty, corpus.documents()) == len(corpus.documents())
    assert one_by_one == {typed: titles(empty, typed) for typed in one_by_one}


def test_what_weighs_more_comes_first(empty: Connection) -> None:
    many = [named(UUID(int=n), f"Ромашка {n}", weight=7, moment=n) for n in range(1, 400)]
    index.fill(empty, many)
    index.write_documents(empty, [named(UUID(int=1), "Ромашка 1", weight=10, moment=1)])
    found = titles(empty, "ромашка", limit=5)
    assert found == ["Ромашка 1", "Ромашка 399", "Ромашка 398", "Ромашка 397", "Ромашка 396"]


def test_a_whole_word_is_found_among_thousands_of_longer_ones(empty: Connection) -> None:
    index.fill(empty, [named(UUID(int=n), "Лидия", weight=10) for n in range(2, 2000)])
    index.write_documents(empty, [named(A, "Ли", weight=3)])
    assert titles(empty, "ли")[0] == "Ли"


def test_kinds_limit_what_is_found(filed: Connection) -> None:
    assert {hit.kind for hit in search(filed, "ромашка")} > {"client", "person"}
    assert {hit.kind for hit in search(filed, "ромашка", kinds=["person"])} == {"person"}
    assert {hit.kind for hit in search(filed, "79161234567", kinds=["talk"])} == set()


def test_a_subject_limits_the_search_to_its_texts(filed: Connection) -> None:
    inside = search(filed, "скидка", subject=corpus.row("romashka"))
    assert [corpus.key_of(hit.row_id) for hit in inside] == ["renewal"]
    assert search(filed, "скидка", subject=corpus.row("acme")) == []


def test_texts_have_their_share_of_a_full_list(empty: Connection) -> None:
    index.fill(empty, [named(UUID(int=n), f"Счёт {n}", weight=7) for n in range(1, 50)])
    talks = [Document("talk", UUID(int=n), A, (), ["выслали счёт"]) for n in range(100, 150)]
    index.write_documents(empty, talks)
    kinds = [hit.kind for hit in search(empty, "счёт", limit=20)]
    assert kinds == ["client"] * 15 + ["talk"] * 5


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("иванов", Reason(Match.EXACT, "name", "Иванов Алексей")),
        ("ива", Reason(Match.BEGINNING, "name", "Иванов Алексей")),
        ("aleksei", Reason(Match.TRANSLITERATION, "name", "Иванов Алексей")),
        ("bdfyjd", Reason(Match.LAYOUT, "name", "Иванов Алексей")),
        ("лёша иванов", Reason(Match.CALLED, "name", "Иванов Алексей")),
        ("ивнаов", Reason(Match.TYPO, "name", "Иванов Алексей")),
        ("a.ivanov", Reason(Match.EXACT, "email", "a.ivanov@romashka.ru")),
        ("89161234567", Reason(Match.PHONE, "phone", "79161234567")),
        ("234567", Reason(Match.PHONE_ENDING, "phone", "79161234567")),
        ("+7 916 123", Reason(Match.PHONE_BEGINNING, "phone", "79161234567")),
    ],
)
def test_a_hit_says_why_it_is_there(filed: Connection, typed: str, reason: Reason) -> None:
    hits = {corpus.key_of(hit.row_id): hit for hit in search(filed, typed)}
    assert reason in hits["ivanov"].reasons


@pytest.mark.parametrize(
    ("typed", "key", "match"),
    [
        ("ромашки", "romashka", Match.FORM),
        ("хрущев", "hruschev", Match.EXACT),
        ("шукин", "schukin", Match.SPELLING),
        ("договоры", "renewal", Match.TEXT),
        ("5554433", "callback", Match.MENTIONED),
    ],
)
def test_the_way_of_matching_is_named(
    filed: Connection, typed: str, key: str, match: Match
) -> None:
    hits = {corpus.key_of(hit.row_id): hit for hit in search(filed, typed)}
    assert match in {reason.match for reason in hits[key].reasons}


def test_two_words_met_in_two_fields_give_two_reasons(filed: Connection) -> None:
    hit = next(h for h in search(filed, "ромашка иванов") if h.row_id == corpus.row("ivanov"))
    assert [reason.field for reason in hit.reasons] == ["client", "name"]


def test_the_better_match_comes_first(filed: Connection) -> None:
    found = [corpus.key_of(hit.row_id) for hit in search(filed, "иванов")]
    assert found.index("ivanov") < found.index("ivanova")


def test_a_snippet_shows_the_place_and_marks_the_words() -> None:
    text = "Начало разговора. " * 20 + "Обсудили продление договора на год. " + "Конец. " * 30
    cut = snippet(text, "договоры продления")
    assert [cut.text[a:b] for a, b in cut.marks] == ["продление", "договора"]
    assert cut.text.startswith("…")
    assert cut.text.endswith("…")
    assert len(cut.text) <= 122


def test_a_snippet_of_what_is_not_there_is_the_beginning() -> None:
    assert snippet("Короткий\n\n текст", "нет").text == "Короткий текст"


@settings(max_examples=50)
@given(st.text(max_size=300), st.text(max_size=20))
def test_a_snippet_of_anything_marks_what_is_inside(text: str, typed: str) -> None:
    cut = snippet(text, typed)
    assert all(0 <= a < b <= len(cut.text) for a, b in cut.marks)


@settings(max_examples=60)
@given(typed=st.text(max_size=30))
def test_anything_may_be_typed(corpus_file: Database, typed: str) -> None:
    with corpus_file.readers.connect() as connection:
        search(connection, typed)


@settings(max_examples=30)
@given(name=st.text(min_size=1, max_size=60), text=st.text(max_size=200))
def test_anything_may_be_filed_and_its_words_find_it(name: str, text: str) -> None:
    from deskcrm.store.search.tokens import name_tokens, text_tokens

    for token in name_tokens(name) | text_tokens([text]):
        assert token
        assert not set(token) & set(' "*()\x1f')


@settings(max_examples=30)
@given(names=st.lists(st.text(max_size=20), max_size=4))
def test_names_come_back_as_they_were_filed(names: list[str]) -> None:
    from deskcrm.store.search.index import packed, unpacked

    filed = tuple(Named("name", name.replace("\x1f", " ")) for name in names)
    assert unpacked(packed(Named("name", name) for name in names)) == filed


def test_where_there_is_no_index_a_search_says_so() -> None:
    server: Any = SimpleNamespace(dialect=SimpleNamespace(name="postgresql"))
    with pytest.raises(NoSearchHere):
        search(server, "иванов")
