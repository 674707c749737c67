"""Shows a recovery code once, offers to keep it, and checks that it was kept."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication, QTextDocument
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store import files, keys
from deskcrm.store.keys.key import Key
from deskcrm.store.profile import Profile
from deskcrm.ui.kit import parts, theme
from deskcrm.ui.shell.calm import CalmDialog


class RecoveryCode(QWidget):
    """The code, three ways to keep it, and a line that asks for its last group."""

    kept = Signal(bool)
    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._code = ""
        self.shown = _code_label()
        well = parts.surface("well")
        well.setLayout(parts.column(self.shown, margins=theme.sizes().l))
        self.copy = parts.button(tr("Copy"), self._copy, icon="copy")
        self.save = parts.button(tr("Save to a file…"), self._save, icon="download")
        self.print = parts.button(tr("Print…"), self._print, icon="print")
        self.check = QLineEdit()
        self.check.setAccessibleName(tr("The last four characters of the code"))
        self.check.setMaxLength(9)
        self.check.setFixedWidth(110)
        self.check.textEdited.connect(self._compare)
        self.sign = parts.label("", "muted")
        question = parts.label(
            tr("To show that you have it, type its last four characters:"), wrap=True
        )
        question.setBuddy(self.check)
        self.setLayout(
            parts.column(
                well,
                parts.row(self.copy, self.save, self.print, None),
                theme.sizes().s,
                question,
                parts.row(self.check, self.sign, None),
                spacing=theme.sizes().m,
            )
        )

    @property
    def code(self) -> str:
        """The code that is shown."""
        return self._code

    def set_code(self, code: str) -> None:
        """Show a code."""
        self._code = code
        self.shown.setText(code)
        self.shown.setAccessibleName(tr("Recovery code {code}", code=" ".join(code)))
        self.check.clear()
        self._compare("")

    @property
    def is_kept(self) -> bool:
        """Whether the last group was typed."""
        return bool(self._code) and _bare(self.check.text()) == _bare(self._code)[-4:]

    def _compare(self, typed: str) -> None:
        self.sign.setText("✓" if self.is_kept else "")
        self.kept.emit(self.is_kept)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._code)
        parts.rename(self.copy, tr("Copied"))

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Save the recovery code"), tr("DeskCRM recovery code.txt")
        )
        if not name:
            return
        try:
            files.write_whole(Path(name), letter(self._code).encode())
        except (OSError, UserError) as error:
            self.failed.emit(str(error))
            return
        parts.rename(self.save, tr("Saved"))

    def _print(self) -> None:
        # Loading the printing library takes a while, and few print.
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter()
        dialog = QPrintDialog(printer, self)
        if dialog.exec() == CalmDialog.DialogCode.Accepted:
            document = QTextDocument()
            document.setPlainText(letter(self._code))
            document.print_(printer)
            parts.rename(self.print, tr("Printed"))


class RecoveryDialog(CalmDialog):
    """Makes a new recovery code for an open profile and shows it."""

    def __init__(self, profile: Profile, key: Key, parent: QWidget | None = None) -> None:
        super().__init__(tr("A new recovery code"), recovery_words(), parent)
        self.code = RecoveryCode()
        self.put(self.code)
        self.done_button = parts.button(tr("Done"), self.accept, look="primary")
        self.done_button.setEnabled(False)
        self.code.kept.connect(self.done_button.setEnabled)
        self.code.failed.connect(self.complain)
        self.set_buttons(self.done_button)
        self.code.set_code(keys.new_recovery_code(profile, key))


def recovery_words() -> str:
    """Say what the code is for."""
    return tr(
        "With this code you can open the workspace when the passphrase is forgotten or the"
        " keychain is gone. It is shown only now. Keep it outside this computer."
    )


def letter(code: str) -> str:
    """Give what is saved or printed."""
    return tr(
        "DeskCRM recovery code\n\n{code}\n\nIt opens the workspace without the passphrase."
        " Keep it where only you can find it.\n",
        code=code,
    )


def _bare(code: str) -> str:
    return "".join(c for c in code.upper() if c.isalnum())


def _code_label() -> QLabel:
    made = parts.label("", select=True)
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(theme.sizes().title + 3)
    made.setFont(font)
    return made
