"""The project's own icons: lines on a 24 grid, tinted from the tokens when they are painted."""

from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from deskcrm.base import paths
from deskcrm.ui.kit import theme


@cache
def names() -> frozenset[str]:
    """Every icon there is."""
    return frozenset(path.stem for path in (paths.resources() / "icons").glob("*.svg"))


@cache
def _drawing(name: str) -> bytes:
    return (paths.resources() / "icons" / f"{name}.svg").read_bytes()


@lru_cache(maxsize=512)
def _rendered(name: str, color: str, size: int, ratio: float) -> QPixmap:
    renderer = QSvgRenderer(QByteArray(_drawing(name).replace(b"currentColor", color.encode())))
    pixels = max(1, round(size * ratio))
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def pixmap(name: str, size: int = 16, color: str = "", ratio: float = 1.0) -> QPixmap:
    """The icon as a picture, sharp at the screen's pixel ratio; ``color`` is #RRGGBB."""
    return _rendered(name, color or theme.colors().muted, size, ratio)


def paint(
    painter: QPainter, name: str, x: float, y: float, size: int = 16, color: str = ""
) -> None:
    """Paint the icon with its top left corner at (x, y)."""
    ratio = painter.device().devicePixelRatioF()
    painter.drawPixmap(QPoint(round(x), round(y)), pixmap(name, size, color, ratio))


class _Engine(QIconEngine):
    """Draws with the colours of the moment, so that no icon is left behind by a theme change."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._token)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        size = min(rect.width(), rect.height())
        x = rect.x() + (rect.width() - size) / 2
        y = rect.y() + (rect.height() - size) / 2
        paint(painter, self._name, x, y, size, self._color(mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        logical = min(size.width(), size.height())
        return _rendered(self._name, self._color(mode, state), logical, scale)

    def _color(self, mode: QIcon.Mode, state: QIcon.State) -> str:
        colors = theme.colors()
        if mode is QIcon.Mode.Disabled:
            return colors.disabled
        if state is QIcon.State.On:
            return colors.accent
        return str(getattr(colors, self._token))


def icon(name: str, token: str = "muted") -> QIcon:
    """A QIcon that follows the theme; ``token`` names the colour."""
    if name not in names():
        raise KeyError(f"no such icon: {name}")
    return QIcon(_Engine(name, token))
