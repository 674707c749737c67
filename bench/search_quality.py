"""What people type, how often the record they mean is among the first five, and how soon.

A workspace of clients, contacts, tickets and conversations in two languages is filed in an
encrypted index; then records are drawn, and typed as people type them. A hit counts when it has
the title of the record that was meant: of two who bear one name nobody can tell which. The
floor is what SQLite's own full-text search finds.
"""

import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

from mimesis import Locale, Person
from mimesis.enums import Gender
from sqlalchemy import Connection

from bench.lines import Line, line, timed
from deskcrm.store import search as index
from deskcrm.store.engine import open_sqlite
from deskcrm.store.search import Document, Named
from deskcrm.store.search.layout import other_layout

KEY = bytes(range(32))
QUERIES = 150
FIRST = 5
KEYSTROKES = 400

# One scheme a column: passports, English-speaking readers, people in a hurry.
_SCHEMES = (
    dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", (
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia"
    ).replace("-", "").split(" "), strict=True)),
    dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", (
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya"
    ).replace("-", "").split(" "), strict=True)),
    dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", (
        "a b v g d e e zh z i i k l m n o p r s t u f h c ch sh sch - i - e u ya"
    ).replace("-", "").split(" "), strict=True)),
)  # fmt: skip
# What stands in a conversation, and what is typed to find it again.
_FORMS = [
    ("обсудили продление", "продлению"), ("просит скидку", "скидки"), ("прислали счета", "счёт"),
    ("задержка доставки", "доставка"), ("сломался принтер", "принтеры"),
    ("новый договор", "договора"),
    ("перенесли встречу", "встреча"), ("жаловались на качество", "качества"),
    ("обучение сотрудников", "сотрудник"), ("вернули оборудование", "оборудованием"),
    ("переехали в новый офис", "офисе"), ("ищут бухгалтера", "бухгалтер"),
    ("оплатили лицензии", "лицензия"), ("настроили почту", "почты"), ("просили отчёты", "отчет"),
    ("asked for invoices", "invoice"), ("discussed renewal", "renewals"),
    ("two deliveries late", "delivery"), ("training sessions booked", "session"),
    ("complained about pricing", "priced"), ("new warehouses open", "warehouse"),
    ("shipping addresses changed", "address"), ("wants discounts", "discount"),
    ("printers replaced", "printer"), ("contracts signed", "contract"),
]  # fmt: skip
_COMPANIES = (
    "Ромашка Вектор Меридиан Северсталь Азимут Горизонт Прогресс Альянс Гранит Эталон Орион Сигма "
    "Парус Маяк Родник Берег Кедр Сокол Метеор Спектр"
).split()
_TRADES = "Строй Снаб Торг Пром Сервис Трейд Плюс Групп Медиа Логистик Фарм Агро Тех Дизайн".split()


@dataclass(frozen=True, slots=True)
class _Known:
    """A contact of the made-up workspace, with what can be typed for it."""

    subject: UUID
    name: str
    company: str
    email: str
    phone: str
    ticket: str
    said: str
    sought: str

    @property
    def is_russian(self) -> bool:
        return not self.name.isascii()


def run(clients: int) -> list[Line]:
    """Measure the share found by kind of typing, in percent, and the time of a keystroke."""
    chance = random.Random(clients)
    with tempfile.TemporaryDirectory() as folder:
        database = open_sqlite(Path(folder) / "search.db", KEY)
        people = list(_people(chance, clients))
        with database.writer.begin() as connection:
            index.reset(connection)
            _file_in_bare_sqlite(connection, people)
            filing = timed(lambda: index.fill(connection, _documents(people)))
        with database.readers.connect() as connection:
            lines = [_share(connection, kind, people, chance, clients) for kind in _TYPED]
            took = _keystrokes(connection, people, chance)
        database.close()
    return [
        *lines,
        line("a keystroke, asking the index alone", clients, took, budget=40),
        line("filing 1,000 records", clients, [1_000 * filing / (4 * len(people))]),
    ]


def _share(
    connection: Connection, kind: str, people: list[_Known], chance: random.Random, clients: int
) -> Line:
    drawn = (chance.choice(people) for _ in range(100 * QUERIES))
    typed = ((person, _TYPED[kind](person, chance)) for person in drawn)
    asked = list(islice(((person, text) for person, text in typed if text), QUERIES))
    found = sum(_is_found(connection, kind, *one) for one in asked)
    bare = sum(_is_found_by_bare_sqlite(connection, kind, *one) for one in asked)
    share, floor = (100 * count / max(1, len(asked)) for count in (found, bare))
    name = f"found by {kind}"
    return Line(name, clients, "% in 5", len(asked), share, share, share, floor=floor)


def _is_found(connection: Connection, kind: str, person: _Known, text: str) -> bool:
    hits = index.search(connection, text, limit=FIRST)
    if "conversation" in kind:
        return any(hit.subject == person.subject and hit.kind == "talk" for hit in hits)
    wanted = {"a ticket's number": person.ticket}.get(kind, person.name)
    return any(wanted in {name.text for name in hit.names} for hit in hits)


def _file_in_bare_sqlite(connection: Connection, people: list[_Known]) -> None:
    """What one gets without a search of one's own: SQLite's tokenizer, words and beginnings."""
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE bare USING fts5(name, rest, subject UNINDEXED)"
    )
    connection.exec_driver_sql(
        "INSERT INTO bare VALUES (?, ?, ?)",
        [
            (p.name, f"{p.company} {p.email} {p.phone} {p.ticket} {p.said}", p.subject.hex)
            for p in people
        ],
    )


def _is_found_by_bare_sqlite(connection: Connection, kind: str, person: _Known, text: str) -> bool:
    words = " ".join(f'"{word}"*' for word in text.replace('"', " ").split())
    rows = connection.exec_driver_sql(
        f"SELECT name, subject FROM bare WHERE bare MATCH ? ORDER BY rowid DESC LIMIT {FIRST}",
        (words,),
    ).all()
    if "conversation" in kind or "ticket" in kind:
        return any(subject == person.subject.hex for _, subject in rows)
    return any(name == person.name for name, _ in rows)


def _keystrokes(connection: Connection, people: list[_Known], chance: random.Random) -> list[float]:
    """Type names, companies and numbers letter by letter, some with a slip."""
    took: list[float] = []
    while len(took) < KEYSTROKES:
        person = chance.choice(people)
        whole = chance.choice(
            [person.name.lower(), _with_a_slip(person, chance), person.company, person.phone]
        )
        for length in range(1, len(whole) + 1):
            part = whole[:length]
            took.append(timed(lambda part=part: index.search(connection, part)))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
    return took


# The workspace.


def _people(chance: random.Random, clients: int) -> Iterator[_Known]:
    russian, english = Person(Locale.RU, seed=clients), Person(Locale.EN, seed=clients)
    sexes = (Gender.MALE, Gender.FEMALE)
    firsts = [[russian.first_name(sex) for _ in range(500)] for sex in sexes]
    lasts = [[russian.surname(sex) for _ in range(4_000)] for sex in sexes]
    names = [[english.first_name() for _ in range(800)], [english.surname() for _ in range(2_000)]]
    for number in range(clients):
        if chance.random() < 0.6:
            sex = chance.randrange(2)
            name = f"{chance.choice(firsts[sex])} {chance.choice(lasts[sex])}"
        else:
            name = f"{chance.choice(names[0])} {chance.choice(names[1])}"
        company = f"ООО «{chance.choice(_COMPANIES)}{chance.choice(_TRADES)} {number % 997}»"
        local = f"{chance.choice(names[0])}.{chance.choice(names[1])}{number % 89}".lower()
        said, sought = chance.choice(_FORMS)
        yield _Known(
            subject=UUID(int=(1 << 100) + number * 4),
            name=name,
            company=company,
            email=f"{local}@{chance.choice(names[1]).lower()}.com",
            phone=f"+79{chance.randrange(10**9):09d}",
            ticket=f"T-{1000 + number}",
            said=said,
            sought=sought,
        )


def _documents(people: list[_Known]) -> Iterator[Document]:
    for moment, one in enumerate(people):
        client, at = one.subject, one.subject.int
        yield Document("client", client, client, [Named("name", one.company)], weight=7)
        fields = [("name", one.name), ("client", one.company), ("email", one.email)]
        yield Document(
            "contact",
            UUID(int=at + 1),
            client,
            [Named(field, text) for field, text in fields],
            phones=[one.phone[1:]],
            moment=moment,
            weight=7,
        )
        subject = [Named("subject", one.said.capitalize()), Named("number", one.ticket)]
        yield Document(
            "ticket", UUID(int=at + 2), client, subject, [one.said], moment=moment, weight=3
        )
        yield Document("talk", UUID(int=at + 3), client, (), [one.said], moment=moment)


# What is typed.


def _with_a_slip(person: _Known, chance: random.Random) -> str:
    words = person.name.lower().split()
    longest = max(words, key=len)
    at = chance.randrange(1, len(longest) - 1)
    letter = chance.choice("аеиоктнр" if person.is_russian else "aeiotnrs")
    slipped = chance.choice(
        [
            longest[:at] + longest[at + 1 :],
            longest[:at] + letter + longest[at:],
            longest[:at] + letter + longest[at + 1 :],
            longest[:at] + longest[at : at + 2][::-1] + longest[at + 2 :],
        ]
    )
    return " ".join(slipped if word == longest else word for word in words)


def _transliterated(person: _Known, chance: random.Random) -> str:
    scheme = chance.choice(_SCHEMES)
    return "".join(scheme.get(c, c) for c in person.name.lower()) if person.is_russian else ""


def _swapped(person: _Known, _: random.Random) -> str:
    return other_layout(person.name.lower()) or ""


def _written_number(person: _Known, chance: random.Random) -> str:
    code, a, b, c = person.phone[2:5], person.phone[5:8], person.phone[8:10], person.phone[10:]
    formats = ("+7 {} {}-{}-{}", "8({}){}{}{}", "{} {} {} {}", "7-{}-{}-{}-{}", "+7{}{}{}{}")
    return chance.choice(formats).format(code, a, b, c)


def _beginnings(person: _Known, chance: random.Random) -> str:
    return " ".join(word[: chance.randint(4, 6)].lower() for word in person.name.split())


def _without_yo(person: _Known, _: random.Random) -> str:
    return person.name.replace("ё", "е") if "ё" in person.name.lower() else ""


_Typing = Callable[[_Known, random.Random], str]
_TYPED: dict[str, _Typing] = {
    "the whole name": lambda p, _: p.name,
    "the name the other way round": lambda p, _: " ".join(reversed(p.name.split())).lower(),
    "the beginnings of both names": _beginnings,
    "е for ё": _without_yo,
    "a name with a slip": _with_a_slip,
    "a Russian name in Latin letters": _transliterated,
    "the other keyboard layout": _swapped,
    "a number in any format": _written_number,
    "the last seven digits": lambda p, _: p.phone[-7:],
    "a part of the address": lambda p, _: p.email.split("@")[0],
    "a ticket's number": lambda p, c: c.choice(("{}", "#{}", "T-{}")).format(p.ticket[2:]),
    "the client and a word of a conversation": lambda p, _: f"{p.company} {p.sought}",
    "the name and a form of a word of a conversation": lambda p, _: f"{p.sought} {p.name}",
}
