"""What of each record may tell of a person: a column that is added must be put under one of these.

A test of the house holds that every column of text or JSON stands here, so that an erasure misses
none that came later.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Column, Text

from deskcrm.store.types import Json

OF_CLIENT: Final = (
    "legal_name", "tax_number", "goals", "about", "caution", "website", "street", "city",
    "province", "postal_code", "churn_reason",
)  # fmt: skip
"""Of a client that is a person, beside the name."""
OF_CONTACT: Final = ("greeting", "position", "notes")
OF_POINT: Final = ("label", "typed", "normal", "extension")
OF_PERSON: Final = {
    "client": ("name", "sort_name", *OF_CLIENT),
    "client_before": ("state",),
    "client_merge": ("seen",),
    "contact": ("name", *OF_CONTACT),
    "contact_point": OF_POINT,
    "custom_value": ("text",),
    "participant": ("name",),
}
"""Erased with the person whose row it is."""

_TEXTS: Final = {
    "absence": "note",
    "article": "title body keywords address",
    "article_edition": "title body note",
    "article_vote": "comment",
    "assignment_rule": "name",
    "calendar": "name monday tuesday wednesday thursday friday saturday sunday",
    "calendar_day": "hours name",
    "client": (
        "name legal_name tax_number churn_reason goals about caution industry website source"
        " street city province postal_code"
    ),
    "contract": "title notes",
    "contract_step": "words competitor",
    "custom_field": "name hint",
    "custom_value": "text",
    "departure": "words competitor",
    "health_model": "version",
    "health_read": "note",
    "interaction": "subject text",
    "invoice": "number",
    "macro": "name note line_reason line_tried",
    "opportunity": "title next_step notes",
    "participant": "name",
    "play": "about note",
    "play_step": "reason",
    "playbook": "name about",
    "postponement": "reason",
    "promise": "text note",
    "renewal_forecast": "manager_note final_note",
    "reply_template": "name text_en text_ru",
    "revision": "former_text reason",
    "risk_flag": "quiet_reason",
    "saved_view": "place name sort",
    "signal_dismissal": "about reason",
    "skill": "name",
    "sla_policy": "name",
    "suggestion": "title text reply",
    "suggestion_vote": "words",
    "survey_answer": "text outcome",
    "survey_form": "name opening_en opening_ru note",
    "survey_response": "override_reason",
    "tag": "name",
    "task": "title outcome notes",
    "team": "name",
    "ticket": "subject",
    "ticket_line_step": "reason tried",
    "ticket_message": "text",
    "ticket_skip": "reason",
    "ticket_transition": "reason",
    "touch_policy": "name",
    "touch_rhythm": "reason",
}
TEXTS: Final = {table: tuple(words.split()) for table, words in _TEXTS.items()}
"""People write into these what they like: the words that speak of a person are searched for."""

_SIGNS: Final = {
    "article": "title_key language",
    "assignment_rule": "kinds priorities tiers lines channels tags",
    "calendar": "time_zone",
    "calendar_day": "country",
    "client": "language time_zone country",
    "client_merge": "taken grounds",
    "contact": "language",
    "contract": "currency",
    "contract_step": "currency",
    "custom_field": "choices",
    "distinct_pair": "grounds",
    "erasure": "reference digest counts",
    "health_model": "weights bounds",
    "invoice": "currency",
    "macro": "tags",
    "opportunity": "currency",
    "play": "facts",
    "play_step": "step",
    "playbook": "origin conditions",
    "playbook_edition": "steps",
    "preference": "key value",
    "risk_flag": "at_entry",
    "row_origin": "rows",
    "saved_view": "filter columns",
    "skill": "kinds lines tags",
    "sla_policy": "kinds priorities tiers lines channels tags pauses_in",
    "survey_answer": "question_key row_key choices",
    "survey_form": "questions",
    "survey_response": "token language",
    "tag": "folded",
    "task": "recurrence",
    "ticket_assignment": "facts",
    "touch_policy": "currency tiers lifecycles tags owners",
    "usage_week": "metric",
}
SIGNS: Final = {table: tuple(words.split()) for table, words in _SIGNS.items()}
"""Short signs, figures and what was set up: they tell of nobody."""

APART: Final = {
    "attachment": ("name", "media_type", "sha256"),
    "conflict": ("table_name", "field", "base", "kept", "lost"),
    "user": ("name", "email", "position", "language", "time_zone"),
}
"""Chosen by itself, followed by ``following``, or of the people who work here."""


def texts_and_json(columns: Mapping[str, Column[Any]]) -> set[str]:
    """Name the columns that could hold words."""
    return {key for key, column in columns.items() if isinstance(column.type, Text | Json)}


def undeclared(table: str, columns: Mapping[str, Column[Any]]) -> set[str]:
    """Name the columns of a table that stand nowhere here, or stand here and are not there.

    A text may tell of the person whose row it is, and of others beside: those of a client do.
    """
    erased, searched = set(OF_PERSON.get(table, ())), set(TEXTS.get(table, ()))
    left = set(SIGNS.get(table, ())), set(APART.get(table, ()))
    twice = (erased | searched) & left[0] | (erased | searched) & left[1] | left[0] & left[1]
    return (texts_and_json(columns) ^ erased.union(searched, *left)) | twice
