"""What a comparison means in SQL, for each kind of field."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, not_, or_

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.views.filters import ME, Comparison, Condition

_C = Comparison
T = TypeVar("T")

_ORDERED: Final[dict[Comparison, Callable[[Any, Any], ColumnElement[bool]]]] = {
    _C.AT_LEAST: lambda column, value: column >= value,
    _C.AT_MOST: lambda column, value: column <= value,
    _C.BEFORE: lambda column, value: column < value,
    _C.AFTER: lambda column, value: column > value,
}


def text_clause(column: SQLColumnExpression[Any], condition: Condition) -> ColumnElement[bool]:
    """Compare a text; a part of it in its likely spellings, as neither database folds Cyrillic."""
    text = str(condition.value or "")
    match condition.comparison:
        case _C.IS:
            return column == text
        case _C.IS_NOT:
            return column != text
        case _C.IS_EMPTY:
            return column == ""
        case _C.IS_NOT_EMPTY:
            return column != ""
        case _:
            return or_(*(column.contains(one, autoescape=True) for one in _spellings(text)))


def country_clause(column: SQLColumnExpression[Any], condition: Condition) -> ColumnElement[bool]:
    """Compare a country, which is two letters or as somebody wrote it; one or several."""
    if not isinstance(condition.value, tuple):
        return text_clause(column, condition)
    is_one = column.in_(condition.value)
    return is_one if condition.comparison is _C.ANY_OF else not_(is_one)


def number_clause(column: SQLColumnExpression[Any], condition: Condition) -> ColumnElement[bool]:
    """Compare a number."""
    if condition.comparison in (_C.IS_EMPTY, _C.IS_NOT_EMPTY):
        return _emptiness(column, condition.comparison)
    value = condition.value
    if condition.comparison in _ORDERED:
        return _ORDERED[condition.comparison](column, value)
    return column != value if condition.comparison is _C.IS_NOT else column == value


def choice_clause(
    column: SQLColumnExpression[Any], condition: Condition, read: Callable[[str], T]
) -> ColumnElement[bool]:
    """Compare a choice or a link; ``read`` turns the kept text into the column's value."""
    if condition.comparison in (_C.IS_EMPTY, _C.IS_NOT_EMPTY):
        return _emptiness(column, condition.comparison)
    values = read_values(condition, read)
    if condition.comparison in (_C.IS_NOT, _C.NONE_OF):
        return or_(column.not_in(values), column.is_(None))
    return column == values[0] if len(values) == 1 else column.in_(values)


def same_day(day: date) -> date:
    """Give the day itself: how a column of days is compared."""
    return day


def start_of_day(day: date) -> datetime:
    """Give the first moment of a day where this machine stands: how moments are compared."""
    return datetime.combine(day, time()).astimezone()


def date_clause(
    column: SQLColumnExpression[Any],
    condition: Condition,
    *,
    today: date,
    at: Callable[[date], Any] = same_day,
) -> ColumnElement[bool]:
    """Compare a column of days; "days ago" count from today.

    ``at`` gives what the column holds for a day, so that moments and texts can be compared too.
    """
    comparison = condition.comparison
    if comparison in (_C.IS_EMPTY, _C.IS_NOT_EMPTY):
        return _emptiness(column, comparison)
    first, behind = _days_asked(condition, today)
    bounds = [column >= at(first)] if first else []
    return and_(*bounds, column < at(behind)) if behind else and_(*bounds)


def _days_asked(condition: Condition, today: date) -> tuple[date | None, date | None]:
    """Give the first day asked for, and the first behind it; None where there is no bound."""
    one = timedelta(days=1)
    match condition.comparison:
        case _C.MORE_DAYS_AGO_THAN:
            return None, today - _days(condition)
        case _C.WITHIN_PAST_DAYS:
            return today - _days(condition), today + one
        case _C.WITHIN_NEXT_DAYS:
            return today, today + _days(condition) + one
        case _C.BEFORE:
            return None, _day(condition)
        case _C.AFTER:
            return _day(condition) + one, None
        case _:
            return _day(condition), _day(condition) + one


def read_values(condition: Condition, read: Callable[[str], T]) -> list[T]:
    """Read the one value or the several of a condition."""
    kept: Iterable[Any]
    kept = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    try:
        return [read(str(one)) for one in kept]
    except ValueError as error:
        raise UserError(
            tr("This view asks for a value that is not there any more."),
            tr("Choose the value again and save the view."),
        ) from error


def read_person(actor: UUID) -> Callable[[str], UUID]:
    """Give the reader of a person's id, in which "me" is whoever looks."""
    return lambda text: actor if text == ME else UUID(hex=text)


def inverted(condition: Condition, clause: ColumnElement[bool]) -> ColumnElement[bool]:
    """Turn a "has it" clause round for the comparisons that ask for the contrary."""
    is_contrary = condition.comparison in (_C.IS_NOT, _C.NONE_OF, _C.IS_EMPTY)
    return not_(clause) if is_contrary else clause


def _emptiness(column: SQLColumnExpression[Any], comparison: Comparison) -> ColumnElement[bool]:
    return column.is_(None) if comparison is _C.IS_EMPTY else column.is_not(None)


def _spellings(text: str) -> list[str]:
    return list(dict.fromkeys((text, text.lower(), text.upper(), text.capitalize(), text.title())))


def _days(condition: Condition) -> timedelta:
    assert isinstance(condition.value, int)
    return timedelta(days=condition.value)


def _day(condition: Condition) -> date:
    try:
        return date.fromisoformat(str(condition.value))
    except ValueError as error:
        raise UserError(
            tr("“{text}” is not a date.", text=condition.value),
            tr("Choose the day in the calendar."),
        ) from error
