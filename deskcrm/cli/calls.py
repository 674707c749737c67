"""``log-call``: one call, or many from the standard input, each acknowledged when it is kept."""

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.cli.rows import read_id, write_line
from deskcrm.cli.workspace import writing

_EXAMPLE = '{"client": "ID", "text": "…", "minutes": 5}'


@dataclass(frozen=True, slots=True)
class _Call:
    client: UUID
    text: str
    minutes: float


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("--client", metavar="ID", help=tr("as “deskcrm lookup” gives it"))
    whose.add_argument(
        "--stdin", action="store_true", help=tr("many calls: one JSON object a line")
    )
    parser.add_argument("--text", default="", metavar="T", help=tr("what was said"))
    parser.add_argument("--minutes", type=float, default=0, metavar="M", help=tr("how long"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Log what is asked; a line is written, and let through, only after the call is durable."""
    from deskcrm.domain.clients.model import ClientId
    from deskcrm.domain.interactions.commands import log_call

    with writing(options.profile) as store:
        for call in _calls(options):
            client_id = ClientId(call.client)
            done = store.do(log_call, client_id, text=call.text, minutes=call.minutes)
            write_line(f"logged {done.value} step {done.step}")
    return 0


def _calls(options: argparse.Namespace) -> Iterator[_Call]:
    if not options.stdin:
        yield _Call(read_id(options.client), options.text, options.minutes)
        return
    try:
        for number, line in enumerate(sys.stdin, 1):
            if line.strip():
                yield _read(number, line)
    except UnicodeDecodeError as error:
        raise UserError(tr("The input is not UTF-8."), tr("Convert it, then try again.")) from error


def _read(number: int, line: str) -> _Call:
    try:
        given: dict[str, Any] = json.loads(line)
        client, text, minutes = given["client"], given.get("text", ""), given.get("minutes", 0)
        return _Call(read_id(str(client)), str(text), float(minutes))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            tr("Line {n} is not a call; those before it are logged.", n=number),
            tr("Write it like {example}.", example=_EXAMPLE),
        ) from error
