"""An import as somebody new goes through it: an ugly spreadsheet, to its receipt and back."""

from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

import deskcrm.domain.all  # noqa: F401 - every derived row is kept, as in the program
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.clients.queries import count_clients
from deskcrm.domain.imports.plan import Choice, Fate, Mode
from deskcrm.domain.users.commands import create_first_user
from deskcrm.domain.views.filters import Filter
from deskcrm.ui.imports.file_step import dropped
from deskcrm.ui.imports.posing import write_ugly
from deskcrm.ui.imports.screen import COLUMNS, FILE, PREVIEW, RECEIPT, ImportsScreen
from deskcrm.ui.kit.columns import Selection
from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.shell import drops
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> ImportsScreen:
    desk.store.do(create_first_user, name="Ann")
    made = ImportsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    settle(desk)
    return made


def go(screen: ImportsScreen) -> None:
    """Go on, and let it come to rest; every control must have a name and be reached."""
    screen.go_on()
    settle(screen.desk)
    assert unnamed(screen) == []
    assert unreachable(screen) == []


def begin(screen: ImportsScreen, path: Path) -> None:
    screen.arrive(path=path)
    settle(screen.desk)


def clients(desk: Desk) -> int:
    return desk.store.ask(count_clients, asked=Filter())


def field(screen: ImportsScreen, column: str) -> ComboBox:
    name = f"“{column}” holds"
    return next(one for one in screen.findChildren(ComboBox) if one.accessibleName() == name)


def said(screen: ImportsScreen, at: int) -> str:
    row = screen.preview_step.table.rows.row(at)
    assert row is not None
    return row.said


def choose(box: ComboBox, value: str) -> None:
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def check_shown(screen: ImportsScreen, desk: Desk) -> None:
    """Assert that the receipt leads to the clients that were brought in."""
    went: list[tuple[str, dict[str, Any]]] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    screen.receipt_step.show_button.click()
    [(place, where)] = went
    assert place == "clients"
    assert desk.store.ask(count_clients, **where) == 2


def check_told(screen: ImportsScreen) -> None:
    """Assert what the preview of the ugly spreadsheet tells of its rows."""
    table = screen.preview_step.table
    assert screen.next.text() == "Import 3 rows"
    assert screen.name.text() == "clients.xlsx: 7 rows"
    # The line before it makes the client, and says since when it is one.
    assert said(screen, 1) == "Only the contact is new; Phone: +7 916 123-45-68, ext. 12"
    assert said(screen, 4).startswith("Most likely the client of line 8 (")
    assert screen.preview_step.likely.isVisible()
    assert screen.preview_step.likely.buttons[Choice.CHANGE_IT].text() == "Add to the earlier line"
    assert screen.preview_step.whole.text().startswith("Анна Петрова, ООО «Василёк»: Phone: ")
    table.go_to(6)
    assert screen.preview_step.whole.text().startswith("Сад и мох: Tier: “платиновый” is none of")


def test_an_ugly_spreadsheet_is_walked_through_to_its_receipt(
    screen: ImportsScreen, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "clients.xlsx"
    write_ugly(path, "ru")
    assert screen.step == FILE
    begin(screen, path)
    assert screen.step == COLUMNS
    assert unnamed(screen) == []
    assert unreachable(screen) == []
    assert list(screen.columns_step.mapped().values()) == [
        "name", "person", "phone", "email", "city", "tier", "customer_since",
    ]  # fmt: skip
    assert "Итого" in screen.columns_step.left_out.text()
    go(screen)
    assert screen.step == PREVIEW
    table = screen.preview_step.table
    assert table.rows.total == 7
    check_told(screen)
    screen.preview_step.fates.setCurrentIndex(5)
    settle(desk)
    assert [row.fate for row in (table.rows.row(n) for n in range(3)) if row] == [Fate.REJECTED] * 3
    go(screen)
    assert screen.step == RECEIPT
    assert clients(desk) == 2
    told = [label.text() for label in screen.receipt_step.findChildren(QLabel)]
    assert "Not written: 3 rows were rejected" in told
    check_shown(screen, desk)
    rejects = tmp_path / "rejects.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(rejects), ""))
    screen.receipt_step.rejects_button.click()
    assert "спросить у Бориса" in rejects.read_text("utf-8-sig")
    screen.receipt_step.undo_button.click()
    settle(desk)
    assert clients(desk) == 0
    assert not screen.receipt_step.undo_button.isEnabled()
    assert not screen.receipt_step.show_button.isVisible()
    go(screen)
    assert screen.step == FILE


def test_what_is_not_certain_is_asked_and_nothing_is_written_before(
    screen: ImportsScreen, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("Name,Customer since\nAcme,01/02/2020\nBeta,03/04/2020\n", "utf-8")
    begin(screen, path)
    go(screen)
    assert not screen.next.isEnabled()
    assert screen.preview_step.warning.isVisible()
    screen.go_back()
    answer = next(
        one for one in screen.findChildren(ComboBox) if one.accessibleName() == "Dates are written"
    )
    choose(answer, "mdy")
    settle(desk)
    assert screen.step == COLUMNS
    go(screen)
    assert screen.next.isEnabled()
    assert not screen.preview_step.warning.isVisible()


def test_columns_and_what_is_there_are_chosen_by_hand(
    screen: ImportsScreen, desk: Desk, tmp_path: Path
) -> None:
    desk.store.do(create_company, name="Acme", city="Rome")
    path = tmp_path / "more.csv"
    path.write_text("Name,Where\nAcme,Oslo\nBeta,Bonn\n", "utf-8")
    begin(screen, path)
    assert screen.columns_step.mapped() == {0: "name"}
    choose(field(screen, "Where"), "city")
    choose(screen.columns_step.mode, Mode.BOTH)
    assert screen.columns_step.key.isVisible()
    go(screen)
    row: Any = screen.preview_step.table.rows.row(0)
    assert row.said == "City: Rome → Oslo"
    go(screen)
    assert screen.receipt is not None
    assert (screen.receipt.added, screen.receipt.changed) == ({"client": 1}, {"client": 1})


def test_a_file_that_cannot_be_read_says_why(
    screen: ImportsScreen, desk: Desk, tmp_path: Path
) -> None:
    path = tmp_path / "letter.pdf"
    path.write_bytes(b"%PDF-1.7")
    begin(screen, path)
    assert screen.step == FILE
    said = [one.accessibleName() for one in screen.findChildren(QWidget)]
    assert "Choose another file…" in said


def test_a_file_dropped_on_the_window_is_brought_in(desk: Desk, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.desk = desk  # type: ignore[attr-defined]  # stands for the window
    drops.take_files(cast(Any, window))
    went: list[tuple[str, dict[str, Any]]] = []
    desk.went.connect(lambda place, where: went.append((place, where)))
    for name in ("letter.pdf", "clients.csv"):
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(f"/somewhere/{name}")])
        held = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        copied = Qt.DropAction.CopyAction
        QApplication.sendEvent(window, QDragEnterEvent(QPoint(1, 1), copied, mime, *held))
        QApplication.sendEvent(window, QDropEvent(QPointF(1, 1), copied, mime, *held))
    assert went == [("imports", {"path": Path("/somewhere/clients.csv")})]
    assert dropped(QMimeData()) is None


def test_rows_that_are_likely_known_come_to_what_is_chosen(
    screen: ImportsScreen, desk: Desk, tmp_path: Path
) -> None:
    for name in ("Northern Wind Ltd", "Blumstein Pharma"):
        desk.store.do(create_company, name=name)
    path = tmp_path / "clients.csv"
    path.write_text(
        "Name,City\nWind Northern LLC,Oslo\nPharma Blumstein,Rome\nBeta,Bath\n", "utf-8"
    )
    begin(screen, path)
    go(screen)
    step = screen.preview_step
    assert step.likely.isVisible()
    assert said(screen, 0).startswith("Most likely “Northern Wind Ltd” (9")
    step.table.pick(Selection(frozenset({2})))
    step.likely.buttons[Choice.CHANGE_IT].click()
    settle(desk)
    assert said(screen, 0) == "City: — → Oslo"
    step.likely.buttons[Choice.ADD_ANYWAY].click()
    settle(desk)
    assert screen.next.text() == "Import 3 rows"
    assert screen.preview_step.likely.isVisible()
