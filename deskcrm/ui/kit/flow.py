"""A layout that puts things side by side and goes on in the next line."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Side by side while there is room, then the next line."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 8) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = spacing
        self.setContentsMargins(0, 0, 0, 0)

    def clear(self) -> None:
        """Take everything out and let it go."""
        while self._items:
            widget = self._items.pop().widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def insert_widget(self, index: int, widget: QWidget) -> None:
        """Put a widget at a place in the order."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    # Qt asks past the end to learn that it is the end, so None is an answer here.
    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), dry=True)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, dry=False)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def width_in_line(self) -> int:
        """How wide everything is side by side."""
        sizes = [item.sizeHint().expandedTo(item.minimumSize()) for item in self._items]
        return sum(size.width() for size in sizes) + self._gap * max(len(sizes) - 1, 0)

    def _arrange(self, rect: QRect, *, dry: bool) -> int:
        y = rect.y()
        lines = self._lines(rect.width())
        for items in lines:
            tall = max(size.height() for _, size in items)
            x = rect.x()
            for item, size in items:
                if not dry:
                    item.setGeometry(QRect(QPoint(x, y + (tall - size.height()) // 2), size))
                x += size.width() + self._gap
            y += tall + self._gap
        return y - rect.y() - (self._gap if lines else 0)

    def _lines(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        x = 0
        for item in self._items:
            widget = item.widget()
            if widget is not None and widget.isHidden():
                continue
            least = item.minimumSize()
            size = item.sizeHint().expandedTo(least)
            size.setWidth(max(least.width(), min(size.width(), width)))  # it may end in an …
            if not lines or x + size.width() > width:
                lines.append([])
                x = 0
            lines[-1].append((item, size))
            x += size.width() + self._gap
        self._keep_company(lines, width)
        return lines

    def _keep_company(self, lines: list[list[tuple[QLayoutItem, QSize]]], width: int) -> None:
        # One left alone in the last line looks forgotten: its neighbour goes with it.
        if len(lines) < 2 or len(lines[-1]) > 1 or len(lines[-2]) < 3:
            return
        neighbour = lines[-2][-1]
        if neighbour[1].width() + self._gap + lines[-1][0][1].width() <= width:
            lines[-1].insert(0, lines[-2].pop())
