"""What a person can do with a report: open what a figure is made of, and take it away as a file."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.attachments.names import safe_name
from deskcrm.domain.metrics.figures import Period
from deskcrm.domain.metrics.files import write_csv, write_xlsx
from deskcrm.domain.metrics.narrowing import Narrowing
from deskcrm.domain.metrics.report import Measured, Report
from deskcrm.domain.metrics.rows import list_rows
from deskcrm.domain.metrics.sheets import Sheet, rows_sheet, sheets_of
from deskcrm.domain.metrics.words import period_words
from deskcrm.store.reader import Reader
from deskcrm.ui.interactions.files import choose_where
from deskcrm.ui.kit.actions import action
from deskcrm.ui.kit.paper import make_document, write_pdf
from deskcrm.ui.reports.paper import paragraphs

if TYPE_CHECKING:
    from deskcrm.ui.reports.screen import ReportsScreen

FILES: Final = ("reports.save_workbook", "reports.save_csv", "reports.save_pdf")
"""The ways to take a report away."""
Write = Callable[[Sequence[Sheet], Path], None]


def _is_ready(screen: "ReportsScreen") -> bool:
    return screen.report is not None


def _has_figure(screen: "ReportsScreen") -> bool:
    row = screen.row()
    return row is not None and row.measured is not None


@action("reports.rows", "Show what it is made of", key="R", needs=_has_figure, icon="list",
        synonyms="rows drill down строки тикеты состав")  # fmt: skip
def show_rows(screen: "ReportsScreen") -> None:
    """Show the rows behind the current figure."""
    screen.record.views.setCurrentIndex(1)


@action("reports.days", "Other days…", key="D", icon="calendar",
        synonyms="period dates период даты")  # fmt: skip
def other_days(screen: "ReportsScreen") -> None:
    """Ask for the first and the last day."""
    screen.choices.ask_days()


@action("reports.save_workbook", "Save as workbook…", key="Ctrl+E", needs=_is_ready,
        icon="download", synonyms="xlsx excel export экспорт таблица")  # fmt: skip
def save_workbook(screen: "ReportsScreen") -> None:
    """Write the report, and the rows behind the current figure, into a workbook."""
    _save_tables(screen, "xlsx", tr("Workbook"), write_xlsx)


@action("reports.save_csv", "Save as CSV…", needs=_is_ready, icon="download",
        synonyms="export text экспорт текст")  # fmt: skip
def save_csv(screen: "ReportsScreen") -> None:
    """Write the report, and the rows behind the current figure, into a text file."""
    _save_tables(screen, "csv", "CSV", write_csv)


@action("reports.save_pdf", "Save as PDF…", key="Ctrl+P", needs=_is_ready, icon="print",
        synonyms="print paper печать бумага")  # fmt: skip
def save_pdf(screen: "ReportsScreen") -> None:
    """Write the report on paper."""
    report = screen.report
    assert report is not None  # asked before
    title = _title(report)
    path = choose_where(screen, safe_name(f"{title}.pdf"), "PDF (*.pdf)")
    if path is None:
        return
    try:
        write_pdf(make_document(paragraphs(report)), title, path)
    except UserError as error:
        screen.desk.complain(error)
    else:
        screen.desk.tell(tr("Saved: {name}", name=path.name))


def _save_tables(screen: "ReportsScreen", ending: str, kind: str, write: Write) -> None:
    report, line = screen.report, screen.row()
    assert report is not None  # asked before
    path = choose_where(screen, safe_name(f"{_title(report)}.{ending}"), f"{kind} (*.{ending})")
    if path is None:
        return
    measured = line.measured if line is not None else None
    asked = screen.desk.ask(
        (screen, "file"), write_report, report, measured, report.period,
        screen.choices.narrowing, path, write,
    )  # fmt: skip
    asked.then(lambda _: screen.desk.tell(tr("Saved: {name}", name=path.name)))


def write_report(
    db: Reader, report: Report, measured: Measured | None, period: Period, narrowing: Narrowing,
    path: Path, write: Write,
) -> None:  # fmt: skip
    """Write a report into a file, and all rows behind one of its figures."""
    sheets = sheets_of(report)
    if measured is not None:
        currency = measured.figure.currency
        found = list_rows(db, measured.metric, period, narrowing, currency=currency)
        sheets.append(rows_sheet(measured, found))
    write(sheets, path)


def _title(report: Report) -> str:
    return tr("Report: {period}", period=period_words(report.period))
