"""Things to tick: many words end in … where there is no room, and are said whole on hovering."""

from PySide6.QtWidgets import QStyle, QStyleOptionButton
from pytestqt.qtbot import QtBot

from deskcrm.ui.kit.several import Several, Tick

LONG = "17 November, 12:10 · Anna & Co.: The storekeeper does not see the task, which is there"


def room_of(tick: Tick) -> int:
    """Tell how much room the style leaves for the words."""
    option = QStyleOptionButton()
    tick.initStyleOption(option)
    part = QStyle.SubElement.SE_CheckBoxContents
    return tick.style().subElementRect(part, option, tick).width()


def ticks(field: Several) -> list[Tick]:
    return [box for _, box in field.boxes]


def test_what_is_too_long_ends_in_an_ellipsis_and_is_whole_again_with_room(qtbot: QtBot) -> None:
    field = Several("said", "Said", [(1, LONG), (2, "Short")])
    qtbot.addWidget(field)
    field.resize(300, 200)
    field.show()
    long, short = ticks(field)
    assert long.text().endswith("…") and long.toolTip() == LONG
    assert long.fontMetrics().horizontalAdvance(long.text().replace("&&", "&")) <= room_of(long)
    assert (short.text(), short.toolTip()) == ("Short", "")
    assert long.accessibleName() == f"Said: {LONG}"
    field.resize(1200, 200)
    qtbot.waitUntil(lambda: not long.toolTip())
    assert long.text().replace("&&", "&") == LONG
    long.setChecked(True)
    assert field.value() == (1,)
