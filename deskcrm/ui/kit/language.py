"""Switches the interface's language at run time, with Qt's own dialogs."""

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from deskcrm.base import words
from deskcrm.ui.kit import dates

_installed: list[QTranslator] = []


def use(code: str) -> None:
    """Speak this language from now on; screens that are open must be built again."""
    words.set_language(code)
    app = QApplication.instance()
    while _installed:
        translator = _installed.pop()
        if app is not None:
            app.removeTranslator(translator)
    QLocale.setDefault(dates.locale())
    if app is None or code == "en":
        return
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator = QTranslator(app)
    if translator.load(f"qtbase_{code}", folder):
        app.installTranslator(translator)
        _installed.append(translator)
