"""Why clients leave or pay less, in few enough words to be counted."""

from enum import StrEnum


class LossReason(StrEnum):
    """The main reason that a client left, or took less."""

    PRICE = "price"
    MISSING_FEATURES = "missing_features"
    QUALITY = "quality"
    SERVICE = "service"
    COMPETITOR = "competitor"
    BUDGET_CUT = "budget_cut"
    NO_NEED = "no_need"
    CLOSED_DOWN = "closed_down"
    OWN_SOLUTION = "own_solution"
    NOT_PAYING = "not_paying"
    OTHER = "other"

    @property
    def is_voluntary(self) -> bool:
        """Tell whether the client chose to; who closed down or did not pay had to."""
        return self not in (LossReason.CLOSED_DOWN, LossReason.NOT_PAYING)
