"""The form of a contact, with the ways to reach them."""

from typing import Any

from deskcrm.base.words import of, tr
from deskcrm.domain.clients.model import ClientId
from deskcrm.domain.contacts.commands import add_contact
from deskcrm.domain.contacts.editing import save_contact
from deskcrm.domain.contacts.model import Consent, ContactRole, ContactStatus, PointKind
from deskcrm.domain.contacts.model import PreferredChannel as Way
from deskcrm.domain.contacts.points import read_address
from deskcrm.domain.contacts.queries import ContactRow
from deskcrm.domain.contacts.settings import PHONE_REGION
from deskcrm.ui.drafts.card import FormCard
from deskcrm.ui.drafts.refusal import refusal
from deskcrm.ui.kit.fields import Choice, Line, Text


def open_contact(view: Any, contact: ContactRow | None) -> FormCard | None:
    """Ask for a new contact of the client that is shown, or edit one."""
    if view.client is None:
        return None
    return _open_new(view) if contact is None else _open_edit(view, contact)


def _open_new(view: Any) -> FormCard:
    client_id: ClientId = view.client

    def save(values: dict[str, Any]) -> Any:
        phones, emails = _split(values.pop("phones")), _split(values.pop("emails"))
        deed = view.desk.do(add_contact, client_id, phones=phones, emails=emails, **values)
        return deed.tell()

    return FormCard(
        view.desk,
        view,
        tr("New contact"),
        [
            Line("name", tr("Name"), required=True),
            (Line("position", tr("Position")), _role()),
            Line(
                "phones",
                tr("Phones"),
                placeholder=tr("+44 20 7946 0018, (602) 555-0119"),
                check=_each(view, PointKind.PHONE),
            ),
            Line("emails", tr("Emails"), check=_each(view, PointKind.EMAIL)),
            Text("notes", tr("Notes"), lines=2),
        ],
        save,
        place="contacts.new",
        subject=client_id.hex,
        values={"role": ContactRole.USER},
        about=view.client_name,
        button=tr("Add contact"),
    )


def _open_edit(view: Any, contact: ContactRow) -> FormCard:
    def save(changes: dict[str, Any]) -> Any:
        for kind in ("phones", "emails", "messengers"):
            if kind in changes:
                changes[kind] = _split(changes[kind])
        return view.desk.do(save_contact, contact.id, **changes).tell()

    return FormCard(
        view.desk,
        view,
        tr("Edit contact"),
        [
            (Line("name", tr("Name"), required=True), Line("greeting", tr("Greeting"))),
            (Line("position", tr("Position")), _role()),
            Line(
                "phones",
                tr("Phones"),
                hint=tr("Several: separated by commas."),
                check=_each(view, PointKind.PHONE, contact),
            ),
            (
                Line("emails", tr("Emails"), check=_each(view, PointKind.EMAIL, contact)),
                Line("messengers", tr("Messengers")),
            ),
            (
                Choice("status", tr("Status"), [(one, of(one)) for one in ContactStatus]),
                Choice("preferred_channel", tr("Preferred channel"), [(w, of(w)) for w in Way]),
                Choice("consent", tr("Consent"), [(one, of(one)) for one in Consent]),
            ),
            Text("notes", tr("Notes"), lines=2),
        ],
        save,
        place="contacts.edit",
        subject=contact.id.hex,
        values=_values(contact),
        changes_only=True,
        width=660,
    )


def _values(contact: ContactRow) -> dict[str, Any]:
    return {
        "name": contact.name,
        "greeting": contact.greeting,
        "position": contact.position,
        "role": contact.role,
        "phones": _joined(contact, PointKind.PHONE),
        "emails": _joined(contact, PointKind.EMAIL),
        "messengers": _joined(contact, PointKind.MESSENGER),
        "status": contact.status,
        "preferred_channel": contact.preferred_channel,
        "consent": contact.consent,
        "notes": contact.notes,
    }


def _each(view: Any, kind: PointKind, contact: ContactRow | None = None) -> Any:
    """Make the check that every address in a line is one; what stood there already may stay."""
    known = {point.typed for point in contact.points} if contact is not None else set()
    region = view.desk.setting(PHONE_REGION)

    def read_all(text: str) -> None:
        for one in _split(text):
            if one not in known:
                read_address(kind, one, region)

    return refusal(read_all)


def _role() -> Choice:
    return Choice("role", tr("Role"), [(role, of(role)) for role in ContactRole])


def _joined(contact: ContactRow, kind: PointKind) -> str:
    return ", ".join(point.typed for point in contact.points if point.kind is kind)


def _split(text: str) -> list[str]:
    return [one.strip() for one in text.replace(";", ",").split(",") if one.strip()]
