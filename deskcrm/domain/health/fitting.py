"""Learns a team's own weights from its history, anchored at the prior model.

MAP logistic regression: a coefficient is believed to lie at N(b⁰, τ²), τ = k · (0.6·|b⁰| + 0.3),
and keeps its sign; the intercept is free. With no history it is the prior; as clients leave it
becomes the team's. k is the one that would have foretold the later rows best from the earlier ones.
"""

import importlib.util
from collections.abc import Mapping, Sequence
from typing import Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.health.model import Model

LOOSENESS: Final = (0.25, 0.5, 1.0, 2.0, 5.0)
"""The k of which one is chosen."""


def fit(
    rows: Sequence[Mapping[str, float | None]],
    churned: Sequence[bool],
    prior: Model,
    *,
    times: Sequence[float] | None = None,
    embargo: float = 0.0,
    k: float | None = None,
) -> Model:
    """Learn a model of the prior's features from rows and whether each client left thereafter.

    Rows are in order of time, or ``times`` says when each was. What is foretold lies at least
    ``embargo`` (in the unit of times) after what it is foretold from. A value that is missing, None
    or no number counts as the feature's reference, as it does in a score; a reference that the
    prior leaves open becomes the mean of what is known. Where all stayed or all left there is
    nothing to tell apart, and the prior comes back.
    """
    if not len(rows) == len(churned) == len(times if times is not None else rows):
        raise ValueError("as many outcomes and times as rows")
    if len(set(map(bool, churned))) < 2:
        return prior
    check_numpy()
    from deskcrm.domain.health.learning import learn

    return learn(rows, churned, prior, times, embargo, k)


def check_numpy() -> None:
    """Say who learns instead where there is no numpy."""
    if not has_numpy():
        raise UserError(
            tr("This computer cannot learn from history: the package numpy is missing."),
            tr("The server learns and shares what it learned. Scores need no numpy."),
        )


def has_numpy() -> bool:
    """Tell whether this computer can learn."""
    return importlib.util.find_spec("numpy") is not None
