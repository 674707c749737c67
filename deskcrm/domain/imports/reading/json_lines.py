"""Reads JSON lines, or one list of objects: nested values become columns named with dots."""

from collections.abc import Iterator
from typing import Any

import msgspec

from deskcrm.base.jobs import Job
from deskcrm.base.words import tr
from deskcrm.domain.imports.reading.limits import (
    Limits,
    Unreadable,
    too_many_columns,
    too_many_rows,
)
from deskcrm.domain.imports.reading.sheet import Line


def read_json(text: str, limits: Limits, job: Job) -> list[Line]:
    """Read objects; the first line that is given back names the columns, all that occur."""
    columns: dict[str, int] = {}
    read: list[tuple[int, dict[str, str], str]] = []
    for number, found, trouble in _objects(text, limits):
        if len(read) >= limits.rows:
            raise too_many_rows(limits)
        if number % 2_000 == 0:
            job.progress(number, 0)
        cells: dict[str, str] = {}
        if isinstance(found, dict):
            trouble = trouble or _flatten(found, "", cells, 1, limits)
        for name in cells:
            columns.setdefault(name, len(columns))
        if len(columns) > limits.columns:
            raise too_many_columns(limits)
        read.append((number, cells, trouble))
    if not columns:
        raise Unreadable(
            tr("There is no JSON object in the file."),
            tr("Each line must be one, such as {example}.", example='{"name": "Acme"}'),
        )
    lines = [Line(0, list(columns))]
    for number, cells, trouble in read:
        lines.append(Line(number, [cells.get(name, "") for name in columns], trouble))
    return lines


def _objects(text: str, limits: Limits) -> Iterator[tuple[int, Any, str]]:
    """Give the objects, each with its line (or place in a list) and what is wrong with it."""
    stripped = text.lstrip()
    if stripped.startswith("["):
        found, trouble = _decoded(stripped)
        if not isinstance(found, list):
            raise Unreadable(
                tr("The JSON in the file is broken."), tr("What is wrong: {what}", what=trouble)
            )
        for place, one in enumerate(found, 1):
            yield place, one, "" if isinstance(one, dict) else tr("it is no JSON object")
        return
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        found, trouble = _decoded(line)
        if not trouble and not isinstance(found, dict):
            trouble = tr("it is no JSON object")
        yield number, found, trouble


def _decoded(text: str) -> tuple[Any, str]:
    try:
        return msgspec.json.decode(text), ""
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        return None, tr("it is not JSON: {what}", what=error)


def _flatten(
    found: dict[str, Any], prefix: str, into: dict[str, str], depth: int, limits: Limits
) -> str:
    """Put the values of an object into cells; gives what is wrong with it."""
    if depth > limits.depth:
        return tr("it is nested deeper than {n}", n=limits.depth)
    for key, value in found.items():
        name = f"{prefix}{key.strip()}"
        if isinstance(value, dict):
            trouble = _flatten(value, f"{name}.", into, depth + 1, limits)
        elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
            trouble = tr("“{name}” is a list of more than plain values", name=name)
        else:
            text = "; ".join(map(_text, value)) if isinstance(value, list) else _text(value)
            is_long = len(text) > limits.cell
            into[name] = text[: limits.cell]
            trouble = (
                tr("a cell is longer than {n} characters", n=f"{limits.cell:,}") if is_long else ""
            )
        if trouble:
            return trouble
    return ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return str(int(value))
    return str(value).strip()
