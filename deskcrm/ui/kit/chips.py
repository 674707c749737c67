"""Chips, counters and avatars: painted in lists, and as widgets in records."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import icons, theme
from deskcrm.ui.kit.flow import FlowLayout
from deskcrm.ui.kit.tokens import Tone

HEIGHT = 20


@dataclass(frozen=True, slots=True)
class Chip:
    """A short word with a tone; the tone is never the only sign, the word says it too."""

    text: str
    tone: Tone = Tone.NEUTRAL
    icon: str = ""


@lru_cache(maxsize=4096)
def _width(chip: Chip, size: int) -> int:
    text = QFontMetrics(theme.font(size, theme.MEDIUM)).horizontalAdvance(chip.text)
    return text + (17 if chip.icon else 0) + (14 if chip.text else 8)


def chip_width(chip: Chip) -> int:
    """The width in pixels that ``paint_chip`` will take."""
    return _width(chip, theme.sizes().small - 1)


def paint_chip(
    painter: QPainter, x: float, middle: float, chip: Chip, *, is_edged: bool = False
) -> int:
    """Paint a chip from x around the vertical middle; answer its width.

    ``is_edged``: with an edge, where the ground is nearly as the chip itself.
    """
    text_color, background = theme.colors().tone(chip.tone)
    width = chip_width(chip)
    box = QRectF(x, middle - HEIGHT / 2, width, HEIGHT)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color(text_color, 0.45), 1) if is_edged else Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(background))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if is_edged else box, 5, 5)
    left = box.left() + 7
    if chip.icon:
        icons.paint(painter, chip.icon, left - 2, middle - 7, 14, text_color)
        left += 15
    painter.setPen(theme.color(text_color))
    painter.setFont(theme.font(theme.sizes().small - 1, theme.MEDIUM))
    text_box = QRectF(left, box.top(), box.right() - left, HEIGHT)
    painter.drawText(text_box, Qt.AlignmentFlag.AlignVCenter, chip.text)
    return width


def paint_avatar(painter: QPainter, x: float, y: float, size: int, name: str) -> None:
    """Paint a round avatar with initials; the same name always has the same colour."""
    pairs = theme.colors().avatars
    background, letters = pairs[zlib.crc32(name.encode()) % len(pairs)]
    box = QRectF(x, y, size, size)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(background))
    painter.drawEllipse(box)
    painter.setPen(theme.color(letters))
    painter.setFont(theme.bold(max(9, round(size * 0.38))))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, initials(name))


_JOINING = frozenset({"and", "the", "of", "и", "und", "et"})
"""Words of a name that nobody abbreviates it by."""
_FORMS: Final = frozenset("ООО ОАО ЗАО ПАО АО НКО АНО ИП ГК ТК ТД ТОО ЧП ОДО ФГУП МУП ГУП".split())
_PATRONYMIC: Final = ("ович", "евич", "ьич", "овна", "евна", "ична")


def initials(name: str) -> str:
    """Up to two letters that stand for a name: "Acme Ltd" is "AL", "ООО «Ромашка»" is "Р".

    Of a person they are those of the first name and the surname: "Пётр Ильич Белов" is "ПБ".
    """
    words = [word.strip("«»\"'()[]<>.,") for word in name.split()]
    telling = [word for word in words if word.lower() not in _JOINING]
    if len(telling) == 3 and telling[1].endswith(_PATRONYMIC):
        del telling[1]
    letters = [word[0].upper() for word in telling if word and word[0].isalpha()]
    if len(letters) > 1 and words[0] in _FORMS:
        letters = letters[1:]
    return "".join(letters[:2]) or name.strip()[:1] or "?"


class ChipLabel(QWidget):
    """A chip as a widget."""

    def __init__(self, text: str = "", tone: Tone = Tone.NEUTRAL, icon: str = "") -> None:
        super().__init__()
        self._chip = Chip(text, tone, icon)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_chip(self, text: str, tone: Tone = Tone.NEUTRAL, icon: str = "") -> None:
        """Show another text, tone and icon."""
        self._chip = Chip(text, tone, icon)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(chip_width(self._chip), HEIGHT + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_chip(painter, 0, self.height() / 2, self._chip)
        painter.end()


class Avatar(QWidget):
    """A round avatar with initials."""

    def __init__(self, name: str = "", size: int = 40) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(size, size)

    def set_name(self, name: str) -> None:
        """Show another name's initials."""
        self._name = name
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_avatar(painter, 0, 0, self.width(), self._name)
        painter.end()


class RemovableChip(QWidget):
    """A chip that can be taken away: by the cross, or by Del, Backspace or Space on it."""

    removed = Signal(str)

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Remove {text}", text=text))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(chip_width(Chip(self.text)) + 18, HEIGHT + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colors = theme.colors()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = colors.accent if self.hasFocus() else colors.border
        painter.setPen(QPen(theme.color(edge), 1.5 if self.hasFocus() else 1))
        painter.setBrush(theme.color(colors.sunken))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), 5, 5)
        painter.setPen(theme.color(colors.text))
        painter.setFont(theme.font(theme.sizes().small - 1, theme.MEDIUM))
        box = QRectF(self.rect()).adjusted(8, 0, -18, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text)
        icons.paint(painter, "close", self.width() - 18, self.height() / 2 - 6, 12, colors.muted)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.position().x() > self.width() - 22:
            self.removed.emit(self.text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Space):
            self.removed.emit(self.text)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)


class ChipRow(QWidget):
    """Chips side by side, on as many lines as they need."""

    def __init__(self, chips: Sequence[Chip] = ()) -> None:
        super().__init__()
        self._flow = FlowLayout(self, spacing=6)
        self.set_chips(chips)

    def set_chips(self, chips: Sequence[Chip]) -> None:
        """Show these chips instead."""
        self._flow.clear()
        for chip in chips:
            self._flow.addWidget(ChipLabel(chip.text, chip.tone, chip.icon))
        self._show_if_any()

    def _show_if_any(self) -> None:
        if not self._flow.count():
            self.hide()
        elif self.parentWidget() is not None:
            self.show()
        else:
            # Shown now it would be a window of its own for a moment; its parent shows it.
            self.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)


def tone_icon(tone: Tone) -> str:
    """The icon that goes with a tone where there is no word."""
    return {
        Tone.OK: "done",
        Tone.WARNING: "warning",
        Tone.DANGER: "danger",
        Tone.INFO: "info",
        Tone.VIP: "vip",
        Tone.ACCENT: "info",
        Tone.NEUTRAL: "",
    }[tone]
