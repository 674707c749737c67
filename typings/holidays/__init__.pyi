# The part that is used. The package's own types load a class for every country of the world.

from collections.abc import Iterable
from datetime import date

class HolidayBase(dict[date, str]):
    supported_languages: tuple[str, ...]
    weekend_workdays: set[date]

def country_holidays(
    country: str,
    subdiv: str | None = None,
    years: int | Iterable[int] | None = None,
    *,
    language: str | None = None,
) -> HolidayBase: ...
def list_supported_countries(include_aliases: bool = True) -> dict[str, list[str]]: ...
