"""Sends a form to be answered later: by a link, or with a code by which answers are entered."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.model import ContactId
from deskcrm.domain.feedback.commands import send_form
from deskcrm.domain.feedback.guard import Against, list_hindrances, say_against
from deskcrm.domain.feedback.inviting import Invitation, find_sent, get_invitation
from deskcrm.domain.feedback.model import CaptureWay, SurveyResponseId
from deskcrm.domain.feedback.preparing import Prepared
from deskcrm.domain.tickets.model import TicketId
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.feedback.address import Address, address_of
from deskcrm.ui.feedback.preparing import language_of, likely_form, prepare
from deskcrm.ui.feedback.writing import open_answers
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.fields import Choice, Field, Line
from deskcrm.ui.kit.overlay import Overlay

_TALL: Final = 560
_SHORT: Final = 380


def open_sending(
    desk: Desk,
    over: QWidget,
    client_id: ClientId,
    *,
    contact_id: ContactId | None = None,
    ticket_id: TicketId | None = None,
) -> None:
    """Ask whom to send which form, and show the text to be sent."""

    def show(found: Prepared) -> None:
        SendCard(desk, over, client_id, found, contact_id=contact_id, ticket_id=ticket_id)

    prepare(desk, over, client_id, show)


class SendCard(FormCard):
    """Asks whom to send which form; what speaks against it is said as soon as it is known."""

    def __init__(
        self,
        desk: Desk,
        over: QWidget,
        client_id: ClientId,
        found: Prepared,
        *,
        contact_id: ContactId | None,
        ticket_id: TicketId | None,
    ) -> None:
        self._over, self._client_id, self._ticket_id = over, client_id, ticket_id
        self._client = found.client
        ways = _ways(address_of(desk))
        super().__init__(
            desk,
            over,
            tr("Send a form"),
            _fields(found, ways),
            self._send,
            place="feedback.send",
            subject=client_id.hex,
            values={
                "form_id": likely_form(found.forms, is_about_ticket=ticket_id is not None),
                "contact_id": contact_id,
                "way": ways[0],
                "spoken": language_of(found, contact_id),
            },
            button=tr("Write the message"),
            about=found.client,
        )
        self.form.fields["reason"].hide()
        self.form.fields["contact_id"].edited.connect(self._look)
        self._look()

    def _send(self, values: dict[str, Any]) -> Any:
        given = {**values, "reason": values["reason"] or "", "ticket_id": self._ticket_id}
        deed = self.desk.do(send_form, self._client_id, **given).tell()
        return deed.then(
            lambda done: open_invitation(self.desk, self._over, done.value, self._client)
        )

    def _look(self) -> None:
        contact = self.form.fields["contact_id"].value()
        asked = self.desk.ask((self, "against"), list_hindrances, self._client_id, contact)
        asked.then(self._say)

    def _say(self, against: Sequence[Against]) -> None:
        said = " ".join(say_against(one, dates.day) for one in against)
        self.form.fields["contact_id"].show_wrong(said)
        self.form.fields["reason"].require(bool(against))
        self.form.fields["reason"].setVisible(bool(against))
        self.relayout()


def _ways(address: Address) -> list[CaptureWay]:
    """Give how a form can be sent, the likely way first; by a link where one leads anywhere."""
    return [CaptureWay.LINK, CaptureWay.EMAIL] if address.begins else [CaptureWay.EMAIL]


def _fields(found: Prepared, ways: Sequence[CaptureWay]) -> list[Field | tuple[Field, ...]]:
    contacts = [(one.id, one.name) for one in found.contacts]
    return [
        (
            Choice("form_id", tr("Form"), [(one.id, one.name) for one in found.forms]),
            Choice("contact_id", tr("To whom"), contacts, none=tr("Nobody in particular")),
        ),
        (
            Choice("way", tr("How"), [(one, of(one)) for one in ways]),
            Choice("spoken", tr("Language"), [("en", tr("English")), ("ru", tr("Russian"))]),
        ),
        Line("reason", tr("Why you ask all the same")),
    ]


def open_invitation(desk: Desk, over: QWidget, response_id: SurveyResponseId, client: str) -> None:
    """Show the text of a form that was sent, to be pasted into a letter or a messenger."""
    address = address_of(desk)
    asked = desk.ask((over, "invitation"), get_invitation, response_id, address=address.begins)
    asked.then(partial(_show_invitation, desk, over, client, address))


def _show_invitation(
    desk: Desk, over: QWidget, client: str, address: Address, found: Invitation | None
) -> None:
    if found is not None:
        InvitationCard(desk, over, client, found, why_no_link=address.why_none)
    else:
        desk.tell(tr("There is no message to this."), detail=tr("It was asked in another way."))


class InvitationCard(Overlay):
    """Opens itself; what stands in it may be changed before it is copied."""

    def __init__(
        self, desk: Desk, over: QWidget, client: str, found: Invitation, *, why_no_link: str = ""
    ) -> None:
        super().__init__(over.window(), width=620, top=0.06)
        self.desk, self.link = desk, found.link
        self.text = QPlainTextEdit(found.text)
        self.text.setAccessibleName(tr("Message"))
        self.text.setTabChangesFocus(True)
        head = parts.row(spacing=8)
        heading = tr("Message to {client}", client=client)
        head.addWidget(parts.label(heading, "heading", wrap=True), 1)
        head.addWidget(parts.icon_button("close", tr("Close"), self.close_card))
        copy = parts.button(tr("Copy"), self.copy, look="primary", icon="copy")
        mail = parts.button(tr("New letter"), self.write_letter, icon="mail")
        deeds = [copy, mail]
        if self.link:
            deeds.insert(1, parts.button(tr("Copy the link alone"), self.copy_link, icon="copy"))
        foot = parts.row(*deeds, None, margins=(24, 12, 24, 20))
        how = parts.label(_how(bool(self.link), why_no_link), "muted", wrap=True)
        whole = parts.column(
            parts.column(head, how, margins=(24, 18, 16, 8)),
            parts.column(self.text, margins=(24, 0, 24, 0)),
            foot,
            spacing=0,
        )
        whole.setStretch(1, 1)
        self.card.setLayout(whole)
        self.closed.connect(self.deleteLater)
        self.open_card()
        copy.setFocus()

    def height_wanted(self) -> int:
        """Tall enough for a form to be read over; a link needs no more than a few lines."""
        return _SHORT if self.link else _TALL

    def copy(self) -> None:
        """Put the text on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.desk.tell(tr("The message is on the clipboard."))
        self.close_card()

    def copy_link(self) -> None:
        """Put the link by itself on the clipboard, for a message in one's own words."""
        QGuiApplication.clipboard().setText(self.link)
        self.desk.tell(tr("The link is on the clipboard."))
        self.close_card()

    def write_letter(self) -> None:
        """Begin a letter in the person's own mail program."""
        body = bytes(QUrl.toPercentEncoding(self.text.toPlainText()).data()).decode("ascii")
        QDesktopServices.openUrl(QUrl(f"mailto:?body={body}"))


def _how(has_link: bool, why_no_link: str) -> str:
    """Say what to do with a message, how its answers come here, and why not by a link."""
    if has_link:
        return tr("Paste it into a letter or a messenger. The answers come here by themselves.")
    how = tr("Paste it into a letter or a messenger. The answers are entered by the code.")
    return f"{how} {why_no_link}".strip()


def open_by_code(desk: Desk, over: QWidget) -> FormCard:
    """Ask for the code of a reply, and open the form it answers."""

    def save(values: dict[str, Any]) -> Any:
        found = desk.ask((over, "code"), find_sent, values["code"])
        return found.then(lambda row: open_answers(desk, over, row))

    return FormCard(
        desk,
        over,
        tr("Enter answers by code"),
        [Line("code", tr("Code"), required=True, hint=tr("It is at the end of the message."))],
        save,
        place="feedback.code",
        button=tr("Find"),
        width=420,
    )
