"""The pure parts: folding, stems, layouts, skeletons, slips and numbers."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcrm.store.search.fold import compounds, fold, plain, words
from deskcrm.store.search.layout import other_layout
from deskcrm.store.search.numbers import mentioned_numbers, typed_number
from deskcrm.store.search.stems import stem
from deskcrm.store.search.tokens import name_spellings, name_tokens_of
from deskcrm.store.search.translit import skeleton, skeleton_beginnings
from deskcrm.store.search.typos import deletions, nearest

LETTERS = "abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъыьэюя"


def test_folding_takes_away_case_yo_and_accents() -> None:
    assert [fold(w) for w in ("ЁЛКА", "Müller", "Łódź", "straße", "æsir")] == [
        "елка",
        "muller",
        "lodz",
        "strasse",
        "aesir",
    ]


def test_short_i_stays_a_letter_however_it_is_encoded() -> None:
    assert fold("Андрей") == "андрей" == fold("Андреи\u0306")


def test_stress_marks_and_soft_hyphens_are_not_there() -> None:
    assert words("Ива\u0301нов вы\u00adстав\u200bка") == ["иванов", "выставка"]


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing(text: str) -> None:
    for word in words(text):
        assert fold(fold(word)) == fold(word)
    assert plain(plain(text)) == plain(text)


def test_what_is_written_with_a_joint_is_also_one_word() -> None:
    assert list(compounds("T-1042 и O'Brien, а.б@c-d.ru")) == ["t1042", "obrien", "аб", "cdru"]
    assert list(compounds("«Ромашка» 1042")) == []


def test_a_number_is_its_own_token_and_is_not_mistyped() -> None:
    assert name_tokens_of("7701234567") == ("7701234567",)
    assert name_spellings("Цех 1042 А-12") == (("tseh", "tseh"), ("цех", "tseh"), ("a", "a"))


@pytest.mark.parametrize(
    "forms",
    [
        ["договор", "договора", "договором", "договоры", "договорами"],
        ["печатать", "печатает", "печатают"],
        ["новый", "новая", "новыми"],
        ["invoice", "invoices", "invoiced", "invoicing"],
        ["company", "companies"],
    ],
)
def test_forms_of_a_word_have_one_stem(forms: list[str]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_words_are_stemmed_in_several_threads_at_once() -> None:
    endings = ("ing", "edly", "ations", "fulness", "ization", "ously", "ements", "ability")
    words = [
        f"{a}{b}o{c}at{end}" for a in "bdfg" for b in "aeiou" for c in "lmn" for end in endings
    ]
    alone = [stem(word) for word in words]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # the threads take turns in the midst of a word
    try:
        with ThreadPoolExecutor(4) as pool:
            together = list(
                pool.map(lambda _: [stem.__wrapped__(word) for word in words], range(4))
            )
    finally:
        sys.setswitchinterval(before)
    assert together == [alone] * 4


def test_short_words_and_codes_are_their_own_stems() -> None:
    assert [stem(w) for w in ("дом", "was", "t1042", "北京")] == ["дом", "was", "t1042", "北京"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bdfyjd", "иванов"),
        ("руддщ", "hello"),
        ("[heo`d", "хрущёв"),
        ('"kz', "Эля"),
        ("ghbdtn? vbh", "привет, мир"),
        ("'", "э"),
        ("1042", None),
        ("abc где", None),
    ],
)
def test_keys_are_read_under_the_other_layout(typed: str, meant: str | None) -> None:
    assert other_layout(typed) == meant


@given(st.text("abcdefghijklmnopqrstuvwxyz[];',.`", min_size=1).filter(lambda t: t[0].isalpha()))
def test_reading_under_the_other_layout_and_back_gives_what_was_typed(text: str) -> None:
    swapped = other_layout(text)
    assert swapped is not None
    assert other_layout(swapped) == text


@pytest.mark.parametrize(
    "spellings",
    [
        "иванов ivanov iwanow",
        "юлия yulia yuliya julia iuliia juliya",
        "хрущёв хрущев khrushchev hruschev khruschev khrushchyov",
        "щукин shchukin schukin shukin",
        "дмитрий dmitry dmitri dmitriy dmitrii dmitrij",
        "сергей sergey sergei",
        "андреев andreev andreyev",
        "алексеев alekseev alexeev alekseyev alexeyev",
        "соловьёв соловьев soloviev solovyov solovyev solovev",
        "евгений evgeny yevgeny evgenii evgeniy yevgeni",
        "юрий yuri yury yuriy iurii jurij",
        "пётр petr pyotr",
        "фёдор fedor fyodor",
        "александр aleksandr alexandr",
        "татьяна tatiana tatyana tatjana",
        "наталья наталия natalia natalya nataliya",
        "мария maria mariya marija",
        "чехов chekhov tchekhov čehov",
        "жуков zhukov žukov",
        "цветаева tsvetaeva tzvetaeva tsvetayeva",
        "михаил mikhail mihail",
        "ксения ksenia xenia kseniya",
        "виктор viktor victor",
        "филипп filipp philipp filip",
        "тимофей timofey timofei",
        "анна anna ana",
        "айгуль aigul aygul",
        "объедков obedkov obyedkov",
        "джонсон johnson jonson",
        "шмидт schmidt šmidt",
    ],
)
def test_spellings_of_one_name_have_one_skeleton(spellings: str) -> None:
    found = {skeleton(fold(word)) for word in spellings.split()} | {
        skeleton(word) for word in spellings.split() if not word.isascii()
    }
    by_word = {word: skeleton(word) for word in spellings.split()}
    assert len(set(by_word.values())) == 1, by_word
    assert found


@pytest.mark.parametrize(
    "different",
    ["иванов иванова", "петров петрова", "марина мария", "олег ольга", "яна анна", "лев лиля"],
)
def test_different_names_have_different_skeletons(different: str) -> None:
    one, other = different.split()
    assert skeleton(one) != skeleton(other)


@given(st.text(LETTERS, min_size=1, max_size=12))
def test_a_skeleton_is_its_own_for_good(word: str) -> None:
    assert skeleton(word) == skeleton(word)
    assert skeleton(word) != ""


@pytest.mark.parametrize(
    "word",
    [
        *("khrushchev", "chekhov", "yulia", "yolkina", "julia", "philipp", "schmidt", "johnson"),
        *("alexander", "xenia", "theodor", "tatyana", "mitchell", "мария", "щукин", "хрущёв"),
        *("джонсон", "елена", "соловьёв", "дженна", "объедков"),
    ],
)
def test_a_name_is_on_its_way_at_every_letter_typed(word: str) -> None:
    wholes = name_tokens_of(word)
    for length in range(1, len(word) + 1):
        begun = skeleton_beginnings(fold(word)[:length])
        assert any(whole.startswith(begun) for whole in wholes), (word[:length], begun, wholes)


@pytest.mark.parametrize(
    ("typed", "word", "slips"),
    [
        ("ivnaov", "ivanov", 1),
        ("ivaov", "ivanov", 1),
        ("ivaanov", "ivanov", 1),
        ("kuznetsva", "kuznetsova", 1),
        ("kuzntsva", "kuznetsova", 2),
        ("ivan", "ivanov", None),
        ("lev", "lea", None),
        ("ivanov", "ivanov", None),
        ("1042", "1043", None),
    ],
)
def test_slips_are_measured_and_bounded(typed: str, word: str, slips: int | None) -> None:
    assert nearest(typed, [word]).get(word) == slips


@given(st.text("abcdef", min_size=5, max_size=12), st.integers(0, 11), st.sampled_from("abcxyz"))
def test_a_word_with_one_slip_meets_the_word_in_the_files(word: str, at: int, letter: str) -> None:
    at = min(at, len(word) - 1)
    for mistyped in (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    ):
        assert set(deletions(word)) & set(deletions(mistyped))


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("перезвонить на 8 (916) 555-44-33 после обеда", ["89165554433"]),
        ("call +44 20 7946 0958 or 555-0199", ["442079460958", "5550199"]),
        ("встреча 12.05.2026 в 14:30", []),
        ("2026-05-12 в офисе", []),
        ("договор 123 на 450000 рублей", []),
        ("ИНН 7707083893", ["7707083893"]),
        ("карта 4276380012345678901", []),
    ],
)
def test_numbers_are_found_amid_words(text: str, numbers: list[str]) -> None:
    assert list(mentioned_numbers(text)) == numbers


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+7 916", "7916"),
        ("(916) 123", "916123"),
        ("12-34", "1234"),
        ("123", None),
        ("T-1042", None),
        ("1042 иванов", None),
    ],
)
def test_only_a_number_alone_is_a_phone_being_typed(text: str, digits: str | None) -> None:
    assert typed_number(text) == digits
