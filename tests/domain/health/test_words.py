"""Words of a score: no more than the evidence allows, in both languages."""

import pytest

from deskcrm.base.words import speaking
from deskcrm.domain.health import (
    BUILT_IN,
    SCORECARD,
    Band,
    Evidence,
    Fix,
    Reason,
    Signal,
    band_of,
    evidence_of,
    score,
    what_changed,
    what_would_bring_it_back,
    words,
)
from deskcrm.domain.health.scoring import BASE

QUIET = dict.fromkeys(SCORECARD.terms, 0.0)
LOUD = QUIET | {Signal.CHAMPION_LEFT: 1, Signal.SILENCE: 2, Signal.RENEWAL_DUE: 1}


@pytest.mark.parametrize(
    ("churned", "evidence"),
    [
        (0, Evidence.STARTING_RULES),
        (9, Evidence.STARTING_RULES),
        (10, Evidence.BANDS),
        (99, Evidence.BANDS),
        (100, Evidence.NUMBERS),
    ],
)
def test_evidence_grows_with_the_clients_that_left(churned: int, evidence: Evidence) -> None:
    assert evidence_of(churned) is evidence


def test_a_risk_is_named_as_exactly_as_the_evidence_allows() -> None:
    found = score(LOUD)
    assert words.chance_words(found, Evidence.STARTING_RULES) == "High risk by the starting rules"
    assert words.chance_words(found, Evidence.BANDS) == "High risk"
    assert words.chance_words(found, Evidence.NUMBERS) == "28.9% within 90 days"
    with speaking("ru"):
        assert words.chance_words(found, Evidence.NUMBERS) == "28,9% за 90 дней"


def test_without_enough_data_nothing_is_said_of_the_risk() -> None:
    found = score({Signal.TENURE: 1.0})
    assert band_of(found) is Band.NOT_ENOUGH_DATA
    assert {words.chance_words(found, evidence) for evidence in Evidence} == {"Not enough data"}
    assert words.coverage_words(found) == "Not enough data: only 2% of what counts is known."
    assert words.coverage_words(score(QUIET)) == "100% of what counts is known."


def test_bands_are_against_the_usual_rate() -> None:
    found = score(QUIET | {Signal.SILENCE: 2.0, Signal.TICKETS_OVERDUE: 2})
    assert band_of(found, 0.10) is Band.LOW_RISK
    assert band_of(found, 0.04) is Band.RAISED_RISK
    assert band_of(found, 0.01) is Band.HIGH_RISK


def test_a_way_back_is_what_the_client_would_score() -> None:
    way = what_would_bring_it_back(LOUD, 0.09)
    assert way is not None and way.fixes == (Fix.SUCCESSOR, Fix.CONTACT)
    told = words.way_back_words(way, 0.09, Evidence.NUMBERS)
    assert told == (
        "Win a successor for the champion and have a talk with the client: then the client would"
        " score 5.2%, below the line of 9%."
    )
    assert words.way_back_words(way, 0.09).endswith("then the client would score below the line.")
    assert "enough" in words.way_back_words(None, 0.09)
    with speaking("ru"):
        assert words.way_back_words(way, 0.09, Evidence.NUMBERS) == (
            "Найти преемника сторонника и поговорить с клиентом: тогда риск клиента"
            " был бы 5,2% — ниже черты в 9%."
        )


def test_every_signal_has_a_sentence_in_both_languages() -> None:
    for language in ("en", "ru"):
        with speaking(language):
            told = [
                words.reason_words(Reason(f.name, 1.0, min(1.2, f.high)), SCORECARD)
                for f in BUILT_IN
            ]
            labels = [words.signal_label(f.name, SCORECARD) for f in BUILT_IN]
        assert len(set(told)) == len(set(labels)) == len(BUILT_IN)
        assert language == "en" or not any("a" <= letter <= "z" for letter in "".join(told))


def test_reasons_say_their_numbers() -> None:
    def say(name: str, value: float) -> str:
        return words.reason_words(Reason(name, 1.0, value), SCORECARD)

    assert say("usage_drop", 0.6931) == "Usage is 50% below that of the twelve weeks before"
    assert say("silence", 1.5) == "Silent 2.8 times as long as is usual for them"
    assert say("tickets_overdue", 1) == "1 open ticket is overdue"
    assert say("tenure", 1.0986122886681098) == "A client for 3 years"
    assert say("something of one's own", 1) == "something of one's own"
    assert words.reason_words(Reason(BASE, -57.7), SCORECARD) == "Where every client starts"


def test_points_have_a_sign_unless_they_are_none() -> None:
    assert [words.points_words(one) for one in (12.4, 0.4, -0.4, -2.6)] == ["+12", "0", "0", "−3"]


def test_a_change_says_signal_cause_and_points() -> None:
    (delta,) = what_changed(score(QUIET), score(QUIET | {Signal.SILENCE: 2}))
    assert words.delta_words(delta, SCORECARD) == "Silence: new event, +12"
    (back,) = what_changed(score(QUIET | {Signal.SILENCE: 2}), score(QUIET))
    with speaking("ru"):
        assert words.delta_words(back, SCORECARD) == "Молчание: улажено, −12"


@pytest.mark.parametrize(
    ("share", "told"),
    [(0, "0%"), (0.0004, "under 0.1%"), (0.0234, "2.3%"), (0.9999, "over 99.9%"), (1, "100%")],
)
def test_nobody_is_told_zero_or_all_of_what_is_not(share: float, told: str) -> None:
    assert words.percent_words(share) == told


def test_evidence_is_said_with_its_number() -> None:
    assert words.evidence_words(Evidence.BANDS, 12).startswith(
        "12 clients have left so far: enough"
    )
    with speaking("ru"):
        assert words.evidence_words(Evidence.STARTING_RULES, 1).startswith("Пока ушёл 1 клиент: ")
