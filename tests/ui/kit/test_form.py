"""Forms: validation in words, drafts, keys."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from deskcrm.base.errors import UserError
from deskcrm.base.words import speaking
from deskcrm.ui.kit import dates
from deskcrm.ui.kit.fields import Check, Choice, Field, Line, Phone, Text
from deskcrm.ui.kit.fields_parsed import Day, Duration, Moment, Money
from deskcrm.ui.kit.form import Form
from deskcrm.ui.kit.tags_field import Tags
from tests.ui.walk import tab_order, unnamed, unreachable


class Kept:
    """Where a form put things."""

    def __init__(self) -> None:
        self.saved: list[dict[str, Any]] = []
        self.drafts: list[dict[str, Any] | None] = []
        self.left = 0

    def leave(self) -> None:
        self.left += 1


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def form(qtbot: QtBot, kept: Kept) -> Form:
    fields: list[Field | tuple[Field, ...]] = [
        Line("name", "Name", required=True),
        (Choice("role", "Role", [(1, "User"), (2, "Champion")]), Check("vip", "VIP")),
        (Day("due", "Due"), Duration("took", "Took")),
        Moment("at", "At"),
        Money("value", "Value"),
        Phone("phone", "Phone", read=lambda text: "+7" if text.startswith("8") else None),
        Tags("tags", "Tags"),
        Text("notes", "Notes"),
    ]
    made = Form(fields, on_save=kept.saved.append, on_leave=kept.leave, on_draft=kept.drafts.append)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def line(form: Form, name: str) -> Line:
    field = form.fields[name]
    assert isinstance(field, Line)
    return field


def test_an_empty_required_field_says_so_and_nothing_is_saved(form: Form, kept: Kept) -> None:
    form.save()
    assert kept.saved == []
    assert form.fields["name"].stop().accessibleDescription() == "Fill this in."
    line(form, "name").line.setText("A")
    assert form.fields["name"].stop().accessibleDescription() == ""


def test_what_is_typed_is_understood(form: Form, kept: Kept) -> None:
    line(form, "name").line.setText(" Acme ")
    line(form, "due").line.setText("завтра")
    line(form, "took").line.setText("1h 30m")
    form.fields["value"].set_draft(["12,5k", "USD"])
    line(form, "phone").line.setText("8 912")
    form.fields["role"].set_value(2)
    form.fields["tags"].set_value(["a", "b"])
    form.save()
    saved = kept.saved[0]
    assert saved["name"] == "Acme"
    assert saved["due"] == dates.today() + timedelta(days=1)
    assert saved["took"] == 5400
    assert saved["value"] == (1_250_000, "USD")
    assert saved["role"] == 2
    assert saved["at"] is None
    assert saved["tags"] == ["a", "b"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [("due", "nonsense"), ("took", "long"), ("phone", "abc")],
)
def test_what_cannot_be_understood_is_said_in_words(
    form: Form, kept: Kept, field: str, typed: str
) -> None:
    line(form, "name").line.setText("A")
    line(form, field).line.setText(typed)
    form.save()
    assert kept.saved == []
    assert "Write it" in form.fields[field].stop().accessibleDescription()


def test_control_enter_saves_from_within_a_long_text(form: Form, kept: Kept) -> None:
    line(form, "name").line.setText("A")
    notes = form.fields["notes"].stop()
    notes.setFocus()
    QTest.keyClick(notes, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert len(kept.saved) == 1


def test_escape_leaves_and_the_draft_is_kept(form: Form, kept: Kept) -> None:
    line(form, "name").line.setText("Half a na")
    QTest.keyClick(form.fields["name"].stop(), Qt.Key.Key_Escape)
    assert kept.left == 1
    draft = kept.drafts[-1]
    assert draft is not None
    assert draft["name"] == "Half a na"


def test_a_draft_is_handed_over_when_typing_pauses(form: Form, kept: Kept, qtbot: QtBot) -> None:
    line(form, "due").line.setText("tomo")
    qtbot.waitUntil(lambda: bool(kept.drafts), timeout=2000)
    assert kept.drafts[-1] is not None
    assert kept.drafts[-1]["due"] == "tomo"


def test_a_draft_comes_back_as_it_was_typed(form: Form, kept: Kept) -> None:
    before = form.typed() | {"name": "Half", "due": "tomo", "at": ["fri", "9"], "tags": ["x"]}
    form.restore_draft(before | {"gone": "a field that is no longer there"})
    assert form.typed() == before
    assert form.is_dirty


def test_a_draft_is_let_go_after_saving_and_when_all_is_put_back(form: Form, kept: Kept) -> None:
    line(form, "name").line.setText("A")
    form.keep_draft()
    line(form, "name").line.setText("")
    form.keep_draft()
    assert kept.drafts[-1] is None
    line(form, "name").line.setText("B")
    form.keep_draft()
    form.finish()
    assert kept.drafts[-1] is None
    assert not form.is_dirty


def test_a_refusal_stands_above_the_fields(form: Form) -> None:
    form.refuse(UserError("A client with this name exists.", "Open it instead."))
    assert form.banner.isVisible()
    assert form.banner.text() == "A client with this name exists. Open it instead."
    form.refuse(None)
    assert not form.banner.isVisible()


def test_a_refused_field_is_where_one_types_on(form: Form, qtbot: QtBot) -> None:
    form.fields["notes"].stop().setFocus()
    form.refuse(UserError("Nobody answers there.", "Check it."), "phone")
    qtbot.waitUntil(line(form, "phone").line.hasFocus)
    assert line(form, "phone").line.accessibleDescription() == "Nobody answers there. Check it."


@pytest.mark.parametrize("count", [1, 2, 3, 4, 9])
def test_a_text_has_room_for_its_lines_and_no_bar_until_there_are_too_many(
    qtbot: QtBot, count: int
) -> None:
    text = Text("notes", "Notes", lines=2, most_lines=8)
    qtbot.addWidget(text)
    text.show()
    text.set_value("\n".join("said" for _ in range(count)))
    bar = text.text.verticalScrollBar()
    qtbot.waitUntil(lambda: (bar.maximum() > 0) == (count > 8))


def test_a_text_grows_when_it_becomes_narrow(qtbot: QtBot) -> None:
    text = Text("notes", "Notes", lines=1)
    qtbot.addWidget(text)
    text.set_value("We looked at the settings and started the service anew, in vain.")
    text.resize(900, 100)
    text.show()
    before = text.text.height()
    text.resize(200, 100)
    qtbot.waitUntil(lambda: text.text.height() > before)
    assert text.text.verticalScrollBar().maximum() == 0


def test_only_what_was_changed_is_changed(form: Form) -> None:
    form.fill({"name": "A", "role": 1})
    form.fields["role"].set_value(2)
    assert form.changed_values() == {"role": 2}


def test_tags_are_added_by_enter_and_taken_away_by_backspace(form: Form) -> None:
    tags = form.fields["tags"]
    assert isinstance(tags, Tags)
    tags.line.setText("новый")
    for text, key in (("", Qt.Key.Key_Return), ("", Qt.Key.Key_Return)):
        QApplication.sendEvent(
            tags.line,
            QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text),
        )
    assert tags.value() == ["новый"]
    QApplication.sendEvent(
        tags.line,
        QKeyEvent(
            QKeyEvent.Type.KeyPress, Qt.Key.Key_Backspace, Qt.KeyboardModifier.NoModifier, ""
        ),
    )
    assert tags.value() == []


def test_every_field_has_a_name_and_tab_comes_to_it_in_order(form: Form) -> None:
    assert unnamed(form) == []
    assert unreachable(form) == []
    order = tab_order(form)
    assert order[0] is form.fields["name"].stop()
    assert order[-2:] == [form.save_button, form.leave_button]


@pytest.mark.parametrize(("language", "shown"), [("en", "13/03/2026"), ("ru", "13.03.2026")])
def test_a_day_stands_in_a_field_as_the_language_writes_it(
    qtbot: QtBot, language: str, shown: str
) -> None:
    with speaking(language):
        for field in (Day("due", "Due"), Moment("at", "At")):
            qtbot.addWidget(field)
            value = date(2026, 3, 13)
            typed = value if isinstance(field, Day) else datetime(2026, 3, 13, 9).astimezone()
            field.set_value(typed)
            stop = field.stop()
            assert isinstance(stop, QLineEdit) and stop.text() == shown
            assert dates.parse_day(shown) == value


def test_every_day_offers_a_calendar(qtbot: QtBot) -> None:
    for field in (Day("due", "Due"), Moment("at", "At")):
        qtbot.addWidget(field)
        stop = field.stop()
        assert isinstance(stop, QLineEdit)
        (opener,) = stop.actions()
        assert (opener.text(), opener.shortcut().toString()) == ("Open the calendar", "Alt+Down")


def test_a_check_stands_level_with_the_field_beside_it(qtbot: QtBot) -> None:
    check = Check("renews", "Renews")
    line = Line("days", "Days")
    form = Form([(line, check)], on_save=lambda _: None)
    qtbot.addWidget(form)
    form.resize(500, 200)
    form.show()

    def middle(widget: QWidget) -> int:
        return widget.mapTo(form, widget.rect().center()).y()

    qtbot.waitUntil(lambda: abs(middle(check.box) - middle(line.line)) <= 1)


def test_the_longest_words_of_a_choice_widen_no_column(qtbot: QtBot) -> None:
    long = "Whoever has not been with us for long and has a very long name"
    short, wide = Choice("tier", "Tier", [(1, "Gold")]), Choice("owner", "Owner", [(1, long)])
    made = Form([(short, wide)], on_save=lambda values: None)
    qtbot.addWidget(made)
    made.resize(500, made.heightForWidth(500))
    made.show()
    assert abs(short.width() - wide.width()) <= 1
    assert wide.box.width() == wide.width()
