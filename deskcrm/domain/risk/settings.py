"""What a team sets about its list of clients at risk."""

from deskcrm.base.settings import Scope, Setting

CAPACITY_PERCENT = Setting(
    "risk.capacity_percent",
    10,
    "Share of a book, in per cent, that one can look after as being at risk",
    scope=Scope.SHARED,
)
