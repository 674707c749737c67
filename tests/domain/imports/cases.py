"""Malformed, hostile and merely odd files, each with what must come of it."""

import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from tests.domain.imports.made import Grid, ods, packed, xls, xlsx

HEAD: Final = "Name,Phone,City"
ROWS: Final = "Acme,+1 650 253 0000,Boston\nBeta,+1 650 253 0001,Austin\n"
PLAIN: Final = f"{HEAD}\n{ROWS}"
RUSSIAN: Final = (
    "Название;Телефон;Город\nРомашка;+7 916 123-45-67;Москва\n"
    "Ёлка и сыновья;8 495 123 45 67;Тверь\n"
    "Василёк;+7 916 123-45-68;Санкт-Петербург\n"
)
CARD: Final = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Shaw\nTEL:+1 650 253 0000\nEND:VCARD\n"
GRID: Final = [["Name", "Phone"], ["Acme", "+1 650 253 0000"], ["Beta", "+1 650 253 0001"]]


@dataclass(frozen=True, slots=True)
class Case:
    """A file, and what must come of it.

    ``refused``: words of why it is not read; else ``rows`` that are read, of which ``bad`` cannot
    be taken, ``asks`` what is not certain, ``left`` lines that are no rows, and cells that must
    stand at the place of the row and the column given.
    """

    name: str
    content: bytes | Callable[[], bytes]
    rows: int = 2
    bad: int = 0
    refused: str = ""
    asks: tuple[str, ...] = ()
    left: int | None = 0
    cell: tuple[int, int, str] | None = None
    suffix: str = ".csv"
    is_fatal: bool = False
    """It breaks its reader down, which only a process of its own survives."""

    def bytes(self) -> "bytes":
        """Give what is in the file."""
        return self.content if isinstance(self.content, bytes) else self.content()


def all_cases() -> list[Case]:
    """List all of them."""
    made = [*_encodings(), *_separators(), *_quotes(), *_shapes(), *_headers(), *_dates()]
    made += [
        *_workbooks(),
        *_broken_workbooks(),
        *_cards(),
        *_odd_cards(),
        *_json(),
        *_strangers(),
        *_noise(),
    ]
    return made


def _encodings() -> Iterator[Case]:
    for name in ("utf-8", "utf-8-sig", "cp1251", "koi8-r", "cp866", "iso8859-5", "utf-16",
                 "utf-16-le", "utf-16-be", "utf-32", "mac-cyrillic"):  # fmt: skip
        yield Case(f"russian in {name}", RUSSIAN.encode(name), 3, cell=(1, 0, "Ёлка и сыновья"))
    western = "Name,City\nCafé Müller,Zürich\nJosé García,Málaga\nFrançois Noël,Orléans\n"
    for name in ("utf-8", "cp1252", "utf-16"):
        yield Case(f"western in {name}", western.encode(name), 3, cell=(0, 0, "Café Müller"))
    yield Case("one odd byte", b"Name,City\nAcme,Bo\xffston\n", 1, asks=("encoding",))
    damaged = RUSSIAN.encode().replace("Василёк".encode(), b"\xd0\xd0" + "асилёк".encode())
    yield Case("damaged utf-8", damaged, 3, bad=1)
    yield Case("zero bytes in text", PLAIN.replace("Acme", "Ac\0me").encode(), refused="not a text")
    yield Case("control signs", PLAIN.replace("Acme", "Ac\x07me").encode(), cell=(0, 0, "Acme"))
    yield Case("mark of direction", PLAIN.replace("Acme", "\u202eAcme").encode())
    yield Case("emoji", PLAIN.replace("Acme", "Acme 🚀").encode(), cell=(0, 0, "Acme 🚀"))
    yield Case("surrogates in utf-8", b"Name,City\nAc\xed\xa0\x80me,Boston\n", 1,
               asks=("encoding",))  # fmt: skip


def _separators() -> Iterator[Case]:
    for name, sign in (("semicolon", ";"), ("tab", "\t"), ("bar", "|")):
        yield Case(name, PLAIN.replace(",", sign).encode(), cell=(1, 2, "Austin"))
    yield Case("declared", f"sep=;\n{PLAIN.replace(',', ';')}".encode(), cell=(1, 2, "Austin"))
    yield Case("declared bar", b"sep=|\nName|City\nAcme|Boston\n", 1, cell=(0, 1, "Boston"))
    yield Case("one column", b"Name\nAcme\nBeta\n", cell=(1, 0, "Beta"))
    yield Case("decimal commas", b"Name;Value\nAcme;1,5\nBeta;2,75\n", cell=(1, 1, "2,75"))
    yield Case("commas in prose", b"Name;Notes\nAcme;red, green, blue\nBeta;one, two, three\n",
               cell=(0, 1, "red, green, blue"))  # fmt: skip
    yield Case("both even", b"Name,City;Phone\nAcme,Boston;1\nBeta,Austin;2\n", asks=("delimiter",))
    yield Case("old mac lines", PLAIN.replace("\n", "\r").encode())
    yield Case("windows lines", PLAIN.replace("\n", "\r\n").encode())
    yield Case("mixed lines", PLAIN.replace("\n", "\r\n", 1).encode())
    yield Case("no last line end", PLAIN.rstrip().encode())
    yield Case("blank lines between", PLAIN.replace("\nBeta", "\n\n \n\t\nBeta").encode())
    yield Case("blank lines before", b"\n\n\n" + PLAIN.encode())
    yield Case("trailing commas", PLAIN.replace("\n", ",,,\n").encode())
    yield Case("spaces around", PLAIN.replace(",", "  ,  ").encode(), cell=(0, 2, "Boston"))
    yield Case("line separators in a cell", "Name,City\nAc\u2028me,Bo\x0bston\n".encode(), 1)


def _quotes() -> Iterator[Case]:
    yield Case("all quoted", b'"Name","City"\n"Acme","Boston"\n"Beta","Austin"\n')
    yield Case("comma in quotes", b'Name,City\n"Acme, Inc",Boston\n', 1, cell=(0, 0, "Acme, Inc"))
    yield Case("line in quotes", b'Name,City\n"Acme\nInc",Boston\nBeta,Austin\n')
    yield Case("doubled quotes", b'Name,City\n"The ""A""",Boston\n', 1, cell=(0, 0, 'The "A"'))
    yield Case("backslash quotes", b'Name,City\n"The \\"A\\"",Boston\n', 1, cell=(0, 0, 'The "A"'))
    yield Case("single quotes", b"'Name','City'\n'Acme, Inc','Boston'\n", 1,
               cell=(0, 0, "Acme, Inc"))  # fmt: skip
    yield Case("quote in a word", b'Name,City\n5" pipe,Boston\n', 1, cell=(0, 0, '5" pipe'))
    yield Case("word after quote", b'Name,City\n"Acme" Inc,Boston\nBeta,Austin\n')
    yield Case("never closed at the end", b'Name,City\nBeta,Austin\n"Acme,Boston\n', 2, bad=1)
    yield Case("never closed", b'Name,City\n"Acme,Boston\nBeta,Austin\nGamma,"Rome, IT"\n', 3,
               bad=1)  # fmt: skip
    yield Case("never closed in all", b"Name,City\n" + b'"Acme,Boston\n' * 61, refused="Quotation")
    yield Case("every line odd", b"Name,City\n" + b'"Acme" Inc,Boston\n' * 500, 500)
    yield Case("only quotes", b'Name,City\n"","Boston"\n', 1)
    yield Case("apostrophe against formulas", b"Name,Phone\nAcme,'+16502530000\n", 1,
               cell=(0, 1, "+16502530000"))  # fmt: skip
    yield Case("formula", b'Name,City\n"=HYPERLINK(""http://x"",""y"")",Boston\n', 1)
    yield Case("command", b"Name,City\n=cmd|' /C calc'!A0,Boston\n", 1)


def _shapes() -> Iterator[Case]:
    yield Case("too few cells", b"Name,Phone,City\nAcme\nBeta,+1 650 253 0001,Austin\n")
    yield Case("too many cells", b"Name,City\nAcme,Boston\nBeta,Austin,more\n", 2, bad=1)
    yield Case("only names of columns", f"{HEAD}\n".encode(), refused="no rows")
    yield Case("empty", b"", refused="empty")
    yield Case("white space", b"  \n\t\n\r\n", refused="empty")
    yield Case("only zeros", bytes(5_000), refused="empty")
    yield Case("only a mark", b"\xef\xbb\xbf", refused="no rows")
    yield Case("only separators", b",,,\n,,,\n", refused="no rows")
    yield Case("long cell", lambda: b"Name,Notes\nAcme," + b"x" * 40_000 + b"\n", 1, bad=1)
    yield Case("long line", lambda: b"x" * 3_000_000, 1, bad=1, asks=("header",))
    yield Case("many columns", lambda: b"a," * 501 + b"\n" + b"1," * 501, refused="columns")
    yield Case("many rows", lambda: b"Name\n" + b"A\n" * 200_001, refused="rows")
    yield Case("columns of one name", b"Phone,Phone,Name\n1,2,Acme\n3,4,Beta\n")
    yield Case("nameless column", b"Name,,City\nAcme,x,Boston\nBeta,y,Austin\n")
    yield Case("wide name", b"Name," + b"n" * 200 + b"\nAcme,x\n", 2, asks=("header",))
    yield Case("numbers only", b"1,2,3\n4,5,6\n", 2, asks=("header", "delimiter"))
    yield Case("one cell", b"Acme", 1, asks=("header",))
    yield Case("one row", b"Acme,+1 650 253 0000\n", 1, asks=("header",))


def _headers() -> Iterator[Case]:
    yield Case("title above", f"Our clients\n\n{PLAIN}".encode(), left=1)
    yield Case("two titles above", f"Our clients\nas of 2026\n\n{PLAIN}".encode(), left=2)
    two = "Company,Contact,,City\n,Name,Phone,\nAcme,Ann,1,Boston\nBeta,Bob,2,Austin\n"
    yield Case("two rows of names", two.encode(), cell=(0, 1, "Ann"))
    yield Case("total below", f"{PLAIN}Total,2,\n".encode(), left=1)
    yield Case("total below in Russian", f"{PLAIN}ИТОГО:,2,\n".encode(), left=1)
    yield Case("note below", f"{PLAIN}\nNote: from the old system,,\n".encode(), left=1)
    yield Case("long note below", f"{PLAIN}\n{'made by hand on Friday ' * 4}\n".encode(), left=1)
    yield Case("names again", f"{PLAIN}{HEAD}\nGamma,+1 650 253 0002,Rome\n".encode(), 3, left=1)
    yield Case("no names", ROWS.encode(), 2, asks=("header",))
    yield Case("unknown names", b"Foo,Bar\nAcme,2026-01-31\nBeta,2026-02-28\n")
    yield Case("unknown names over words", b"Foo,Bar\nAcme,red\nBeta,green\n", asks=("header",))
    yield Case("names in capitals", PLAIN.upper().encode())
    yield Case("names with lines", b'"Na\nme",City\nAcme,Boston\nBeta,Austin\n')


def _dates() -> Iterator[Case]:
    for name, days in (
        ("day first", "31.01.2026 13.02.2026"),
        ("year first", "2026-01-31 2026-02-13"),
        ("month first", "01/31/2026 02/13/2026"),
        ("slashes", "31/01/2026 01/02/2026"),
        ("dots are days first", "01.02.2026 02.03.2026"),
        ("short years", "31.01.26 13.02.26"),
        ("words", "31-Jan-2026 13-Feb-2026"),
    ):
        one, two = days.split()
        yield Case(f"dates: {name}", f"Name,Ends on\nAcme,{one}\nBeta,{two}\n".encode())
    both = b"Name,Renewal date\nAcme,01/02/2026\nBeta,03/04/2026\n"
    yield Case("dates: read both ways", both, asks=("dates",))
    mixed = b"Name,Renewal date\nAcme,31/01/2026\nBeta,01/31/2026\n"
    yield Case("dates: mixed", mixed, asks=("dates",))
    never = b"Name,Renewal date\nAcme,45/45/2026\nBeta,99/99/2026\n"
    yield Case("dates: none in the calendar", never, asks=("dates",))
    follow = b"Name,Start,End\nAcme,31/01/2026,01/02/2026\nBeta,30/01/2026,03/04/2026\n"
    yield Case("dates: one column decides", follow)
    thousand = b"Name;Value\nAcme;1.234\nBeta;5.678\n"
    yield Case("numbers: read both ways", thousand, asks=("decimal",))
    comma = b"Name;Value\nAcme;1.234,50\nBeta;12\n"
    yield Case("numbers: comma", comma)
    yield Case("numbers: mixed", b"Name;Value\nAcme;1,5\nBeta;2.5\n", asks=("decimal",))
    yield Case("numbers: signs", "Name;Value\nAcme;1 234,50 ₽\nBeta;€12,00\n".encode())


def _workbooks() -> Iterator[Case]:
    yield Case("xlsx", lambda: xlsx(GRID), suffix=".xlsx", cell=(0, 1, "+1 650 253 0000"))
    yield Case("xlsx called csv", lambda: xlsx(GRID), suffix=".csv")
    yield Case("xls", lambda: xls(GRID), suffix=".xls", cell=(1, 0, "Beta"))
    yield Case("xls in Russian", lambda: xls([["Название", "Город"], ["Ёлка", "Тверь"]]), 1,
               suffix=".xls", cell=(0, 0, "Ёлка"))  # fmt: skip
    yield Case("ods", lambda: ods(GRID), suffix=".ods", cell=(1, 0, "Beta"))
    phones: Grid = [["Name", "Phone"], ["Acme", 79161234567], ["Beta", 79161234568.0]]
    yield Case("phones as numbers", lambda: xlsx(phones), cell=(1, 1, "79161234568"))
    yield Case("csv called xlsx", PLAIN.encode(), suffix=".xlsx")
    merged = [["Name", "Person", "City"], ["Acme", "Ann", "Boston"], ["", "Bob", "Boston"]]
    yield Case("merged downwards", lambda: xlsx(merged, merged=["A2:A3"]), cell=(1, 0, "Acme"))
    two = [["Company", "Contact", "", "City"], ["", "Name", "Phone", ""], ["Acme", "Ann", "1", "X"],
           ["Beta", "Bob", "2", "Y"]]  # fmt: skip
    yield Case("two rows, merged", lambda: xlsx(two, merged=["B1:C1", "A1:A2", "D1:D2"]))
    pages = {"Empty": [[""]], "Clients": GRID}
    yield Case("first sheet empty", lambda: xlsx(GRID, sheets=pages))
    alike = {"2025": GRID, "2026": GRID}
    yield Case("two sheets alike", lambda: xlsx(GRID, sheets=alike), asks=("sheet",))
    secret = {"Clients": GRID, "Lists": GRID}
    yield Case("hidden sheet", lambda: xlsx(GRID, sheets=secret, hidden=["Lists"]))
    yield Case("merged over everything", lambda: xlsx(GRID, merged=["A1:XFD1048576"]), left=None)


def _broken_workbooks() -> Iterator[Case]:
    whole = xlsx(GRID)
    yield Case("cut in the middle", whole[: len(whole) // 2], refused="damaged")
    yield Case("only the mark of an archive", b"PK\x03\x04", refused="damaged")
    yield Case("mark and noise", b"PK\x03\x04" + random.Random(1).randbytes(500), refused="damaged")
    yield Case("empty archive", packed({"a.txt": "x"}), refused="no workbook")
    yield Case("document", packed({"word/document.xml": "<x/>"}), refused="no workbook")
    yield Case("workbook without sheets", packed({"xl/workbook.xml": "<x/>"}), refused="damaged")
    bomb = {"xl/workbook.xml": b"<x/>", "xl/a.xml": bytes(60_000_000)}
    yield Case("archive bomb", lambda: packed(bomb), refused="far more")
    many = {f"xl/{n}.xml": b"" for n in range(5_001)} | {"xl/workbook.xml": b"<x/>"}
    yield Case("too many entries", lambda: packed(many), refused="far more")
    up = {"../../etc/passwd": b"x", "/etc/passwd": b"x"}
    yield Case("names that climb", lambda: xlsx(GRID, more=up))
    entity = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        "<worksheet><sheetData><row><c t='str'><v>&b;</v></c></row></sheetData></worksheet>"
    )
    yield Case("entities that grow", lambda: xlsx(GRID, more={"xl/sharedStrings.xml": entity}),
               refused="damaged")  # fmt: skip
    deep = "<si>" * 50_000
    yield Case(
        "deep xml", lambda: xlsx(GRID, more={"xl/sharedStrings.xml": deep}), refused="damaged"
    )
    yield Case("locked entries", _locked(whole), refused="password")
    yield Case("another packing", packed({"xl/workbook.xml": b"<x/>"}, method=zipfile.ZIP_LZMA),
               refused="damaged")  # fmt: skip
    yield Case("compound noise", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
               refused="damaged")  # fmt: skip
    old = xls(GRID)
    yield Case("old workbook cut", old[:1_400], refused="broke down", is_fatal=True)
    yield Case("wide row", lambda: xlsx([["Name"] + ["x"] * 501, ["A"] * 502]), refused="columns")


def _locked(archive: bytes) -> bytes:
    """Set the bit that says "encrypted" in every entry."""
    changed = bytearray(archive)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + place] |= 1
            at = changed.find(mark, at + 1)
    return bytes(changed)


def _cards() -> Iterator[Case]:
    vcf = ".vcf"
    yield Case("card 3", CARD.encode(), 1, suffix=vcf, cell=(0, 0, "Ann Shaw"))
    yield Case("card 4", CARD.replace("3.0", "4.0").replace("TEL:", "TEL;VALUE=uri:tel:").encode(),
               1, suffix=vcf, cell=(0, 1, "+1 650 253 0000"))  # fmt: skip
    quoted = (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=\r\n"
        "=D0=B0=D0=BD;=D0=90=\r\n=D0=BD=D0=BD=D0=B0\r\nTEL;CELL;PREF:+79161234567\r\nEND:VCARD\r\n"
    )
    yield Case("card 2.1, broken lines", quoted.encode(), 1, suffix=vcf, cell=(0, 0, "Анна Иван"))
    old = (
        "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=C8=E2=E0=ED\n"
        "TEL:1\nEND:VCARD\n"
    )
    yield Case("card in windows-1251", old.encode(), 1, suffix=vcf, cell=(0, 0, "Иван"))
    raw = CARD.replace("Ann Shaw", "Иван Петров Сергеевич").encode("cp1251")
    yield Case("card in raw windows-1251", raw, 1, suffix=vcf, cell=(0, 0, "Иван Петров Сергеевич"))
    yield Case("card in utf-16", CARD.encode("utf-16"), 1, suffix=vcf, cell=(0, 0, "Ann Shaw"))
    folded = CARD.replace("FN:Ann Shaw", "FN:Ann\n  Shaw")
    yield Case("folded line", folded.encode(), 1, suffix=vcf, cell=(0, 0, "Ann Shaw"))
    grouped = CARD.replace("TEL:", "item1.TEL;type=pref:").replace("END", "item1.X-ABLabel:x\nEND")
    yield Case("grouped items", grouped.encode(), 1, suffix=vcf, cell=(0, 1, "+1 650 253 0000"))
    photo = CARD.replace("TEL", f"PHOTO;ENCODING=b;TYPE=JPEG:{'QUJD' * 20}\n {'QUJD' * 20}\nTEL")
    yield Case("photo", photo.encode(), 1, suffix=vcf, cell=(0, 1, "+1 650 253 0000"))
    yield Case("photo of 2.1", photo.replace("=b", "=BASE64").encode(), 1, suffix=vcf)


def _odd_cards() -> Iterator[Case]:
    vcf = ".vcf"
    yield Case("no end", CARD.replace("END:VCARD\n", "").encode(), 1, bad=1, suffix=vcf)
    yield Case("no end, then another", (CARD.replace("END:VCARD\n", "") + CARD).encode(), 2, bad=1,
               suffix=vcf)  # fmt: skip
    yield Case("line without colon", CARD.replace("TEL", "ODD LINE\nTEL").encode(), 1, suffix=vcf)
    yield Case("words between cards", f"{CARD}hello\n{CARD}".encode(), 2, suffix=vcf)
    yield Case("no name", CARD.replace("FN:Ann Shaw\n", "").encode(), 1, suffix=vcf)
    yield Case("small letters", CARD.lower().encode(), 1, suffix=vcf, cell=(0, 0, "ann shaw"))
    agent = CARD.replace("END", f"AGENT:\n{CARD}END", 1)
    yield Case("card within a card", agent.encode(), 1, suffix=vcf, cell=(0, 0, "Ann Shaw"))
    escaped = CARD.replace("Ann Shaw", "Shaw\\, Ann\\; Dr\\.")
    yield Case("escaped signs", escaped.encode(), 1, suffix=vcf, cell=(0, 0, "Shaw, Ann; Dr\\."))
    phones = CARD.replace("END", "".join(f"TEL:+1650253{n:04}\n" for n in range(1, 60)) + "END")
    yield Case("sixty phones", phones.encode(), 1, suffix=vcf)
    klingon = "BEGIN:VCARD\nFN;CHARSET=klingon;ENCODING=QUOTED-PRINTABLE:=C8=E2\nTEL:1\nEND:VCARD\n"
    yield Case("unknown charset", klingon.encode(), 1, bad=1,
               suffix=vcf)  # fmt: skip
    yield Case("no card", b"hello\n", refused="no card", suffix=vcf)
    yield Case("card without suffix", CARD.encode(), 1, suffix=".txt", cell=(0, 0, "Ann Shaw"))
    nested = "BEGIN:VCARD\n" * 5_000
    yield Case("cards without end", nested.encode(), refused="no card", suffix=vcf)


def _json() -> Iterator[Case]:
    lines = ".jsonl"
    yield Case("json lines", b'{"name":"Acme"}\n{"name":"Beta"}\n', suffix=lines)
    yield Case("json list", b'[{"name":"Acme"},{"name":"Beta"}]', suffix=".json")
    yield Case("json called txt", b'{"name":"Acme"}\n{"name":"Beta"}\n', suffix=".txt")
    yield Case("nested", b'{"name":"Acme","address":{"city":"Rome"}}\n', 1, suffix=lines,
               cell=(0, 1, "Rome"))  # fmt: skip
    yield Case("lists", b'{"name":"Acme","phones":["1","2"]}\n', 1, suffix=lines,
               cell=(0, 1, "1; 2"))  # fmt: skip
    yield Case("broken line", b'{"name":"Acme"}\n{"name":\n', 2, bad=1, suffix=lines)
    yield Case("no object", b'{"name":"Acme"}\n[1]\n7\n"x"\nnull\n', 5, bad=4, suffix=lines)
    yield Case("deep", b'{"name":"A"}\n' + b'{"a":' * 20 + b"1" + b"}" * 20, 2, bad=1, suffix=lines)
    yield Case("deeper", b'{"name":"A"}\n' + b'{"a":' * 99_999 + b"1", 2, bad=1, suffix=lines)
    yield Case("deep list", b"[" * 99_999, refused="broken", suffix=".json")
    yield Case("list of objects within", b'{"name":"A"}\n{"a":[{"b":1}]}\n', 2, bad=1, suffix=lines)
    yield Case("not a number", b'{"name":"A","v":NaN}\n{"name":"B"}\n', 2, bad=1, suffix=lines)
    yield Case("numbers and truth", b'{"name":"A","n":12.0,"t":true,"z":null}\n', 1, suffix=lines,
               cell=(0, 2, "yes"))  # fmt: skip
    yield Case("no objects at all", b"1\n2\n", refused="no JSON object", suffix=lines)
    yield Case("empty list", b"[]", refused="no JSON object", suffix=".json")
    yield Case("list not closed", b'[{"name":"A"},', refused="broken", suffix=".json")
    wide = b"{" + b",".join(b'"k%d":1' % n for n in range(501)) + b"}\n"
    yield Case("too many keys", wide, refused="columns", suffix=lines)
    yield Case("long value", lambda: b'{"name":"' + b"x" * 40_000 + b'"}\n', 1, bad=1, suffix=lines)
    yield Case("same key twice", b'{"name":"A","name":"B"}\n', 1, suffix=lines, cell=(0, 0, "B"))


def _strangers() -> Iterator[Case]:
    for name, mark in (
        ("PDF", b"%PDF-1.7"), ("PNG", b"\x89PNG\r\n"), ("JPEG", b"\xff\xd8\xff\xe0"),
        ("GIF", b"GIF89a"), ("gzip", b"\x1f\x8b\x08"), ("7z", b"7z\xbc\xaf\x27"),
        ("RAR", b"Rar!\x1a"), ("RTF", b"{\\rtf1"),
        ("SQLite", b"SQLite format 3\0"), ("EXE", b"MZ\x90"), ("ELF", b"\x7fELF"),
    ):  # fmt: skip
        yield Case(f"file of kind {name}", mark + b"xyz" * 50, refused=name)
    yield Case("web page called xls", b"<html><table><tr><td>Acme</td></tr></table></html>",
               refused="web page", suffix=".xls")  # fmt: skip
    yield Case("xml spreadsheet", b'<?xml version="1.0"?><Workbook/>', refused="XML", suffix=".xls")
    yield Case("table tag", b"<table><tr><td>Acme</td></tr></table>", refused="web page")


def _noise() -> Iterator[Case]:
    for seed in range(6):
        noise = random.Random(seed).randbytes(4_000)
        yield Case(f"noise {seed}", noise, refused="not a text")
    for seed in range(6):
        rolls = random.Random(seed)
        cut = xlsx(GRID)
        place = rolls.randrange(30, len(cut) - 40)
        flipped = cut[:place] + bytes([cut[place] ^ 255]) + cut[place + 1 :]
        yield Case(f"flipped byte {seed}", flipped, rows=-1, left=None)
