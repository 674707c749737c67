"""A small believable corpus, in two languages, for the tests of search."""

from uuid import UUID

from deskcrm.store.search import Document, Named, mentioned_numbers

_ids: dict[str, UUID] = {}


def row(key: str) -> UUID:
    """Give the row id of a document by its short name."""
    return _ids.setdefault(key, UUID(int=len(_ids) + 1))


def key_of(row_id: UUID) -> str:
    """Give the short name of a document by its row id."""
    return next(key for key, known in _ids.items() if known == row_id)


CLIENTS = {
    "romashka": "ООО «Ромашка»",
    "acme": "Acme Widgets Ltd",
    "sever": "Северное сияние",
    "schukin": "ИП Щукин Пётр Ильич",
    "oconnor": "O'Connor & Sons",
    "vector5": "Вектор-5",
    "muller": "Müller Maschinenbau GmbH",
    "tech": "ТехноСтройКомплект",
    "1c": "1С-Рарус",
    "beauty": "Салон «Жёлтая птица»",
}

# key: name, client, email, phone digits
PEOPLE = {
    "ivanov": ("Иванов Алексей", "romashka", "a.ivanov@romashka.ru", "79161234567"),
    "ivanova": ("Иванова Мария Сергеевна", "sever", "maria_i@sever.su", "74951112233"),
    "hruschev": ("Никита Хрущёв", "romashka", "nh@romashka.ru", "79031234567"),
    "yulia": ("Юлия Ёлкина", "beauty", "julia@yellowbird.com", "79265550101"),
    "johnson": ("Sarah Johnson", "acme", "sarah.johnson@acme-widgets.com", "14155550132"),
    "petrov_en": ("Dmitry Petrov", "acme", "dpetrov@acme-widgets.com", "442079460958"),
    "petrov_ru": ("Пётр Петров", "vector5", "petr@vector5.ru", "78123334455"),
    "kuznetsova": ("Анна-Мария Кузнецова", "tech", "kuznetsova.am@tsk.com", "79169876543"),
    "schmidt": ("Jürgen Schmidt", "muller", "j.schmidt@mueller-mb.de", "493012345678"),
    "zaytsev": ("Сергей Зайцев", "1c", "zaytsev@rarus.ru", "79162223344"),
    "philipp": ("Philipp O'Brien", "oconnor", "phil@oconnor.ie", "353861234567"),
    "alexander": ("Alexander Brown", "oconnor", "alex.brown@oconnor.ie", "353867654321"),
    "shared": ("Ольга Белова", "sever", "olga@sever.su", "74951112233"),
}

# key: number, subject, client, open
TICKETS = {
    "printer": ("T-1042", "Принтер не печатает накладные", "romashka", True),
    "invoice": ("T-1043", "Invoice shows the wrong address", "acme", True),
    "login": ("T-10421", "Не могу войти в личный кабинет", "sever", False),
    "slow": ("T-2001", "Reports are slow on Mondays", "acme", False),
}

# key: text, client
TALKS = {
    "renewal": (
        "Обсудили продление договора на следующий год, клиент просит скидку десять процентов.",
        "romashka",
    ),
    "complaint": (
        "Жаловалась на задержки доставки, пообещали разобраться с курьерами до пятницы.",
        "sever",
    ),
    "training": (
        "Scheduled two training sessions for their warehouse managers; they liked the demo.",
        "acme",
    ),
    "callback": ("Просил перезвонить на 8 (916) 555-44-33 после обеда, спросить Ивана.", "vector5"),
    "local": ("New reception desk number is 555-0199, ask for Molly.", "oconnor"),
    "migration": ("Перенос базы данных завершён, проверяем отчёты и счета.", "tech"),
    "photo": ("Прислали фотографии повреждённого оборудования.", "tech"),
}


def documents() -> list[Document]:
    """Make the documents, oldest first."""
    made = [
        Document("client", row(key), row(key), [Named("name", name)], weight=7, moment=number)
        for number, (key, name) in enumerate(CLIENTS.items())
    ]
    for key, (name, client, email, phone) in PEOPLE.items():
        names = [Named("name", name), Named("client", CLIENTS[client]), Named("email", email)]
        made.append(
            Document("person", row(key), row(client), names, phones=[phone], weight=7, moment=50)
        )
    for key, (number, subject, client, is_open) in TICKETS.items():
        names = [
            Named("subject", subject),
            Named("number", number),
            Named("client", CLIENTS[client]),
        ]
        texts = [subject, CLIENTS[client]]
        weight = 5 if is_open else 3
        made.append(
            Document("ticket", row(key), row(client), names, texts, weight=weight, moment=60)
        )
    for moment, (key, (text, client)) in enumerate(TALKS.items(), 70):
        mentioned = list(mentioned_numbers(text))
        made.append(
            Document("talk", row(key), row(client), (), [text], mentioned=mentioned, moment=moment)
        )
    return made
