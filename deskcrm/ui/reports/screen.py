"""Reports: the figures of a period on the left; one of them in full on the right."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.metrics.report import Report, get_report
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.actions import ALL_ACTIONS, run_action
from deskcrm.ui.kit.columns import Column
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.list_detail import ListDetail
from deskcrm.ui.kit.pane import Empty
from deskcrm.ui.reports import actions
from deskcrm.ui.reports.choosing import Choices
from deskcrm.ui.reports.lines import LINES, PEOPLE, ReportLine, columns, count_lines, page_lines
from deskcrm.ui.reports.load import LoadRecord
from deskcrm.ui.reports.record import FigureRecord

_PATIENCE_MS: Final = 5_000
"""A report of a large workspace takes a second or two: it is not made anew with every change."""


class ReportsScreen(ListDetail[ReportLine]):
    """Every figure opens to its formula, its n, its period and its rows."""

    place = "reports"
    title = "Reports"
    icon = "reports"
    watches = frozenset(
        {
            "client",
            "contract",
            "contract_step",
            "departure",
            "invoice",
            "preference",
            "survey_answer",
            "survey_response",
            "team_member",
            "ticket",
            "ticket_message",
            "ticket_transition",
        }
    )
    count_query = staticmethod(count_lines)
    page_query = staticmethod(page_lines)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self.report: Report | None = None
        self.choices = Choices(desk, self.load)
        super().__init__(desk, parent)
        self.total.hide()
        self.export = parts.button(tr("Save…"), self._offer_files, icon="download")
        self.head.addWidget(self.export)
        self.under_head.addWidget(self.choices)
        self.splitter.setSizes([650, 530])
        self._later = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._later.timeout.connect(self.load_soon)

    def columns(self) -> Sequence[Column[ReportLine]]:
        return columns()

    def filters(self) -> dict[str, Any]:
        return {"report": self.report}

    def build_record(self) -> QWidget:
        self.record = FigureRecord(self.desk)
        self.load_records = {
            PEOPLE: LoadRecord(self.desk, tr("Who"), tr("First response")),
            LINES: LoadRecord(self.desk, tr("Line"), tr("Median time")),
        }
        self.records = QStackedWidget()
        self.records.addWidget(self.record)
        for one in self.load_records.values():
            self.records.addWidget(one)
        return self.records

    def show_row(self, row: ReportLine) -> None:
        if row.measured is not None:
            self.record.show_figure(row.measured, self.choices.narrowing)
            self.records.setCurrentWidget(self.record)
        else:
            loads = self.load_records[row.id]
            loads.show_line(row)
            self.records.setCurrentWidget(loads)

    def load(self) -> None:
        """Work the report out anew, in the background; what is shown stays until then."""
        if self.report is None:
            self.list_pane.show_loading()
        asked = self.desk.ask(
            (self, "report"), get_report, self.choices.period, self.choices.narrowing
        )
        asked.then(self._show).failed(
            lambda error: self.list_pane.show_error(error, self.load_soon)
        )

    def panes(self) -> list[QWidget]:
        return [self.table, self.records]

    def empty(self) -> Empty:
        return Empty(tr("Loading…"), icon="clock")

    def _hear(self, tables: frozenset[str]) -> None:
        if self.report is None or not self.isVisible():
            super()._hear(tables)
        elif self.watches & tables:
            self._later.start()

    def _show(self, report: Report) -> None:
        self.report = report
        current = self.row()
        self.table.reload(**self.filters())
        if current is not None:
            self.table.show_id(current.id)

    def _offer_files(self) -> None:
        menu = QMenu(self)
        for one in (ALL_ACTIONS[each] for each in actions.FILES):
            item = menu.addAction(one.words)
            item.triggered.connect(lambda _=False, wanted=one.id: run_action(wanted, self))
        menu.popup(self.export.mapToGlobal(self.export.rect().bottomLeft()))
