"""Import, step by step: file, columns, preview, receipt."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import msgspec
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QWidget

from deskcrm.base.jobs import Job
from deskcrm.base.words import ntr, tr
from deskcrm.domain.imports import importing
from deskcrm.domain.imports.fields import Target
from deskcrm.domain.imports.importing import Columns, Preview
from deskcrm.domain.imports.plan import Choice
from deskcrm.domain.imports.reading.sheet import FIND_OUT, Sheet
from deskcrm.domain.imports.receipts import Receipt, write_rejects
from deskcrm.domain.views.filters import Comparison, Filter
from deskcrm.ui.imports import actions  # noqa: F401 - declares what can be done here
from deskcrm.ui.imports.columns_step import ColumnsStep
from deskcrm.ui.imports.file_step import FileStep
from deskcrm.ui.imports.preview_step import PreviewStep
from deskcrm.ui.imports.receipt_step import ReceiptStep
from deskcrm.ui.imports.steps_bar import StepsBar
from deskcrm.ui.kit import desk as desks
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk, Errand
from deskcrm.ui.kit.screen import Screen
from deskcrm.ui.kit.tokens import Tone

Backup = Callable[[Job], object]
FILE, COLUMNS, PREVIEW, RECEIPT = range(4)
_HOW: Final = {"encoding": str, "delimiter": str, "sheet": str, "header": int, "dates": str,
               "decimal": str}  # fmt: skip


class ImportsScreen(Screen):
    """Holds one import; another begins when this one is done or given up."""

    place = "imports"
    title = "Import"
    icon = "upload"

    def __init__(
        self, desk: Desk, backup: Backup | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(desk, parent)
        self.backup = backup
        self.path: Path | None = None
        self.how = FIND_OUT
        self.sheet: Sheet | None = None
        self.columns: Columns | None = None
        self.seen: Preview | None = None
        self.receipt: Receipt | None = None
        self.step = FILE
        self._errand: Errand[Any] | None = None
        desk.progressed.connect(self._show_progress)
        self._make_steps()
        self.name = parts.ElidedLabel("", "muted")
        self.bar = StepsBar()
        self.back = parts.button(tr("Back"), self.go_back, icon="chevron-left")
        self.next = parts.button("", self.go_on, look="primary")
        # The head is as tall without its buttons: nothing jumps from step to step.
        keeping = self.next.sizePolicy()
        keeping.setRetainSizeWhenHidden(True)
        self.next.setSizePolicy(keeping)
        head = parts.row(
            parts.label(tr("Import"), "heading"), self.name, self.back, self.next, spacing=12
        )
        head.setStretch(1, 1)
        top = parts.column(head, self.bar, spacing=8, margins=(24, 16, 24, 8))
        panel = parts.surface("panel")
        panel.setLayout(parts.column(top, self.stack, spacing=0))
        panel.layout().setStretch(1, 1)  # type: ignore[union-attr]  # it was set just above
        self.setLayout(parts.column(panel))
        self._show_step(FILE)

    def _make_steps(self) -> None:
        self.file_step = FileStep()
        self.file_step.chosen.connect(self.begin)
        self.columns_step = ColumnsStep()
        self.columns_step.target_chosen.connect(self._propose)
        self.columns_step.answered.connect(self._answer)
        self.preview_step = PreviewStep(self.desk)
        self.preview_step.chosen.connect(self._reconsider)
        self.receipt_step = ReceiptStep(self._show_clients, self._undo, self._save_rejects)
        self.stack = QStackedWidget()
        for step in (self.file_step, self.columns_step, self.preview_step, self.receipt_step):
            self.stack.addWidget(step)

    def arrive(self, *, path: Path | None = None, **where: Any) -> None:
        if path is not None:
            self.begin(path)

    def panes(self) -> list[QWidget]:
        return [self.stack, self]

    # The file.

    def begin(self, path: Path) -> None:
        """Read a file, and go to its columns."""
        self.path, self.how, self.columns = path, FIND_OUT, None
        self.name.setText(path.name)
        self._read()

    def _read(self) -> None:
        assert self.path is not None
        self._show_step(FILE)
        errand = self.desk.start(importing.read, self.path, self.how).owned_by(self)
        self._errand = errand
        self.file_step.say_busy(tr("Reading the file…"), self.path.name, errand.cancel)
        errand.then(self._take_sheet).failed(self.file_step.say_failed)

    def _take_sheet(self, sheet: Sheet) -> None:
        self.sheet = sheet
        assert self.path is not None
        n = len(sheet.lines)
        self.name.setText(ntr("{name}: {n} row", "{name}: {n} rows", n, name=self.path.name))
        same = self.columns is not None and len(self.columns.suggestions) == len(sheet.headers)
        if same and self.columns is not None:
            self._take_columns(self.columns)
        else:
            self._propose(importing.guess_target(sheet))

    def _propose(self, target: Target) -> None:
        assert self.sheet is not None
        self.desk.ask(self, importing.propose, self.sheet, target).then(self._take_columns)

    def _take_columns(self, columns: Columns) -> None:
        assert self.sheet is not None
        self.columns = columns
        self.columns_step.show_file(self.sheet, columns)
        self._show_step(COLUMNS)

    def _answer(self, about: str, value: str) -> None:
        """Read the file again, as the person said; what was chosen for its columns stays."""
        if self.columns is not None:
            self.columns = self.columns_step.chosen()
        if about == "region" and self.columns is not None:
            self._take_columns(replace(self.columns, region_said=value))
            return
        self.how = msgspec.structs.replace(self.how, **{about: _HOW[about](value)})
        if about in ("header", "sheet", "delimiter"):
            self.columns = None  # the columns may be others now
        self._read()

    # The preview.

    def _preview(self) -> None:
        assert self.sheet is not None
        assert self.columns is not None
        mapped, wish = self.columns_step.mapped(), self.columns_step.wish()
        errand = self.desk.start(
            importing.preview, self.desk.store, self.sheet, mapped, self.columns, wish
        ).owned_by(self)
        self._say_busy(tr("Comparing with the workspace…"), errand)
        errand.then(self._take_preview).failed(lambda error: self._fail(error, COLUMNS))

    def _take_preview(self, seen: Preview) -> None:
        self.seen = seen
        self.preview_step.show_preview(seen)
        self._show_step(PREVIEW)
        self.preview_step.table.setFocus()

    def _reconsider(self, choices: Mapping[int, Choice]) -> None:
        """Look at the rows again, as was chosen for those that are likely known."""
        assert self.seen is not None
        errand = self.desk.start(
            importing.reconsider, self.desk.store, self.seen, choices
        ).owned_by(self)
        self._say_busy(tr("Comparing with the workspace…"), errand)
        errand.then(self._take_preview).failed(lambda error: self._fail(error, PREVIEW))

    def _apply(self) -> None:
        assert self.seen is not None
        errand = self.desk.start(importing.apply, self.desk.store, self.seen, self.backup).owned_by(
            self
        )
        self._say_busy(tr("Writing…"), errand)
        errand.then(self._take_receipt).failed(lambda error: self._fail(error, PREVIEW))

    def _take_receipt(self, receipt: Receipt) -> None:
        assert self.seen is not None
        self.receipt = receipt
        self.receipt_step.show_receipt(self.seen, receipt)
        self._show_step(RECEIPT)

    def _show_clients(self) -> None:
        if self.receipt is not None:
            asked = Filter().also("import", Comparison.IS, self.receipt.origin)
            self.desk.go("clients", asked=asked)

    def _undo(self) -> None:
        if self.receipt is not None:
            desks.undo(self.desk, self.receipt.step).then(lambda _: self.receipt_step.show_undone())

    def _save_rejects(self) -> None:
        if self.seen is None or self.path is None:
            return
        suggested = str(self.path.with_name(tr("{name} rejected.csv", name=self.path.stem)))
        name, _ = QFileDialog.getSaveFileName(
            self.window(), tr("Save the rejected rows"), suggested, "CSV (*.csv)"
        )
        if not name:
            return
        try:
            text = write_rejects(self.seen.sheet, self.seen.plan)
            Path(name).write_text(text, "utf-8-sig", newline="")
        except OSError as error:
            self.desk.tell(
                tr("“{name}” cannot be written.", name=Path(name).name),
                detail=str(error.strerror or error),
                tone=Tone.WARNING,
            )

    # Getting about.

    def go_on(self) -> None:
        """Do what comes next."""
        match self.step:
            case 1:
                self._preview()
            case 2:
                self._apply()
            case _:
                self._begin_anew()

    def go_back(self) -> None:
        """Go a step back; nothing is lost by it."""
        if self.step == COLUMNS:
            self._begin_anew()
        elif self.step == PREVIEW:
            self._show_step(COLUMNS)

    def _begin_anew(self) -> None:
        self.name.setText("")
        self.file_step.invite()
        self._show_step(FILE)

    def _say_busy(self, text: str, errand: Errand[Any]) -> None:
        assert self.path is not None
        self._errand = errand
        self.file_step.say_busy(text, self.path.name, errand.cancel)
        self.stack.setCurrentIndex(FILE)
        self.back.hide()
        self.next.hide()

    def _show_progress(self, errand: Errand[Any], done: int, total: int, text: str) -> None:
        if errand is self._errand:
            self.file_step.show_progress(done, total, text)

    def _fail(self, error: BaseException, step: int) -> None:
        """Stay where it was begun, and say why it did not work."""
        self._show_step(step)
        self.desk.complain(error)

    def _show_step(self, step: int) -> None:
        self.step = step
        self.stack.setCurrentIndex(step)
        self.bar.show_step(step)
        self.back.setVisible(step in (COLUMNS, PREVIEW))
        self.next.setVisible(step != FILE)
        parts.rename(self.next, self._next_words(step))
        seen = self.seen
        can_write = seen is not None and bool(seen.plan.written) and not seen.questions
        self.next.setEnabled(step != PREVIEW or can_write)

    def _next_words(self, step: int) -> str:
        if step == COLUMNS:
            return tr("Preview")
        if step == PREVIEW and self.seen is not None:
            n = self.seen.plan.written
            return ntr("Import {n} row", "Import {n} rows", n)
        return tr("Import another file")
