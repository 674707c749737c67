"""The first start: language, what protects the workspace, the recovery code, and what is in it."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QLocale, QTimer, QTimeZone, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QLabel,
    QLineEdit,
    QRadioButton,
    QStackedWidget,
    QWidget,
)

from deskcrm.base.words import tr
from deskcrm.store.keys import PASSPHRASE_VARIABLE
from deskcrm.ui.kit import parts, theme
from deskcrm.ui.shell.appearance import LANGUAGE_NAMES, Appearance, dress
from deskcrm.ui.shell.calm import CalmDialog
from deskcrm.ui.shell.recovery import RecoveryCode, recovery_words
from deskcrm.ui.shell.unlock import PassphraseTwice


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the person chose for the workspace itself."""

    name: str
    language: str
    with_sample: bool
    time_zone: str = ""
    """Where the calendar of the workspace is; without one it gets none."""
    country: str = ""
    """Whose public holidays are kept, and whose numbers are written without a code."""
    with_import: bool = False
    """Whether the window opens where a file is brought in."""


class Page(QWidget):
    """One step of the first run: it has words, and says when one can go on."""

    ready = Signal(bool)

    def title(self) -> str:
        """The heading above this step."""
        raise NotImplementedError

    def text(self) -> str:
        """The sentence under the heading."""
        return ""

    def is_ready(self) -> bool:
        """Whether one can go on."""
        return True


class LanguagePage(Page):
    """Which language; the dialog speaks it at once."""

    chosen = Signal(str)

    def __init__(self, language: str) -> None:
        super().__init__()
        self.group = QButtonGroup(self)
        column = parts.column(spacing=theme.sizes().s)
        for code, name in LANGUAGE_NAMES.items():
            choice = QRadioButton(name)
            choice.setChecked(code == language)
            choice.clicked.connect(lambda _, code=code: self.chosen.emit(code))
            self.group.addButton(choice)
            column.addWidget(choice)
        column.addStretch(1)
        self.setLayout(column)

    def title(self) -> str:
        return tr("Welcome to DeskCRM")

    def text(self) -> str:
        return tr(
            "Your clients, their whole story and what you promised them, on this computer and"
            " without a network. Choose the language; it can be changed at any time."
        )


class ProtectionPage(Page):
    """The keychain, where there is one that works, or a passphrase."""

    def __init__(self, *, keychain: bool, from_environment: bool) -> None:
        super().__init__()
        self._from_environment = from_environment
        self.keychain = QRadioButton(tr("Keep the key in this computer’s keychain"))
        self.phrase = QRadioButton(tr("Ask for a passphrase at every start"))
        self.hints = (
            _under(tr("It opens by itself for whoever is signed in to this computer as you.")),
            _under(tr("Nobody opens it without the passphrase, signed in as you or not.")),
        )
        self.fields = PassphraseTwice()
        self.note = parts.label("", "muted", wrap=True)
        group = QButtonGroup(self)
        group.addButton(self.keychain)
        group.addButton(self.phrase)
        choices = parts.column(
            self.keychain, self.hints[0], self.phrase, self.hints[1], spacing=theme.sizes().xs
        )
        column = parts.column(choices, self.fields, self.note, None, spacing=theme.sizes().m)
        self.setLayout(column)
        self.phrase.toggled.connect(lambda on: self._show(fields=on))
        self.set_keychain(keychain)

    def set_keychain(self, works: bool | None) -> None:
        """Say whether there is a keychain that works; None while that is being tried."""
        for choice in (self.keychain, self.phrase, *self.hints):
            choice.setVisible(bool(works) and not self._from_environment)
        (self.keychain if works else self.phrase).setChecked(True)
        self._show(fields=not works)
        if self._from_environment:
            said = tr("The passphrase is given by {variable}.", variable=PASSPHRASE_VARIABLE)
        elif works is None:
            said = tr("Looking for a keychain on this computer…")
        elif not works:
            said = tr(
                "There is no working keychain on this computer, so a passphrase protects the"
                " workspace. A few words are easy to remember and hard to guess."
            )
        else:
            said = ""
        self.note.setText(said)
        self.note.setVisible(bool(said))
        self._is_known = works is not None
        self.ready.emit(self.is_ready())

    def _show(self, *, fields: bool) -> None:
        self.fields.setVisible(fields and not self._from_environment)

    def title(self) -> str:
        return tr("Protect the workspace")

    def text(self) -> str:
        return tr("Everything is encrypted on the disk. What shall open it on this computer?")

    def is_ready(self) -> bool:
        return self._is_known

    @property
    def wants_keychain(self) -> bool:
        """Whether the key goes into the keychain."""
        return self.keychain.isChecked() and not self._from_environment


class CodePage(Page):
    """The recovery code."""

    def __init__(self) -> None:
        super().__init__()
        self.code = RecoveryCode()
        self.code.kept.connect(self.ready)
        self.setLayout(parts.column(self.code, None))

    def title(self) -> str:
        return tr("Your recovery code")

    def text(self) -> str:
        return recovery_words()

    def is_ready(self) -> bool:
        return self.code.is_kept


class StartPage(Page):
    """Who is here, and what to begin with."""

    def __init__(self) -> None:
        super().__init__()
        self.name = QLineEdit()
        self.name.setAccessibleName(tr("Your name"))
        self.name.setPlaceholderText(tr("As colleagues know you"))
        self.name.textChanged.connect(lambda: self.ready.emit(self.is_ready()))
        caption = parts.label(tr("Your name"), "caption")
        caption.setBuddy(self.name)
        self.sample = QRadioButton(tr("Open the sample workspace"))
        self.bring = QRadioButton(tr("Bring in my clients from a file"))
        self.empty = QRadioButton(tr("Start empty"))
        self.sample.setChecked(True)
        self.sample.toggled.connect(lambda: self.ready.emit(self.is_ready()))
        about = _under(tr("Invented clients with years of history. One click removes it later."))
        plain = _under(tr("For your own clients, from the first minute."))
        column = parts.column(caption, self.name, 8, spacing=theme.sizes().xs)
        guided = _under(tr("A spreadsheet or contacts of a phone; every row is shown before."))
        for choice, words in (
            (self.sample, about),
            (self.bring, guided),
            (self.empty, plain),
        ):
            column.addWidget(choice)
            column.addWidget(words)
        column.addStretch(1)
        self.setLayout(column)

    def title(self) -> str:
        return tr("Ready to begin")

    def text(self) -> str:
        return tr("Who are you, and what would you like to see first?")

    def is_ready(self) -> bool:
        return bool(self.name.text().strip())


class FirstRunDialog(CalmDialog):
    """Walks through the steps. It only asks: ``deskcrm.ui.shell.entrance`` does what is asked.

    ``protect`` is emitted when the key is to be made (the answer is ``show_code``), and
    ``accepted`` when the workspace is to be made.
    """

    protect = Signal()

    def __init__(self, look: Appearance, *, from_environment: bool = False) -> None:
        super().__init__("")
        self.look = look
        self._works: bool | None = None
        self._from_environment = from_environment
        self.stack = QStackedWidget()
        self.stack.setMinimumSize(536, 232)
        self.body.addWidget(self.stack)
        self.back = parts.button("", self._go_back)
        self.next = parts.button("", self._go_on, look="primary")
        self.dots = parts.label("", "faint")
        self.set_buttons(self.back, self.next, left=self.dots)
        self.pages: list[Page] = []
        self._build(0)

    def _build(self, index: int) -> None:
        old_pages = self.pages
        self.language = LanguagePage(self.look.language)
        self.language.chosen.connect(self._speak)
        self.protection = ProtectionPage(
            keychain=bool(self._works), from_environment=self._from_environment
        )
        self.protection.set_keychain(self._works)
        self.recovery = CodePage()
        self.recovery.code.failed.connect(self.complain)
        self.start = StartPage()
        self.pages = [self.language, self.protection, self.recovery, self.start]
        for old in old_pages:
            self.stack.removeWidget(old)
            old.deleteLater()
        for page in self.pages:
            page.ready.connect(self._refresh)
            self.stack.addWidget(page)
        self.show_page(index)

    def _speak(self, language: str) -> None:
        self.look = replace(self.look, language=language)
        dress(self.look)
        # The page that asked is replaced, so not within its own signal.
        QTimer.singleShot(0, self, lambda: self._build(0))

    def set_keychain(self, works: bool) -> None:
        """Say whether there is a keychain that works."""
        self._works = works
        self.protection.set_keychain(works)

    def show_code(self, code: str) -> None:
        """The key was made: show its recovery code and go on from there."""
        self.next.setEnabled(True)
        self.recovery.code.set_code(code)
        self.show_page(2)

    def refuse(self, title: str, detail: str) -> None:
        """What was asked for could not be done."""
        self.complain(title, detail)
        self._refresh()

    def wishes(self) -> Wishes:
        """What the person chose."""
        return Wishes(
            self.start.name.text().strip(),
            self.look.language,
            self.start.sample.isChecked(),
            time_zone=bytes(QTimeZone.systemTimeZoneId().data()).decode(),
            country=QLocale.territoryToCode(QLocale.system().territory()),
            with_import=self.start.bring.isChecked(),
        )

    def show_page(self, index: int) -> None:
        """Show a step."""
        page = self.pages[index]
        self.complain("")
        self.say(page.title(), page.text())
        self.stack.setCurrentIndex(index)
        self._refresh()
        page.setFocus()

    def _refresh(self) -> None:
        index = self.stack.currentIndex()
        page = self.pages[index]
        self.setWindowTitle(page.title())
        self.dots.setText(tr("Step {n} of {total}", n=index + 1, total=len(self.pages)))
        # Behind the recovery code there is no way back: the key is made.
        self.back.setText(tr("Back") if index in (1,) else tr("Quit"))
        self.next.setText(tr("Open the workspace") if index == 3 else tr("Continue"))
        self.next.setEnabled(page.is_ready())

    def _go_back(self) -> None:
        if self.stack.currentIndex() == 1:
            self.show_page(0)
        else:
            self.reject()

    def _go_on(self) -> None:
        index = self.stack.currentIndex()
        if index == 1 and not self._passphrase_agrees():
            return
        if index == 1:
            self.next.setEnabled(False)
            self.protect.emit()
        elif index == 3:
            self.accept()
        else:
            self.show_page(index + 1)

    def _passphrase_agrees(self) -> bool:
        if self.protection.wants_keychain or self._from_environment:
            return True
        _, problem = self.protection.fields.read()
        self.complain(problem)
        return not problem

    def passphrase(self) -> str | None:
        """The passphrase that was chosen; None for the keychain or the environment's."""
        if self.protection.wants_keychain or self._from_environment:
            return None
        return self.protection.fields.read()[0]


def _under(words: str) -> QLabel:
    """Say more of a choice, under it and level with its words."""
    made = parts.label(words, "muted", wrap=True)
    made.setContentsMargins(26, 0, 0, 8)
    return made
