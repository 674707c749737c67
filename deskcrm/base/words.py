"""Words in the person's language: one catalogue for every room, switched at run time."""

import gettext
from contextvars import ContextVar
from enum import Enum
from functools import cache
from typing import Final

from deskcrm.base import paths

LANGUAGES: Final = ("en", "ru")

DONE: Final = "Done"
"""The context under which the catalogue has the past of a command's label."""
_PAST_LABELS: Final = {
    "Answer with article": "Answered with article",
    "Article still true": "Confirmed article",
    "Done, and schedule next": "Done, and next one scheduled",
    "New article": "Added article",
    "Reply": "Replied",
}
_PAST_VERBS: Final = {
    "Break": "Broke",
    "Cancel": "Cancelled",
    "Do": "Did",
    "Give": "Gave",
    "Hold": "Held",
    "Keep": "Kept",
    "Leave": "Left",
    "Let": "Let",
    "Log": "Logged",
    "Make": "Made",
    "Pin": "Pinned",
    "Plan": "Planned",
    "Prefer": "Preferred",
    "Put": "Put",
    "Say": "Said",
    "Send": "Sent",
    "Set": "Set",
    "Skip": "Skipped",
    "Split": "Split",
    "Stop": "Stopped",
    "Take": "Took",
    "Wake": "Woke",
    "Withdraw": "Withdrew",
    "Write": "Wrote",
}

_process_language = "en"
# A server answers people of several languages at once, so a request may have its own.
_own_language: ContextVar[str | None] = ContextVar("language", default=None)


def set_language(code: str) -> None:
    """Set the language of this process: ``en`` or ``ru``."""
    global _process_language
    if code not in LANGUAGES:
        raise ValueError(f"no such language: {code}")
    _process_language = code


def language() -> str:
    """Tell the language in force here."""
    return _own_language.get() or _process_language


class speaking:
    """Use another language within a ``with`` block, in this thread or task only."""

    def __init__(self, code: str) -> None:
        self._code = code

    def __enter__(self) -> None:
        self._token = _own_language.set(self._code)

    def __exit__(self, *_: object) -> None:
        _own_language.reset(self._token)


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    path = paths.resources() / "translations" / f"{code}.mo"
    if code == "en" or not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)


def tr(text: str, /, **values: object) -> str:
    """Translate a sentence; ``{name}`` in it is filled from the keywords."""
    said = _catalogue(language()).gettext(text) if text else ""
    return _quoted_once(said.format(**values)) if values else said


def ntr(one: str, many: str, n: int, /, **values: object) -> str:
    """Translate a counted sentence: 1 тикет, 2 тикета, 5 тикетов; ``{n}`` is the number."""
    return _quoted_once(_catalogue(language()).ngettext(one, many, n).format(n=n, **values))


def ptr(context: str, text: str, /, **values: object) -> str:
    """Translate a word that means different things in different places."""
    said = _catalogue(language()).pgettext(context, text)
    return _quoted_once(said.format(**values)) if values else said


def past(label: str) -> str:
    """Say that what a command's label names was done: "Rename client" is "Renamed client"."""
    said = _catalogue(language()).pgettext(DONE, label)
    return in_past(label) if said == label else said


def in_past(label: str) -> str:
    """Put an English label into the past; one that does not begin with a verb has its own."""
    if label in _PAST_LABELS:
        return _PAST_LABELS[label]
    verb, space, rest = label.partition(" ")
    return (_PAST_VERBS.get(verb) or (verb + ("d" if verb.endswith("e") else "ed"))) + space + rest


def _quoted_once(said: str) -> str:
    # Where two quotation marks of a kind meet, Russian writes one: «ООО «Волга», not »».
    if "»»" in said or "««" in said:
        return said.replace("»»", "»").replace("««", "«")
    return said


def of(member: Enum) -> str:
    """Give the name of an enum member in words, with the enum as the context."""
    return ptr(type(member).__name__, sentence(member.name))


def of_column(name: str) -> str:
    """Give the caption of a column in words: ``legal_name`` is "Legal name"."""
    return tr(sentence(name))


def sentence(name: str) -> str:
    """Turn a Python name into the English that stands for it in the catalogue."""
    words = name.removesuffix("_id").removesuffix("_minor").replace("_", " ").strip().lower()
    words = " ".join(one.upper() if one in _ACRONYMS else one for one in words.split())
    return words[:1].upper() + words[1:]


_ACRONYMS: Final = frozenset({"ces", "csat", "nps", "sla", "vip"})
