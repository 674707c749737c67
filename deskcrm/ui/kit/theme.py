"""Dresses the application in one set of tokens, and changes it at run time."""

import re
from functools import cache, lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from deskcrm.base import paths
from deskcrm.ui.kit.tokens import (
    COMFORTABLE,
    COMPACT,
    CONTRAST,
    DARK,
    LIGHT,
    Colors,
    Density,
    Mode,
    Sizes,
)

FALLBACK_FONTS = ("Inter", "Segoe UI", "SF Pro Text", "Noto Sans", "DejaVu Sans")


class Theme(QObject):
    """The colours and sizes in use; painters read them each time they paint."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode = Mode.LIGHT
        self.density = Density.COMFORTABLE
        self.colors: Colors = LIGHT
        self.sizes: Sizes = COMFORTABLE

    def apply(self, mode: Mode = Mode.SYSTEM, density: Density = Density.COMFORTABLE) -> None:
        """Dress the whole application; every open window follows at once."""
        self.mode, self.density = mode, density
        self.colors = _colors(mode)
        self.sizes = COMPACT if density is Density.COMPACT else COMFORTABLE
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            return
        if app.style().objectName() != "fusion" and not app.styleSheet():
            app.setStyle("fusion")
        app.setFont(font())
        app.setPalette(_palette(self.colors))
        app.setStyleSheet(style_sheet(self.colors, self.sizes))
        self.changed.emit()


@cache
def theme() -> Theme:
    """The one theme of this process."""
    return Theme()


def colors() -> Colors:
    """The colours in use now."""
    return theme().colors


def sizes() -> Sizes:
    """The lengths in use now."""
    return theme().sizes


def color(value: str, alpha: float = 1.0) -> QColor:
    """A token as a QColor, more or less see-through."""
    made = QColor(value)
    made.setAlphaF(alpha)
    return made


MEDIUM = QFont.Weight.Medium


@lru_cache(maxsize=64)
def _font(size: int, weight: QFont.Weight) -> QFont:
    made = QFont([_system_family(), *FALLBACK_FONTS])
    made.setPixelSize(size)
    made.setWeight(weight)
    return made


def font(size: int | None = None, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The system's own interface font with fallbacks that have Cyrillic; size in pixels."""
    return _font(size or sizes().base, weight)


def bold(size: int | None = None) -> QFont:
    """The interface font, heavier: hierarchy by weight, not by size."""
    return font(size, QFont.Weight.DemiBold)


@cache
def _system_family() -> str:
    return QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()


def _colors(mode: Mode) -> Colors:
    if mode is Mode.SYSTEM:
        scheme = QGuiApplication.styleHints().colorScheme()
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT
    return {Mode.LIGHT: LIGHT, Mode.DARK: DARK, Mode.CONTRAST: CONTRAST}[mode]


def _palette(of: Colors) -> QPalette:
    role = QPalette.ColorRole
    made = QPalette()
    plain = {
        role.Window: of.bg,
        role.WindowText: of.text,
        role.Base: of.surface,
        role.AlternateBase: of.hover,
        role.Text: of.text,
        role.Button: of.surface,
        role.ButtonText: of.text,
        role.BrightText: of.danger,
        role.Highlight: of.accent,
        role.HighlightedText: of.on_accent,
        role.ToolTipBase: of.raised,
        role.ToolTipText: of.text,
        role.PlaceholderText: of.faint,
        role.Link: of.accent,
        role.LinkVisited: of.accent,
        role.Light: of.raised,
        role.Midlight: of.hover,
        role.Mid: of.border,
        role.Dark: of.outline,
        role.Shadow: of.shadow,
        role.Accent: of.accent,
    }
    for each, value in plain.items():
        made.setColor(each, QColor(value))
    for each in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, each, QColor(of.faint))
    return made


def style_sheet(of: Colors, lengths: Sizes) -> str:
    """The style sheet with every @token replaced; an unknown token is an error."""
    styles = paths.resources() / "styles"
    text = (styles / "app.qss").read_text("utf-8")

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "icon_chevron":
            bright = QColor(of.muted).lightnessF() > 0.85
            return (styles / ("chevron-bright.svg" if bright else "chevron.svg")).as_posix()
        if name == "check_image":
            dark = QColor(of.on_accent).lightnessF() < 0.5
            return (styles / ("check-dark.svg" if dark else "check.svg")).as_posix()
        found = getattr(of, name) if hasattr(of, name) else getattr(lengths, name)
        return f"{found}px" if isinstance(found, int) else str(found)

    return re.sub(r"@([a-z_]+)", value, text)
