"""The left part of a client's page: who it is, and who the people there are."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from deskcrm.base import clock, places
from deskcrm.base.words import of, tr
from deskcrm.domain.clients.detail import ClientDetail, ClientProfile, CustomValueRow
from deskcrm.domain.clients.model import ClientKind, FieldKind
from deskcrm.domain.clients.rules import YES
from deskcrm.domain.contacts.model import (
    Consent,
    ContactId,
    ContactRole,
    PointKind,
    PreferredChannel,
)
from deskcrm.domain.contacts.queries import ContactRow, PointRow
from deskcrm.ui.kit import dates, parts
from deskcrm.ui.kit.chips import Avatar, Chip, ChipRow
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.elided_button import ElidedButton
from deskcrm.ui.kit.more_button import Deed, more_button
from deskcrm.ui.kit.tokens import Tone

_POINT_ICONS = {
    PointKind.PHONE: "phone",
    PointKind.EMAIL: "mail",
    PointKind.MESSENGER: "chat",
}
_ROLE_TONES = {
    ContactRole.CHAMPION: Tone.OK,
    ContactRole.DECISION_MAKER: Tone.VIP,
    ContactRole.DETRACTOR: Tone.DANGER,
}

_INDENT: Final = 5
"""What a link's frame takes on the left, so that the text under it begins where its words do."""
_CAPTION: Final = 104
_LONGEST_WORD: Final = 20


class Identity(QWidget):
    """Built anew for each client: it is short, and no two have the same lines.

    ``edit_contact`` is called with the contact that is to be edited, or None for a new one;
    ``deeds`` with one and all others gives what else can be done with it.
    """

    def __init__(
        self,
        desk: Desk,
        edit_contact: Callable[[ContactRow | None], object],
        deeds: Callable[[ContactRow, Sequence[ContactRow]], Sequence[Deed]],
    ) -> None:
        super().__init__()
        self.desk = desk
        self._edit_contact = edit_contact
        self._deeds = deeds
        self.cards: dict[ContactId | None, QWidget] = {}
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 16, 24)
        self.column.setSpacing(6)

    def show_detail(self, detail: ClientDetail) -> None:
        """Show a client."""
        parts.clear(self.column)
        if detail.profile.kind is ClientKind.COMPANY:
            self._show_people(detail)
            self._show_client(detail)
        else:
            self._show_client(detail)
            self._show_people(detail)
        self.column.addStretch(1)

    def _head(self, text: str) -> None:
        if self.column.count():
            self.column.addSpacing(12)
        self.column.addWidget(parts.label(text, "caption"))

    def _show_people(self, detail: ClientDetail) -> None:
        self._head(tr("People"))
        warning = champion_warning(detail)
        if warning:
            chips = ChipRow()
            chips.set_chips([Chip(warning, Tone.WARNING, "warning")])
            self.column.addWidget(chips)
        people = detail.contacts
        self.cards = {contact.id: self._contact(contact, people) for contact in people}
        for card in self.cards.values():
            self.column.addWidget(card)
        add = parts.button(
            tr("Add contact"), lambda: self._edit_contact(None), look="link", icon="plus"
        )
        self.column.addLayout(parts.flush(add))

    def _contact(self, contact: ContactRow, people: Sequence[ContactRow]) -> QWidget:
        card = QWidget()
        avatar = Avatar(contact.name, 30)
        edit = tr("Edit {name}", name=contact.name)
        name = ElidedButton(contact.name, lambda: self._edit_contact(contact), name=edit, hint=edit)
        more = more_button(tr("More about {name}", name=contact.name), self._deeds(contact, people))
        lines = parts.column(parts.row(name, None, more, spacing=0), spacing=2)
        said = [contact.position] if contact.position else []
        if contact.preferred_channel is not PreferredChannel.ANY:
            said.append(_preference(contact.preferred_channel))
        if said:
            words = parts.label(" · ".join(said), "muted", wrap=True)
            lines.addLayout(parts.row(words, margins=(_INDENT, 0, 0, 0)))
        marks = ChipRow()
        marks.set_chips(_contact_chips(contact))
        lines.addLayout(parts.row(marks, margins=(_INDENT, 2, 0, 1)))
        for point in contact.points:
            lines.addWidget(self._point(point, contact.name, _INDENT))
        if contact.notes:
            notes = parts.label(contact.notes, "muted", wrap=True)
            lines.addLayout(parts.row(notes, margins=(_INDENT, 2, 0, 0)))
        row = parts.row(_top(avatar), spacing=6, margins=(0, 4, 0, 6))
        row.addLayout(lines, 1)
        card.setLayout(row)
        return card

    def _point(self, point: PointRow, whose: str, indent: int) -> QWidget:
        line = QWidget()
        shown = point_words(point)
        if point.kind is PointKind.PHONE:
            name = tr("Call {name}: {number}", name=whose, number=shown)
        else:
            name = tr("Write to {name}: {address}", name=whose, address=shown)
        reach = ElidedButton(shown, lambda: reach_out(point), name=name, hint=point.label or name)
        copy = parts.icon_button(
            "copy", tr("Copy {what}", what=shown), lambda: self._copy(point.normal or point.typed)
        )
        icon = parts.Picture(_POINT_ICONS[point.kind], "faint", 14)
        line.setLayout(parts.row(icon, reach, None, copy, spacing=4, margins=(indent, 0, 0, 0)))
        return line

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.desk.tell(tr("Copied: {text}", text=text))

    def _show_client(self, detail: ClientDetail) -> None:
        profile = detail.profile
        self._head(tr("Company") if profile.kind is ClientKind.COMPANY else tr("Person"))
        # Its own, such as a switchboard: under the last person it would be taken for theirs.
        for point in detail.points:
            if point.contact_id is None:
                self.column.addWidget(self._point(point, profile.name, 0))
        for caption, said in facts_of(profile):
            if said:
                self._fact(caption, said)
        for value in detail.custom_values:
            if value.text:
                self._fact(value.name, custom_words(value))
        for caption, text in ((tr("Goals"), profile.goals), (tr("About"), profile.about)):
            if text:
                self._head(caption)
                self.column.addWidget(parts.label(text, wrap=True, select=True))
        if profile.parent_id is not None or detail.children:
            self._show_family(detail)

    def _show_family(self, detail: ClientDetail) -> None:
        self._head(tr("Group"))
        links = [(child.id, child.name) for child in detail.children[:12]]
        if detail.profile.parent_id is not None:
            parent = tr("{name} (parent)", name=detail.profile.parent)
            links.insert(0, (detail.profile.parent_id, parent))
        for client_id, name in links:
            go = partial(self.desk.go, "clients", client=client_id)
            self.column.addLayout(parts.flush(ElidedButton(name, go, icon="clients")))
        more = detail.child_count - min(12, len(detail.children))
        if more > 0:
            self.column.addWidget(parts.label(tr("and {n} more", n=more), "muted"))

    def _fact(self, caption: str, said: str) -> None:
        name = parts.label(caption, "muted", wrap=True)
        name.setFixedWidth(_CAPTION)
        is_link = said.startswith(("https://", "http://"))
        row = parts.row(name if is_link else _top(name), spacing=8)
        if is_link:
            shown = said.partition("://")[2].rstrip("/")
            row.addLayout(parts.flush(ElidedButton(shown, lambda: open_website(said), hint=said)))
        elif max(map(len, said.split()), default=0) > _LONGEST_WORD:
            # Nothing to break it at: it would push the pane wider than the screen.
            row.addWidget(parts.ElidedLabel(said), 1, Qt.AlignmentFlag.AlignTop)
        else:
            value = parts.label(said, wrap=True, select=True)
            row.addWidget(value, 1, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(row)


def _preference(channel: PreferredChannel) -> str:
    return {
        PreferredChannel.ANY: "",
        PreferredChannel.PHONE: tr("prefers a call"),
        PreferredChannel.EMAIL: tr("prefers email"),
        PreferredChannel.MESSENGER: tr("prefers a messenger"),
        PreferredChannel.MEETING: tr("prefers to meet"),
    }[channel]


def _contact_chips(contact: ContactRow) -> list[Chip]:
    chips = [Chip(of(contact.role), _ROLE_TONES.get(contact.role, Tone.NEUTRAL))]
    if not contact.is_active:
        left = dates.day(contact.left_on) if contact.left_on else ""
        chips.append(Chip(tr("Left {day}", day=left).strip(), Tone.WARNING))
    if contact.consent is Consent.WITHDRAWN:
        chips.append(Chip(tr("Do not contact"), Tone.DANGER, "warning"))
    return chips


def facts_of(profile: ClientProfile) -> list[tuple[str, str]]:
    """List the facts of a client that have a line of their own."""
    address = ", ".join(
        one
        for one in (
            profile.street,
            f"{profile.postal_code} {profile.city}".strip(),
            profile.province,
            places.country(profile.country),
        )
        if one
    )
    since = dates.day(profile.customer_since, year=True) if profile.customer_since else ""
    return [
        (tr("Team"), profile.team),
        (tr("Legal name"), profile.legal_name if profile.legal_name != profile.name else ""),
        (tr("Tax number"), profile.tax_number),
        (tr("Industry"), profile.industry),
        (tr("Website"), profile.website),
        (tr("Address"), address),
        (tr("Local time"), local_time(profile.time_zone)),
        (tr("Language"), places.spoken(profile.language)),
        (tr("Customer since"), since),
        (tr("Source"), profile.source),
        (tr("Why it left"), profile.churn_reason),
    ]


def custom_words(value: CustomValueRow) -> str:
    """Say what a client has in a field of the team's own."""
    if value.kind is FieldKind.CHECK:
        return tr("yes") if value.text == YES else tr("no")
    if value.kind is FieldKind.DATE:
        return dates.day(date.fromisoformat(value.text), year=True)
    return value.text


def local_time(zone: str) -> str:
    """Say what time it is at the client now; nothing for a zone that is not known."""
    try:
        now = clock.now().astimezone(ZoneInfo(zone)) if zone else None
    except (ZoneInfoNotFoundError, ValueError):
        now = None
    return f"{now:%H:%M}, {places.city(zone)}" if now else ""


def point_words(point: PointRow) -> str:
    """Say a number with what is dialled after it, or an address."""
    if not point.extension:
        return point.shown
    return tr("{number}, ext. {extension}", number=point.shown, extension=point.extension)


def champion_warning(detail: ClientDetail) -> str:
    """Say that nobody there speaks for us any more; nothing when somebody does."""
    if detail.profile.kind is not ClientKind.COMPANY or not detail.contacts:
        return ""
    champions = detail.champions
    if not champions:
        return tr("No champion")
    if not any(one.is_active for one in champions):
        return tr("The champion left")
    return ""


def open_website(address: str) -> None:
    """Show a client's website in the browser; only what is a web address."""
    if address.startswith(("https://", "http://")):
        QDesktopServices.openUrl(QUrl(address))


def reach_out(point: PointRow) -> None:
    """Call or write, with the program of this system that does it."""
    if point.kind is PointKind.PHONE:
        QDesktopServices.openUrl(QUrl(f"tel:{point.normal}"))
    elif point.kind is PointKind.EMAIL:
        QDesktopServices.openUrl(QUrl(f"mailto:{point.normal}"))
    else:
        QGuiApplication.clipboard().setText(point.typed)


def _top(widget: QWidget) -> QVBoxLayout:
    return parts.column(widget, None)
