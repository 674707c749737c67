"""Fields that understand what is typed: days, times, durations, money."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QToolButton, QWidget

from deskcrm.base.words import tr
from deskcrm.ui.kit import dates, icons, parts, theme
from deskcrm.ui.kit.combo_box import ComboBox
from deskcrm.ui.kit.fields import Field, Line, Wrong


class _Parsed(Line):
    """A line that is understood, and says underneath what it understood."""

    def __init__(self, name: str, label: str, **options: Any) -> None:
        super().__init__(name, label, **options)
        self.line.textChanged.connect(lambda _: self._say_understood())

    def read(self, text: str) -> Any:
        """Understand the text; None if it makes no sense."""
        raise NotImplementedError

    def say(self, value: Any) -> str:
        """Say a value back."""
        raise NotImplementedError

    def wrong_words(self) -> str:
        """What to type instead."""
        raise NotImplementedError

    def value(self) -> Any:
        text = self.line.text().strip()
        if not text:
            return None
        found = self.read(text)
        if found is None:
            raise Wrong(self.wrong_words())
        return found

    def _say_understood(self) -> None:
        text = self.line.text().strip()
        found = self.read(text) if text else None
        said = self.say(found) if found is not None else ""
        self.show_note(said if said and said != text else self.hint)


class Day(_Parsed):
    """A day, as typed (3.5, tomorrow, пт, +3, 2w) or chosen in a calendar. Value: date | None."""

    def __init__(self, name: str, label: str, **options: Any) -> None:
        options.setdefault("placeholder", tr("tomorrow, Fri, 24/05, +3"))
        super().__init__(name, label, **options)
        offer_calendar(self.line)

    def read(self, text: str) -> Any:
        return dates.parse_day(text)

    def say(self, value: Any) -> str:
        return dates.long_day(value)

    def wrong_words(self) -> str:
        return tr("This is not a day. Write it like 24/05, tomorrow or +3.")

    def set_value(self, value: Any) -> None:
        self.line.setText(dates.typed_day(value) if value is not None else "")


def offer_calendar(line: QLineEdit) -> None:
    """Let a day be chosen in a calendar under the line, by a click or Alt+Down."""

    def take(chosen: date) -> None:
        line.setText(dates.typed_day(chosen))
        line.setFocus()

    def show() -> None:
        popup = Calendar(dates.parse_day(line.text()) or dates.today(), take)
        popup.setParent(line, Qt.WindowType.Popup)
        popup.move(line.mapToGlobal(QPoint(0, line.height() + 2)))
        popup.show()

    opener = QAction(icons.icon("calendar"), tr("Open the calendar"), line)
    opener.setShortcut(QKeySequence("Alt+Down"))
    opener.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
    opener.triggered.connect(show)
    line.addAction(opener, QLineEdit.ActionPosition.TrailingPosition)


class Calendar(QWidget):
    """A calendar that goes away once a day is chosen."""

    def __init__(self, shown: date, on_chosen: Callable[[date], object]) -> None:
        super().__init__()
        self._on_chosen = on_chosen
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        calendar.setLocale(dates.locale())
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setSelectedDate(dates.to_qdate(shown))
        calendar.setAccessibleName(tr("Calendar"))
        _dress(calendar)
        calendar.activated.connect(self._choose)
        calendar.clicked.connect(self._choose)
        frame = parts.surface("raised")
        frame.setLayout(parts.column(calendar, margins=6))
        self.setLayout(parts.column(frame))
        self.setFocusProxy(calendar)

    def _choose(self, day: QDate) -> None:
        chosen = date(day.year(), day.month(), day.day())
        on_chosen = self._on_chosen
        self.close()
        on_chosen(chosen)


def _dress(calendar: QCalendarWidget) -> None:
    """Take Qt's red week-ends and black arrows away."""
    quiet = QTextCharFormat()
    quiet.setForeground(theme.color(theme.colors().muted))
    quiet.setFont(theme.font(theme.sizes().small))
    calendar.setHeaderTextFormat(quiet)
    weekend = QTextCharFormat()
    weekend.setForeground(theme.color(theme.colors().text))
    for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(day, weekend)
    arrows = {
        "qt_calendar_prevmonth": ("chevron-left", tr("Previous month")),
        "qt_calendar_nextmonth": ("chevron-right", tr("Next month")),
    }
    for name, (icon, words) in arrows.items():
        button = calendar.findChild(QToolButton, name)
        if button is not None:
            button.setIcon(icons.icon(icon))
            button.setAccessibleName(words)


class Moment(Field):
    """A day and a time of day on this workstation's clock. Value: an aware datetime | None."""

    def __init__(self, name: str, label: str, *, required: bool = False, hint: str = "") -> None:
        self.day = QLineEdit()
        self.day.setPlaceholderText(tr("today, Fri, 24/05"))
        offer_calendar(self.day)
        self.time = QLineEdit()
        self.time.setPlaceholderText("14:30")
        self.time.setMaximumWidth(90)
        both = QWidget()
        both.setLayout(parts.row(self.day, self.time))
        super().__init__(name, label, both, required=required, hint=hint)
        self.time.setAccessibleName(tr("{label}: time", label=label))
        self.time.installEventFilter(self)
        for line in (self.day, self.time):
            line.textChanged.connect(lambda _: self._changed())

    def stop(self) -> QWidget:
        return self.day

    def _changed(self) -> None:
        self.edited.emit()
        try:
            found = self.value()
        except Wrong:
            found = None
        said = (
            f"{dates.long_day(dates.local(found).date())}, {dates.clock_time(found)}"
            if found
            else ""
        )
        self.show_note(said or self.hint)

    def is_blank(self) -> bool:
        return not self.day.text().strip() and not self.time.text().strip()

    def value(self) -> Any:
        if self.is_blank():
            return None
        day_text, time_text = self.day.text().strip(), self.time.text().strip()
        day = dates.parse_day(day_text) if day_text else dates.today()
        if day is None:
            raise Wrong(tr("This is not a day. Write it like 24/05, tomorrow or +3."))
        time = dates.parse_time(time_text) if time_text else (9, 0)
        if time is None:
            raise Wrong(tr("This is not a time. Write it like 14:30."))
        return datetime(day.year, day.month, day.day, *time).astimezone().astimezone(UTC)

    def set_value(self, value: Any) -> None:
        at = dates.local(value) if value is not None else None
        self.day.setText(dates.typed_day(at) if at else "")
        self.time.setText(f"{at:%H:%M}" if at else "")

    def draft(self) -> Any:
        return [] if self.is_blank() else [self.day.text(), self.time.text()]

    def set_draft(self, draft: Any) -> None:
        day, time = draft or ("", "")
        self.day.setText(day)
        self.time.setText(time)


class Duration(_Parsed):
    """A length of time as typed: 15, 1:30, 1h 30m, 90 мин. Value: seconds | None."""

    def __init__(self, name: str, label: str, **options: Any) -> None:
        options.setdefault("placeholder", tr("15 min, 1 h 30 min"))
        super().__init__(name, label, **options)

    def read(self, text: str) -> Any:
        return dates.parse_duration(text)

    def say(self, value: Any) -> str:
        return dates.duration(value)

    def wrong_words(self) -> str:
        return tr("This is not a length of time. Write it like 15, 1:30 or 1 h 30 min.")

    def set_value(self, value: Any) -> None:
        seconds = value.total_seconds() if isinstance(value, timedelta) else value
        self.line.setText("" if seconds is None else dates.duration(seconds))


class Money(Field):
    """An amount and its currency. Value: (minor units, currency) | None."""

    def __init__(
        self,
        name: str,
        label: str,
        *,
        currencies: Sequence[str] = (),
        required: bool = False,
        hint: str = "",
    ) -> None:
        self.line = QLineEdit()
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box = ComboBox()
        self.box.addItems(list(currencies or dates.currencies()))
        self.box.setFixedWidth(84)
        both = QWidget()
        both.setLayout(parts.row(self.line, self.box))
        super().__init__(name, label, both, required=required, hint=hint)
        self.box.setAccessibleName(tr("{label}: currency", label=label))
        self.line.textChanged.connect(lambda _: self.edited.emit())
        self.box.currentIndexChanged.connect(lambda _: self.edited.emit())

    def stop(self) -> QWidget:
        return self.line

    def is_blank(self) -> bool:
        return not self.line.text().strip()

    def value(self) -> Any:
        if self.is_blank():
            return None
        amount = dates.parse_money(self.line.text())
        if amount is None:
            raise Wrong(tr("This is not an amount. Write it like 12 500 or 12k."))
        return amount, self.box.currentText()

    def set_value(self, value: Any) -> None:
        if value is None:
            self.line.clear()
            return
        minor, currency = value
        self._offer(currency)
        if minor is None:  # only the currency in which it will be written is known
            self.line.clear()
        else:
            self.line.setText(dates.number(minor / 100, 0 if minor % 100 == 0 else 2))

    def _offer(self, currency: str) -> None:
        if self.box.findText(currency) < 0:
            self.box.addItem(currency)
        self.box.setCurrentText(currency)

    def draft(self) -> Any:
        return [] if self.is_blank() else [self.line.text(), self.box.currentText()]

    def set_draft(self, draft: Any) -> None:
        text, currency = draft or ("", self.box.currentText())
        self._offer(currency)
        self.line.setText(text)
