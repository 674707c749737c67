"""What a team sets about its list of clients at risk."""

from deskcrm.base.settings import Scope, Setting

CAPACITY_PERCENT = Setting(
    "risk.capacity_percent",
    10,
    "Clients at risk that one person can look after, % of their own",
    scope=Scope.SHARED,
)
