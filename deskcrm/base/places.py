"""What cities and countries are called in the person's language, and the time that a city keeps."""

import json
from functools import cache
from typing import Final

from deskcrm.base import clock, paths
from deskcrm.base.words import language

SPOKEN: Final = (("en", "English"), ("ru", "Русский"), ("de", "Deutsch"), ("fr", "Français"))
"""The languages that are offered for a client or a person, by their own names."""
_UTC: Final = "UTC"
Named = dict[str, dict[str, dict[str, str]]]


def city(zone: str) -> str:
    """Name the city that a time zone is known by: "Москва" for Europe/Moscow."""
    own = zone.rpartition("/")[2].replace("_", " ")
    return _named()[language()]["cities"].get(zone, own)


def zone_words(zone: str) -> str:
    """Say a time zone by its city and how far it is from UTC now: "Moscow, UTC+3"."""
    return f"{city(zone)}, {_offset(zone)}" if zone and zone != _UTC else zone


def zones(also: str = "") -> list[tuple[str, str]]:
    """List the time zones to choose from with their words, by city; ``also`` is one of them."""
    known = {*_named()["en"]["cities"], _UTC, *([also] if also else [])}
    return sorted(((zone, zone_words(zone)) for zone in known), key=lambda one: one[1].casefold())


def country(code: str) -> str:
    """Name a country by its two letters; what was written otherwise stays as it is."""
    return _named()[language()]["countries"].get(code, code)


def countries(also: str = "") -> list[tuple[str, str]]:
    """List the countries as (two letters, name), by name; ``also`` is one, as it was written."""
    known = {*_named()["en"]["countries"], *([also] if also else [])}
    return sorted(((one, country(one)) for one in known), key=lambda one: one[1].casefold())


def spoken(code: str) -> str:
    """Name a language by what it is called in itself; what is not known stays as it is."""
    return dict(SPOKEN).get(code, code)


def _offset(zone: str) -> str:
    import zoneinfo

    try:
        away = clock.now().astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return _UTC
    minutes = round(away.total_seconds() / 60) if away is not None else 0
    if not minutes:
        return _UTC
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "\N{MINUS SIGN}"
    return f"{_UTC}{sign}{hours}" + (f":{rest:02}" if rest else "")


@cache
def _named() -> Named:
    read: Named = json.loads((paths.resources() / "translations" / "places.json").read_bytes())
    return read
