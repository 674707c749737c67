"""Where sample clients are: cities with their country, telephone code and time zone."""

from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class Place:
    """A city; ``area`` is its telephone code where numbers are made up from it."""

    city: str
    country: str
    time_zone: str
    area: str = ""
    province: str = ""

    @property
    def nation(self) -> str:
        """Tell whose names people and companies there have."""
        return {"RU": "ru", "DE": "de"}.get(self.country, "en")


_RUSSIAN: Final = (
    (14, Place("Москва", "RU", "Europe/Moscow", "495")),
    (8, Place("Санкт-Петербург", "RU", "Europe/Moscow", "812", "Санкт-Петербург")),
    (4, Place("Новосибирск", "RU", "Asia/Novosibirsk", "383", "Новосибирская область")),
    (4, Place("Екатеринбург", "RU", "Asia/Yekaterinburg", "343", "Свердловская область")),
    (3, Place("Казань", "RU", "Europe/Moscow", "843", "Татарстан")),
    (3, Place("Нижний Новгород", "RU", "Europe/Moscow", "831", "Нижегородская область")),
    (3, Place("Самара", "RU", "Europe/Samara", "846", "Самарская область")),
    (2, Place("Омск", "RU", "Asia/Omsk", "3812", "Омская область")),
    (2, Place("Челябинск", "RU", "Asia/Yekaterinburg", "351", "Челябинская область")),
    (3, Place("Ростов-на-Дону", "RU", "Europe/Moscow", "863", "Ростовская область")),
    (2, Place("Уфа", "RU", "Asia/Yekaterinburg", "347", "Башкортостан")),
    (2, Place("Красноярск", "RU", "Asia/Krasnoyarsk", "391", "Красноярский край")),
    (2, Place("Пермь", "RU", "Asia/Yekaterinburg", "342", "Пермский край")),
    (2, Place("Воронеж", "RU", "Europe/Moscow", "473", "Воронежская область")),
    (1, Place("Волгоград", "RU", "Europe/Volgograd", "8442", "Волгоградская область")),
    (3, Place("Краснодар", "RU", "Europe/Moscow", "861", "Краснодарский край")),
    (1, Place("Калининград", "RU", "Europe/Kaliningrad", "4012", "Калининградская область")),
    (1, Place("Владивосток", "RU", "Asia/Vladivostok", "423", "Приморский край")),
    (1, Place("Иркутск", "RU", "Asia/Irkutsk", "3952", "Иркутская область")),
    (1, Place("Тюмень", "RU", "Asia/Yekaterinburg", "3452", "Тюменская область")),
    (1, Place("Ярославль", "RU", "Europe/Moscow", "4852", "Ярославская область")),
    (1, Place("Тверь", "RU", "Europe/Moscow", "4822", "Тверская область")),
    (1, Place("Тула", "RU", "Europe/Moscow", "4872", "Тульская область")),
)
_FOREIGN: Final = (
    (8, Place("London", "GB", "Europe/London")),
    (3, Place("Manchester", "GB", "Europe/London")),
    (3, Place("Birmingham", "GB", "Europe/London")),
    (2, Place("Leeds", "GB", "Europe/London")),
    (2, Place("Bristol", "GB", "Europe/London")),
    (2, Place("Edinburgh", "GB", "Europe/London")),
    (1, Place("Cardiff", "GB", "Europe/London")),
    (4, Place("New York", "US", "America/New_York", province="NY")),
    (3, Place("Chicago", "US", "America/Chicago", province="IL")),
    (2, Place("Austin", "US", "America/Chicago", province="TX")),
    (2, Place("Denver", "US", "America/Denver", province="CO")),
    (2, Place("Portland", "US", "America/Los_Angeles", province="OR")),
    (2, Place("Boston", "US", "America/New_York", province="MA")),
    (2, Place("Berlin", "DE", "Europe/Berlin")),
    (2, Place("Hamburg", "DE", "Europe/Berlin")),
    (2, Place("München", "DE", "Europe/Berlin")),
    (1, Place("Köln", "DE", "Europe/Berlin")),
    (1, Place("Leipzig", "DE", "Europe/Berlin")),
)
_BY_LANGUAGE: Final = {
    language: ([place for _, place in places], list(accumulate(chance for chance, _ in places)))
    for language, places in (("ru", _RUSSIAN), ("en", _FOREIGN))
}


def choose_place(language: str, random: Random) -> Place:
    """Choose a city where that language is what we speak with clients."""
    places, chances = _BY_LANGUAGE[language]
    return random.choices(places, cum_weights=chances)[0]
