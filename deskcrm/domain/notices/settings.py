"""What a person chooses about notifications; times are kept as HH:MM."""

from typing import Final

from deskcrm.base.settings import Scope, Setting

SHOW: Final = Setting(
    "notices.show", True, "Tell me what comes due and who waits", scope=Scope.PERSONAL
)
DIGEST: Final = Setting(
    "notices.digest", True, "One digest when the shift begins", scope=Scope.PERSONAL
)
SHIFT_BEGINS: Final = Setting(
    "notices.shift_begins", "09:00", "The shift begins at", scope=Scope.PERSONAL
)
QUIET_FROM: Final = Setting("notices.quiet_from", "19:00", "Quiet from", scope=Scope.PERSONAL)
QUIET_UNTIL: Final = Setting("notices.quiet_until", "08:00", "Quiet until", scope=Scope.PERSONAL)
QUIET_WEEKENDS: Final = Setting(
    "notices.quiet_weekends", True, "Quiet at weekends", scope=Scope.PERSONAL
)
DIGEST_ON: Final = Setting("window.digest_on", "", "The day of the last digest")
ALERTS_TOLD: Final = Setting("window.alerts_told", "", "The alerts that were told and still hold")
"""A line for each."""
