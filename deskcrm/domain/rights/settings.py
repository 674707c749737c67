"""Settings of what people may do."""

from datetime import timedelta
from typing import Final

from sqlalchemy import select

from deskcrm.base.settings import Scope, Setting
from deskcrm.domain.settings.model import Preference, preference_id
from deskcrm.store.reader import Reader
from deskcrm.store.tables import WORKSPACE

LEASE_DAYS = Setting(
    "rights.lease_days", 14, "A copy that does not reach the server locks itself after days",
    scope=Scope.SHARED, choices=(1, 3, 7, 14, 30, 60, 90),
)  # fmt: skip

_LEASE: Final = select(Preference.value).where(
    Preference.id == preference_id(WORKSPACE, LEASE_DAYS.key), ~Preference.is_deleted
)
"""Asked each time a workstation presents itself, so it is built once."""


def lease_of(db: Reader) -> timedelta:
    """Give how long a copy may be used without having reached the server."""
    return timedelta(days=LEASE_DAYS.read(db.scalar(_LEASE)))
