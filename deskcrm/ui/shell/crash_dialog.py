"""A bug, admitted: nothing was lost, here is the report, go on."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.tasks import is_alive
from deskcrm.ui.shell.calm import CalmDialog

MOST_REPORTS = 5


class CrashDialog(CalmDialog):
    """Shows a report that has no person's words in it; more of them join the open dialog."""

    _open: "CrashDialog | None" = None

    def __init__(self, report: str, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Something went wrong in DeskCRM"),
            tr(
                "This is our mistake. What was saved is safe, and the step that failed was taken"
                " back as a whole. Copy the report and send it to whoever looks after DeskCRM;"
                " it names places in the program and nothing about your clients."
            ),
            parent,
        )
        self.reports = [report]
        self.shown = QPlainTextEdit(report)
        self.shown.setReadOnly(True)
        self.shown.setAccessibleName(tr("Report"))
        self.shown.setMinimumHeight(180)
        self.put(self.shown)
        self.copy = parts.button(tr("Copy the report"), self._copy, icon="copy")
        go_on = parts.button(tr("Go on"), self.accept, look="primary")
        self.set_buttons(self.copy, go_on)
        go_on.setFocus()  # else Enter would go to the report, where it does nothing

    @classmethod
    def show_report(cls, parent: QWidget, report: str) -> "CrashDialog":
        """Show a report; while one is shown, it is added there."""
        # The window it belonged to may be gone, and the dialog with it.
        if cls._open is None or not is_alive(cls._open):
            cls._open = cls(report, parent)
            cls._open.finished.connect(cls._forget)
            cls._open.open()
        else:
            cls._open.add(report)
        return cls._open

    @classmethod
    def _forget(cls) -> None:
        if cls._open is not None and is_alive(cls._open):
            cls._open.deleteLater()
        cls._open = None

    def add(self, report: str) -> None:
        """Add another report; the same again, and more than a few, say nothing new."""
        if report not in self.reports and len(self.reports) < MOST_REPORTS:
            self.reports.append(report)
            self.shown.setPlainText("\n\n".join(self.reports))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n\n".join(self.reports))
        parts.rename(self.copy, tr("Copied"))
