"""Asks to sign in again before a copy opens that did not reach its server for too long."""

from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from deskcrm.base import clock
from deskcrm.base.errors import UserError
from deskcrm.base.jobs import Job
from deskcrm.base.words import ntr, tr
from deskcrm.store.backup import Reason, make_backup
from deskcrm.store.opening import Opened
from deskcrm.sync.connecting import Entry, connect
from deskcrm.sync.credentials import Credentials
from deskcrm.sync.peer import SyncError, Trouble
from deskcrm.sync.station.lease import Lease
from deskcrm.sync.transport import Transport, check_url
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.tasks import Answer, Lane, Tasks
from deskcrm.ui.shell.calm import CalmDialog
from deskcrm.ui.shell.secret import SecretLine


class LeaseLockDialog(CalmDialog):
    """Accepted once the server was reached; ``is_locked_out`` when it took the copy back."""

    def __init__(self, opened: Opened, lease: Lease, waiting: int, tasks: Tasks) -> None:
        super().__init__(tr("This copy is locked"), _why(lease, waiting))
        self.is_locked_out = False
        self._opened = opened
        self._tasks = tasks
        self._way: Transport | None = None
        self._credentials = Credentials.of(opened.store, opened.profile)
        self.url = _line(tr("Address of the server"), "https://desk.example.com")
        self.name = _line(tr("Your name on the server"))
        self.password = SecretLine(tr("Password"))
        self.put(
            _captioned(tr("Address of the server"), self.url),
            _captioned(tr("Your name on the server"), self.name),
            _captioned(tr("Password"), self.password),
        )
        login = self._credentials.login()
        if login is not None:
            self.url.setText(login.url)
            self.name.setText(login.name)
            self.password.setFocus()
        self.sign_in = parts.button(tr("Sign in"), self._try, look="primary")
        self.set_buttons(parts.button(tr("Quit"), self.reject), self.sign_in)
        for line in (self.url, self.name, self.password):
            line.textEdited.connect(lambda: self.complain(""))

    def reject(self) -> None:
        if self._way is not None:
            self._way.close()
        super().reject()

    def _try(self) -> None:
        empty = [one for one in (self.url, self.name, self.password) if not one.text().strip()]
        if empty:
            empty[0].setFocus()
            return
        try:
            url = check_url(self.url.text())
        except UserError as error:
            self.complain(error.title, error.detail)
            return
        self._set_busy(True)
        entry = Entry(url, self.name.text().strip(), self.password.text())
        answer: Answer[None] = self._tasks.run(Lane.JOB, partial(self._connect, entry), self)
        answer.then(lambda _: self.accept()).failed(self._refused)

    def _connect(self, entry: Entry) -> None:
        opened = self._opened

        def backup() -> None:
            make_backup(opened.profile, opened.key, Reason.SYNC, now=clock.now(), job=Job())

        connect(opened.store, self._credentials, entry, backup=backup, on_way=self._begin_way)

    def _begin_way(self, transport: Transport) -> None:
        self._way = transport

    def _refused(self, error: BaseException) -> None:
        from deskcrm.ui.sync.connect import explained

        self._set_busy(False)
        if isinstance(error, SyncError):
            if error.trouble is Trouble.WIPE:
                self.is_locked_out = True
                self.reject()
                return
            error = explained(error)[0]
        if not isinstance(error, UserError):
            raise error
        self.complain(error.title, error.detail)
        self.password.setFocus()
        self.password.selectAll()

    def _set_busy(self, busy: bool) -> None:
        for widget in (self.url, self.name, self.password, self.sign_in):
            widget.setEnabled(not busy)
        self.sign_in.setText(tr("Signing in…") if busy else tr("Sign in"))


def _why(lease: Lease, waiting: int) -> str:
    said = ntr(
        "It has not reached its server for {n} day. Sign in again to go on.",
        "It has not reached its server for {n} days. Sign in again to go on.",
        lease.whole.days,
    )
    kept = tr("Nothing is deleted.")
    if waiting:
        kept = ntr(
            "Nothing is deleted; {n} change waits here and is sent then.",
            "Nothing is deleted; {n} changes wait here and are sent then.",
            waiting,
        )
    return f"{said} {kept}"


def _line(name: str, placeholder: str = "") -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(placeholder)
    return made


def _captioned(caption: str, line: QLineEdit) -> QWidget:
    made = QWidget()
    label = parts.label(caption, "caption")
    label.setBuddy(line)
    made.setLayout(parts.column(label, line, spacing=2))
    return made
