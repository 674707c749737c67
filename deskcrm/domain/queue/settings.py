"""What a workspace sets about its queue."""

from typing import Final

from deskcrm.base.settings import Scope, Setting

SKIPPED_FOR: Final = Setting(
    "queue.skipped_for_hours",
    4,
    "Hours until a skipped ticket is handed to the same person again",
    Scope.SHARED,
)
VIP_WAITS: Final = Setting(
    "queue.vip_waits_minutes",
    30,
    "Working minutes that an important client may wait until an alert",
    Scope.SHARED,
)
