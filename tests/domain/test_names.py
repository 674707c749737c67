"""Names folded so that they compare and sort alike."""

import pytest

from deskcrm.domain.names import fold, fold_words, sort_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Ромашка", "ромашка"),
        ("ООО «Ромашка»", "ромашка, ооо"),
        ("ИП Ёлкин С. П.", "елкин с п, ип"),
        ("Йогурт и Ко", "йогурт и ко"),
        ("Café Öl", "cafe ol"),
        ("The Beatles", "beatles, the"),
        ("ООО", "ооо"),
        ("O'Reilly-Media", "oreilly media"),
        ("Straße", "strasse"),
    ],
)
def test_a_name_sorts_by_its_folded_words(name: str, key: str) -> None:
    assert sort_key(name) == key


def test_russian_names_sort_as_in_a_dictionary() -> None:
    names = ["Яна", "Ёлка", "Ель", "Жук", "ежи", "Йод", "Ива", "Кит"]
    assert sorted(names, key=sort_key) == ["ежи", "Ёлка", "Ель", "Жук", "Ива", "Йод", "Кит", "Яна"]


def test_spellings_of_one_word_fold_alike() -> None:
    assert fold("  ТЁплый   Клиент ") == fold("теплый клиент")
    assert fold("C++") != fold("C#")


def test_words_are_folded_without_punctuation() -> None:
    assert fold_words("Кафе «Ёлка-2»!") == "кафе елка 2"
