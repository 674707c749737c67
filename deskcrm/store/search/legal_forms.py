"""Words that stand before or after half of all company names and tell none from another."""

from typing import Final

LEGAL_FORMS: Final = frozenset(
    "ооо оао зао пао ао нао ип тоо фгуп муп гуп чуп одо ltd llc inc gmbh plc llp corp".split()
)
"""Folded. Typed beside other words they are not asked for, so ООО Ромашка finds ЗАО Ромашка."""


def form_token(folded: str) -> str:
    """The token of a legal form, which no beginning of another word finds."""
    return "¶" + folded
