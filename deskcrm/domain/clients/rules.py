"""What may stand in a client's fields, its own and the custom ones."""

import re
from collections.abc import Sequence
from datetime import date

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.domain.clients.model import FieldKind
from deskcrm.domain.names import fold, one_line

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
_LINK = re.compile(
    r"(?:https?://)?[^\s/:?#@.]+(?:\.[^\s/:?#@.]+)+(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE
)
_NUMBER = re.compile(r"[+-]?\d{1,18}(?:\.\d{1,9})?")
_SPACES = re.compile(r"[\s\u00a0\u202f]")
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")

YES, NO = "yes", "no"
_YES = frozenset({"yes", "true", "1", "да", "y", "on"})
_NO = frozenset({"no", "false", "0", "нет", "n", "off"})


def check_language(code: str) -> str:
    """Give a language code back if it looks like one (ru, en, pt-BR), or empty."""
    code = code.strip()
    if code and not _LANGUAGE.fullmatch(code):
        raise UserError(
            tr("“{code}” is not a language.", code=code),
            tr("Use its short code, such as ru or en."),
        )
    return code


def check_website(address: str) -> str:
    """Give a web address back with its scheme, or empty; only http and https are links."""
    address = address.strip()
    if not address:
        return ""
    if not _LINK.fullmatch(address):
        raise UserError(
            tr("“{address}” is not a web address.", address=address),
            tr("Write it like example.org or https://example.org/page."),
        )
    return address if "://" in address else f"https://{address}"


def canonical(kind: FieldKind, typed: str, choices: Sequence[str] = ()) -> str:
    """Bring what was typed into a custom field to the form it is kept in; raises UserError."""
    typed = typed.strip()
    if not typed:
        return ""
    match kind:
        case FieldKind.NUMBER:
            return _number(typed)
        case FieldKind.DATE:
            return _date(typed)
        case FieldKind.CHECK:
            return _check(typed)
        case FieldKind.CHOICE:
            return _choice(typed, choices)
        case FieldKind.LINK:
            return check_website(typed)
        case FieldKind.TEXT:
            return typed


def _number(typed: str) -> str:
    plain = _SPACES.sub("", typed).replace(",", ".").replace("−", "-")
    if not _NUMBER.fullmatch(plain):
        raise UserError(tr("“{text}” is not a number.", text=typed), tr("Write it like 1200.50."))
    return plain.removeprefix("+")


def _date(typed: str) -> str:
    day_first = _DAY_FIRST.fullmatch(typed)
    try:
        if day_first:
            return date(int(day_first[3]), int(day_first[2]), int(day_first[1])).isoformat()
        return date.fromisoformat(typed).isoformat()
    except ValueError as error:
        raise UserError(
            tr("“{text}” is not a date.", text=typed), tr("Write it like 2026-01-31.")
        ) from error


def _check(typed: str) -> str:
    if typed.casefold() in _YES:
        return YES
    if typed.casefold() in _NO:
        return NO
    raise UserError(tr("“{text}” is neither yes nor no.", text=typed), tr("Tick the box or not."))


def _choice(typed: str, choices: Sequence[str]) -> str:
    for choice in choices:
        if fold(choice) == fold(typed):
            return choice
    raise UserError(
        tr("“{text}” is not one of the choices.", text=typed),
        tr("Choose one of: {choices}.", choices=", ".join(choices)),
    )


def check_choices(kind: FieldKind, choices: Sequence[str]) -> list[str]:
    """Give the choices of a field trimmed, each once; a choice field needs two at least."""
    kept: dict[str, str] = {}
    for choice in map(one_line, choices):
        if choice:
            kept.setdefault(fold(choice), choice)
    if kind is FieldKind.CHOICE and len(kept) < 2:
        raise UserError(
            tr("There is nothing to choose from."), tr("Enter two or more different choices.")
        )
    return list(kept.values())
