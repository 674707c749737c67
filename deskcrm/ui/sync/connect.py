"""The card that connects a workspace with a server, or signs in again."""

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QProgressBar, QWidget

from deskcrm.base.errors import Cancelled, UserError
from deskcrm.base.words import ntr, tr
from deskcrm.sync.troubles import words_of
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Errand
from deskcrm.ui.kit.fields import Line
from deskcrm.ui.kit.form import Form
from deskcrm.ui.kit.overlay import Overlay
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.shell.secret import SecretLine
from deskcrm.ui.sync.standing import Standing

if TYPE_CHECKING:
    from deskcrm.sync.peer import SyncError

# A field of the form for each thing that can be wrong.
URL, NAME, PASSWORD = "url", "name", "password"


class Password(Line):
    """A line whose text shows as dots; nothing of it is ever kept."""

    def __init__(self, name: str, label: str) -> None:
        super().__init__(name, label, required=True)
        secret = SecretLine(label)
        layout = self.layout()
        assert layout is not None
        layout.replaceWidget(self.editor, secret)
        self.editor.hide()
        self.editor.deleteLater()
        self.line = self.editor = secret
        self.caption.setBuddy(secret)
        secret.installEventFilter(self)
        secret.textChanged.connect(lambda _: self.edited.emit())

    def value(self) -> Any:
        return self.line.text()  # as it was typed: a space belongs to it


class ConnectCard(Overlay):
    """Opens itself over the window; gone once the workspace is connected."""

    def __init__(self, standing: Standing, over: QWidget) -> None:
        super().__init__(over.window(), width=560, top=0.08)
        self.standing = standing
        self.errand: Errand[None] | None = None
        login = standing.login
        self.heading = parts.label(
            tr("Sign in again") if login else tr("Connect to a server"), "heading"
        )
        self.about = parts.label(self._about(), "muted", wrap=True)
        self.form = Form(
            [
                Line(
                    URL,
                    tr("Address of the server"),
                    required=True,
                    placeholder="https://desk.example.com",
                    check=_wrong_url,
                ),
                (
                    Line(NAME, tr("Your name on the server"), required=True),
                    Password(PASSWORD, tr("Password")),
                ),
            ],
            on_save=self._on_save,
            on_leave=self.close_card,
            save=tr("Sign in") if login else tr("Connect"),
        )
        if login is not None:
            self.form.fill({URL: login.url, NAME: login.name})
        self.progress = self._progress()
        self._lay_out()
        self.closed.connect(self._on_closed)
        self.open_card()
        if login is not None:
            self.form.fields[PASSWORD].stop().setFocus()

    def _about(self) -> str:
        if self.standing.login is not None:
            return tr("What waits here is sent as soon as you are signed in.")
        count = self.standing.counts.waiting
        changes = ntr(
            "What you wrote alone ({count} change) goes to the server under your name there.",
            "What you wrote alone ({count} changes) goes to the server under your name there.",
            count,
            count=dates.number(count),
        )
        rest = tr("What your team wrote comes here. Nothing is replaced; a backup is made first.")
        return f"{changes} {rest}" if count else rest

    def _progress(self) -> QWidget:
        made = QWidget()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.said = parts.label("", "muted", wrap=True)
        self.cancel = parts.button(tr("Cancel"), self._cancel)
        made.setLayout(
            parts.column(self.said, parts.row(self.bar, self.cancel, spacing=12), spacing=8)
        )
        made.hide()
        return made

    def _lay_out(self) -> None:
        column = parts.column(
            self.heading,
            self.about,
            4,
            self.form,
            self.progress,
            spacing=10,
            margins=(24, 24, 24, 20),
        )
        self.card.setLayout(column)
        self.form.edited.connect(self.relayout)

    def _on_save(self, values: dict[str, Any]) -> None:
        link = self.standing.link
        if link is None or self.errand is not None:
            return
        self.errand = self.standing.desk.start(
            link.connect, values[URL], values[NAME], values[PASSWORD]
        )
        self.errand.label = tr("Connecting…")
        self.errand.owned_by(self).then(lambda _: self._arrive()).failed(self._fail)
        self._show_busy(
            tr("Signing in, and exchanging what there is. The first time can take minutes.")
        )

    def _show_busy(self, said: str) -> None:
        is_busy = bool(said)
        self.said.setText(said)
        self.bar.setAccessibleName(said)
        self.cancel.setEnabled(True)
        self.form.setEnabled(not is_busy)
        self.form.save_button.setVisible(not is_busy)
        self.form.leave_button.setVisible(not is_busy)
        self.progress.setVisible(is_busy)
        if is_busy:
            self.cancel.setFocus()
        self.relayout()

    def _cancel(self) -> None:
        if self.errand is None:
            return
        self.said.setText(tr("Stopping…"))
        self.cancel.setEnabled(False)
        self.errand.cancel()
        if self.standing.link is not None:
            self.standing.link.give_up()

    def _arrive(self) -> None:
        self.errand = None
        self.close_card()
        self.standing.desk.tell(tr("You are connected."), tone=Tone.OK)

    def _fail(self, error: BaseException) -> None:
        self.errand = None
        self._show_busy("")
        # To be typed again, unless another field turns out to be what is wrong.
        self.form.fields[PASSWORD].stop().setFocus()
        if isinstance(error, UserError):
            self.form.refuse(error, _field_of(error))
        elif not isinstance(error, Cancelled):
            self._explain(error)
        self.relayout()

    def _explain(self, error: BaseException) -> None:
        from deskcrm.sync.peer import SyncError

        if isinstance(error, SyncError):
            said, place = explained(error)
            self.form.refuse(said, place)
        else:
            self.standing.desk.complain(error)

    def _on_closed(self) -> None:
        # Left while it works: the work goes on, and the chip tells how it went.
        self.deleteLater()


def _wrong_url(typed: str) -> str:
    # What speaks HTTP takes a while to load, and is needed from here on.
    from deskcrm.sync.transport import check_url

    try:
        check_url(typed)
    except UserError as error:
        return f"{error.title} {error.detail}"
    return ""


def _field_of(error: UserError) -> str:
    """Find the field that an error concerns; what is not known stands above them all."""
    return {
        tr("The server does not know this name with this password."): PASSWORD,
        tr("This workspace belongs to another server."): URL,
        tr("This workspace belongs to another person on this server."): NAME,
    }.get(error.title, "")


def explained(error: "SyncError") -> tuple[UserError, str]:
    """Say why the sign-in did not come about, and which field that concerns."""
    title, todo = words_of(error.trouble.value, error.detail).joining
    if not title:
        return UserError(tr("The sign-in did not come about."), tr("Nothing was changed here.")), ""
    return UserError(title, todo), _CONCERNED.get(error.trouble.value, "")


_CONCERNED: Final = {
    "offline": URL,
    "sign_in": PASSWORD,
    "lineage": URL,
    "certificate": URL,
    "broken": URL,
}
"""Which field a trouble concerns."""
