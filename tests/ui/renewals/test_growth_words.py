"""Renewals and growth in words: figures of one sentence bear each other out."""

from uuid import UUID

import pytest

from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.opportunities.model import SignalKind
from deskcrm.domain.opportunities.rules import Measure
from deskcrm.domain.opportunities.signals import GrowthSignal
from deskcrm.domain.promises.ledger import Ledger
from deskcrm.domain.renewals.forecast import BaseRate
from deskcrm.domain.renewals.queries import Automated, Basis
from deskcrm.ui.renewals.words import goes_on_words, ledger_words, signal_words, why_automated


@pytest.mark.parametrize(("found", "said"), [(12.5, "12.5 of 13"), (13.0, "13 of 13")])
def test_what_comes_near_the_limit_bears_its_share_out(found: float, said: str) -> None:
    near = GrowthSignal(
        SignalKind.NEAR_LIMIT,
        ClientId(UUID(int=1)),
        "Acme",
        None,
        "",
        about="Seats",
        measure=Measure(found, 13.0),
    )
    assert said in signal_words(near)


def test_a_ledger_tells_only_what_there_is() -> None:
    whole = Ledger(open=5, overdue=2, kept=7, kept_late=1, broken=1)
    assert ledger_words(whole) == (
        "70% kept: 7 kept, 1 of them late, 1 broken, 2 overdue, 3 still ahead."
    )
    assert ledger_words(Ledger(0, 0, 8, 0, 3)).startswith("73% kept")
    assert ledger_words(Ledger(0, 0, 999, 0, 1)).startswith("99% kept")
    assert ledger_words(Ledger(0, 0, 3, 0, 0)) == "100% kept: 3 kept."
    assert ledger_words(Ledger(0, 0, 1, 1, 1)) == "50% kept: 1 kept but late, 1 broken."
    assert ledger_words(Ledger(2, 0, 0, 0, 0)) == "2 promises are open."


def test_the_chance_of_a_renewal_is_said_to_a_tenth_as_everywhere() -> None:
    rate = BaseRate(0, 0)
    automated = Automated(Basis.SCORE, 0.2468, 75_32, rate, 0.8)
    assert goes_on_words(automated) == "75.3% goes on"
    assert "24.7%" in why_automated(automated)
    certain = Automated(Basis.NOTICE, 1.0, 0, rate)
    assert goes_on_words(certain) == "0% goes on"
