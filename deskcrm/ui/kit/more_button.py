"""A button with what else can be done with the thing beside it."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu, QToolButton

from deskcrm.ui.kit import icons, parts

Deed = tuple[str, str, Callable[[], object]]
"""The words, the icon, and what it does."""


def more_button(name: str, deeds: Sequence[Deed] | Callable[[], Sequence[Deed]]) -> QToolButton:
    """Make a button that opens a menu of deeds, or of what they are when it is opened."""
    button = parts.icon_button("more", name)

    def open_menu() -> None:
        menu = QMenu(button)
        menu.aboutToHide.connect(menu.deleteLater)
        for words, icon, run in deeds() if callable(deeds) else deeds:
            item = menu.addAction(icons.icon(icon), parts.mnemonic_free(words))
            item.triggered.connect(lambda _checked=False, run=run: run())
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    button.clicked.connect(open_menu)
    return button
