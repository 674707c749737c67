"""What clients can be filtered by, and what each condition means in SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Float, case, cast, func, not_, select

from deskcrm.domain.clients.model import (
    Client,
    ClientKind,
    CustomField,
    CustomFieldId,
    CustomValue,
    FieldKind,
    Lifecycle,
    Tier,
)
from deskcrm.domain.clients.rules import YES
from deskcrm.domain.days import day_of
from deskcrm.domain.imports.origins import subjects_of
from deskcrm.domain.names import fold_words
from deskcrm.domain.risk.model import RiskFlag
from deskcrm.domain.summary.model import client_summary
from deskcrm.domain.tags.model import ClientTag, Tag
from deskcrm.domain.touch.model import client_touch
from deskcrm.domain.views.filters import (
    Comparison,
    Condition,
    Filter,
    FilterField,
    ValueKind,
    check_filter,
)
from deskcrm.domain.views.sql import (
    choice_clause,
    country_clause,
    date_clause,
    inverted,
    number_clause,
    read_person,
    read_values,
    same_day,
    start_of_day,
    text_clause,
)
from deskcrm.store.reader import Reader

Clause = Callable[[Reader, Condition, bool], ColumnElement[bool]]
"""Makes SQL of a condition; the flag says that rows may be found by it."""

_LEADERS: Final = ("owner", "tag", "city", "tier", "lifecycle")
"""What rows are found by when several are asked for: what matches the fewest comes first.

SQLite keeps no count of how many rows a value has. Left to itself it would find the one owner's
hundred clients among all that are active.
"""


@dataclass(frozen=True, slots=True)
class Clauses:
    """A filter in SQL: what it asks of the client's own row, and what of its summary.

    Kept apart, since a list that asks only of one need not touch the other: there is a summary
    for each living client and for no other.
    """

    client: tuple[ColumnElement[bool], ...] = ()
    summary: tuple[ColumnElement[bool], ...] = ()


CUSTOM: Final = "custom:"
"""What the key of a custom field begins with; its id follows, in hex."""


def _text(column: Any) -> Clause:
    return lambda db, condition, _: text_clause(column, condition)


def _number(column: Any) -> Clause:
    return lambda db, condition, _: number_clause(column, condition)


def _choice(column: Any, choices: Callable[[str], Any]) -> Clause:
    def clause(_db: Reader, condition: Condition, leads: bool) -> ColumnElement[bool]:
        return choice_clause(column if leads else off_index(column), condition, choices)

    return clause


def _day(column: Any, at: Callable[[date], Any] = same_day) -> Clause:
    return lambda db, condition, _: date_clause(column, condition, today=day_of(db.now), at=at)


def off_index(column: Any) -> ColumnElement[Any]:
    """Speak of a column so that no row is looked for by it; its value may still come from one."""
    return func.coalesce(column, column)


def _country(_db: Reader, condition: Condition, _: bool) -> ColumnElement[bool]:
    return country_clause(Client.country, condition)


def _name(_db: Reader, condition: Condition, _: bool) -> ColumnElement[bool]:
    """Compare names by their folded words, in which case and ё do not count."""
    words = fold_words(str(condition.value or ""))
    if condition.comparison is Comparison.CONTAINS:
        return Client.sort_name.contains(words, autoescape=True)
    return inverted(condition, Client.sort_name == words)


def _owner(db: Reader, condition: Condition, _: bool) -> ColumnElement[bool]:
    return choice_clause(Client.owner_id, condition, read_person(db.actor))


def _tag(_db: Reader, condition: Condition, _: bool) -> ColumnElement[bool]:
    worn = select(ClientTag.client_id).where(~ClientTag.is_deleted)
    if condition.value is None:
        worn = worn.join(Tag, Tag.id == ClientTag.tag_id).where(~Tag.is_deleted)
    else:
        worn = worn.where(ClientTag.tag_id.in_(read_values(condition, _read_id)))
    return inverted(condition, Client.id.in_(worn))


def _at_risk(_db: Reader, condition: Condition, _: bool) -> ColumnElement[bool]:
    """Look for those whose flag stands, hidden or not."""
    flagged = select(RiskFlag.client_id).where(~RiskFlag.is_deleted, RiskFlag.left_at.is_(None))
    clause = Client.id.in_(flagged)
    return clause if condition.value else not_(clause)


def _import(_db: Reader, condition: Condition, _: bool) -> ColumnElement[bool]:
    """Look for those whom an import brought in, changed, or told something of."""
    return inverted(condition, Client.id.in_(subjects_of(str(condition.value))))


def _next_touch(db: Reader, condition: Condition, _: bool) -> ColumnElement[bool]:
    due = client_touch.c.due_at
    if condition.comparison in (Comparison.IS_EMPTY, Comparison.IS_NOT_EMPTY):
        return inverted(condition, Client.id.in_(select(client_touch.c.client_id)))
    clause = date_clause(due, condition, today=day_of(db.now), at=start_of_day)
    return Client.id.in_(select(client_touch.c.client_id).where(clause))


def _is_cold(db: Reader, condition: Condition, _: bool) -> ColumnElement[bool]:
    cold = Client.id.in_(select(client_touch.c.client_id).where(client_touch.c.cold_at < db.now))
    return cold if condition.value else not_(cold)


def _read_id(text: str) -> UUID:
    return UUID(hex=text)


_FIELDS: Final[dict[str, tuple[FilterField, Clause]]] = {
    field.key: (field, clause)
    for field, clause in (
        (FilterField("name", "Name", ValueKind.TEXT), _name),
        (FilterField("owner", "Owner", ValueKind.PERSON), _owner),
        (
            FilterField("lifecycle", "Lifecycle", ValueKind.CHOICE, Lifecycle),
            _choice(Client.lifecycle, Lifecycle),
        ),
        (FilterField("tier", "Tier", ValueKind.CHOICE, Tier), _choice(Client.tier, Tier)),
        (FilterField("tag", "Tag", ValueKind.TAG), _tag),
        (FilterField("is_at_risk", "At risk", ValueKind.CHECK), _at_risk),
        (
            FilterField("kind", "Kind", ValueKind.CHOICE, ClientKind),
            _choice(Client.kind, ClientKind),
        ),
        (FilterField("city", "City", ValueKind.TEXT), _text(Client.city)),
        (FilterField("country", "Country", ValueKind.COUNTRY), _country),
        (FilterField("industry", "Industry", ValueKind.TEXT), _text(Client.industry)),
        (FilterField("source", "Source", ValueKind.TEXT), _text(Client.source)),
        (FilterField("language", "Language", ValueKind.TEXT), _text(Client.language)),
        (FilterField("tax_number", "Tax number", ValueKind.TEXT), _text(Client.tax_number)),
        (
            FilterField("customer_since", "Customer since", ValueKind.DATE),
            _day(Client.customer_since),
        ),
        (FilterField("churned_on", "Churned on", ValueKind.DATE), _day(Client.churned_on)),
        (
            FilterField("created_at", "Added", ValueKind.DATE),
            _day(Client.created_at, start_of_day),
        ),
        (FilterField("import", "Import", ValueKind.IMPORT), _import),
        (FilterField("next_touch", "Next touch", ValueKind.DATE), _next_touch),
        (FilterField("is_cold", "Going cold", ValueKind.CHECK), _is_cold),
    )
}

_SUMMARY: Final[dict[str, tuple[FilterField, Clause]]] = {
    field.key: (field, clause)
    for field, clause in (
        (
            FilterField("last_contact_at", "Last contact", ValueKind.DATE),
            _day(client_summary.c.last_contact_at, start_of_day),
        ),
        (
            FilterField("last_two_way_at", "Last two-way contact", ValueKind.DATE),
            _day(client_summary.c.last_two_way_at, start_of_day),
        ),
        (
            FilterField("unanswered", "Unanswered by the client", ValueKind.COUNT),
            _number(client_summary.c.unanswered),
        ),
        (
            FilterField("open_tickets", "Open tickets", ValueKind.COUNT),
            _number(client_summary.c.open_tickets),
        ),
        (
            FilterField("open_tasks", "Open tasks", ValueKind.COUNT),
            _number(client_summary.c.open_tasks),
        ),
        (
            FilterField("next_task_due", "Next task due", ValueKind.DATE),
            _day(client_summary.c.next_task_due),
        ),
        (
            FilterField("open_promises", "Open promises", ValueKind.COUNT),
            _number(client_summary.c.open_promises),
        ),
        (
            FilterField("next_promise_due", "Next promise due", ValueKind.DATE),
            _day(client_summary.c.next_promise_due),
        ),
        (
            FilterField("renewal_decision_on", "Renewal decision", ValueKind.DATE),
            _day(client_summary.c.renewal_decision_on),
        ),
    )
}

SUMMED: Final = frozenset(_SUMMARY) | {"next_touch", "is_cold"}
"""What is asked of what is derived: nothing, where that is not kept."""

_STRAIGHT: Final = {
    Comparison.IS_NOT: Comparison.IS,
    Comparison.NONE_OF: Comparison.ANY_OF,
}
"""What to look for where the contrary is asked: who never filled in the field belongs too."""

_CUSTOM_KINDS: Final = {
    FieldKind.TEXT: ValueKind.TEXT,
    FieldKind.LINK: ValueKind.TEXT,
    FieldKind.NUMBER: ValueKind.NUMBER,
    FieldKind.DATE: ValueKind.DATE,
    FieldKind.CHOICE: ValueKind.CHOICE,
    FieldKind.CHECK: ValueKind.CHECK,
}


def list_filter_fields(db: Reader) -> list[FilterField]:
    """List what clients can be filtered by: their own fields, then the custom ones."""
    custom = db.all(
        select(CustomField.id, CustomField.name, CustomField.kind, CustomField.choices)
        .where(~CustomField.is_deleted)
        .order_by(CustomField.position, CustomField.id)
    )
    own = [field for field, _ in (*_FIELDS.values(), *_SUMMARY.values())]
    return own + [
        FilterField(
            custom_key(CustomFieldId(row.id)), row.name, _CUSTOM_KINDS[row.kind], tuple(row.choices)
        )
        for row in custom
    ]


def custom_key(field_id: CustomFieldId) -> str:
    """Give the key under which a custom field is filtered by."""
    return CUSTOM + field_id.hex


def field_of(condition: Condition) -> UUID:
    """Give the custom field that a condition is about."""
    return UUID(hex=condition.field.removeprefix(CUSTOM))


def client_clauses(db: Reader, asked: Filter) -> Clauses:
    """Turn a filter into SQL; raises UserError when it cannot be answered."""
    fields = {key: field for key, (field, _) in (_FIELDS | _SUMMARY).items()}
    if any(condition.field.startswith(CUSTOM) for condition in asked.conditions):
        fields = {field.key: field for field in list_filter_fields(db)}
    check_filter(asked, fields)
    leader = _leader(asked)
    return Clauses(
        tuple(_clause(db, c, fields, leader) for c in asked.conditions if c.field not in _SUMMARY),
        tuple(_SUMMARY[c.field][1](db, c, True) for c in asked.conditions if c.field in _SUMMARY),
    )


def _leader(asked: Filter) -> str:
    """Name the field that rows are found by; nothing when they are walked in their order."""
    exact = {c.field for c in asked.conditions if c.comparison is Comparison.IS}
    exact |= {c.field for c in asked.conditions if c.field.startswith(CUSTOM)}
    return next((field for field in (*_LEADERS, *exact) if field in exact), "")


def _clause(
    db: Reader, condition: Condition, fields: dict[str, FilterField], leader: str
) -> ColumnElement[bool]:
    if condition.field.startswith(CUSTOM):
        return _custom(db, condition, fields[condition.field].kind)
    leads = condition.field == leader and condition.comparison is Comparison.IS
    return _FIELDS[condition.field][1](db, condition, leads)


def _custom(db: Reader, condition: Condition, kind: ValueKind) -> ColumnElement[bool]:
    """Ask for clients by a custom field; one that was never filled in is empty."""
    filled = select(CustomValue.client_id).where(
        CustomValue.field_id == field_of(condition), ~CustomValue.is_deleted, CustomValue.text != ""
    )
    if condition.comparison in (Comparison.IS_EMPTY, Comparison.IS_NOT_EMPTY):
        return inverted(condition, Client.id.in_(filled))
    if kind is ValueKind.CHECK:
        ticked = Client.id.in_(filled.where(CustomValue.text == YES))
        return ticked if condition.value else not_(ticked)
    asked = condition
    if condition.comparison in _STRAIGHT:
        asked = Condition(condition.field, _STRAIGHT[condition.comparison], condition.value)
    matching = Client.id.in_(filled.where(_custom_clause(db, asked, kind)))
    return inverted(condition, matching)


def _custom_clause(db: Reader, asked: Condition, kind: ValueKind) -> ColumnElement[bool]:
    text = CustomValue.text
    match kind:
        case ValueKind.NUMBER:
            # Only this field's texts are numbers, and PostgreSQL may read before it has filtered.
            number = case((CustomValue.field_id == field_of(asked), cast(text, Float)))
            return number_clause(number, asked)
        case ValueKind.DATE:
            return date_clause(text, asked, today=day_of(db.now), at=date.isoformat)
        case ValueKind.CHOICE:
            return choice_clause(text, asked, str)
        case _:
            return text_clause(text, asked)
