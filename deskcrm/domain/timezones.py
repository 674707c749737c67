"""Time zones by their IANA names, checked before they are kept."""

from functools import cache

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr


@cache
def time_zone_names() -> tuple[str, ...]:
    """List the time zones to choose from, by name."""
    import zoneinfo  # reads a folder of files: only when somebody chooses

    places = sorted(name for name in zoneinfo.available_timezones() if "/" in name)
    return (*places, "UTC")


def check_time_zone(name: str) -> str:
    """Give the name back if it is a time zone, or empty; raises UserError."""
    import zoneinfo

    name = name.strip()
    if name:
        try:
            zoneinfo.ZoneInfo(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise UserError(
                tr("“{name}” is not a time zone.", name=name),
                tr("Choose one from the list, such as Europe/Moscow."),
            ) from error
    return name
