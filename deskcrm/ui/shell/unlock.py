"""Asks for what opens the profile: the passphrase, or the recovery code."""

from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store import keys
from deskcrm.store.keys.key import Key
from deskcrm.store.profile import Profile
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.tasks import Answer, Lane, Tasks
from deskcrm.ui.shell.calm import CalmDialog
from deskcrm.ui.shell.secret import SecretLine


class UnlockDialog(CalmDialog):
    """Accepted once the key is there, in ``key``."""

    def __init__(self, profile: Profile, locked: keys.Locked, tasks: Tasks) -> None:
        super().__init__(tr("Unlock DeskCRM"))
        self.key: Key | None = None
        self.with_code = False
        self._profile = profile
        self._ways = locked.ways
        self._tasks = tasks
        self.passphrase = SecretLine(tr("Passphrase"), tr("Passphrase"))
        self.code = QLineEdit()
        self.code.setAccessibleName(tr("Recovery code"))
        self.code.setPlaceholderText("XXXX-XXXX-XXXX-XXXX-XXXX-XXXX-XXXX")
        self.put(self.passphrase, self.code)
        self.switch = parts.button("", self._switch, look="link")
        self.switch.setProperty("flush", True)
        self.unlock = parts.button(tr("Unlock"), self._try, look="primary")
        quit_button = parts.button(tr("Quit"), self.reject)
        self.set_buttons(quit_button, self.unlock, left=self.switch)
        for line in (self.passphrase, self.code):
            line.textEdited.connect(lambda: self.complain(""))
        self._ask_for(code=not locked.ways.passphrase, why=locked.detail)

    def _ask_for(self, *, code: bool, why: str = "") -> None:
        self.with_code = code
        self.complain("")
        self.passphrase.setVisible(not code)
        self.code.setVisible(code)
        self.switch.setVisible(self._ways.passphrase)
        if code:
            text = tr("Type the recovery code that was shown when this workspace was set up.")
            if not self._ways.passphrase:
                text = f"{why}\n{text}"
            self.say(tr("Unlock with the recovery code"), text)
            self.switch.setText(tr("Use the passphrase"))
            self.code.setFocus()
        else:
            self.say(
                tr("Unlock DeskCRM"),
                tr("The workspace is encrypted. Type its passphrase to open it."),
            )
            self.switch.setText(tr("Use the recovery code"))
            self.passphrase.setFocus()

    def _switch(self) -> None:
        self._ask_for(code=not self.with_code)

    def _try(self) -> None:
        line = self.code if self.with_code else self.passphrase
        typed = line.text()
        if not typed:
            line.setFocus()
            return
        self._set_busy(True)
        # Testing a passphrase takes half a second on purpose, in a thread, where no widget may be.
        work = (
            partial(keys.unlock_with_code, self._profile, typed)
            if self.with_code
            else partial(keys.open_key, self._profile, passphrase=typed)
        )
        answer: Answer[Key] = self._tasks.run(Lane.JOB, work, self)
        answer.then(self._opened).failed(self._refused)

    def _opened(self, key: Key) -> None:
        self.key = key
        self.accept()

    def _refused(self, error: BaseException) -> None:
        self._set_busy(False)
        if not isinstance(error, UserError):
            raise error
        self.complain(error.title, error.detail)
        line = self.code if self.with_code else self.passphrase
        line.setFocus()
        line.selectAll()

    def _set_busy(self, busy: bool) -> None:
        for widget in (self.passphrase, self.code, self.switch, self.unlock):
            widget.setEnabled(not busy)
        self.unlock.setText(tr("Unlocking…") if busy else tr("Unlock"))


class NewPassphraseDialog(CalmDialog):
    """Asks twice for a passphrase and sets it; used after a recovery and from the settings."""

    def __init__(
        self,
        profile: Profile,
        key: Key,
        tasks: Tasks,
        *,
        title: str,
        text: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, text, parent)
        self._profile = profile
        self._key = key
        self._tasks = tasks
        self.fields = PassphraseTwice()
        self.put(self.fields)
        self.save = parts.button(tr("Set the passphrase"), self._try, look="primary")
        self.set_buttons(parts.button(tr("Not now"), self.reject), self.save)

    def _try(self) -> None:
        passphrase, problem = self.fields.read()
        self.complain(problem)
        if problem:
            return
        self.save.setEnabled(False)
        work = partial(keys.set_passphrase, self._profile, self._key, passphrase)
        answer = self._tasks.run(Lane.JOB, work, self)
        answer.then(lambda _: self.accept()).failed(self._refused)

    def _refused(self, error: BaseException) -> None:
        self.save.setEnabled(True)
        if not isinstance(error, UserError):
            raise error
        self.complain(error.title, error.detail)


class PassphraseTwice(QWidget):
    """Two lines that must agree."""

    SHORTEST = 8

    def __init__(self) -> None:
        super().__init__()
        self.first = SecretLine(tr("Passphrase"), tr("Passphrase, at least 8 characters"))
        self.second = SecretLine(tr("The passphrase once more"), tr("Once more"))
        self.first.shown.connect(
            lambda shown: self.second.setEchoMode(
                QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
            )
        )
        self.setLayout(parts.column(self.first, self.second))
        self.setFocusProxy(self.first)

    def read(self) -> tuple[str, str]:
        """Give the passphrase, and what is wrong with it in words."""
        first, second = self.first.text(), self.second.text()
        if len(first) < self.SHORTEST:
            return "", tr("Take at least {n} characters; a few words are best.", n=self.SHORTEST)
        if first != second:
            return "", tr("The two are not the same. Type the passphrase once more.")
        return first, ""
