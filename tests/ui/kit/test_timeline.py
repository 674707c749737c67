"""Timelines: only what is seen is measured, and nothing jumps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from deskcrm.store.reader import Reader
from deskcrm.ui.kit.desk import Desk
from deskcrm.ui.kit.timeline import Timeline
from deskcrm.ui.kit.timeline_entry import Entry
from tests import toys
from tests.toys import ToyBox
from tests.ui.kit.boxes import fill_shelf
from tests.ui.settle import settle

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened."""

    id: UUID
    name: str
    opened: int


def count_happened(db: Reader) -> int:
    """Count."""
    found = select(ToyBox.id).where(~ToyBox.is_deleted).subquery()
    return db.scalar(select(func.count()).select_from(found)) or 0


def list_happened(
    db: Reader, *, offset: int, limit: int, sort: str, descending: bool
) -> Sequence[Happened]:
    """List, newest first."""
    found = select(ToyBox.id, ToyBox.name, ToyBox.opened).where(~ToyBox.is_deleted)
    rows = db.all(found.order_by(ToyBox.opened.desc(), ToyBox.name).offset(offset).limit(limit))
    return [Happened(row.id, row.name, row.opened) for row in rows]


def entry(row: Happened) -> Entry:
    at = START + timedelta(hours=6 * row.opened)
    return Entry(
        id=row.id,
        title=row.name,
        meta="Ann · 12 min",
        body="What was said. " * (1 + row.opened % 60),
        when=f"{at:%H:%M}",
        at=at,
        group=f"{at:%d.%m.%Y}",
    )


@pytest.fixture
def timeline(desk: Desk, qtbot: QtBot) -> Timeline[Happened]:
    desk.store.do(fill_shelf, count=3000)
    made: Timeline[Happened] = Timeline(
        desk, entry, count_happened, list_happened, name="What happened"
    )
    qtbot.addWidget(made)
    made.resize(600, 700)
    made.show()
    made.reload()
    settle(desk)
    return made


def press(timeline: Timeline[Happened], key: int, text: str = "") -> None:
    QApplication.sendEvent(
        timeline, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    )


def test_the_newest_comes_first_and_most_was_never_read(timeline: Timeline[Happened]) -> None:
    assert timeline.rows.total == 3000
    first = timeline.rows.loaded_row(0)
    assert first is not None
    assert first.opened == 2999
    assert timeline.rows.loaded_row(1500) is None


def test_end_shows_the_last_entry_at_the_bottom(timeline: Timeline[Happened], desk: Desk) -> None:
    timeline.setFocus()
    press(timeline, Qt.Key.Key_End)
    settle(desk)
    press(timeline, Qt.Key.Key_End)
    settle(desk)
    row = timeline.current()
    assert row is not None
    assert row.opened == 0
    box = timeline.visualRect(timeline.currentIndex())
    assert box.bottom() <= timeline.viewport().height()


def test_walking_upward_through_what_was_never_seen_does_not_jump(
    timeline: Timeline[Happened], desk: Desk
) -> None:
    bar = timeline.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    settle(desk)
    for _ in range(40):
        index = timeline.indexAt(timeline.viewport().rect().center())
        before = timeline.visualRect(index).top()
        bar.setValue(bar.value() - 30)
        settle(desk)
        assert timeline.visualRect(index).top() == before + 30


def test_j_k_and_space_work(timeline: Timeline[Happened]) -> None:
    timeline.setFocus()
    timeline.go_to(0)
    press(timeline, ord("О"), "о")
    assert timeline.currentIndex().row() == 1
    before = timeline.visualRect(timeline.currentIndex()).height()
    press(timeline, Qt.Key.Key_Space, " ")
    assert timeline.visualRect(timeline.currentIndex()).height() > before
    press(timeline, Qt.Key.Key_Left)
    assert timeline.visualRect(timeline.currentIndex()).height() == before


def test_a_new_entry_above_leaves_the_current_one_current(
    timeline: Timeline[Happened], desk: Desk
) -> None:
    timeline.go_to(3)
    row = timeline.current()
    assert row is not None
    new = desk.store.do(toys.add_box, name="New").value
    desk.store.do(toys.open_box, new, times=9999)
    timeline.reload()
    settle(desk)
    assert timeline.current() == row
    assert timeline.currentIndex().row() == 4


def test_a_line_stands_between_the_new_and_what_was_seen(timeline: Timeline[Happened]) -> None:
    timeline.set_looked(START + timedelta(hours=6 * 2997 + 1))
    marked = [number for number, shape in timeline._shapes._kept.items() if shape.mark]
    assert marked == [2]


def test_headings_stand_where_the_day_changes(timeline: Timeline[Happened]) -> None:
    headings = [shape.heading for _, shape in sorted(timeline._shapes._kept.items())]
    assert headings[0]
    assert [bool(each) for each in headings[:6]].count(True) == 2


def test_a_screen_reader_reads_rows(timeline: Timeline[Happened]) -> None:
    interface = QAccessible.queryAccessibleInterface(timeline)
    assert interface is not None
    assert interface.text(QAccessible.Text.Name) == "What happened"
    child = interface.child(0)
    assert child is not None
    assert "Box 0002999" in child.text(QAccessible.Text.Name)


def is_said(words: str) -> bool:
    return QToolTip.text().strip() == words


def test_all_of_a_title_that_is_cut_is_said_where_the_mouse_rests(
    timeline: Timeline[Happened], desk: Desk, qtbot: QtBot
) -> None:
    long = "It was said at length, and then once more, " * 4
    timeline.go_to(0)
    first = timeline.current()
    assert first is not None
    desk.store.do(toys.rename_box, first.id, name=long)
    timeline.reload()
    settle(desk)
    for number, said in ((0, long.strip()), (1, "")):
        at = timeline.visualRect(timeline.rows.index(number, 0)).center()
        asked = QHelpEvent(QEvent.Type.ToolTip, at, timeline.viewport().mapToGlobal(at))
        QApplication.sendEvent(timeline.viewport(), asked)
        qtbot.waitUntil(partial(is_said, said))


def test_an_emoji_does_not_shift_the_lines() -> None:
    from deskcrm.ui.kit import timeline_entry

    made = Entry(id=1, title="", body="😀 " * 10 + "слово " * 200)
    shape = timeline_entry.measure(made, 400, is_open=True, heading="", mark="")
    assert " ".join(" ".join(shape.lines).split()) == " ".join(made.body.split())
