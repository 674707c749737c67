"""What opens the workspace: the keychain, the passphrase, the recovery code."""

from typing import TYPE_CHECKING

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.store import keys
from deskcrm.ui.kit import parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.settings.rows import Card, Row
from deskcrm.ui.shell.recovery import RecoveryDialog
from deskcrm.ui.shell.unlock import NewPassphraseDialog

if TYPE_CHECKING:
    from deskcrm.ui.shell.window import Window


def cards(desk: Desk, window: "Window") -> list[Card]:
    """Build the section of keys."""
    card = Card(
        tr("What opens this workspace"),
        tr("Everything on the disk is encrypted. Without one of these nobody can read it."),
    )
    card.add(_passphrase_row(desk, window))
    card.add(_keychain_row(desk, window))
    card.add(_recovery_row(window))
    return [card]


def _passphrase_row(desk: Desk, window: "Window") -> Row:
    button = parts.button("")
    row = Row(tr("Passphrase"), "", button)

    def refresh() -> None:
        has = keys.ways(window.opened.profile).passphrase
        button.setText(tr("Change…") if has else tr("Set…"))
        button.setAccessibleName(tr("Change the passphrase") if has else tr("Set a passphrase"))
        row.say(tr("A passphrase opens it.") if has else tr("There is none."))

    def change() -> None:
        dialog = NewPassphraseDialog(
            window.opened.profile,
            window.opened.key,
            desk.tasks,
            title=tr("Set a new passphrase"),
            text=tr("It opens this workspace from now on. The recovery code stays as it is."),
            parent=window,
        )
        dialog.accepted.connect(lambda: desk.tell(tr("The passphrase was set."), tone=Tone.OK))
        dialog.finished.connect(refresh)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    button.clicked.connect(change)
    refresh()
    return row


def _keychain_row(desk: Desk, window: "Window") -> Row:
    button = parts.button("")
    row = Row(tr("This computer’s keychain"), "", button)
    opened = window.opened

    def refresh() -> None:
        has = keys.ways(opened.profile).keychain
        button.setText(tr("Take the key out") if has else tr("Keep the key there"))
        button.setAccessibleName(button.text())
        button.setEnabled(True)
        said = tr("The keychain opens it without asking.") if has else tr("The key is not in it.")
        row.say(said)

    def refused(error: BaseException) -> None:
        desk.complain(error)
        refresh()

    def toggle() -> None:
        button.setEnabled(False)
        has = keys.ways(opened.profile).keychain
        move = keys.leave_keychain if has else keys.keep_in_keychain
        answer = desk.start(lambda job: move(opened.profile, opened.key))
        answer.owned_by(row).then(lambda _: refresh()).failed(refused)

    button.clicked.connect(toggle)
    refresh()
    return row


def _recovery_row(window: "Window") -> Row:
    button = parts.button(tr("Make a new one…"))

    def make() -> None:
        try:
            dialog = RecoveryDialog(window.opened.profile, window.opened.key, window)
        except UserError as error:
            window.desk.complain(error)
            return
        dialog.finished.connect(lambda _: dialog.deleteLater())
        dialog.open()

    button.clicked.connect(make)
    return Row(
        tr("Recovery code"),
        tr("It was shown once, at set-up. A new one takes its place."),
        button,
    )
