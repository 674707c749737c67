"""The small language of filters: field, comparison, value, joined by "and".

It knows no feature: a feature declares its fields and says what each means in SQL.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Final

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr

Value = str | int | float | bool | tuple[str, ...] | None

ME: Final = "me"
"""Stands for whoever looks, so that one shared view serves everybody."""


class Comparison(StrEnum):
    """How a field is compared with the value."""

    IS = "is"
    IS_NOT = "is_not"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    CONTAINS = "contains"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BEFORE = "before"
    AFTER = "after"
    MORE_DAYS_AGO_THAN = "more_days_ago_than"
    WITHIN_PAST_DAYS = "within_past_days"
    WITHIN_NEXT_DAYS = "within_next_days"
    IS_EMPTY = "is_empty"
    IS_NOT_EMPTY = "is_not_empty"


class ValueKind(StrEnum):
    """What a field is compared with, and so which editor it needs."""

    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"
    DATE = "date"
    CHOICE = "choice"
    CHECK = "check"
    PERSON = "person"
    TAG = "tag"
    COUNTRY = "country"
    IMPORT = "import"


_C = Comparison
_EMPTINESS: Final = (_C.IS_EMPTY, _C.IS_NOT_EMPTY)

COMPARISONS: Final[Mapping[ValueKind, tuple[Comparison, ...]]] = {
    ValueKind.TEXT: (_C.CONTAINS, _C.IS, _C.IS_NOT, *_EMPTINESS),
    ValueKind.NUMBER: (_C.AT_LEAST, _C.AT_MOST, _C.IS, _C.IS_NOT, *_EMPTINESS),
    ValueKind.COUNT: (_C.AT_LEAST, _C.AT_MOST, _C.IS, _C.IS_NOT),
    ValueKind.DATE: (
        _C.WITHIN_PAST_DAYS,
        _C.MORE_DAYS_AGO_THAN,
        _C.WITHIN_NEXT_DAYS,
        _C.BEFORE,
        _C.AFTER,
        _C.IS,
        *_EMPTINESS,
    ),
    ValueKind.CHOICE: (_C.IS, _C.IS_NOT, _C.ANY_OF, _C.NONE_OF),
    ValueKind.CHECK: (_C.IS,),
    ValueKind.PERSON: (_C.IS, _C.IS_NOT, _C.ANY_OF, _C.NONE_OF, *_EMPTINESS),
    ValueKind.TAG: (_C.ANY_OF, _C.NONE_OF, _C.IS, _C.IS_NOT, *_EMPTINESS),
    # It may have been written in words, and views were made when one typed it.
    ValueKind.COUNTRY: (_C.IS, _C.IS_NOT, _C.ANY_OF, _C.NONE_OF, _C.CONTAINS, *_EMPTINESS),
    ValueKind.IMPORT: (_C.IS, _C.IS_NOT),
}
"""What can be asked of each kind of field, the likeliest first."""

_WITHOUT_VALUE: Final = frozenset(_EMPTINESS)
_WITH_DAYS: Final = frozenset({_C.MORE_DAYS_AGO_THAN, _C.WITHIN_PAST_DAYS, _C.WITHIN_NEXT_DAYS})
_WITH_SEVERAL: Final = frozenset({_C.ANY_OF, _C.NONE_OF})


@dataclass(frozen=True, slots=True)
class FilterField:
    """A field that can be filtered by. ``label`` is English, translated when shown."""

    key: str
    label: str
    kind: ValueKind
    choices: type[Enum] | tuple[str, ...] = ()

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Give what can be asked of the field."""
        return COMPARISONS[self.kind]


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing asked: ``Condition("tier", Comparison.IS, "gold")``."""

    field: str
    comparison: Comparison
    value: Value = None


@dataclass(frozen=True, slots=True)
class Filter:
    """Everything asked at once; no conditions means everything there is."""

    conditions: tuple[Condition, ...] = ()

    def also(self, field: str, comparison: Comparison, value: Value = None) -> "Filter":
        """Give this filter with one condition more."""
        return Filter((*self.conditions, Condition(field, comparison, value)))

    def __bool__(self) -> bool:
        return bool(self.conditions)


def filter_to_json(asked: Filter) -> dict[str, Any]:
    """Write a filter as what a saved view keeps."""
    return {
        "all": [
            [c.field, c.comparison.value, list(c.value) if isinstance(c.value, tuple) else c.value]
            for c in asked.conditions
        ]
    }


def filter_from_json(kept: Mapping[str, Any]) -> Filter:
    """Read a filter back; a view of a newer version raises UserError."""
    try:
        conditions = tuple(
            Condition(str(field), Comparison(comparison), _value(value))
            for field, comparison, value in kept.get("all", ())
        )
    except (TypeError, ValueError) as error:
        raise UserError(
            tr("This view was made by a newer version of DeskCRM."),
            tr("Update the program, or make the view again."),
        ) from error
    return Filter(conditions)


def check_filter(asked: Filter, fields: Mapping[str, FilterField]) -> None:
    """Refuse a filter that cannot be answered, in words."""
    for condition in asked.conditions:
        field = fields.get(condition.field)
        if field is None:
            raise UserError(
                tr(
                    "This view filters by a field that is not there: “{field}”.",
                    field=condition.field,
                ),
                tr("Remove that condition, or update the program."),
            )
        if condition.comparison not in field.comparisons or not _fits(condition):
            raise UserError(
                tr("“{field}” cannot be compared that way.", field=tr(field.label)),
                tr("Choose another comparison, or fill in its value."),
            )


def _fits(condition: Condition) -> bool:
    """Tell whether the value is of the kind that the comparison needs."""
    value = condition.value
    if condition.comparison in _WITHOUT_VALUE:
        return value is None
    if condition.comparison in _WITH_DAYS:
        return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 36_500
    if condition.comparison in _WITH_SEVERAL:
        return isinstance(value, tuple)
    return value is not None and value != "" and not isinstance(value, tuple)


def _value(kept: Any) -> Value:
    if isinstance(kept, list):
        return tuple(str(one) for one in kept)
    if kept is None or isinstance(kept, str | int | float | bool):
        return kept
    raise ValueError("not a filter's value")
