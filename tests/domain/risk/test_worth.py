"""What a client is worth, where some pay in roubles and some in dollars: nothing is added up."""

import deskcrm.domain.all  # noqa: F401 - what is stale is noted by every write
from deskcrm.base.jobs import Job
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contracts.commands import add_contract, give_notice
from deskcrm.domain.risk.queries import get_health, page_risk, usual_values
from deskcrm.domain.risk.rounds import go_round
from deskcrm.domain.risk.signals import read_signals
from deskcrm.store.store import Store


def lose(desk: Store, name: str, **values: int) -> ClientId:
    """Add a client that gave notice of its contracts, one in each currency."""
    client = desk.do(create_company, name=name).value
    for currency, whole in values.items():
        contract = desk.do(
            add_contract, client, title="Support", value_minor=whole * 100, currency=currency
        ).value
        desk.do(give_notice, contract)
    return ClientId(client)


def listed(desk: Store) -> list[str]:
    go_round(Job(), desk)
    return [row.client for row in desk.ask(page_risk)]


def test_in_one_currency_whoever_brings_most_is_first(desk: Store) -> None:
    for name, value in (("A", 100), ("B", 300), ("C", 200)):
        lose(desk, name, RUB=value)
    assert listed(desk) == ["B", "C", "A"]


def test_a_dollar_is_no_rouble(desk: Store) -> None:
    lose(desk, "Small in roubles", RUB=1_000)
    lose(desk, "Large in roubles", RUB=9_000)
    lose(desk, "Small in dollars", USD=10)
    lose(desk, "Large in dollars", USD=110)
    assert desk.ask(usual_values) == {}
    # 9,000 is 1.8 times what is usual in roubles, 110 is 1.83 times what is usual in dollars.
    assert listed(desk) == [
        "Large in dollars", "Large in roubles", "Small in roubles", "Small in dollars",
    ]  # fmt: skip
    assert desk.ask(usual_values) == {"RUB": 500_000.0, "USD": 6_000.0}


def test_what_one_client_pays_in_two_currencies_is_not_added(desk: Store) -> None:
    both = lose(desk, "Both", RUB=5_000, USD=70)
    desk.do(add_contract, both, title="More", value_minor=30_00, currency="USD")
    facts = desk.ask(read_signals, [both])[both]
    assert facts.values == {"RUB": (1, 5_000_00), "USD": (2, 100_00)}
    go_round(Job(), desk)
    health = desk.ask(get_health, [both])[both]
    assert (health.annual_value, health.currency) == (100_00, "USD")
