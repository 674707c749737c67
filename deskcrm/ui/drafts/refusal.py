"""Lets a rule of the domain speak under the field that it is about, before anything is saved."""

from collections.abc import Callable
from typing import Any

from deskcrm.base.errors import UserError


def refusal(rule: Callable[[str], object]) -> Callable[[Any], str]:
    """Turn a rule that raises into a check that answers what is wrong, in words, or nothing."""

    def check(value: Any) -> str:
        try:
            rule(str(value))
        except UserError as error:
            return f"{error.title} {error.detail}".strip()
        return ""

    return check
