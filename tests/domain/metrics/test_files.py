"""A report in files: safe from formulas as CSV, with numbers that are numbers as XLSX."""

import csv
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest

from deskcrm.base.errors import UserError
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.metrics.catalogue import Metric
from deskcrm.domain.metrics.figures import Period, Unit
from deskcrm.domain.metrics.files import write_csv, write_xlsx
from deskcrm.domain.metrics.narrowing import Narrowing
from deskcrm.domain.metrics.report import get_report
from deskcrm.domain.metrics.rows import list_rows
from deskcrm.domain.metrics.sheets import Amount, Sheet, rows_sheet, sheets_of
from deskcrm.store.store import Store
from tests.domain.metrics.world import at, tell_ticket

WEEK = Period(date(2026, 3, 2), date(2026, 3, 8))
EVIL = '=HYPERLINK("http://x")'
SHEET = Sheet(
    "Evil/[name]",
    ("What", "How much"),
    (
        (EVIL, Amount(32.4, Unit.PERCENT)),
        ("-5", Amount(9_000, Unit.SECONDS)),
        ("Ромашка", Amount(-123_450, Unit.MONEY)),
        ("", date(2026, 3, 2)),
        ("@x", datetime(2026, 3, 2, 9, 30).astimezone()),
        ("plain", None),
    ),
)


def test_text_that_looks_like_a_formula_is_text_and_numbers_stay_numbers(tmp_path: Path) -> None:
    write_csv([SHEET, SHEET], tmp_path / "report.csv")
    raw = (tmp_path / "report.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8-sig").splitlines()))
    assert rows[:3] == [["Evil/[name]"], ["What", "How much"], ["'" + EVIL, "32.4"]]
    assert rows[3:6] == [["'-5", "2.5"], ["Ромашка", "-1234.5"], ["", "2026-03-02"]]
    assert rows[6:9] == [["'@x", "2026-03-02 09:30"], ["plain", ""], []]


def cells(path: Path) -> dict[str, tuple[str, str]]:
    """Give the kind and the value of each cell of the first sheet."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    with ZipFile(path) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        names = book.read("xl/workbook.xml").decode()
    assert 'name="Evil  name "' in names or "Figures" in names
    found = {}
    for cell in sheet.iter(f"{space}c"):
        value = cell.findtext(f"{space}v") or "".join(
            part.text or "" for part in cell.iter(f"{space}t")
        )
        kind = "formula" if cell.find(f"{space}f") is not None else cell.get("t", "n")
        found[str(cell.get("r"))] = kind, value
    return found


def test_a_workbook_has_typed_cells_and_no_formula(tmp_path: Path) -> None:
    write_xlsx([SHEET], tmp_path / "report.xlsx")
    found = cells(tmp_path / "report.xlsx")
    assert found["A2"] == ("inlineStr", EVIL) and found["A3"] == ("inlineStr", "-5")
    assert found["B2"] == ("n", "0.324") and found["B4"] == ("n", "-1234.5")
    assert float(found["B3"][1]) == pytest.approx(2.5 / 24)
    assert found["B5"] == ("n", "46083") and float(found["B6"][1]) == pytest.approx(
        46083 + 9.5 / 24
    )
    assert "formula" not in {kind for kind, _ in found.values()}
    assert found["A4"] == ("inlineStr", "Ромашка") and "B7" not in found


def test_what_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    for write in (write_csv, write_xlsx):
        with pytest.raises(UserError, match="cannot be written"):
            write([SHEET], tmp_path / "nowhere" / "report")


def test_a_whole_report_and_the_rows_behind_a_figure(
    desk: Store, client: ClientId, tmp_path: Path
) -> None:
    desk.do(tell_ticket, client, at(2, 10), replied=at(2, 12), owner=desk.actor)
    report = desk.ask(get_report, WEEK)
    sheets = sheets_of(report)
    assert [len(one.rows) for one in sheets] == [len(report.measured)] * 2 + [1, 3]
    for one in sheets:
        assert {len(row) for row in one.rows} == {len(one.header)}
    (response,) = [one for one in report.measured if one.metric is Metric.FIRST_RESPONSE]
    rows = desk.ask(list_rows, Metric.FIRST_RESPONSE, WEEK, Narrowing())
    sheets.append(rows_sheet(response, rows))
    assert sheets[-1].rows[0][:3] == ("Acme", "#1", "Ticket 1")
    assert sheets[-1].rows[0][6] == Amount(7_200, Unit.SECONDS)
    write_xlsx(sheets, tmp_path / "report.xlsx")
    assert cells(tmp_path / "report.xlsx")["A2"] == ("inlineStr", "Opened tickets")
