"""``sync``: one exchange with the server, and its receipt."""

import argparse
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from deskcrm.base.words import ntr, tr
from deskcrm.cli.rows import write_json, write_line
from deskcrm.cli.workspace import give_up, need
from deskcrm.sync.protocol import WITH_LARGE_THINGS
from deskcrm.sync.station.rounds import Exchange

if TYPE_CHECKING:
    from deskcrm.sync.peer import ContentsPeer
    from deskcrm.sync.station.contents import Moved
    from deskcrm.ui.sync.files import Files

_WHOLE = 1 << 64


def declare(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--json", action="store_true", help=tr("the receipt as JSON"))
    parser.add_argument(
        "--allow-deletion",
        action="store_true",
        help=tr("let a large deletion by the server pass, this once"),
    )
    parser.add_argument(
        "--keep-deleted",
        action="store_true",
        help=tr("keep what a large deletion by the server takes, and offer it back"),
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exchange everything once; 0 only if that came about."""
    from deskcrm.domain import all as _features  # noqa: F401 - what is derived must be known
    from deskcrm.domain.client_merges.commands import follow_merges
    from deskcrm.domain.client_merges.queries import has_strays
    from deskcrm.store.opening import open_profile
    from deskcrm.sync.connecting import reach
    from deskcrm.sync.credentials import Credentials
    from deskcrm.sync.peer import SyncError
    from deskcrm.sync.station import lease
    from deskcrm.sync.station.answers import allow_deletion, keep_deleted

    need(options.profile)
    with open_profile(options.profile) as opened:
        store = opened.store
        lease.check(store)
        peer = reach(store, Credentials.of(store, options.profile))
        if options.allow_deletion:
            allow_deletion(store)
        if options.keep_deleted:
            keep_deleted(store)
        exchange = Exchange(store, peer)
        try:
            exchange.run()
            if store.ask(has_strays) and store.do(follow_merges).step is not None:
                exchange.run()  # what came to merged clients goes along with those that are left
            moved = _move_files(exchange, peer)
        except SyncError as error:
            raise give_up(opened, error) from error
        finally:
            peer.close()
        show(exchange, moved, as_json=options.json)
    return 0


def _move_files(exchange: Exchange, peer: "ContentsPeer") -> "Moved | None":
    """Send and fetch the contents of files; None with a server that keeps none."""
    from deskcrm.sync.station.contents import move_contents
    from deskcrm.ui.sync.files import wanted_ahead

    if exchange.welcome is None or exchange.welcome.version < WITH_LARGE_THINGS:
        return None
    return move_contents(exchange.store, peer, exchange.store.ask(wanted_ahead))


def show(exchange: Exchange, moved: "Moved | None" = None, *, as_json: bool) -> None:
    """Write the receipt of an exchange, for a script or for a person."""
    from deskcrm.ui.sync.files import read_files

    files = exchange.store.ask(read_files)
    if as_json:
        write_json(_receipt(exchange) | {"files": _files(files, moved)})
        return
    receipt = exchange.receipt
    sent, came = receipt.sent.total(), receipt.came.total()
    write_line(
        tr(
            "Sent {sent}, received {came}.",
            sent=ntr("{n} row", "{n} rows", sent),
            came=ntr("{n} row", "{n} rows", came),
        )
    )
    for one in _refused(exchange):
        write_line(tr("Not taken: {label}. {reason}", label=one["label"], reason=one["reason"]))
    if receipt.is_held_back:
        write_line(tr("Something waits until the server is updated."))
    _show_files(files, moved)
    if not receipt.agrees:
        write_line(tr("Both sides do not hold the same rows; tell an administrator."))


def _show_files(files: "Files", moved: "Moved | None") -> None:
    if moved is not None and (moved.sent or moved.fetched):
        sent = ntr("{n} file", "{n} files", moved.sent)
        came = ntr("{n} file", "{n} files", moved.fetched)
        write_line(tr("Sent {sent}, received {came}.", sent=sent, came=came))
    for name in files.to_send:
        write_line(tr("Not sent yet: {name}", name=name))
    for name in files.to_come:
        write_line(tr("Still on a colleague’s workstation: {name}", name=name))


def _files(files: "Files", moved: "Moved | None") -> dict[str, Any]:
    return {
        "sent": moved.sent if moved is not None else 0,
        "fetched": moved.fetched if moved is not None else 0,
        "to_send": list(files.to_send),
        "to_fetch": list(files.to_come),
    }


def _receipt(exchange: Exchange) -> dict[str, Any]:
    from deskcrm.domain.conflicts.queries import count_conflicts

    receipt = exchange.receipt
    return {
        "sent": dict(receipt.sent),
        "came": dict(receipt.came),
        "gone": dict(receipt.gone),
        "kept": dict(receipt.kept),
        "steps": receipt.steps,
        "merged": receipt.merged,
        "conflicts": exchange.store.ask(count_conflicts),
        "refused": _refused(exchange),
        "waiting": receipt.waiting,
        "held_back": receipt.is_held_back,
        "agrees": receipt.agrees,
        "repaired": receipt.was_repaired,
        "digests": _digests(exchange),
        "head": receipt.head,
    }


def _refused(exchange: Exchange) -> list[dict[str, Any]]:
    from deskcrm.sync.station.answers import labels_of
    from deskcrm.sync.station.status import refusal_in_words

    refused = exchange.receipt.refused
    labels = labels_of(exchange.store, [one.no for one in refused])
    return [
        {
            "step": one.no,
            "label": tr(labels[one.no]) if labels.get(one.no) else "",
            "code": one.detail,
            "reason": refusal_in_words(one.detail),
        }
        for one in refused
    ]


def _digests(exchange: Exchange) -> dict[str, dict[str, dict[str, Any]]]:
    """Give the rows and digests of each table, here and at the server; in scopes one can see."""
    from deskcrm.store import ledger

    if exchange.last is None:
        return {}
    scopes = [UUID(bytes=scope) for scope in exchange.last.scopes]
    here = exchange.store.ask(lambda db: ledger.read_sums(db.connection, scopes))
    there = {(UUID(bytes=s), table): (n, d) for s, table, n, d in exchange.last.sums}
    return {"here": _by_table(here), "server": _by_table(there)}


def _by_table(sums: dict[tuple[UUID, str], tuple[int, int]]) -> dict[str, dict[str, Any]]:
    rows: dict[str, int] = defaultdict(int)
    digests: dict[str, int] = defaultdict(int)
    for (_, table), (count, digest) in sums.items():
        rows[table] += count
        digests[table] += digest
    return {
        table: {"rows": rows[table], "digest": f"{digests[table] % _WHOLE:016x}"}
        for table in sorted(rows)
    }
