"""``client`` and ``history``: everything known of a client, and who changed it when."""

import argparse
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from deskcrm.base import words
from deskcrm.base.errors import UserError
from deskcrm.base.words import tr
from deskcrm.cli.rows import at_least_one, plain, read_id, write_json, write_line
from deskcrm.cli.workspace import asking

if TYPE_CHECKING:
    from deskcrm.domain.clients.detail import ClientDetail
    from deskcrm.domain.summary.queries import ClientSummary


def declare_client(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``client``."""
    _declare_id(parser)
    parser.set_defaults(run=run_client)


def declare_history(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``history``."""
    _declare_id(parser)
    parser.add_argument(
        "--limit", type=at_least_one, default=100, metavar="N", help=tr("so many at most")
    )
    parser.set_defaults(run=run_history)


def _declare_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help=tr("as “deskcrm lookup” gives it"))
    parser.add_argument("--json", action="store_true", help=tr("for scripts"))


def run_client(options: argparse.Namespace) -> int:
    """Show the client's own columns, its people, contracts and where we stand with it."""
    from deskcrm.domain.clients.detail import get_client
    from deskcrm.domain.clients.model import ClientId
    from deskcrm.domain.summary.queries import get_summary

    client_id = ClientId(read_id(options.id))
    with asking(options.profile) as store:
        detail = store.ask(get_client, client_id)
        summary = store.ask(get_summary, client_id)
    if options.json:
        known = plain(detail)
        write_json(known.pop("profile") | known | {"summary": plain(summary)})
    else:
        _show(detail, summary)
    return 0


def _show(detail: "ClientDetail", summary: "ClientSummary | None") -> None:
    """Write what is filled in, a line for each thing; ids are for scripts."""
    for key, value in (*_said(detail.profile), *(_said(summary) if summary else ())):
        write_line(f"{key}: {value}")
    for custom in detail.custom_values:
        if custom.text:
            write_line(f"{custom.name}: {custom.text}")
    for tag in detail.tags:
        write_line(f"#{tag.name}")
    for point in detail.points:
        write_line(f"{words.of(point.kind)}: {point.shown}")
    for contact in detail.contacts:
        reached = (point.shown for point in contact.points)
        about = (contact.name, words.of(contact.role), contact.position, *reached)
        write_line("— " + ", ".join(filter(None, about)))
    for contract in detail.contracts:
        worth = f"{contract.value_minor / 100:,.2f} {contract.currency}"
        term = " – ".join(str(day) for day in (contract.starts_on, contract.ends_on) if day)
        about = (contract.title, words.of(contract.status), worth, term)
        write_line("§ " + ", ".join(filter(None, about)))


def _said(row: Any) -> Iterator[tuple[str, str]]:
    for field in fields(row):
        value = getattr(row, field.name)
        if value in (None, "", 0) or isinstance(value, UUID):
            continue
        if isinstance(value, datetime):
            value = f"{value.astimezone():%Y-%m-%d %H:%M}"
        yield words.of_column(field.name), words.of(value) if isinstance(value, Enum) else value


def run_history(options: argparse.Namespace) -> int:
    """Show who changed what, newest first."""
    from deskcrm.store.history import list_history

    subject = read_id(options.id)
    with asking(options.profile) as store:
        entries = store.ask(list_history, subject, limit=options.limit)
    if not entries:
        raise UserError(
            tr("Nothing was ever written about {id}.", id=subject),
            tr("Find the id with: deskcrm lookup TEXT --json"),
        )
    if options.json:
        write_json(entries)
        return 0
    for entry in entries:
        mark = f" ({tr('undone')})" if entry.is_undone else ""
        at = entry.at.astimezone()
        write_line(f"{entry.step:>6}  {at:%Y-%m-%d %H:%M}  {entry.actor}: {entry.label}{mark}")
        for line in entry.lines:
            write_line(f"        {line}")
    return 0
