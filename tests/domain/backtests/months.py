"""Made-up months of clients of whom silence tells a little, for the back-test."""

import math
import random
from datetime import date, timedelta
from uuid import UUID

from deskcrm.domain.backtests.observations import Case, Observation
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.days import add_months

TODAY = date(2026, 11, 29)


def who(number: int) -> ClientId:
    return ClientId(UUID(int=number))


def observations(
    clients: int, months: int, seed: int = 0, *, telling: float = 1.2
) -> list[Observation]:
    """Follow clients month by month until they give notice."""
    rng = random.Random(seed)
    found = []
    for number in range(clients):
        days = [add_months(date(2026, 11, 1), -back) for back in range(months, 0, -1)]
        usual = rng.uniform(0, 3)
        rows = [(day, signals(rng, usual)) for day in days]
        noticed = first_notice(rng, rows, telling)
        for day, row in rows:
            if noticed is None or day < noticed:
                found.append(Observation(who(number), day, row, noticed))
    return found


def signals(rng: random.Random, usual: float) -> dict[str, float | None]:
    return {
        "silence": min(max(rng.gauss(usual, 0.4), 0), 3),
        "renewal_due": float(rng.random() < 0.25),
        "tickets_overdue": float(rng.randint(0, 2)),
        "usage_drop": rng.uniform(0, 1) if rng.random() < 0.8 else None,
        "champion_left": float(rng.random() < 0.1),
        "tenure": rng.uniform(0, 2),
        "detractor": None,
    }


def first_notice(
    rng: random.Random, rows: list[tuple[date, dict[str, float | None]]], telling: float
) -> date | None:
    for day, row in rows:
        odds = telling * ((row["silence"] or 0) - 1.5) - 4
        if rng.random() < 1 / (1 + math.exp(-odds)):
            return day + timedelta(days=rng.randint(15, 89))
    return None


def case(number: int, on: date, left: bool, **known: float | None) -> Case:
    """Make one case; who left gave notice 40 days later."""
    return Case(who(number), on, known, on + timedelta(days=40) if left else None, left)
