"""The page of figures: how well the named were named, against what, and how far to believe it."""

from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from deskcrm.base.words import tr
from deskcrm.domain.backtests import words
from deskcrm.domain.backtests.guards import Alarm
from deskcrm.domain.backtests.replay import Result
from deskcrm.domain.health.model import Model
from deskcrm.ui.backtests.charts import CalibrationChart
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.scroll import Scroll


class Figure:
    """One line of the table of figures: what it is, how much, of how many; its tooltip: how."""

    def __init__(self, title: str, formula: str) -> None:
        self.title = parts.label(title)
        self.value = parts.label("", "strong")
        self.under = parts.ElidedLabel("", "muted")
        for each in (self.title, self.value):
            parts.set_tooltip(each, formula)
        self.value.setAccessibleName(title)
        self.formula = formula

    def show_figure(self, value: str, under: str) -> None:
        """Show a value and what it is of."""
        self.value.setText(value)
        self.value.setAccessibleDescription(f"{value}, {under}. {self.formula}")
        self.under.setText(under)


class FiguresPage(QWidget):
    """Everything that a replay says in numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.evidence = parts.label("", "muted", wrap=True)
        self.alarms = parts.column(spacing=4)
        self.baselines = parts.column(spacing=4)
        self.chart = CalibrationChart()
        self.unknown = parts.label("", "muted", wrap=True)
        self._make_figures()
        table = QGridLayout()
        table.setHorizontalSpacing(20)
        table.setColumnStretch(2, 1)
        for line, figure in enumerate(self.figures):
            for at, widget in enumerate((figure.title, figure.value, figure.under)):
                table.addWidget(widget, line, at)
        inside = parts.Page()
        inside.setLayout(
            parts.column(
                self.evidence, self.alarms, 4, table, 8,
                parts.label(tr("Against one signal alone"), "heading"), self.baselines, 8,
                parts.label(
                    tr("Foretold and come, by fifths of the cases"), "heading", wrap=True
                ),
                self.chart,
                parts.label(
                    tr("Columns: how many left, with the interval. Marks: what was foretold."),
                    "muted", wrap=True,
                ),
                self.unknown, None,
                margins=(24, 12, 24, 16),
            )
        )  # fmt: skip
        self.setLayout(parts.column(Scroll(inside)))

    def _make_figures(self) -> None:
        self.precision = Figure(
            tr("Of those named, left"),
            tr("Clients named that gave notice 15 to 90 days later / all named: the highest tenth"
               " of the book each month. With Wilson’s interval of 95%."),
        )  # fmt: skip
        self.caught = Figure(
            tr("Of those that left, named"),
            tr("Clients that were named 15 to 90 days before their notice / all that left."),
        )
        self.lift = Figure(
            tr("Lift"), tr("Share that left of those named / share that left of all.")
        )
        self.lead = Figure(
            tr("Lead time"), tr("Median of the days from being named first to the notice.")
        )
        self.auc = Figure(
            tr("Ranking (AUC)"),
            tr(
                "How often a client that left stood above one that stayed: 0.5 is chance, 1 always."
            ),
        )
        self.figures = (self.precision, self.caught, self.lift, self.lead, self.auc)

    def show_result(self, found: Result, alarms: tuple[Alarm, ...], model: Model) -> None:
        """Show what a replay gave."""
        self.evidence.setText(f"{words.covered_words(found)} {words.evidence_of_result(found)}")
        self.precision.show_figure(
            words.share_words(found.precision), words.interval_words(found.precision)
        )
        self.caught.show_figure(words.share_words(found.caught), words.interval_words(found.caught))
        usual = tr("usual: {share}", share=words.share_words(found.base))
        self.lift.show_figure(words.times_words(found.lift), usual)
        self.lead.show_figure(words.days_words(found.lead_days), tr("before the notice"))
        self.auc.show_figure(words.auc_words(found.auc), tr("0.5 is chance"))
        _refill(self.alarms, [words.alarm_words(one, model) for one in alarms], "error")
        _refill(self.baselines, [words.baseline_words(one, model) for one in found.baselines], "")
        self.chart.show_bins(found.calibration)
        self.unknown.setText(words.unknown_words(found.too_little_known))
        self.unknown.setVisible(found.too_little_known > 0)


def _refill(column: QVBoxLayout, texts: list[str], role: str) -> None:
    """Show these lines; a label that is there is used again."""
    while column.count() > len(texts):
        item = column.takeAt(column.count() - 1)
        if item is not None and (widget := item.widget()) is not None:
            widget.deleteLater()
    for number, text in enumerate(texts):
        item = column.itemAt(number)
        label = item.widget() if item is not None else None
        if not isinstance(label, QLabel):
            label = parts.label("", role, wrap=True)
            column.addWidget(label)
        label.setText(text)
