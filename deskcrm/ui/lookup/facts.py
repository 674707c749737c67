"""What the card says of a caller: who it is, what is open, what we promised, what was last."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from deskcrm.base import clock, words
from deskcrm.base.words import ntr, tr
from deskcrm.domain.contacts.model import ContactRole
from deskcrm.domain.health import Band
from deskcrm.domain.interactions.channels import Channel, Direction
from deskcrm.domain.interactions.model import Outcome
from deskcrm.domain.lookup.caller import CallerCard, LastContact
from deskcrm.domain.promises.model import PromiseState
from deskcrm.domain.promises.queries import PromiseRow
from deskcrm.domain.risk.words import reason_lines
from deskcrm.domain.tickets.queries import TicketRow
from deskcrm.domain.today.reasons import span
from deskcrm.ui.clients.words import lifecycle_chip, tier_chip
from deskcrm.ui.kit import dates, icons, parts, theme
from deskcrm.ui.kit.chips import Avatar, Chip, ChipRow
from deskcrm.ui.kit.tokens import Tone
from deskcrm.ui.risk.words import health_chip
from deskcrm.ui.sla.words import due_chip, is_overdue

_HEIGHT: Final = 26
_MOST_TICKETS: Final = 3
_TELLING: Final = frozenset(
    {ContactRole.CHAMPION, ContactRole.DECISION_MAKER, ContactRole.DETRACTOR}
)
CHANNEL_ICONS: Final = {
    Channel.CALL: "phone",
    Channel.EMAIL: "mail",
    Channel.CHAT: "chat",
    Channel.SOCIAL: "chat",
    Channel.MEETING: "meeting",
    Channel.VIDEO: "video",
    Channel.VISIT: "visit",
    Channel.PORTAL: "portal",
    Channel.NOTE: "note",
}


class FactLine(QAbstractButton):
    """An icon, one line of text and a quieter word at its end; a button if it leads somewhere."""

    def __init__(
        self,
        icon: str,
        text: str,
        detail: str = "",
        *,
        tone: Tone = Tone.NEUTRAL,
        run: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        self._icon, self._detail, self._tone = icon, detail, tone
        self.setText(text)
        said = ", ".join(part for part in (text, detail) if part)
        self.setAccessibleName(said)
        parts.set_tooltip(self, said)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._leads = run is not None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._leads else Qt.FocusPolicy.NoFocus)
        if run is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.clicked.connect(lambda: run())

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors, lengths = theme.colors(), theme.sizes()
        box = QRectF(self.rect())
        if self._leads and (self.underMouse() or self.hasFocus()):
            painter.setPen(
                QPen(theme.color(colors.accent), 2) if self.hasFocus() else Qt.PenStyle.NoPen
            )
            painter.setBrush(theme.color(colors.hover))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
        ink = colors.muted if self._tone is Tone.NEUTRAL else colors.tone(self._tone)[0]
        icons.paint(painter, self._icon, 6, (self.height() - 16) / 2, 16, ink)
        small = theme.font(lengths.small)
        width = QFontMetrics(small).horizontalAdvance(self._detail)
        painter.setFont(small)
        painter.setPen(theme.color(colors.faint if self._tone is Tone.NEUTRAL else ink))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(box.adjusted(0, 0, -6, 0), right, self._detail)
        font = theme.font()
        room = box.adjusted(30, 0, -(width + 16 if width else 6), 0)
        shown = QFontMetrics(font).elidedText(
            self.text().replace("\n", " "), Qt.TextElideMode.ElideRight, int(room.width())
        )
        painter.setFont(font)
        painter.setPen(theme.color(colors.text))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        painter.end()


class Facts(QWidget):
    """Built once and filled for each caller, so that a call waits for nothing."""

    ticket_wanted = Signal(object)
    page_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.avatar = Avatar("", 42)
        self.name = parts.ElidedLabel("", "heading")
        self.under = parts.ElidedLabel("", "muted")
        self.page = parts.icon_button(
            "external", tr("Open the client’s page"), self.page_wanted.emit
        )
        self.chips = ChipRow()
        self.caution = parts.label("", wrap=True)
        self.caution.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._caution_well = parts.surface("caution")
        self._caution_icon = parts.label()
        self._caution_well.setLayout(
            parts.row(self._caution_icon, self.caution, margins=(10, 6, 10, 6))
        )
        self._caution_well.layout().setStretch(1, 1)  # type: ignore[union-attr]  # set just above
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        names = parts.column(self.name, self.under, spacing=1)
        head = parts.row(self.avatar, spacing=12)
        head.addLayout(names, 1)
        head.addWidget(self.page)
        column = parts.column(head, self.chips, self._caution_well, spacing=8)
        column.addLayout(self._lines)
        column.addStretch(1)
        self.setLayout(column)

    def show_card(self, card: CallerCard) -> None:
        """Fill in what is known of a caller."""
        profile, contact = card.profile, card.contact
        self.avatar.set_name(card.name)
        self.name.setText(card.name)
        about = [contact.position, profile.name] if contact else [profile.industry, profile.city]
        self.under.setText(" · ".join(part for part in about if part))
        self.chips.set_chips(_chips(card))
        self.caution.setText(profile.caution)
        self._caution_well.setVisible(bool(profile.caution))
        warning = theme.colors().warning
        ratio = self.devicePixelRatioF()
        self._caution_icon.setPixmap(icons.pixmap("warning", 16, warning, ratio))
        parts.clear(self._lines)
        for line in self._facts(card):
            self._lines.addWidget(line)

    def _facts(self, card: CallerCard) -> list[FactLine]:
        lines = _health_lines(card)
        lines += [self._ticket(ticket) for ticket in card.tickets[:_MOST_TICKETS]]
        more = len(card.tickets) - _MOST_TICKETS
        if more > 0:
            said = ntr("{n} more open ticket", "{n} more open tickets", more)
            lines.append(FactLine("tickets", said, run=self.page_wanted.emit))
        if not card.tickets:
            lines.append(FactLine("tickets", tr("No open tickets")))
        lines.append(_promise_line(card))
        if card.renewal_decision_on is not None:
            said = tr("Renewal decision")
            lines.append(FactLine("contract", said, dates.due(card.renewal_decision_on)))
        lines += [_last_line(one) for one in card.last]
        if not card.last:
            lines.append(FactLine("history", tr("Nobody has spoken with them yet")))
        return lines

    def _ticket(self, ticket: TicketRow) -> FactLine:
        detail, tone = words.of(ticket.state).lower(), Tone.NEUTRAL
        late = due_chip(ticket) if is_overdue(ticket) else None
        if ticket.waiting_since is not None:
            detail = tr("waits {time}", time=span(clock.now(), ticket.waiting_since))
            tone = Tone.WARNING
        elif late is not None:
            detail, tone = late.text, late.tone
        return FactLine(
            "tickets",
            f"#{ticket.number}  {ticket.subject}",
            detail,
            tone=tone,
            run=lambda: self.ticket_wanted.emit(ticket.id),
        )


def _chips(card: CallerCard) -> list[Chip]:
    profile, contact = card.profile, card.contact
    chips = []
    tier = tier_chip(profile.tier)
    if tier is not None:
        chips.append(tier)
    chips.append(lifecycle_chip(profile.lifecycle))
    if contact is not None and contact.role in _TELLING:
        bad = contact.role is ContactRole.DETRACTOR
        chips.append(Chip(words.of(contact.role), Tone.WARNING if bad else Tone.INFO))
    if contact is not None and not contact.is_active:
        chips.append(Chip(tr("Left the client"), Tone.WARNING, "warning"))
    if profile.owner:
        chips.append(Chip(profile.owner, Tone.NEUTRAL, "person"))
    return chips


def _health_lines(card: CallerCard) -> list[FactLine]:
    """Say how the client stands, with what speaks most against it, where something does."""
    health = card.health
    if health is None:
        return []
    chip = health_chip(health)
    reasons = reason_lines(health, most=1) if health.band is not Band.LOW_RISK else []
    said = reasons[0] if reasons else tr("Health")
    return [FactLine("risk", said, chip.text, tone=chip.tone)]


def _promise_line(card: CallerCard) -> FactLine:
    promise = card.promise
    if promise is None:
        return FactLine("promise", tr("Nothing was promised"))
    text = promise.text
    if card.open_promises > 1:
        text = f"{text}  (+{card.open_promises - 1})"
    late = promise.is_overdue
    return FactLine(
        "promise", text, promise_words(promise), tone=Tone.DANGER if late else Tone.NEUTRAL
    )


def promise_words(promise: PromiseRow) -> str:
    """Say what stands with a promise: "overdue, 3 days ago", "tomorrow", "kept"."""
    if promise.state is not PromiseState.OPEN:
        return words.of(promise.state).lower()
    if promise.due_on is None:
        return tr("promised, no day")
    day = dates.due(promise.due_on)
    return tr("overdue, {day}", day=day) if promise.is_overdue else tr("due {day}", day=day)


def _last_line(one: LastContact) -> FactLine:
    icon = CHANNEL_ICONS[one.channel]
    if one.channel is Channel.CALL:
        icon = "phone-in" if one.direction is Direction.INCOMING else "phone-out"
    said = one.said or words.of(one.channel)
    if one.outcome not in (Outcome.UNKNOWN, Outcome.REACHED):
        said = f"{words.of(one.outcome)}. {one.said}".strip()
    return FactLine(icon, said, dates.ago(one.started_at))
