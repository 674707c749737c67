"""Makes up telephone numbers, valid for their country, written the way people type them.

The small sample uses the numbers that British, American and German authorities set aside for
fiction, so that a click on one disturbs nobody; Russia has none, there Mimesis chooses. A million
clients need more numbers than that, and take any valid one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mimesis import Person


@dataclass(frozen=True, slots=True)
class Number:
    """A number as typed, as compared (E.164), and its extension."""

    typed: str
    normal: str
    extension: str = ""


_RUSSIAN_MOBILE: Final = (
    "903 905 906 909 910 911 912 913 914 915 916 917 918 919 920 921 922 923 924 925 926 927 929 "
    "930 931 932 936 937 938 950 951 952 953 960 961 962 963 964 965 966 967 968 977 980 981 982 "
    "983 985 987 988 989 999"
).split()
_LONDON: Final = ("20", "79460")
_BRITISH: Final = tuple((f"1{code}", "4960") for code in "13 14 15 16 17 18 21 31 41 51 61".split())
_AMERICAN: Final = "212 312 415 503 512 602 617 702 713 720 774 813 860 919 971".split()
_GERMAN: Final = (("30", "23125"), ("69", "90009"), ("40", "66969"), ("89", "99998"))


class Telephones:
    """Numbers of one sample; ``is_fictional`` keeps to what is set aside for fiction."""

    def __init__(self, random: Random, *, is_fictional: bool) -> None:
        self._random = random
        self._is_fictional = is_fictional
        self._people: Person | None = None

    def mobile(self, country: str) -> Number:
        """Give somebody's own number."""
        makers: dict[str, Callable[[], tuple[str, ...]]] = {
            "RU": self._russian_mobile,
            "GB": self._british_mobile,
            "US": self._american,
            "DE": self._german_mobile,
        }
        return self._typed(country, makers[country]())

    def office(self, country: str, area: str) -> Number:
        """Give a company's number in a city, sometimes with an extension; ``area`` for Russia."""
        random = self._random
        if country == "RU":
            local = _digits(random, 10 - len(area) - 1)
            number = self._typed(country, (area, f"{random.choice('23467')}{local}"))
        elif country == "GB":
            number = self._typed(country, self._british_office())
        elif country == "DE":
            code, local = random.choice(_GERMAN)
            number = self._typed(country, (code, local + _digits(random, 3)))
        else:
            number = self._typed(country, self._american())
        if random.random() > 0.15:
            return number
        extension = str(random.randrange(100, 900))
        says = "доб." if country == "RU" else "ext."
        return Number(f"{number.typed} {says} {extension}", number.normal, extension)

    def _russian_mobile(self) -> tuple[str, ...]:
        if not self._is_fictional:
            return self._random.choice(_RUSSIAN_MOBILE), _digits(self._random, 7)
        if self._people is None:
            from mimesis import Locale, Person

            self._people = Person(Locale.RU, seed=self._random.randrange(1 << 30))
        only = "".join(filter(str.isdigit, self._people.phone_number()))
        return only[1:4], only[4:]

    def _british_mobile(self) -> tuple[str, ...]:
        if self._is_fictional:
            return "7700", "900" + _digits(self._random, 3)
        first = self._random.choice("123456789")
        return self._random.choice(("7400", "7500", "7711", "7803")), first + _digits(
            self._random, 5
        )

    def _british_office(self) -> tuple[str, ...]:
        if self._random.random() < 0.5:
            code, local = _LONDON
        else:
            code, local = self._random.choice(_BRITISH)
        if not self._is_fictional:
            local = self._random.choice("37")
        return code, local + _digits(self._random, 10 - len(code) - len(local))

    def _american(self) -> tuple[str, ...]:
        area = self._random.choice(_AMERICAN)
        if self._is_fictional:
            return area, f"55501{_digits(self._random, 2)}"
        exchange = f"{self._random.choice('234678')}{_digits(self._random, 1)}"
        return area, f"{exchange}{self._random.choice('023456789')}{_digits(self._random, 4)}"

    def _german_mobile(self) -> tuple[str, ...]:
        if self._is_fictional:
            code, local = self._random.choice(_GERMAN)
            return code, local + _digits(self._random, 3)
        first = self._random.choice("123456789")
        return self._random.choice(("151", "160")), first + _digits(self._random, 7)

    def _typed(self, country: str, parts: tuple[str, ...]) -> Number:
        code, local = parts
        prefix = _PREFIXES[country]
        way = self._random.choice(_WAYS[country])
        grouped = _grouped(country, local)
        typed = way.format(code=code, local=local, grouped=grouped, dashed="-".join(grouped))
        return Number(typed.replace("  ", " "), f"+{prefix}{code}{local}")


_PREFIXES: Final = {"RU": "7", "GB": "44", "US": "1", "DE": "49"}
_WAYS: Final = {
    "RU": (
        "+7 {code} {dashed}",
        "+7 ({code}) {dashed}",
        "8 ({code}) {dashed}",
        "8 {code} {dashed}",
        "8-{code}-{dashed}",
        "8{code}{local}",
        "+7{code}{local}",
        "+7({code}){local}",
        "{code} {dashed}",
    ),
    "GB": ("+44 {code} {local}", "+44 (0){code} {local}", "+44-{code}-{local}", "+44{code}{local}"),
    "US": ("+1 {code} {dashed}", "+1 ({code}) {dashed}", "+1-{code}-{dashed}", "+1{code}{local}"),
    "DE": (
        "+49 {code} {local}",
        "+49 (0){code} {local}",
        "0049 {code} {local}",
        "+49{code}{local}",
    ),
}


def _grouped(country: str, local: str) -> tuple[str, ...]:
    """Break the digits into the groups that people speak: 123-45-67, 555-0142."""
    if country == "US":
        return local[:3], local[3:]
    return (local[:-4], local[-4:-2], local[-2:]) if country == "RU" else (local,)


def _digits(random: Random, count: int) -> str:
    return f"{random.randrange(10**count):0{count}d}"
