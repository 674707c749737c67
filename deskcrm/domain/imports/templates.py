"""Keeps what was chosen for the columns of a file, for the next one with the same columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from deskcrm.base.settings import Scope, Setting
from deskcrm.domain.imports.fields import Target
from deskcrm.domain.settings.commands import set_setting
from deskcrm.domain.settings.queries import list_set
from deskcrm.store.reader import Reader
from deskcrm.store.work import Work

TEMPLATES: Final = Setting(
    "imports.templates", "", "Columns of imported files", scope=Scope.PERSONAL
)
_KEPT: Final = 50


class Template(msgspec.Struct, frozen=True):
    """What the columns of a file meant; by their names."""

    target: str
    columns: dict[str, str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose for the columns of a file."""

    signature: str
    columns: Mapping[str, str]


_decode: Final = msgspec.json.Decoder(dict[str, Template]).decode


def template_for(db: Reader, signature: str, target: Target) -> Mapping[str, str] | None:
    """Give what was chosen for files with these columns, if there was one."""
    found = _templates(db).get(f"{target}/{signature}")
    return found.columns if found is not None else None


def keep_template(work: Work, target: Target, chosen: Chosen) -> None:
    """Keep what was chosen, as part of the import it was chosen for; of many the oldest goes."""
    known = _templates(work)
    key = f"{target}/{chosen.signature}"
    if key in known and known[key].columns == chosen.columns:
        return
    known.pop(key, None)
    known[key] = Template(target, dict(chosen.columns))
    kept = dict(list(known.items())[-_KEPT:])
    set_setting(work, TEMPLATES, value=msgspec.json.encode(kept).decode())


def _templates(db: Reader) -> dict[str, Template]:
    try:
        return _decode(list_set(db).get(TEMPLATES.key) or "{}")
    except msgspec.DecodeError:
        return {}  # somebody's older or newer program wrote it
