"""A word as a text needs it: its forms, and what agrees with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MASCULINE: Final = 0
FEMININE: Final = 1
NEUTER: Final = 2
PLURAL: Final = 3
GENDERS: Final = {"m": MASCULINE, "f": FEMININE, "n": NEUTER, "p": PLURAL}
CASES: Final = ("", "gen", "dat", "acc", "ins", "pre")


@dataclass(frozen=True, slots=True)
class Word:
    """Forms by case, the nominative under the empty name; a form that is missing is that one."""

    forms: Mapping[str, str]
    gender: int = MASCULINE

    def form(self, case: str) -> str:
        """Give the word in a case."""
        return self.forms.get(case) or self.forms[""]


def plain(text: str) -> Word:
    """Make a word that never changes."""
    return Word({"": text})


def noun(line: str) -> Word:
    """Read a noun as the material writes it: forms by case and a gender, or a single form."""
    *forms, last = line.split("|")
    if not forms:
        return plain(last)
    return Word(dict(zip(CASES, forms, strict=True)), GENDERS[last])
