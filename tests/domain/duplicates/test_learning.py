"""Weights that are learned from the team's own decisions: bounded, and slow to move."""

import random

import pytest

from deskcrm.domain.client_merges.commands import merge_clients, set_apart
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.duplicates.decisions import get_learned, list_apart
from deskcrm.domain.duplicates.learning import (
    BUILT_IN,
    LEAST,
    MOST,
    Decision,
    Learned,
    learn,
)
from deskcrm.domain.duplicates.queries import list_duplicates
from deskcrm.domain.duplicates.reasons import learned_words, reason_of
from deskcrm.domain.duplicates.weighing import PRIOR, Ground, Weight, probability_of
from deskcrm.store.store import Store

NAME, PHONE = (tuple(Ground).index(ground) for ground in (Ground.NAME, Ground.PHONE))


def bits(**grounds: float) -> tuple[float, ...]:
    return tuple(grounds.get(ground.value, 0.0) for ground in Ground)


SAME_OFFICE = bits(name=1.0, phone=9.0)
SAME_PERSON = bits(name=9.0, address=1.0)


def taught(same: int, other: int) -> list[Decision]:
    """Give decisions of a team in whose town a number is shared by all of a house."""
    return [Decision(SAME_PERSON, True)] * same + [Decision(SAME_OFFICE, False)] * other


def test_a_few_decisions_leave_the_built_in_weights() -> None:
    for few in (taught(LEAST, 0), taught(0, LEAST), taught(LEAST - 4, 3), []):
        learned = learn(few)
        assert not learned.is_learned and learned.decisions == len(few)
        assert learned.weigh(SAME_OFFICE) == SAME_OFFICE


def test_what_a_team_decides_moves_what_it_decides_of() -> None:
    learned = learn(taught(20, 20))
    assert learned.is_learned and (learned.merged, learned.apart) == (20, 20)
    assert learned.supports[PHONE] < 1 <= learned.supports[NAME]
    built_in = probability_of(SAME_OFFICE)
    assert learned.probability_of(SAME_OFFICE) < built_in - 0.1
    assert learned.probability_of(SAME_PERSON) > probability_of(SAME_PERSON) - 0.05
    # Of what nobody decided nothing is learned.
    assert learned.opposes == BUILT_IN.opposes


def test_more_decisions_move_it_further_and_none_beyond_its_bounds() -> None:
    some, many = learn(taught(10, 10)), learn(taught(250, 250))
    assert many.supports[PHONE] < some.supports[PHONE] < 1
    for learned in (some, many):
        assert all(0.25 <= one <= 2 for one in (*learned.supports, *learned.opposes))
        assert -4 <= learned.shift <= 4


def test_only_the_latest_count() -> None:
    assert learn(taught(0, MOST) + taught(MOST, 0)) == learn(taught(0, MOST))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_team_that_decides_as_we_would_changes_little(seed: int) -> None:
    dice = random.Random(seed)
    cases = []
    for _ in range(200):
        one = bits(name=dice.uniform(-9, 11), phone=dice.choice((0.0, 9.0, -1.7)))
        cases.append(Decision(one, dice.random() < probability_of(one)))
    learned = learn(cases)
    off = [abs(learned.probability_of(one.bits) - probability_of(one.bits)) for one in cases]
    assert sum(off) / len(off) < 0.06


def test_decisions_are_read_from_the_workspace(desk: Store) -> None:
    made = [desk.do(create_company, name=f"Client {n}").value for n in range(2 * LEAST)]
    for n in range(0, LEAST, 2):
        desk.do(merge_clients, made[n], into_id=made[n + 1], bits=SAME_PERSON)
        desk.do(set_apart, made[-n - 1], other_id=made[-n - 2], bits=SAME_OFFICE)
    learned = desk.ask(get_learned)
    assert (learned.merged, learned.apart, learned.is_learned) == (LEAST // 2, LEAST // 2, True)
    assert str(LEAST) in learned_words(learned)
    assert str(LEAST) in learned_words(Learned(merged=3, apart=1))
    desk.undo()
    assert desk.ask(get_learned).apart == LEAST // 2 - 1


def test_two_that_were_said_to_be_apart_are_not_listed(desk: Store) -> None:
    one = desk.do(create_company, name="Zorgvliet Bakery").value
    other = desk.do(create_company, name="Zorgvliet Bakery GmbH").value
    assert len(desk.ask(list_duplicates, threshold=0.3)) == 1
    desk.do(set_apart, other, other_id=one, bits=())
    assert desk.ask(list_duplicates, threshold=0.3) == []
    assert desk.ask(list_apart) == {frozenset((one, other))}


def test_the_reason_is_a_sentence() -> None:
    said = reason_of(
        [Weight(Ground.NAME, 3.0), Weight(Ground.PHONE, 8.0), Weight(Ground.ADDRESS, -2.5)]
    )
    assert said == "The same phone, a similar name; but another address."
    assert reason_of([Weight(Ground.CODE, -7.0)]) == "Another tax number."
    assert reason_of([]) == ""
    assert PRIOR < 0
