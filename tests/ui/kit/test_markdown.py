"""Markdown is shown, loads nothing, opens nothing unseen, and cannot freeze the window."""

from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication, QTextDocument
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.markdown import MOST_CELLS, MarkdownView, as_plain, is_heavy


@pytest.fixture
def view(qtbot: QtBot) -> MarkdownView:
    made = MarkdownView("Text")
    qtbot.addWidget(made)
    return made


def test_signs_become_shape(view: MarkdownView) -> None:
    view.show_text("# Head\n\nSome **bold** words\n\n- one\n- two")
    assert view.toPlainText() == "Head\nSome bold words\none\ntwo"
    assert view.document().firstBlock().blockFormat().headingLevel() == 1


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://192.0.2.1/a.png", "//server/share/a.png", "a.png"]
)
def test_no_picture_is_loaded(view: MarkdownView, address: str) -> None:
    asked = []
    whole = view.loadResource

    def spy(kind: int, name: QUrl | str) -> Any:
        asked.append(name)
        return whole(kind, name)

    view.loadResource = spy  # type: ignore[method-assign]  # to see that it was asked
    view.show_text(f"![picture]({address})")
    view.grab()
    image = QTextDocument.ResourceType.ImageResource.value
    assert view.loadResource(image, QUrl(address)).isEmpty()
    assert asked


def test_html_is_shown_as_it_stands(view: MarkdownView) -> None:
    view.show_text('<img src="http://192.0.2.1/a.png"><script>alert(1)</script>')
    assert "<script>" in view.toPlainText()


def test_an_address_says_its_real_host_before_it_is_opened(view: MarkdownView) -> None:
    menu = view.menu_for(QUrl("https://evil.example/login?to=bank.example"))
    assert [each.text() for each in menu.actions()] == ["Open evil.example", "Copy address"]
    menu.actions()[1].trigger()
    assert QGuiApplication.clipboard().text() == "https://evil.example/login?to=bank.example"


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "smb://host/x"])
def test_an_address_of_another_kind_cannot_be_opened(view: MarkdownView, address: str) -> None:
    assert [each.text() for each in view.menu_for(QUrl(address)).actions()] == ["Copy address"]


def test_an_address_of_our_own_is_followed_at_once(qtbot: QtBot) -> None:
    followed: list[str] = []
    view = MarkdownView("Text", followed.append)
    qtbot.addWidget(view)
    view.anchorClicked.emit(QUrl("deskcrm:article/12"))
    assert followed == ["article/12"]


@pytest.mark.parametrize(
    "text",
    [
        "word " * 50_000,
        "|a|b|\n|-|-|\n" + "|x|y|\n" * MOST_CELLS,
        "x" * 5_000,
        "[" * 50_000,
    ],
)
def test_what_would_freeze_the_window_is_shown_as_it_stands(view: MarkdownView, text: str) -> None:
    assert is_heavy(text)
    view.show_text(text)
    assert view.toPlainText() == text
    assert as_plain(text) == text


def test_a_table_of_ordinary_size_is_laid_out(view: MarkdownView) -> None:
    text = "|a|b|\n|-|-|\n" + "|x|y|\n" * 20
    assert not is_heavy(text)
    view.show_text(text)
    assert "|" not in view.toPlainText()


def test_what_is_inserted_into_a_reply_has_no_signs_and_keeps_its_steps() -> None:
    text = "Open **Settings**, then:\n\n1. *Reset*\n2. Save\n\nDone.\n\n- a\n- b"
    assert as_plain(text) == "Open Settings, then:\n\n1. Reset\n2. Save\n\nDone.\n\n• a\n• b"
