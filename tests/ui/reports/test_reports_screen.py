"""Reports: figures in a list, each opening to its arithmetic and its rows, and to files."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from deskcrm.base import words
from deskcrm.domain.clients.commands import create_company
from deskcrm.domain.interactions.channels import Channel
from deskcrm.domain.metrics.figures import Figure, Period, Unit
from deskcrm.domain.metrics.periods import PeriodChoice, period_of
from deskcrm.domain.metrics.words import change_words, figure_words, interval_words
from deskcrm.domain.tickets.commands import claim_ticket, open_ticket
from deskcrm.domain.users.commands import create_first_user
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.actions import run_action
from deskcrm.ui.kit.bars import Bar, Bars
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.reports.load import short_names
from deskcrm.ui.reports.record import bar_label
from deskcrm.ui.reports.screen import ReportsScreen
from tests.ui.settle import settle
from tests.ui.walk import unnamed, unreachable


@pytest.fixture
def screen(desk: Desk, qtbot: QtBot) -> ReportsScreen:
    """Give the screen over a workspace with two tickets of one client."""
    desk.store.do(create_first_user, name="Anna")
    client = desk.store.do(create_company, name="Acme").value
    for subject in ("Dark", "Cold"):
        ticket = desk.store.do(
            open_ticket, client, subject=subject, text="Help", channel=Channel.EMAIL
        ).value
        desk.store.do(claim_ticket, ticket)
    made = ReportsScreen(desk)
    qtbot.addWidget(made)
    made.resize(1_200, 700)
    made.show()
    settle(desk)
    return made


def look_at(screen: ReportsScreen, line: str) -> None:
    screen.table.show_id(line)
    settle(screen.desk)


def test_a_figure_opens_to_its_arithmetic_and_its_rows(screen: ReportsScreen) -> None:
    look_at(screen, "backlog")
    record = screen.record
    assert record.value.text() == "2" and "n = 2" in record.facts.text()
    assert "open at the end" in record.formula.text()
    assert record.bars.bar_at(10_000).value == 2  # type: ignore[union-attr]  # it has bars
    run_action("reports.rows", screen)
    settle(screen.desk)
    titles = {one.row.title for one in map(record.rows.rows.row, range(2)) if one is not None}
    assert record.cut.text() == "2 rows" and titles == {"Dark", "Cold"}
    went: list[tuple[str, dict[str, object]]] = []
    screen.desk.went.connect(lambda place, where: went.append((place, where)))
    line = record.rows.rows.row(0)
    assert line is not None
    record.rows.opened.emit(line)
    assert went == [("tickets", {"ticket": line.row.ticket_id})]
    assert unnamed(screen) == [] and unreachable(screen) == []


def test_without_answers_there_is_no_data_and_no_row(screen: ReportsScreen) -> None:
    look_at(screen, "nps")
    assert screen.record.value.text() == "no data"
    assert "By phone: no data, n = 0" in screen.record.ways.text()
    run_action("reports.rows", screen)
    settle(screen.desk)
    assert not screen.record.rows_pane.is_showing_content


def test_the_load_has_a_line_for_each_person(screen: ReportsScreen) -> None:
    look_at(screen, "people")
    (line,) = [screen.load_records["people"].table.rows.row(0)]
    assert line is not None and (line.name, line.open) == ("Anna", 2)
    look_at(screen, "lines")
    rows = screen.load_records["lines"].table.rows
    assert (rows.total, rows.columns[0].title) == (3, "Line")
    assert not run_action("reports.rows", screen)


def test_other_days_and_other_people_are_other_figures(screen: ReportsScreen) -> None:
    screen.choices.choose_days(Period(date(2020, 1, 1), date(2020, 1, 31)))
    settle(screen.desk)
    look_at(screen, "backlog")
    assert screen.record.value.text() == "0"
    assert screen.choices.when.words() == "1 January 2020 – 31 January 2020"
    screen.choices.when.choose(PeriodChoice.LAST_7_DAYS)
    settle(screen.desk)
    assert screen.record.value.text() == "2"
    silver = next(at for at in range(9) if screen.choices.clients.itemText(at) == "Silver")
    screen.choices.clients.setCurrentIndex(silver)
    screen.choices.clients.activated.emit(silver)
    settle(screen.desk)
    assert screen.record.value.text() == "0"


@pytest.mark.parametrize("way", ["workbook", "csv", "pdf"])
def test_a_report_is_taken_away_as_a_file(
    screen: ReportsScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    path = tmp_path / "report"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    told: list[str] = []
    screen.desk.told.connect(lambda told_: told.append(told_.text))
    look_at(screen, "backlog")
    run_action(f"reports.save_{way}", screen)
    settle(screen.desk)
    assert told == ["Saved: report"]
    begins = {"workbook": b"PK", "csv": b"\xef\xbb\xbf", "pdf": b"%PDF"}[way]
    assert path.read_bytes().startswith(begins)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    run_action(f"reports.save_{way}", screen)
    settle(screen.desk)
    assert len(told) == 1


def test_bars_are_as_high_as_they_say(qtbot: QtBot) -> None:
    bars = Bars()
    qtbot.addWidget(bars)
    bars.resize(300, 150)
    bars.show_bars(
        [Bar("a", 10, "10", "a: 10"), Bar("b", None, "", "b: nothing"), Bar("c", -5, "-5", "c")],
        "All",
    )
    bars.show()
    image = bars.grab().toImage()
    middle = [image.pixelColor(x, 60).name() for x in (50, 150, 250)]
    assert middle[0] != middle[1] == middle[2]
    low = [image.pixelColor(x, 110).name() for x in (50, 150, 250)]
    assert low[2] != low[0] == low[1]
    assert bars.accessibleDescription() == "a: 10; b: nothing; c"
    assert bars.bar_at(160).label == "b"  # type: ignore[union-attr]  # it has bars
    bars.show_bars([], "None")
    assert bars.bar_at(10) is None and not bars.grab().isNull()


@pytest.mark.parametrize(
    ("choice", "first", "last"),
    [
        (PeriodChoice.LAST_7_DAYS, date(2026, 3, 5), date(2026, 3, 11)),
        (PeriodChoice.LAST_30_DAYS, date(2026, 2, 10), date(2026, 3, 11)),
        (PeriodChoice.THIS_MONTH, date(2026, 3, 1), date(2026, 3, 31)),
        (PeriodChoice.LAST_MONTH, date(2026, 2, 1), date(2026, 2, 28)),
        (PeriodChoice.THIS_QUARTER, date(2026, 1, 1), date(2026, 3, 31)),
        (PeriodChoice.LAST_QUARTER, date(2025, 10, 1), date(2025, 12, 31)),
        (PeriodChoice.THIS_YEAR, date(2026, 1, 1), date(2026, 12, 31)),
        (PeriodChoice.LAST_YEAR, date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_period_by_its_name(choice: PeriodChoice, first: date, last: date) -> None:
    assert period_of(choice, date(2026, 3, 11)) == Period(first, last)


def test_people_under_bars_are_told_apart() -> None:
    names = ["Anna Carter", "James Cotton", "James Foreman", "Nobody"]
    assert short_names(names) == ["Anna", "James C.", "James F.", "Nobody"]


def test_a_period_under_a_bar_is_named_shortly() -> None:
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert bar_label(march, by_month=True) == "Mar 26"
    # Among thirty days each, one that happens to be a month is named as its neighbours are.
    assert bar_label(march, by_month=False) == dates.day(date(2026, 3, 1), year=False)


def figure(value: float | None, unit: Unit, **more: object) -> Figure:
    return Figure(value, unit, 40, **more)  # type: ignore[arg-type]  # as the caller says


@pytest.mark.parametrize(
    ("one", "english", "russian"),
    [
        (figure(None, Unit.PERCENT), "no data", "нет данных"),
        (figure(66.666, Unit.PERCENT), "66.7%", "66,7%"),
        (figure(-20, Unit.POINTS), "−20", "−20"),
        (figure(12_480, Unit.COUNT), "12,480", "12\u00a0480"),
        (figure(9_000, Unit.SECONDS), "2 h 30 min", "2 ч 30 мин"),
        (
            figure(123_450, Unit.MONEY, currency="CHF"),
            "1,234.50\u00a0CHF",
            "1\u00a0234,50\u00a0CHF",
        ),
    ],
)
def test_figures_in_words(one: Figure, english: str, russian: str) -> None:
    assert figure_words(one).replace("\u202f", " ") == english
    with words.speaking("ru"):
        said = figure_words(one)
    assert said.replace("\u00a0", " ") == russian.replace("\u00a0", " ")


def test_changes_and_intervals_in_words() -> None:
    percent = figure(50, Unit.PERCENT, interval=(40, 60))
    assert change_words(2.04, percent) == "+2 pp" and change_words(-0.04, percent) == "unchanged"
    assert interval_words(percent) == "with 95% confidence from 40% to 60%"
    seconds = figure(3_600, Unit.SECONDS, interval=(1_800, None))
    assert change_words(-5_400, seconds) == "−1 h 30 min"
    assert interval_words(seconds) == "with 95% confidence at least 30 min"
    assert interval_words(figure(None, Unit.PERCENT, interval=(1, 2))) == ""
    assert "more than half go on" in interval_words(figure(None, Unit.SECONDS))
