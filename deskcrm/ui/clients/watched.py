"""The tables whose change is worth reading a client's page again."""

from typing import Final

WATCHES: Final = frozenset(
    {
        "client",
        "client_health",
        "client_merge",
        "contact",
        "contact_point",
        "client_tag",
        "tag",
        "custom_field",
        "custom_value",
        "contract",
        "departure",
        "invoice",
        "interaction",
        "participant",
        "attachment",
        "ticket",
        "ticket_message",
        "ticket_line_step",
        "ticket_transition",
        "task",
        "health_read",
        "promise",
        "risk_flag",
        "opportunity",
        "signal_dismissal",
        "usage_week",
        "survey_answer",
        "survey_response",
        "play",
        "play_step",
        "playbook",
        "touch_policy",
        "touch_rhythm",
        "user",
    }
)
