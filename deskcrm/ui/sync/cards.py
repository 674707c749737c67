"""What stands above the list: how sync stands, and what needs a person."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFrame, QPushButton

from deskcrm.base import clock
from deskcrm.base.words import ntr, tr
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.sync import words
from deskcrm.ui.sync.facts import Facts
from deskcrm.ui.sync.standing import Standing

if TYPE_CHECKING:
    from deskcrm.sync.station.receipt import Receipt
    from deskcrm.ui.sync.files import Files

_SOON: Final = timedelta(seconds=45)
_NAMED: Final = 5
"""Files that are named; of more only the count is said."""


class StandingCard(QFrame):
    """How it stands in words, with whom, and what can be done about it."""

    def __init__(self, standing: Standing, run: Callable[[str], object]) -> None:
        super().__init__()
        self._standing = standing
        self.picture = parts.Picture("home", "muted", 22)
        self.heading = parts.ElidedLabel("", "heading")
        self.receipt = parts.label("", "muted", wrap=True)
        self.files = parts.label("", "muted", wrap=True)
        self.files.hide()
        self.now = parts.button(tr("Sync now"), lambda: run("sync.now"), icon="sync")
        self.pause = parts.button("", lambda: run("sync.pause"))
        # Not the primary one: whoever is alone and sees this has what was refused to look after.
        self.join = parts.button(tr("Connect…"), lambda: run("sync.connect"), icon="link")
        self.leave = parts.button(tr("Sign out"), lambda: run("sync.sign_out"), look="quiet")
        self.facts = Facts()
        head = parts.row(
            self.picture,
            self.heading,
            self.join,
            self.now,
            self.pause,
            self.leave,
            spacing=10,
        )
        head.setStretch(1, 1)
        self.setLayout(
            parts.column(
                head, self.receipt, self.files, self.facts, spacing=8, margins=(20, 14, 16, 12)
            )
        )

    def refresh(self) -> None:
        """Show how it stands now."""
        of = self._standing
        if of.state != "off":
            self._ask_files()
        said = words.headline(of)
        token = {"ok": "ok", "warning": "warning", "info": "info"}.get(said.tone.value, "muted")
        self.picture.set_picture(said.icon, token)
        self.heading.setText(said.text)
        is_on = of.state != "off"
        self.receipt.setText(self._said())
        self.receipt.setVisible(bool(self.receipt.text()))
        is_paused = of.state == "paused"
        parts.rename(self.pause, tr("Resume") if is_paused else tr("Pause"))
        self.now.setEnabled(of.state != "exchanging")
        for button in (self.now, self.pause, self.leave):
            button.setVisible(is_on)
        found = words.advice(of)
        if found is not None and found.deeds:
            self.now.hide()  # what can be done stands with the trouble
        self.join.setVisible(not is_on)
        self.facts.setVisible(is_on)
        self.facts.refresh(of)

    def _said(self) -> str:
        of, status = self._standing, self._standing.status
        if status is None:
            return tr("Everything you write is on this computer, and only there.")
        said = []
        if of.last_exchange is not None:
            said.append(tr("Last exchange {when}", when=dates.ago(of.last_exchange)))
        receipt = status.receipt
        if receipt is not None:
            said += _moved(receipt)
            if not receipt.agrees:
                said.append(tr("both sides do not agree yet; they are compared again"))
            elif receipt.was_repaired:
                said.append(tr("a difference was found and repaired"))
            if receipt.is_held_back:
                said.append(tr("some changes wait for the server to be updated"))
        if status.next_try is not None:
            is_soon = status.next_try - clock.now() < _SOON
            when = tr("next try {when}", when=dates.ago(status.next_try))
            said.append(tr("it is tried again by itself") if is_soon else when)
        return " · ".join(said)

    def _ask_files(self) -> None:
        from deskcrm.ui.sync.files import read_files  # whoever is in step has loaded it already

        self._standing.desk.ask(self, read_files).then(self._show_files)

    def _show_files(self, files: "Files") -> None:
        """Name the files that wait, either way."""
        said = []
        if files.to_send:
            said.append(tr("Files not sent yet: {names}", names=_name_some(files.to_send)))
        if files.to_come:
            names = _name_some(files.to_come)
            said.append(tr("Files still on a colleague’s workstation: {names}", names=names))
        self.files.setText("\n".join(said))
        self.files.setVisible(bool(said) and self._standing.state != "off")


def _name_some(names: tuple[str, ...]) -> str:
    """Name the first few, and say how many more there are."""
    left = len(names) - _NAMED
    more = [ntr("{n} more", "{n} more", left)] if left > 0 else []
    return ", ".join([*names[:_NAMED], *more])


def _moved(receipt: "Receipt") -> list[str]:
    """Say how many records went either way in the last exchange."""
    sent, came, gone = (part.total() for part in (receipt.sent, receipt.came, receipt.gone))
    said = [
        ntr("{n} record sent", "{n} records sent", sent) if sent else "",
        ntr("{n} record came", "{n} records came", came) if came else "",
        ntr("{n} record went", "{n} records went", gone) if gone else "",
    ]
    if kept := receipt.kept.total():
        said.append(
            ntr("{n} record kept and offered back", "{n} records kept and offered back", kept)
        )
    return [one for one in said if one] or [tr("nothing was new")]


class TroubleCard(QFrame):
    """What happened, that nothing is lost, and what to do; hidden while all is well."""

    def __init__(self, standing: Standing, run: Callable[[str], object]) -> None:
        super().__init__()
        self._standing = standing
        self._run = run
        self.setProperty("surface", "caution")
        self.heading = parts.label("", "strong", wrap=True)
        self.text = parts.label("", wrap=True)
        self.buttons: dict[str, QPushButton] = {}
        self._flow = FlowLayout(spacing=8)
        for deed, text, action in (
            ("connect", tr("Sign in again…"), "sync.connect"),
            ("again", tr("Try again"), "sync.now"),
            ("keep", tr("Keep everything"), "sync.keep_everything"),
            ("allow", tr("Delete them here too"), "sync.let_pass"),
        ):
            self.buttons[deed] = self._button(text, action)
        words_ = parts.column(self.heading, self.text, self._flow, spacing=6)
        across = parts.row(spacing=12, margins=(20, 12, 20, 14))
        across.addLayout(parts.column(parts.Picture("warning", "warning", 20), None))
        across.addLayout(words_, 1)
        self.setLayout(across)
        self.hide()

    def _button(self, text: str, action: str) -> QPushButton:
        made = parts.button(text, lambda: self._run(action))
        self._flow.addWidget(made)
        return made

    def refresh(self) -> None:
        """Show what needs a person now, or nothing."""
        found = words.advice(self._standing)
        self.setVisible(found is not None)
        if found is None:
            return
        self.heading.setText(found.title)
        # What stands in the card above need not be said twice.
        self.heading.setVisible(found.title != words.headline(self._standing).text)
        self.text.setText(found.text)
        self.setAccessibleName(f"{found.title} {found.text}")
        is_lost = self._standing.trouble == "lineage"
        said = tr("Another address…") if is_lost else tr("Sign in again…")
        self.buttons["connect"].setText(said)
        self.buttons["connect"].setAccessibleName(said)
        for deed, button in self.buttons.items():
            button.setVisible(deed in found.deeds)
