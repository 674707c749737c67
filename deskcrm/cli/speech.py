"""How the command line is spoken with: the language, UTF-8 both ways, one line for an error."""

import os
import sys
from collections.abc import Sequence

from deskcrm.base import words

LANGUAGE_VARIABLE = "DESKCRM_LANGUAGE"


def begin() -> None:
    """Choose the language, and read and write UTF-8 whatever the locale says.

    Names are Cyrillic where the locale says C, and a script's pipe has no locale at all.
    """
    words.set_language(_language())
    for stream, errors in (
        (sys.stdin, "strict"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        # None in a Windows program without a console; another kind of stream under a test.
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=errors)


def _language() -> str:
    """Give the language that the environment asks for; English unless it is Russian."""
    asked = next(
        filter(None, map(os.environ.get, (LANGUAGE_VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"))), ""
    )
    return "ru" if asked.lower().startswith("ru") else "en"


def readable(arguments: Sequence[str]) -> list[str]:
    """Give the arguments as UTF-8, which an ASCII locale hands over byte by byte."""
    return [_readable(one) for one in arguments]


def _readable(argument: str) -> str:
    try:
        argument.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(argument).decode("utf-8", "surrogateescape")
    return argument


def refuse(said: str, code: int) -> int:
    """Say in one line on the standard error what is wrong; gives the exit code back."""
    if sys.stderr is not None:
        sys.stderr.write(f"deskcrm: {' '.join(said.split())}\n")
    return code
