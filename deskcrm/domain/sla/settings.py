"""What is promised where no policy says anything: nothing is without a clock."""

from datetime import timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Select, select

from deskcrm.base.settings import Scope, Setting
from deskcrm.domain.settings.model import Preference
from deskcrm.domain.sla.clocks import ClockKind
from deskcrm.domain.sla.policies import Policy
from deskcrm.store.tables import WORKSPACE

FIRST_RESPONSE = Setting(
    "sla.first_response_hours", 8, "First response without a policy, working hours", Scope.SHARED
)
NEXT_RESPONSE = Setting(
    "sla.next_response_hours", 8, "Next response without a policy, working hours", Scope.SHARED
)
RESOLUTION = Setting(
    "sla.resolution_hours", 40, "Resolution without a policy, working hours", Scope.SHARED
)
_BY_CLOCK: Final = {
    ClockKind.FIRST_RESPONSE: FIRST_RESPONSE,
    ClockKind.NEXT_RESPONSE: NEXT_RESPONSE,
    ClockKind.RESOLUTION: RESOLUTION,
}


def fallback_policy(connection: Connection) -> Policy:
    """Give what holds for tickets that no policy matches."""
    stored: dict[str, str] = {row.key: row.value for row in connection.execute(_stored())}
    targets = {
        clock: timedelta(hours=max(setting.read(stored.get(setting.key)), 1))
        for clock, setting in _BY_CLOCK.items()
    }
    return Policy(None, "", {}, targets)


@cache
def _stored() -> Select[*tuple[Any, ...]]:
    keys = [setting.key for setting in _BY_CLOCK.values()]
    return select(Preference.key, Preference.value).where(
        Preference.key.in_(keys), Preference.scope == WORKSPACE, ~Preference.is_deleted
    )
