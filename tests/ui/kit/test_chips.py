"""Chips: a row of them is seen when there are any, and never as a window of its own."""

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.cells import fitting
from deskcrm.ui.kit.chips import Chip, ChipRow, chip_width, initials
from deskcrm.ui.kit.tokens import Tone


def _placed(row: ChipRow, qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    QVBoxLayout(page).addWidget(row)
    page.show()
    return page


def test_a_row_of_chips_is_no_window_before_it_has_a_parent(qtbot: QtBot) -> None:
    row = ChipRow([Chip("Gold")])
    assert not row.isVisible()
    page = _placed(row, qtbot)
    assert row.isVisible() and row.parentWidget() is page


def test_a_row_is_seen_on_a_page_that_is_shown_already(qtbot: QtBot) -> None:
    page = _placed(ChipRow(), qtbot)
    row = ChipRow()
    row.set_chips([Chip("Gold"), Chip("Active")])
    layout = page.layout()
    assert layout is not None
    layout.addWidget(row)
    qtbot.waitUntil(lambda: row.isVisible() and row.height() > 10)


def test_a_row_without_chips_takes_no_room_until_it_has_some(qtbot: QtBot) -> None:
    row = ChipRow()
    page = _placed(row, qtbot)
    assert row.isHidden()
    row.set_chips([Chip("Gold")])
    assert row.isVisible() and page.isVisible()
    row.set_chips([])
    assert row.isHidden()


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Андреев и партнёры", "АП"),
        ("Britt and Newman Ltd", "BN"),
        ("ООО «Ромашка»", "Р"),
        ("ГК «Вишнёвые мосты»", "ВМ"),
        ("ТД «БалтБиоСоюз»", "Б"),
        ("Acme", "A"),
        ("The Who", "W"),
        ("и", "и"),
        ("Артём Александрович Денисов", "АД"),
        ("Лариса Олеговна Кудрявцева", "ЛК"),
        ("Пётр Ильич", "ПИ"),
        ("Роман Аркадьевич Петрович", "РП"),
        ("Вологодский дом печати", "ВД"),
    ],
)
def test_initials_are_of_the_words_that_tell(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_chip_loses_its_icon_before_its_word(qapp: object) -> None:
    whole, word, icon = Chip("Onboarding", icon="play"), Chip("Onboarding"), Chip("", icon="play")
    assert fitting([whole], chip_width(whole) + 10) == [whole]
    assert fitting([whole], chip_width(word) + 10) == [word]
    assert fitting([whole], chip_width(icon) + 10) == [icon]
    assert fitting([word], 20) == []
    silver = Chip("Silver partner")
    both = chip_width(silver) + chip_width(icon) + 14
    assert fitting([silver, whole], both) == [silver, icon]
    assert fitting([silver, whole], chip_width(word) + 10) == [word]


def test_a_very_important_client_keeps_the_crown_and_not_a_bare_word() -> None:
    crown = Chip("Diamond", Tone.VIP, "vip")
    assert fitting([crown], 200) == [crown]
    assert fitting([crown], 30) == [Chip("", Tone.VIP, "vip")]


def test_where_one_icon_has_room_the_first_chip_has_it() -> None:
    due, high = Chip("tomorrow", Tone.NEUTRAL, "clock"), Chip("High", Tone.WARNING, "flag")
    words = chip_width(Chip("tomorrow")) + chip_width(Chip("High", Tone.WARNING)) + 14
    assert fitting([due, high], words + 17) == [due, Chip("High", Tone.WARNING)]
