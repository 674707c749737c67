"""Whether the program stays when its window is closed."""

from typing import Final

from deskcrm.base.settings import Setting

STAY_IN_TRAY: Final = Setting(
    "tray.stay", False, "Keep running in the tray when the window is closed"
)
