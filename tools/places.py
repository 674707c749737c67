"""The names of cities and countries in our languages, from the Unicode locale data that Babel has.

    python -m tools.places

writes ``resources/translations/places.json``; a test holds it to what the data say.
"""

import json
from importlib.resources import files
from pathlib import Path
from typing import Final

from babel import Locale

from deskcrm.base.words import LANGUAGES

FILE: Final = Path(__file__).resolve().parent.parent / "resources" / "translations" / "places.json"
_ZONES: Final = files("tzdata") / "zoneinfo"
# The locale data keep a zone under the name that it had first. These became links to another zone
# since, so that the list of links does not tell any more.
_RENAMED: Final = {
    "Africa/Asmara": "Africa/Asmera",
    "America/Atikokan": "America/Coral_Harbour",
    "Pacific/Chuuk": "Pacific/Truk",
    "Pacific/Pohnpei": "Pacific/Ponape",
}
# Younger than the locale data.
_MISSING: Final = {"ru": {"America/Coyhaique": "Койайке"}}


def text() -> str:
    """Give what the file is to hold: for each language its cities by zone, and its countries."""
    names = {code: {"cities": _cities(code), "countries": _countries(code)} for code in LANGUAGES}
    return json.dumps(names, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _cities(code: str) -> dict[str, str]:
    known = Locale.parse(code).time_zones
    zones, older = _column("zone.tab", 2), _older_names() | _RENAMED
    cities = {}
    for zone in zones:
        name = zone if "city" in known.get(zone, {}) else older.get(zone, zone)
        own = zone.rpartition("/")[2].replace("_", " ")
        cities[zone] = known.get(name, {}).get("city", own)
    return cities | _MISSING.get(code, {})


def _countries(code: str) -> dict[str, str]:
    territories = Locale.parse(code).territories
    return {key: territories[key] for key in _column("iso3166.tab", 0)}


def _column(file: str, at: int) -> list[str]:
    rows = (_ZONES / file).read_text(encoding="utf-8").splitlines()
    return [row.split("\t")[at] for row in rows if row and not row.startswith("#")]


def _older_names() -> dict[str, str]:
    """Tell by which name the locale data keep a zone that was renamed."""
    known, today = Locale.parse("ru").time_zones, set(_column("zone.tab", 2))
    links = [
        row.split()[1:]
        for row in (_ZONES / "tzdata.zi").read_text(encoding="utf-8").splitlines()
        if row.startswith("L ")
    ]
    return {
        now: then
        for now, then in links
        if then not in today and "city" in known.get(then, {}) and "city" not in known.get(now, {})
    }


def main() -> None:
    """Write the file."""
    FILE.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
