"""Every text can be read on every ground it stands on."""

from itertools import product

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit import icons, theme
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
    Tone,
)

THEMES = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}


def luminance(value: str) -> float:
    """Relative luminance after WCAG 2.2."""

    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    color = QColor(value)
    red, green, blue = (linear(part) for part in (color.redF(), color.greenF(), color.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio after WCAG 2.2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(params=THEMES, ids=str)
def colors(request: pytest.FixtureRequest) -> Colors:
    return THEMES[request.param]


def test_text_is_readable_on_every_ground(colors: Colors) -> None:
    texts = ("text", "muted", "faint", "accent")
    grounds = ("bg", "surface", "raised", "hover", "selected", "sunken")
    poor = {
        f"{text} on {ground}: {ratio:.2f}"
        for text, ground in product(texts, grounds)
        if (ratio := contrast(getattr(colors, text), getattr(colors, ground))) < 4.5
    }
    assert poor == set()


def test_the_words_of_state_are_readable(colors: Colors) -> None:
    poor = set()
    for tone in Tone:
        text, soft = colors.tone(tone)
        for ground in (soft, colors.surface, colors.raised, colors.bg):
            if contrast(text, ground) < 4.5:
                poor.add(f"{tone} on {ground}: {contrast(text, ground):.2f}")
    for text, ground in (
        (colors.on_accent, colors.accent),
        (colors.on_accent, colors.accent_hover),
        (colors.on_danger, colors.danger),
        *((letters, background) for background, letters in colors.avatars),
    ):
        if contrast(text, ground) < 4.5:
            poor.add(f"{text} on {ground}: {contrast(text, ground):.2f}")
    assert poor == set()


def test_the_edges_of_controls_are_seen(colors: Colors) -> None:
    for ground in (colors.surface, colors.bg, colors.raised):
        assert contrast(colors.outline, ground) >= 3
        assert contrast(colors.accent, ground) >= 3


def test_an_icon_that_does_nothing_now_looks_so(colors: Colors) -> None:
    for ground in (colors.surface, colors.bg):
        assert contrast(colors.muted, ground) > 1.8 * contrast(colors.disabled, ground) > 1.8 * 3


def test_the_arrows_of_boxes_are_seen_in_high_contrast() -> None:
    assert "chevron-bright.svg" in theme.style_sheet(CONTRAST, COMFORTABLE)


def test_high_contrast_is_higher() -> None:
    assert contrast(CONTRAST.muted, CONTRAST.surface) >= 7
    assert contrast(CONTRAST.faint, CONTRAST.surface) >= 7


@pytest.mark.parametrize("lengths", [COMFORTABLE, COMPACT])
def test_the_style_sheet_knows_every_token_it_names(colors: Colors, lengths: Sizes) -> None:
    made = theme.style_sheet(colors, lengths)
    assert "@" not in made


def test_a_theme_is_changed_at_run_time(qapp: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    heard: list[int] = []
    theme.theme().changed.connect(lambda: heard.append(1))
    picture = icons.icon("phone").pixmap(24, 24).toImage()
    theme.theme().apply(Mode.DARK, Density.COMPACT)
    try:
        assert theme.colors() is DARK
        assert window.palette().window().color() == QColor(DARK.bg)
        assert icons.icon("phone").pixmap(24, 24).toImage() != picture
    finally:
        theme.theme().apply(Mode.LIGHT)
    assert heard == [1, 1]


def test_every_icon_can_be_painted(qapp: QApplication) -> None:
    assert len(icons.names()) > 60
    for name in icons.names():
        assert not icons.pixmap(name, 20).isNull()
        assert icons.pixmap(name, 20, ratio=2.0).width() == 40


def test_an_icon_is_sharp_on_a_fine_screen(qapp: QApplication) -> None:
    picture = icons.icon("phone").pixmap(QSize(16, 16), 2.0)
    assert picture.size() == QSize(32, 32)
    assert picture.devicePixelRatio() == 2.0


def test_an_icon_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError, match="no such icon"):
        icons.icon("nothing")
