"""A spreadsheet as people keep them, for the pictures: two header rows, merged cells, notes."""

from pathlib import Path
from typing import Final

_SHEETS: Final = {
    "en": (
        "Our clients, please do not sort!",
        ("Company", "Contact", "", "", "City", "VIP", "Since"),
        ("", "Name", "Phone", "E-mail", "", "", ""),
        (
            ("Brightwater Ltd", "Ann Shaw", "(020) 7946 0011", "ann@brightwater.example", "London",
             "gold", "15/03/2019"),
            ("", "Bob Lee", "020 7946 0012 ext 12", "", "London", "", "02/04/2021"),
            ("Harbour & Sons", "", "+44 20 7946 0018", "office at harbour", "London", "", ""),
            ("Kestrel Foods", "Cid Marsh", "0044 20 7946 0013; 02079460014", "cid@kestrel.example",
             "York", "silver", "28/02/2020"),
            ("Kestrel Foods Ltd", "Eve Stone", "", "", "York", "", ""),
            ("Linden Travel", "Dora Penn", "ask Bob", "", "Leeds", "", ""),
            ("Moss Garden", "", "+1 650 253 0004", "", "Bath", "platinum", "31/12/2022"),
        ),
        ("Total", "7"),
        "Note: red phones were checked by Bob in May",
    ),
    "ru": (
        "Наши клиенты, просьба не сортировать!",
        ("Компания", "Контакт", "", "", "Город", "Важность", "Клиент с"),
        ("", "ФИО", "Телефон", "Почта", "", "", ""),
        (
            ("ООО «Василёк»", "Анна Петрова", "8 (916) 123-45-67", "anna@vasilek.example",
             "Москва", "золотой", "15.03.2019"),
            ("", "Борис Ли", "916.123.45.68 доб. 12", "", "Москва", "", "02.04.2021"),
            ("ИП Гаврилов", "", "+7 495 123-45-69", "офис на пристани", "Тверь", "", ""),
            ("Пекарня «Рожь»", "Глеб Марков", "89161234570; 8 916 123 45 71", "gleb@rozh.example",
             "Казань", "серебряный", "28.02.2020"),
            ("ООО «Пекарня Рожь»", "Вера Зотова", "", "", "Казань", "", ""),
            ("Турбюро «Липа»", "Дарья Пенкина", "спросить у Бориса", "", "Псков", "", ""),
            ("Сад и мох", "", "+7 916 123-45-72", "", "Уфа", "платиновый", "31.12.2022"),
        ),
        ("Итого", "7"),
        "Примечание: красные телефоны Борис проверил в мае",
    ),
}  # fmt: skip


def write_ugly(path: Path, language: str) -> None:
    """Write the spreadsheet."""
    from xlsxwriter import Workbook

    title, groups, names, rows, total, note = _SHEETS[language]
    book = Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 6, title)
    for row, cells in ((2, groups), (3, names)):
        for column, cell in enumerate(cells):
            if cell:
                sheet.write_string(row, column, cell)
    sheet.merge_range(2, 1, 2, 3, groups[1])
    for column in (0, 4, 5, 6):
        sheet.merge_range(2, column, 3, column, groups[column])
    for row, cells in enumerate(rows, 4):
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell)
    sheet.merge_range(4, 0, 5, 0, rows[0][0])
    end = 5 + len(rows)
    for column, cell in enumerate(total):
        sheet.write_string(end, column, cell)
    sheet.write_string(end + 2, 0, note)
    book.close()
