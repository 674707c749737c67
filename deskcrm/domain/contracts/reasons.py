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
