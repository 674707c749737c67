"""A small card: into which kind of file, which columns, named in which language."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from deskcrm.base.settings import Setting
from deskcrm.base.words import language, ntr, of, tr
from deskcrm.domain.attachments.names import safe_name
from deskcrm.domain.exports.writing import OF_PEOPLE, Exported, FileForm, Wanted, export_view
from deskcrm.ui.exports.lists import Offers
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.columns import Selection
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Check, Choice
from deskcrm.ui.kit.form import Form
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.shell.appearance import LANGUAGE_NAMES

FORM: Final = Setting("window.export_form", FileForm.XLSX.value, "Kind of file of an export")
_WIDTH: Final = 460
_SHOWN, _PICKED, _ALL = "shown", "picked", "all"


def open_card(screen: Any, offers: Offers) -> "ExportCard | None":
    """Ask how a list is to be taken out; says so where it cannot be."""
    if not offers:
        screen.desk.tell(tr("This list cannot be exported."), tone=Tone.NEUTRAL)
        return None
    return ExportCard(screen.desk, screen, offers, screen.selection, screen.table.rows.total)


class ExportCard(Overlay):
    """Opens itself over a window; gone once a file is being written."""

    def __init__(
        self, desk: Desk, over: QWidget, offers: Offers, selection: Selection, count: int
    ) -> None:
        super().__init__(over.window(), width=_WIDTH, top=0.14)
        self.desk, self._offers, self._selection = desk, offers, selection
        self.rows = _rows_field(selection, count)
        self.view = Choice("view", tr("What"), [(one.view, of(one.view)) for one in offers])
        if len(offers) == 1:
            self.view.hide()
        of_people = all(one.view in OF_PEOPLE for one in offers)
        forms = [one for one in FileForm if of_people or one is not FileForm.VCARD]
        self.kind = Choice("form", tr("File"), [(one, form_words(one)) for one in forms])
        self.columns = Choice(
            "columns", tr("Columns"),
            [(_SHOWN, tr("As in the list")), (_ALL, tr("All that is known"))],
        )  # fmt: skip
        self.language = Choice("language", tr("Names of columns"), list(LANGUAGE_NAMES.items()))
        self.mark = Check("mark", tr("For Excel, which else misreads letters"))
        self.form = Form(
            [self.rows, self.view, (self.kind, self.language), self.columns, self.mark],
            on_save=self._save, on_leave=self.close_card, save=tr("Export…"),
        )  # fmt: skip
        self._lay_out(count)
        last = FileForm(desk.setting(FORM))
        self.form.fill(
            {
                "rows": _ALL if selection.is_empty(count) else _PICKED,
                "view": offers[0].view,
                "form": last if last in forms else FileForm.XLSX,
                "columns": _SHOWN,
                "language": language(),
                "mark": True,
            }
        )
        self._follow()
        self.form.edited.connect(self._follow)
        self.closed.connect(self.deleteLater)
        self.open_card()

    def _lay_out(self, count: int) -> None:
        said = ntr("{count} row matches.", "{count} rows match.", count, count=dates.number(count))
        self.card.setLayout(
            parts.column(
                parts.column(
                    parts.label(tr("Export"), "heading"), parts.label(said, "muted"), spacing=2
                ),
                self.form,
                spacing=14,
                margins=24,
            )
        )  # fmt: skip

    def _offer(self) -> Wanted:
        return next(one for one in self._offers if one.view == self.view.value())

    def _follow(self) -> None:
        """Show what means something for the kind of file that is chosen."""
        form = self.kind.value()
        is_table = form in (FileForm.CSV, FileForm.XLSX)
        self.language.setVisible(is_table)
        self.columns.setVisible(form is not FileForm.VCARD and bool(self._offer().columns))
        self.mark.setVisible(form is FileForm.CSV)
        self.relayout()

    def _save(self, values: dict[str, Any]) -> None:
        form = FileForm(values["form"])
        wanted = replace(self._offer(), form=form, language=values["language"], mark=values["mark"])
        if values["rows"] == _PICKED:
            wanted = replace(wanted, only=self._selection.has)
        if values["columns"] == _ALL or form is FileForm.VCARD:
            wanted = replace(wanted, columns=())
        self.desk.setting(FORM, form.value)
        path = choose_file(self.window(), of(wanted.view), form)
        if path is None:
            return
        self.form.finish()
        self.close_card()
        desk = self.desk
        desk.start(export_view, desk.store, wanted, path).then(lambda done: tell(desk, done))


def _rows_field(selection: Selection, count: int) -> Choice:
    """Make the choice between what is picked and all of the list; hidden where nothing is."""
    n = selection.count(count)
    picked = ntr("{count} that is picked", "{count} that are picked", n, count=dates.number(n))
    field = Choice("rows", tr("Rows"), [(_PICKED, picked), (_ALL, tr("All that match"))])
    if selection.is_empty(count):
        field.hide()
    return field


def form_words(form: FileForm) -> str:
    """Name a kind of file as people know it."""
    return {
        FileForm.CSV: "CSV",
        FileForm.XLSX: tr("Excel workbook"),
        FileForm.JSON_LINES: "JSON lines",
        FileForm.VCARD: "vCard",
    }[form]


def choose_file(over: QWidget, called: str, form: FileForm) -> Path | None:
    """Let the person choose where to write; the ending is put there where it is missing."""
    kind = f"{form_words(form)} (*.{form})"
    start = str(Path.home() / safe_name(f"{called}.{form}"))
    chosen, _kind = QFileDialog.getSaveFileName(over, tr("Export"), start, kind)
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix else path.with_suffix(f".{form}")


def tell(desk: Desk, done: Exported) -> None:
    """Say what was written, with a way to its folder."""
    text = ntr("{n} row is in {name}.", "{n} rows are in {name}.", done.rows, name=done.path.name)
    show_folder(desk, done.path, text, dates.file_size(done.size))


def show_folder(desk: Desk, path: Path, text: str, detail: str) -> None:
    """Say something of a file, with a way to the folder it lies in."""
    desk.tell(
        text, detail=detail, tone=Tone.OK, more_words=tr("Open folder"),
        more=lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(path.parent))),
    )  # fmt: skip
