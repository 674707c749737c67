"""Names and small words of the sample agree in both languages, and every phrase can be said."""

import re
from datetime import date
from random import Random
from uuid import UUID

import pytest

from deskcrm.domain.sample import english, russian
from deskcrm.domain.sample.grammar import Scene, grammar
from deskcrm.domain.sample.people import make_person
from deskcrm.domain.sample.staff import make_staff
from deskcrm.domain.sample.words import FEMININE, MASCULINE, NEUTER, PLURAL, Word, noun, plain
from deskcrm.domain.users.model import UserId

DECLINED = {
    ("Ольга", FEMININE): "Ольга Ольги Ольге Ольгу Ольгой Ольге",
    ("Мария", FEMININE): "Мария Марии Марии Марию Марией Марии",
    ("Наталья", FEMININE): "Наталья Натальи Наталье Наталью Натальей Наталье",
    ("Любовь", FEMININE): "Любовь Любови Любови Любовь Любовью Любови",
    ("Павел", MASCULINE): "Павел Павла Павлу Павла Павлом Павле",
    ("Пётр", MASCULINE): "Пётр Петра Петру Петра Петром Петре",
    ("Илья", MASCULINE): "Илья Ильи Илье Илью Ильёй Илье",
    ("Никита", MASCULINE): "Никита Никиты Никите Никиту Никитой Никите",
    ("Юрий", MASCULINE): "Юрий Юрия Юрию Юрия Юрием Юрии",
    ("Игорь", MASCULINE): "Игорь Игоря Игорю Игоря Игорем Игоре",
}
NAMED = ("who", "boss", "other", "billing", "me", "owner", "gone")
FACTS = ("end", "sum", "in_year", "goal_lower", "churn_lower")


@pytest.mark.parametrize(("name", "gender"), DECLINED)
def test_given_names_are_declined(name: str, gender: int) -> None:
    forms = russian.decline_given(name, gender)
    assert " ".join(forms.values()) == DECLINED[name, gender]


def test_patronymics_follow_the_fathers_name() -> None:
    made = [russian.patronymic(name, FEMININE) for name in ("Пётр", "Илья", "Юрий", "Андрей")]
    assert made == ["Петровна", "Ильинична", "Юрьевна", "Андреевна"]
    assert russian.patronymic("Григорий", MASCULINE) == "Григорьевич"
    assert russian.patronymic("Дмитрий", MASCULINE) == "Дмитриевич"
    assert russian.decline_patronymic("Ильич")["ins"] == "Ильичем"


def test_adjectives_take_the_gender_of_their_noun() -> None:
    genders = (MASCULINE, FEMININE, NEUTER, PLURAL)
    assert [russian.adjective("Синий", g) for g in genders] == ["Синий", "Синяя", "Синее", "Синие"]
    assert [russian.adjective("Морской", g) for g in genders][1:] == [
        "Морская",
        "Морское",
        "Морские",
    ]
    assert russian.adjective("Большой", NEUTER) == "Большое"


def test_numbers_choose_the_form_that_counts() -> None:
    assert [russian.plural(n) for n in (1, 2, 5, 11, 21, 22, 25, 111)] == [0, 1, 2, 2, 0, 1, 2, 2]
    assert [english.plural(n) for n in (0, 1, 2, 21)] == [1, 0, 1, 1]


def test_prepositions_take_a_vowel_before_a_cluster() -> None:
    said = russian.mend("Разговор с Светланой о обмене, с Ольгой, с Станиславом, в вторник")
    assert said == "Разговор со Светланой об обмене, с Ольгой, со Станиславом, во вторник"


def test_months_and_days_are_written_in_full() -> None:
    assert russian.day(date(2026, 3, 5)) == "5 марта"
    assert russian.month(date(2026, 5, 1), "pre") == "в мае"
    assert english.day(date(2026, 3, 5)) == "5 March"


def test_both_languages_have_the_same_material() -> None:
    ru, en = grammar("ru"), grammar("en")
    only_one = {"form_de", "male_de", "female_de", "surname", "head", "tail", "works", "trade"}
    missing = (ru.names() ^ en.names()) - only_one - {"street"}
    assert missing == set()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_parts_of_a_case_go_together(language: str) -> None:
    phrases = grammar(language)
    for case in phrases.lines("case"):
        parts = [len(phrases.lines(f"{case}.{part}")) for part in ("subject", "ask", "found")]
        assert len({*parts, len(phrases.lines(f"{case}.solution"))}) == 1, case
        assert len(phrases.lines(f"{case}.kind")) in (1, parts[0]), case


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("gender", [MASCULINE, FEMININE])
def test_every_phrase_can_be_said(language: str, gender: int) -> None:
    phrases, random = grammar(language), Random(3)
    not_said = {"field", "tag", "form", "form_de", "case", "thing"}
    for section in sorted(phrases.names() - not_said):
        if section.endswith((".kind", ".topic")):
            continue
        for line in range(len(phrases.lines(section))):
            scene = Scene(phrases, random, date(2026, 3, 11), words_of(language, gender, random))
            said = scene.say(section, line)
            assert not re.search(r"[{}<>|^\\]", said), said
            assert "  " not in said, said
            assert not re.search(r"\bNone\b", said), said


def words_of(language: str, gender: int, random: Random) -> dict[str, Word]:
    words = {name: plain(name) for name in FACTS}
    for name in NAMED:
        person = make_person(language, random)
        while person.gender != gender:
            person = make_person(language, random)
        words[name] = person.word
    words["topic"] = noun(random.choice(grammar(language).lines("shop.topic")))
    return words


def test_a_colleague_is_declined_in_russian_and_written_in_latin_in_english() -> None:
    staff, _ = make_staff(UserId(UUID(int=1)), "Мария Орлова", ("ru",), Random(1))
    assert staff.me.words["ru"].form("ins") == "Марией"
    assert staff.me.words["ru"].gender == FEMININE
    assert staff.me.words["en"].form("full") == "Mariya Orlova"
